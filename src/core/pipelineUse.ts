/**
 * What the pipeline makes of the fields of an order line. Declared, so that it is known without Spark; a unit test holds
 * it against the Python of sandbox/lakehouse.
 */

/** The subject whose fields these are. */
export const PIPELINE_SUBJECT = 'orders-value';
/** The same lines in JSON, on a topic that the pipeline does not read. */
export const JSON_SUBJECT = 'orders-json-value';

export interface FieldUse {
  /** As `typeText` says it. */
  readonly type: string;
  /** As the same line is in JSON: its type, and its format where the value depends on it. */
  readonly json: string;
  /** Columns of silver.orders. */
  readonly silver: readonly string[];
}

export const FIELDS: Readonly<Record<string, FieldUse>> = {
  transactionNo: { type: 'string', json: 'string', silver: ['transaction_no', 'is_cancellation'] },
  date: { type: 'int date', json: 'string date', silver: ['order_date'] },
  productNo: { type: 'string', json: 'string', silver: ['product_no'] },
  productName: { type: 'string', json: 'string', silver: ['product_name'] },
  price: { type: 'bytes decimal(10,2)', json: 'string', silver: ['price', 'amount'] },
  quantity: { type: 'int', json: 'integer', silver: ['quantity', 'amount'] },
  customerNo: { type: 'null | string', json: 'null | string', silver: ['customer_no'] },
  country: { type: 'string', json: 'string', silver: ['country'] },
};

/** Rule → columns that it judges. `decodable` judges the whole line and is broken by any misfit. */
export const RULES: Readonly<Record<string, readonly string[]>> = {
  known_transaction_no: ['transaction_no'],
  has_product: ['product_no'],
  positive_price: ['price'],
  non_zero_quantity: ['quantity'],
  sign_matches_kind: ['quantity', 'transaction_no'],
  has_date: ['order_date'],
  has_country: ['country'],
  has_customer: ['customer_no'],
};

const GROSS = ['amount', 'is_cancellation'];
const ORDERS = ['is_cancellation', 'transaction_no'];
const UNITS = ['is_cancellation', 'quantity'];

/** Gold table → its columns → the columns of silver.orders that they are made of. */
export const GOLD: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  sales_daily: {
    order_date: ['order_date'],
    country: ['country'],
    orders: ORDERS,
    lines: [],
    units: UNITS,
    gross_revenue: GROSS,
    cancelled_revenue: GROSS,
    net_revenue: ['amount'],
    customers: ['customer_no'],
  },
  product_performance: {
    product_no: ['product_no'],
    product_name: ['order_date', 'product_name'],
    units_sold: UNITS,
    units_returned: UNITS,
    gross_revenue: GROSS,
    return_rate: UNITS,
  },
  customer_value: {
    customer_no: ['customer_no'],
    first_order: ['is_cancellation', 'order_date'],
    last_order: ['is_cancellation', 'order_date'],
    orders: ORDERS,
    net_revenue: ['amount'],
    recency_days: ['is_cancellation', 'order_date'],
    segment: ['amount', 'is_cancellation', 'order_date', 'transaction_no'],
  },
  finance_monthly: {
    month: ['order_date'],
    gross_revenue: GROSS,
    cancelled_revenue: GROSS,
    net_revenue: ['amount'],
    orders: ORDERS,
    average_order_value: ['amount', 'is_cancellation', 'transaction_no'],
  },
};

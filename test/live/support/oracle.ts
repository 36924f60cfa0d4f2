/**
 * The tables' promises (silver, quarantine, duplicates, gold) worked out from the messages in plain arithmetic, with no
 * code of the pipeline: what the live tests hold the pipeline against. Money is counted in whole cents.
 */

/** A message as `read --json` gives it. */
export interface ReadMessage {
  readonly partition: number;
  readonly offset: string;
  readonly timestamp: string;
  readonly value: unknown;
  readonly error?: string;
}

interface Line {
  readonly transactionNo: string;
  readonly date: string | null;
  readonly productNo: string;
  readonly productName: string;
  readonly cents: bigint;
  readonly quantity: bigint;
  readonly customerNo: string | null;
  readonly country: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly timestampMs: number;
}

export interface Expected {
  readonly bronze: number;
  readonly silver: readonly Line[];
  readonly quarantine: number;
  readonly duplicates: number;
  /** Failed lines of each rule; `reached` the lines that came to it. */
  readonly rules: Readonly<Record<string, { readonly failed: number; readonly reached: number }>>;
}

const DAY_MS = 86_400_000;

const RULES: Readonly<Record<string, (line: Line) => boolean>> = {
  known_transaction_no: (line) => /^C?[0-9]{6}$/.test(line.transactionNo),
  has_product: (line) => line.productNo !== '',
  positive_price: (line) => line.cents > 0n,
  non_zero_quantity: (line) => line.quantity !== 0n,
  sign_matches_kind: (line) => line.quantity < 0n === line.transactionNo.startsWith('C'),
  has_date: (line) => line.date !== null && Date.parse(line.date) <= line.timestampMs + DAY_MS,
  has_country: (line) => line.country !== '',
};

export function expectedOf(messages: readonly ReadMessage[], windowDays = 7): Expected {
  const failures = new Map<string, number>();
  const fail = (rule: string): void => {
    failures.set(rule, (failures.get(rule) ?? 0) + 1);
  };
  const valid: Line[] = [];
  let quarantine = 0;
  let decodable = 0;
  let noCustomer = 0;
  for (const message of messages) {
    const line = lineOf(message);
    if (!line) {
      fail('decodable');
      quarantine += 1;
      continue;
    }
    decodable += 1;
    if (line.customerNo === null) noCustomer += 1;
    const broken = Object.keys(RULES).filter((name) => RULES[name]?.(line) !== true);
    broken.forEach(fail);
    if (broken.length > 0) quarantine += 1;
    else valid.push(line);
  }
  const silver = withoutDuplicates(valid, windowDays);
  const reached = (rule: string): number => (rule === 'decodable' ? messages.length : decodable);
  const rules = Object.fromEntries(
    ['decodable', ...Object.keys(RULES)].map((rule) => [
      rule,
      { failed: failures.get(rule) ?? 0, reached: reached(rule) },
    ]),
  );
  rules['has_customer'] = { failed: noCustomer, reached: decodable };
  return { bronze: messages.length, silver, quarantine, duplicates: valid.length - silver.length, rules };
}

function lineOf(message: ReadMessage): Line | undefined {
  if (message.error !== undefined || message.value === null) return undefined;
  const value = message.value as Record<string, string | number | null>;
  const text = (name: string): string =>
    String(value[name] ?? '')
      .replace(/[ \t\r\n\u00a0]+/g, ' ')
      .trim();
  const customer = text('customerNo');
  return {
    transactionNo: text('transactionNo'),
    date: (value['date'] as string | null) ?? null,
    productNo: text('productNo').toUpperCase(),
    productName: text('productName'),
    cents: BigInt(String(value['price']).replace('.', '')),
    quantity: BigInt(value['quantity'] as number),
    customerNo: ['', 'na', 'null'].includes(customer.toLowerCase()) ? null : customer,
    country: text('country'),
    partition: message.partition,
    offset: BigInt(message.offset),
    timestampMs: Date.parse(message.timestamp),
  };
}

/** A line goes when an equal one stands at a lower offset of its partition, at most the window before it. */
function withoutDuplicates(lines: readonly Line[], windowDays: number): Line[] {
  const newest = new Map<string, number>();
  const kept: Line[] = [];
  const inOrder = [...lines].sort((a, b) => a.partition - b.partition || Number(a.offset - b.offset));
  for (const line of inOrder) {
    const { offset: _, timestampMs, ...fields } = line;
    const key = JSON.stringify(fields, (_name, field: unknown) =>
      typeof field === 'bigint' ? field.toString() : field,
    );
    const before = newest.get(key);
    if (before === undefined || timestampMs - before > windowDays * DAY_MS) kept.push(line);
    newest.set(key, Math.max(before ?? timestampMs, timestampMs));
  }
  return kept;
}

const isCancellation = (line: Line): boolean => line.transactionNo.startsWith('C');
const money = (cents: bigint): string => {
  const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};
const sum = (lines: readonly Line[], of: (line: Line) => bigint): bigint =>
  lines.reduce((total, line) => total + of(line), 0n);
const amount = (line: Line): bigint => line.cents * line.quantity;
const distinct = (values: readonly (string | null)[]): number =>
  new Set(values.filter((value) => value !== null)).size;

function groups(lines: readonly Line[], keyOf: (line: Line) => string): [string, Line[]][] {
  const found = new Map<string, Line[]>();
  for (const line of lines) {
    const key = keyOf(line);
    const group = found.get(key);
    if (group) group.push(line);
    else found.set(key, [line]);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Half up, as money is rounded. */
function divided(numerator: bigint, denominator: bigint): bigint {
  const twice = 2n * numerator + denominator;
  return twice / (2n * denominator) - (twice < 0n && twice % (2n * denominator) !== 0n ? 1n : 0n);
}

/** gold.sales_daily as `query` gives it, ordered by date and country. */
export function salesDaily(silver: readonly Line[]): Record<string, string>[] {
  return groups(silver, (line) => `${line.date ?? ''}\u0000${line.country}`).map(([key, lines]) => {
    const [orderDate = '', country = ''] = key.split('\u0000');
    const sold = lines.filter((line) => !isCancellation(line));
    const cancelled = lines.filter(isCancellation);
    const gross = sum(sold, amount);
    const lost = -sum(cancelled, amount);
    return {
      order_date: orderDate,
      country,
      orders: String(distinct(sold.map((line) => line.transactionNo))),
      lines: String(lines.length),
      units: sum(sold, (line) => line.quantity).toString(),
      gross_revenue: money(gross),
      cancelled_revenue: money(lost),
      net_revenue: money(gross - lost),
      customers: String(distinct(lines.map((line) => line.customerNo))),
    };
  });
}

/** gold.finance_monthly as `query` gives it, ordered by month. */
export function financeMonthly(silver: readonly Line[]): Record<string, string | null>[] {
  return groups(silver, (line) => (line.date ?? '').slice(0, 7)).map(([month, lines]) => {
    const sold = lines.filter((line) => !isCancellation(line));
    const gross = sum(sold, amount);
    const lost = -sum(lines.filter(isCancellation), amount);
    const orders = distinct(sold.map((line) => line.transactionNo));
    return {
      month,
      gross_revenue: money(gross),
      cancelled_revenue: money(lost),
      net_revenue: money(gross - lost),
      orders: String(orders),
      average_order_value: orders === 0 ? null : money(divided(gross, BigInt(orders))),
    };
  });
}

/** gold.product_performance as `query` gives it, ordered by product. */
export function productPerformance(silver: readonly Line[]): Record<string, string | null>[] {
  return groups(silver, (line) => line.productNo).map(([productNo, lines]) => {
    const newest = lines.reduce((best, line) => (isNewer(line, best) ? line : best));
    const sold = lines.filter((line) => !isCancellation(line));
    const unitsSold = sum(sold, (line) => line.quantity);
    const unitsReturned = -sum(lines.filter(isCancellation), (line) => line.quantity);
    return {
      product_no: productNo,
      product_name: newest.productName,
      units_sold: unitsSold.toString(),
      units_returned: unitsReturned.toString(),
      gross_revenue: money(sum(sold, amount)),
      return_rate: unitsSold === 0n ? null : tenThousandths(divided(unitsReturned * 10_000n, unitsSold)),
    };
  });
}

function isNewer(a: Line, b: Line): boolean {
  if (a.date !== b.date) return (a.date ?? '') > (b.date ?? '');
  if (a.timestampMs !== b.timestampMs) return a.timestampMs > b.timestampMs;
  return a.partition === b.partition ? a.offset > b.offset : a.partition > b.partition;
}

const tenThousandths = (rate: bigint): string => {
  const digits = rate.toString().padStart(5, '0');
  return `${digits.slice(0, -4)}.${digits.slice(-4)}`;
};

/** gold.customer_value as `query` gives it, ordered by customer. */
export function customerValue(silver: readonly Line[]): Record<string, string | number | null>[] {
  const dates = silver.map((line) => line.date ?? '').sort();
  const today = Date.parse(dates.at(-1) ?? '');
  const known = silver.filter((line) => line.customerNo !== null);
  return groups(known, (line) => line.customerNo ?? '').map(([customerNo, lines]) => {
    const sold = lines.filter((line) => !isCancellation(line));
    const days = sold.map((line) => line.date ?? '').sort();
    const lastOrder = days.at(-1) ?? null;
    const orders = distinct(sold.map((line) => line.transactionNo));
    const net = sum(lines, amount);
    const recency = lastOrder === null ? null : (today - Date.parse(lastOrder)) / DAY_MS;
    return {
      customer_no: customerNo,
      first_order: days[0] ?? null,
      last_order: lastOrder,
      orders: String(orders),
      net_revenue: money(net),
      recency_days: recency,
      segment: segmentOf(recency, orders, net >= 100_000n),
    };
  });
}

/** The rule as the pipeline's documentation words it: recent 30 days, lapsed after 90, frequent from 5 orders, big from 1,000. */
function segmentOf(recency: number | null, orders: number, big: boolean): string {
  if (recency === null) return 'no sales';
  const frequent = orders >= 5;
  if (recency > 90) return frequent || big ? 'at risk' : 'lost';
  if (recency <= 30 && frequent && big) return 'champion';
  if (frequent) return 'loyal';
  if (big) return 'big spender';
  return recency <= 30 ? 'recent' : 'occasional';
}

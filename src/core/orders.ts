/** The event: one line of an order (design: the data set "An Online Shop Business"). */

export interface OrderLine {
  /** Six digits; a leading `C` marks a cancellation. */
  readonly transactionNo: string;
  /** ISO date, `YYYY-MM-DD`. */
  readonly date: string;
  readonly productNo: string;
  readonly productName: string;
  /** decimal(10,2) as text with two decimals, `"10.60"`: never a binary float. */
  readonly price: string;
  /** Whole number; negative for cancellations. */
  readonly quantity: number;
  readonly customerNo: string | null;
  readonly country: string;
}

export type WireFormat = 'avro' | 'json';

/** The topic that orders of a format go to; its value schema's subject is `<topic>-value`. */
export const TOPICS: Readonly<Record<WireFormat, string>> = { avro: 'orders', json: 'orders-json' };

/** The format of the orders that go to a topic; undefined for any other topic. */
export const formatOf = (topic: string): WireFormat | undefined =>
  topic === TOPICS.avro ? 'avro' : topic === TOPICS.json ? 'json' : undefined;

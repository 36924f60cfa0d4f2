/** Tables as a person reads them: exact values, paged. */

export interface Column {
  readonly name: string;
  /** Spark SQL type, e.g. `decimal(18,2)`, `bigint`, `array<string>`. */
  readonly type: string;
}

/**
 * A value: decimals, int64, dates and timestamps as exact text; int32 and smaller, float and double as numbers;
 * binary as base64; nested types as Spark's JSON text.
 */
export type Cell = string | number | boolean | null;

export interface QueryResult {
  readonly columns: readonly Column[];
  /** One array a row, in the order of the columns. */
  readonly rows: AsyncIterable<readonly (readonly Cell[])[]>;
}

/** Reads one version of a table from its first row onwards, a page at a time, in an order that holds across pages. */
import { allRows, columnsOf, formatTableName, quoted, quotedTable, type TableName } from './catalog.ts';
import type { Tables } from './ports.ts';
import type { Cell, Column, QueryResult } from './tables.ts';

export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

export interface Page {
  readonly rows: readonly (readonly Cell[])[];
  /** True when no row follows. */
  readonly done: boolean;
}

export interface TableReading {
  readonly columns: readonly Column[];
  /** Rows of the version, int64 as text. */
  readonly rowCount: string;
  /** Delta version; undefined for what has none (a view). */
  readonly version: string | undefined;
  readonly sort: Sort | undefined;
  /** The next rows, at most `limit`. One call at a time. */
  next(limit: number, signal: AbortSignal): Promise<Page>;
}

/** Types that Spark cannot order by. */
const UNORDERED = /^(map|variant|interval|void)|map</;

/** The version of a table that all pages are read from; views and other formats have none. */
async function newestVersion(
  tables: Tables,
  table: TableName,
  signal: AbortSignal,
): Promise<string | undefined> {
  const detail = await tables.query(`DESCRIBE TABLE EXTENDED ${quotedTable(table)}`, {}, signal);
  let delta = false;
  for await (const batch of detail.rows) {
    delta ||= batch.some(
      ([name, value]) => name === 'Provider' && typeof value === 'string' && value.toLowerCase() === 'delta',
    );
  }
  if (!delta) return undefined;
  const history = await allRows(tables, `DESCRIBE HISTORY ${quotedTable(table)} LIMIT 1`, signal);
  const version = history[0]?.[0];
  return version === undefined || version === null ? undefined : String(version);
}

/** The query that gives every row of the version; equal sort keys are told apart by the other columns. */
export function selectAll(
  table: TableName,
  columns: readonly Column[],
  version: string | undefined,
  sort: Sort | undefined,
): string {
  const source = quotedTable(table) + (version === undefined ? '' : ` VERSION AS OF ${version}`);
  if (!sort) return `SELECT * FROM ${source}`;
  if (!columns.some((column) => column.name === sort.column)) {
    throw new Error(`${formatTableName(table)} has no column ${sort.column}`);
  }
  const rest = columns.filter((column) => column.name !== sort.column && !UNORDERED.test(column.type));
  const order = [
    `${quoted(sort.column)} ${sort.descending ? 'DESC' : 'ASC'} NULLS LAST`,
    ...rest.map((column) => quoted(column.name)),
  ];
  return `SELECT * FROM ${source} ORDER BY ${order.join(', ')}`;
}

/** Opens the newest version. Throws UserError `bad-sql` when there is no such table. */
export async function openTable(
  tables: Tables,
  table: TableName,
  sort: Sort | undefined,
  signal: AbortSignal,
): Promise<TableReading> {
  const version = await newestVersion(tables, table, signal);
  const source = quotedTable(table) + (version === undefined ? '' : ` VERSION AS OF ${version}`);
  const [counted, columns] = await Promise.all([
    allRows(tables, `SELECT count(*) FROM ${source}`, signal),
    columnsOf(tables, source, signal),
  ]);
  const rowCount = String(counted[0]?.[0] ?? '0');
  const sql = selectAll(table, columns, version, sort);
  let read = 0;
  return {
    columns,
    rowCount,
    version,
    sort,
    next: async (limit, pageSignal) => {
      const rows = await allRows(tables, `${sql} LIMIT ${limit} OFFSET ${read}`, pageSignal);
      read += rows.length;
      return { rows, done: rows.length < limit || BigInt(read) >= BigInt(rowCount) };
    },
  };
}

/** Every row of the version and in the order of a reading, streaming. */
export function readAll(
  tables: Tables,
  table: TableName,
  reading: Pick<TableReading, 'columns' | 'version' | 'sort'>,
  signal: AbortSignal,
): Promise<QueryResult> {
  return tables.query(selectAll(table, reading.columns, reading.version, reading.sort), {}, signal);
}

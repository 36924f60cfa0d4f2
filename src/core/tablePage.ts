/**
 * Reads one version of a table a page at a time. The first page is a query of its own, with a LIMIT, because that
 * comes quickly; the rest streams from one query over the same version, less the rows of the first page. Pages by
 * LIMIT and OFFSET would not do: Spark gives no order without ORDER BY, so that rows came twice and others never.
 */
import { allRows, columnsOf, formatTableName, quoted, quotedTable, type TableName } from './catalog.ts';
import { isUserError, throwIfCancelled } from './errors.ts';
import type { Tables } from './ports.ts';
import type { Cell, Column, QueryResult } from './tables.ts';

/** Rows of the first page. */
export const FIRST_ROWS = 1000;

export interface Sort {
  readonly column: string;
  readonly descending: boolean;
}

type Row = readonly Cell[];

export interface Page {
  readonly rows: readonly Row[];
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
  /** The next rows, at most `limit`, at least one unless done. One call at a time. */
  next(limit: number, signal: AbortSignal): Promise<Page>;
  /** Ends the query behind it. */
  close(): void;
}

/** Types that Spark cannot order by. */
const UNORDERED = /^(map|variant|interval|void)|map</;

/** Undefined for what has no history, a view for instance; whether the table is there shows at the next query. */
async function newestVersion(
  tables: Tables,
  table: TableName,
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const [newest] = await allRows(tables, `DESCRIBE HISTORY ${quotedTable(table)} LIMIT 1`, signal);
    const version = newest?.[0];
    return version === undefined || version === null ? undefined : String(version);
  } catch (error) {
    if (isUserError(error) && error.code === 'bad-sql') return undefined;
    throw error;
  }
}

function sourceOf(table: TableName, version: string | undefined): string {
  return quotedTable(table) + (version === undefined ? '' : ` VERSION AS OF ${version}`);
}

/** The query that gives every row of the version; rows alike in the sort column go by the other columns. */
export function selectAll(
  table: TableName,
  columns: readonly Column[],
  version: string | undefined,
  sort: Sort | undefined,
): string {
  const source = sourceOf(table, version);
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

/** Streams all rows but those already given, each as often as it was given. */
async function* others(rows: AsyncIterable<readonly Row[]>, given: readonly Row[]): AsyncGenerator<Row[]> {
  const left = new Map<string, number>();
  for (const row of given) {
    const key = JSON.stringify(row);
    left.set(key, (left.get(key) ?? 0) + 1);
  }
  for await (const batch of rows) {
    yield batch.filter((row) => {
      if (left.size === 0) return true;
      const key = JSON.stringify(row);
      const times = left.get(key);
      if (times === undefined) return true;
      if (times === 1) left.delete(key);
      else left.set(key, times - 1);
      return false;
    });
  }
}

/** Opens the newest version. Throws UserError `bad-sql` when there is no such table. */
export async function openTable(
  tables: Tables,
  table: TableName,
  sort: Sort | undefined,
  signal: AbortSignal,
): Promise<TableReading> {
  const version = await newestVersion(tables, table, signal);
  const source = sourceOf(table, version);
  const known = sort ? await columnsOf(tables, source, signal) : [];
  const sql = selectAll(table, known, version, sort);
  const first = async (): Promise<{ columns: readonly Column[]; rows: Row[] }> => {
    const result = await tables.query(`${sql} LIMIT ${FIRST_ROWS}`, {}, signal);
    const rows: Row[] = [];
    for await (const batch of result.rows) rows.push(...batch);
    return { columns: result.columns, rows };
  };
  const [counted, { columns, rows }] = await Promise.all([
    allRows(tables, `SELECT count(*) FROM ${source}`, signal),
    first(),
  ]);
  const rowCount = String(counted[0]?.[0] ?? '0');

  const closer = new AbortController();
  let waiting: Row[] = rows;
  let stream: AsyncGenerator<Row[]> | undefined;
  let given = 0n;
  let ended = rows.length < FIRST_ROWS || BigInt(rows.length) >= BigInt(rowCount);
  const refill = async (): Promise<void> => {
    stream ??= others((await tables.query(sql, {}, closer.signal)).rows, rows.slice());
    while (waiting.length === 0 && !ended) {
      const batch = await stream.next();
      if (batch.done) ended = true;
      else waiting = batch.value;
    }
  };
  return {
    columns,
    rowCount,
    version,
    sort,
    next: async (limit, pageSignal) => {
      if (waiting.length === 0 && !ended) await refill();
      throwIfCancelled(pageSignal);
      const page = waiting.slice(0, limit);
      waiting = waiting.slice(limit);
      given += BigInt(page.length);
      return { rows: page, done: (ended && waiting.length === 0) || given >= BigInt(rowCount) };
    },
    close: () => {
      closer.abort();
      // Lets the stream give its query back; that it was cut short is what was asked for.
      stream?.return(undefined).catch(() => undefined);
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

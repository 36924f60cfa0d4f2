/** What the lakehouse holds: layers, tables, columns, row counts. */
import type { Tables } from './ports.ts';
import type { Cell, Column } from './tables.ts';

export type Layer = 'bronze' | 'silver' | 'gold';
export const LAYERS: readonly Layer[] = ['bronze', 'silver', 'gold'];

export interface TableName {
  /** Of Unity Catalog; the sandbox has one only, which nobody names. */
  readonly catalog?: string;
  readonly schema: string;
  readonly name: string;
}

/** An identifier of Spark SQL, quoted. */
export function quoted(identifier: string): string {
  return `\`${identifier.replaceAll('`', '``')}\``;
}

const partsOf = ({ catalog, schema, name }: TableName): readonly string[] => [
  ...(catalog === undefined ? [] : [catalog]),
  schema,
  name,
];

export function quotedTable(table: TableName): string {
  return partsOf(table).map(quoted).join('.');
}

/** `gold.sales_daily`; undefined when it is not of that form. */
export function parseTableName(text: string): TableName | undefined {
  const dot = text.indexOf('.');
  if (dot <= 0 || dot === text.length - 1) return undefined;
  return { schema: text.slice(0, dot), name: text.slice(dot + 1) };
}

/** `main.gold.sales_daily`; Unity Catalog takes no dots in a name. Undefined when it is not of that form. */
export function parseFullName(text: string): TableName | undefined {
  const [catalog = '', schema = '', name = '', ...more] = text.split('.');
  return more.length > 0 || [catalog, schema, name].includes('') ? undefined : { catalog, schema, name };
}

export function formatTableName(table: TableName): string {
  return partsOf(table).join('.');
}

/** All rows of a small result. */
export async function allRows(
  tables: Tables,
  sql: string,
  signal: AbortSignal,
): Promise<readonly (readonly Cell[])[]> {
  const result = await tables.query(sql, {}, signal);
  const rows: (readonly Cell[])[] = [];
  for await (const batch of result.rows) rows.push(...batch);
  return rows;
}

/** The tables of the layers, by layer and name. A layer that is not there yet has none. */
export async function listTables(tables: Tables, signal: AbortSignal): Promise<readonly TableName[]> {
  const schemas = new Set((await allRows(tables, 'SHOW SCHEMAS', signal)).map((row) => String(row[0])));
  const listed = await Promise.all(
    LAYERS.filter((layer) => schemas.has(layer)).map(async (schema) => {
      // Columns: namespace, tableName, isTemporary.
      const rows = await allRows(tables, `SHOW TABLES IN ${quoted(schema)}`, signal);
      return rows
        .filter((row) => row[2] !== true && row[2] !== 'true')
        .map((row) => ({ schema, name: String(row[1]) }))
        .sort((a, b) => a.name.localeCompare(b.name));
    }),
  );
  return listed.flat();
}

/** int64 as text. Delta answers from its log, so that this reads no data. */
export async function countRows(tables: Tables, table: TableName, signal: AbortSignal): Promise<string> {
  const rows = await allRows(tables, `SELECT count(*) FROM ${quotedTable(table)}`, signal);
  return String(rows[0]?.[0] ?? '0');
}

/** The columns of a table or a query. */
export async function columnsOf(
  tables: Tables,
  source: string,
  signal: AbortSignal,
): Promise<readonly Column[]> {
  const result = await tables.query(`SELECT * FROM ${source} LIMIT 0`, {}, signal);
  // Reading to the end is what closes the query.
  for await (const _batch of result.rows);
  return result.columns;
}

/** What was done to a table, newest first: Delta's own history, in a few columns. */
import { quotedTable, type TableName } from './catalog.ts';
import type { Tables } from './ports.ts';
import type { Cell, Column, QueryResult } from './tables.ts';

/**
 * Metrics that count rows, by what a person calls them; others are left to the details. Rows that were only written
 * anew, beside those that changed (`numCopiedRows`; part of `numOutputRows` of a MERGE), were not added.
 */
const ROWS: Readonly<Record<string, readonly string[]>> = {
  added: ['numTargetRowsInserted', 'numOutputRows'],
  removed: ['numDeletedRows', 'numTargetRowsDeleted'],
  updated: ['numUpdatedRows', 'numTargetRowsUpdated'],
};

const COLUMNS: readonly Column[] = [
  { name: 'version', type: 'bigint' },
  { name: 'timestamp', type: 'timestamp' },
  { name: 'user', type: 'string' },
  { name: 'operation', type: 'string' },
  { name: 'rows added', type: 'bigint' },
  { name: 'rows removed', type: 'bigint' },
  { name: 'rows updated', type: 'bigint' },
  { name: 'details', type: 'string' },
];

/** A map as Spark writes it, JSON; null where it is none. */
function mapOf(cell: Cell | undefined): Readonly<Record<string, unknown>> {
  if (typeof cell !== 'string') return {};
  try {
    const parsed: unknown = JSON.parse(cell);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function historyRow(names: readonly string[], row: readonly Cell[]): Cell[] {
  const cell = (name: string): Cell => row[names.indexOf(name)] ?? null;
  const metrics = mapOf(cell('operationMetrics'));
  const count = (kind: keyof typeof ROWS): Cell => {
    const found = ROWS[kind]?.find((name) => name in metrics);
    return found === undefined ? null : String(metrics[found]);
  };
  const details = Object.entries({ ...mapOf(cell('operationParameters')), ...metrics })
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n');
  return [
    cell('version'),
    cell('timestamp'),
    cell('userName'),
    cell('operation'),
    count('added'),
    count('removed'),
    count('updated'),
    details,
  ];
}

/** Throws UserError `bad-sql` for what has no history, a view for instance. */
export async function tableHistory(
  tables: Tables,
  table: TableName,
  signal: AbortSignal,
): Promise<QueryResult> {
  const { columns, rows } = await tables.query(`DESCRIBE HISTORY ${quotedTable(table)}`, {}, signal);
  const names = columns.map(({ name }) => name);
  async function* shortened(): AsyncGenerator<readonly (readonly Cell[])[]> {
    for await (const batch of rows) yield batch.map((row) => historyRow(names, row));
  }
  return { columns: COLUMNS, rows: shortened() };
}

/** The tables of the layers here against those of a catalog there: which there are, and how their columns differ. */
import {
  allRows,
  formatTableName,
  LAYERS,
  listTables,
  quoted,
  quotedTable,
  type Layer,
  type TableName,
} from '../catalog.ts';
import type { Catalog } from '../databricks/ports.ts';
import { throwIfCancelled, UserError } from '../errors.ts';
import { t } from '../l10n.ts';
import type { Tables } from '../ports.ts';
import { compareColumns, plainType, type ChangedColumn, type SchemaColumn } from './tableSchemas.ts';

/** Where both are read. */
export interface Sides {
  readonly tables: Tables;
  /** Of the workspace. */
  readonly catalog: Catalog;
}

/** A table that is on one side only is none that differs: it was not deployed yet, or is of somebody else. */
export type TableComparison =
  | { readonly table: string; readonly state: 'same'; readonly columns: number }
  | {
      readonly table: string;
      readonly state: 'differs';
      /** Only here. */
      readonly added: readonly SchemaColumn[];
      /** Only there. */
      readonly missing: readonly SchemaColumn[];
      readonly changed: readonly ChangedColumn[];
    }
  | { readonly table: string; readonly state: 'onlyHere' | 'onlyThere' };

/** The columns of one table on both sides. */
export interface TableColumns {
  readonly here: readonly SchemaColumn[];
  readonly there: readonly SchemaColumn[];
}

/** How Spark ends a structure of more than 25 fields when it describes it. */
const CUT = /\.\.\. \d+ more fields/;

/**
 * Described, because a result of a query tells nothing of what is in an array or a structure, and calls
 * `timestamp_ntz` a timestamp.
 */
async function columnsHere(
  tables: Tables,
  table: TableName,
  signal: AbortSignal,
): Promise<readonly SchemaColumn[]> {
  const rows = await allRows(tables, `DESCRIBE TABLE ${quotedTable(table)}`, signal);
  // Below the columns stands how the table is partitioned, under a heading without a type.
  const end = rows.findIndex(([, type]) => type === '' || type === null);
  const columns = rows
    .slice(0, end < 0 ? rows.length : end)
    .map(([name, type]) => ({ name: String(name), type: String(type) }));
  const cut = columns.filter(({ type }) => CUT.test(type));
  if (cut.length === 0) return columns;
  const asked = cut.map(({ name }) => `typeof(any_value(${quoted(name)}))`).join(', ');
  const [whole = []] = await allRows(tables, `SELECT ${asked} FROM ${quotedTable(table)}`, signal);
  const types = new Map(cut.map(({ name, type }, index) => [name, String(whole[index] ?? type)]));
  return columns.map(({ name, type }) => ({ name, type: types.get(name) ?? type }));
}

/** Throws Cancelled, UserError `unknown-table` when there is none here, `not-there` when there is none there. */
export async function readColumns(
  { tables, catalog }: Sides,
  table: TableName,
  catalogName: string,
  signal: AbortSignal,
): Promise<TableColumns> {
  const { schema, name } = table;
  const fullName = formatTableName({ catalog: catalogName, schema, name });
  const [known, remote] = await Promise.all([listTables(tables, signal), catalog.table(fullName)]);
  throwIfCancelled(signal);
  const local = known.find((one) => sameName(formatTableName(one), `${schema}.${name}`));
  if (!local) {
    throw new UserError('unknown-table', t('The sandbox has no table {0}.', `${schema}.${name}`), {
      hint: t('A run of the pipeline makes its tables.'),
    });
  }
  if (!remote) {
    throw new UserError('not-there', t('There is no table {0}.', fullName), {
      hint: t('It may not be deployed yet, or this login may not see it.'),
    });
  }
  return { here: await columnsHere(tables, local, signal), there: remote.columns };
}

export function compareTable(table: string, { here, there }: TableColumns): TableComparison {
  const { same, added, missing, changed } = compareColumns(here, there);
  return same
    ? { table, state: 'same', columns: here.length }
    : { table, state: 'differs', added, missing, changed };
}

/** Names of both catalogs are without case. */
const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** As listTables; a layer that is not there yet has none. Throws UserError `nothing-there` without such a catalog. */
async function listThere(
  catalog: Catalog,
  catalogName: string,
  signal: AbortSignal,
): Promise<readonly TableName[]> {
  const layers: Layer[] = [];
  for await (const page of catalog.schemas(catalogName)) {
    throwIfCancelled(signal);
    layers.push(...LAYERS.filter((layer) => page.some(({ name }) => sameName(name, layer))));
  }
  const found: TableName[] = [];
  for (const schema of layers) {
    for await (const page of catalog.tables(catalogName, schema)) {
      throwIfCancelled(signal);
      found.push(...page.map(({ name }) => ({ schema, name })));
    }
  }
  return found;
}

/** All tables of the layers on either side, by layer and name. `catalogName` is the one there. Throws Cancelled. */
export async function compareTables(
  { tables, catalog }: Sides,
  catalogName: string,
  signal: AbortSignal,
): Promise<readonly TableComparison[]> {
  const [local, remote] = await Promise.all([
    listTables(tables, signal),
    listThere(catalog, catalogName, signal),
  ]);
  const key = (table: TableName): string => formatTableName(table).toLowerCase();
  const here = new Map(local.map((table) => [key(table), table]));
  const there = new Map(remote.map((table) => [key(table), table]));
  const layerOf = (name: string): number => LAYERS.findIndex((layer) => name.startsWith(`${layer}.`));
  const names = [...new Set([...here.keys(), ...there.keys()])].sort(
    (one, other) => layerOf(one) - layerOf(other) || one.localeCompare(other),
  );
  const compared: TableComparison[] = [];
  for (const name of names) {
    throwIfCancelled(signal);
    const [ours, theirs] = [here.get(name), there.get(name)];
    const found =
      ours && theirs && (await catalog.table(formatTableName({ ...theirs, catalog: catalogName })));
    if (found) {
      const columns = { here: await columnsHere(tables, ours, signal), there: found.columns };
      compared.push(compareTable(formatTableName(ours), columns));
    } else {
      compared.push({ table: name, state: ours ? 'onlyHere' : 'onlyThere' });
    }
  }
  return compared;
}

/**
 * Both sides as texts that a diff compares: one line a column, in the order of the table. What is only spelled
 * otherwise there stands as it is here, so that a line that differs is a column that does.
 */
export function columnTexts({ here, there }: TableColumns): {
  readonly here: string;
  readonly there: string;
} {
  const line = ({ name, type }: SchemaColumn): string => `${name} ${type}\n`;
  const known = new Map(here.map((column) => [column.name.toLowerCase(), column]));
  const alike = (column: SchemaColumn): SchemaColumn => {
    const ours = known.get(column.name.toLowerCase());
    if (!ours) return column;
    return plainType(ours.type) === plainType(column.type) ? ours : { name: ours.name, type: column.type };
  };
  return { here: here.map(line).join(''), there: there.map((column) => line(alike(column))).join('') };
}

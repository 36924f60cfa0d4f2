/** Reads a table's first rows as the viewer does, in a process of its own, and prints how long it took. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { resourceFolder } from '../../src/adapters/resources.ts';
import type * as TablesClient from '../../src/adapters/tables.ts';
import type { TableName } from '../../src/core/catalog.ts';
import type { Tables } from '../../src/core/ports.ts';
import type { Endpoints } from '../../src/core/sandbox.ts';
import { openTable } from '../../src/core/tablePage.ts';
import { timed } from './measure.ts';

export interface ViewOptions {
  readonly sparkSql: Endpoints['sparkSql'];
  readonly table: TableName;
  readonly rows: number;
  /** How often after the first time. */
  readonly again: number;
}

/** Seconds: loading the client, the first page, and each one after that, opened anew. */
export interface Viewed {
  readonly load: number;
  readonly first: number;
  readonly warm: readonly number[];
}

async function view(tables: Tables, { table, rows }: ViewOptions): Promise<void> {
  const { signal } = new AbortController();
  const reading = await openTable(tables, table, undefined, signal);
  const page = await reading.next(rows, signal);
  if (page.rows.length !== rows) throw new Error(`${page.rows.length} rows came`);
}

async function main(): Promise<Viewed> {
  const options = JSON.parse(process.argv[2] ?? '') as ViewOptions;
  const client = join(resourceFolder(), 'dist', 'clients', 'tables.js');
  const load = await timed(() => Promise.resolve(createRequire(__filename)(client) as typeof TablesClient));
  const tables = await load.result.createTables(options.sparkSql);
  const first = await timed(() => view(tables, options));
  const warm: number[] = [];
  for (let time = 0; time < options.again; time += 1) {
    warm.push((await timed(() => view(tables, options))).seconds);
  }
  await tables.close();
  return { load: load.seconds, first: first.seconds, warm };
}

void main().then(
  (viewed) => {
    console.log(JSON.stringify(viewed));
    process.exit(0);
  },
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);

/** The table viewer's first thousand rows of a million, against delta-rs and DuckDB reading the same. */
import { createHash } from 'node:crypto';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder, homeLayout } from '../../src/adapters/home.ts';
import { resourceFolder } from '../../src/adapters/resources.ts';
import { createTables } from '../../src/adapters/tables.ts';
import { allRows } from '../../src/core/catalog.ts';
import { runProgram, sibling } from './child.ts';
import { interleaved, median, spread } from './measure.ts';
import { markdownTable } from './report.ts';
import type { Sandbox } from './sandbox.ts';
import type { Viewed, ViewOptions } from './viewOnce.ts';

const ROWS = 1000;
const AGAIN = 10;
const ROUNDS = 3;
const TABLE = { schema: 'bench', name: 'million' };

// The columns of silver.orders, in eight files.
const MILLION = `CREATE TABLE bench.million AS
  SELECT lpad(CAST(536365 + id DIV 20 AS string), 6, '0') AS transaction_no,
    date_add(DATE'2019-01-01', CAST(id DIV 2740 AS int)) AS order_date,
    CAST(10000 + id % 3700 AS string) AS product_no,
    concat('Product number ', id % 3700) AS product_name,
    CAST((id % 9000 + 99) / 100 AS decimal(10,2)) AS price, CAST(1 + id % 12 AS int) AS quantity,
    CAST(12346 + id % 4700 AS string) AS customer_no, 'United Kingdom' AS country,
    CAST((id % 9000 + 99) / 100 * (1 + id % 12) AS decimal(18,2)) AS amount, false AS is_cancellation,
    'orders' AS kafka_topic, CAST(id % 3 AS int) AS kafka_partition, id AS kafka_offset,
    TIMESTAMP'2026-01-01 00:00:00' + make_dt_interval(0, 0, 0, id) AS kafka_timestamp
  FROM range(0, 1000000, 1, 8)`;

/** delta-rs and DuckDB beside the sandbox's own packages, in the cache. */
async function readers(python: string): Promise<string> {
  const requirements = join(resourceFolder(), 'test', 'bench', 'requirements.txt');
  const stamp = createHash('sha256')
    .update(await readFile(requirements))
    .update(python)
    .digest('hex')
    .slice(0, 12);
  const folder = join(cacheFolder(), `bench-python-${stamp}`);
  if (existsSync(folder)) return folder;
  const staged = `${folder}.staging`;
  rmSync(staged, { recursive: true, force: true });
  const pip = ['-m', 'pip', 'install', '-q', '--require-hashes', '--no-deps', '--no-input'];
  await runProgram(python, [...pip, '--disable-pip-version-check', '--target', staged, '-r', requirements]);
  renameSync(staged, folder);
  return folder;
}

export async function benchView(sandbox: Sandbox): Promise<string> {
  const { sparkSql } = sandbox.endpoints;
  const tables = await createTables(sparkSql);
  const { signal } = new AbortController();
  await allRows(tables, 'CREATE SCHEMA IF NOT EXISTS bench', signal);
  await allRows(tables, MILLION, signal);
  await tables.close();

  const PYTHONPATH = await readers(sandbox.python);
  const script = join(resourceFolder(), 'test', 'bench', 'read_table.py');
  const folder = join(homeLayout(sandbox.home).warehouse, 'bench.db', TABLE.name);
  const outside = async (reader: string): Promise<Viewed> => {
    const args = [script, reader, folder, String(ROWS), String(AGAIN)];
    return JSON.parse((await runProgram(sandbox.python, args, { env: { PYTHONPATH } })).stdout) as Viewed;
  };
  const options: ViewOptions = { sparkSql, table: TABLE, rows: ROWS, again: AGAIN };
  const views = await interleaved<string, Viewed>(ROUNDS, {
    'table viewer (Spark SQL over Thrift)': () => sibling('viewOnce', [JSON.stringify(options)]),
    'delta-rs (PyPI deltalake)': () => outside('delta-rs'),
    'DuckDB, files named by delta-rs': () => outside('duckdb'),
  });
  const milliseconds = (values: readonly number[]): string =>
    spread(
      values.map((value) => value * 1000),
      0,
    );
  return [
    markdownTable(
      ['milliseconds', 'loading the client', 'first page', 'again, median'],
      Object.entries(views).map(([name, rounds]) => [
        name,
        milliseconds(rounds.map(({ load }) => load)),
        milliseconds(rounds.map(({ first }) => first)),
        milliseconds(rounds.map(({ warm }) => median(warm))),
      ]),
    ),
    '',
    `The first ${ROWS} rows of a table of 1,000,000 with the columns of silver.orders in 8 files, opened anew each time; ` +
      `${ROUNDS} rounds in turns, ${AGAIN} repeats each. The viewer also counts the rows and pins the version.`,
  ].join('\n');
}

/** From a file of orders to gold, through the terminal, held against an independent computation. */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cliJson, startCli } from './support/cli.ts';
import {
  customerValue,
  expectedOf,
  financeMonthly,
  productPerformance,
  salesDaily,
  type Expected,
  type ReadMessage,
} from './support/oracle.ts';
import { ground } from './support/runtime.ts';
import { assertNoErrors } from './support/watched.ts';

interface Counts {
  readonly bronze: number;
  readonly silver: number;
  readonly quarantine: number;
  readonly duplicates: number;
}
interface Run {
  readonly totals: Counts;
  readonly thisRun: Counts;
  readonly rules: readonly {
    name: string;
    dataset: string;
    passed_records: number;
    failed_records: number;
  }[];
  readonly equationHolds: boolean;
  readonly upToDate: boolean;
}
interface Sent {
  readonly sent: number;
  readonly rejected: number;
  readonly rejectsFile: string | null;
}
interface Rows {
  readonly rows: readonly Record<string, unknown>[];
}

const LINES = 50_000;
/** The time of sending is no other sandbox's. */
const BUT_TIME = '* EXCEPT (kafka_timestamp)';
const EMBEDDED = { ORDERS_LAKEHOUSE_RUNTIME: 'embedded' };
const TABLES = [
  'silver.orders',
  'silver.orders_quarantine',
  'gold.sales_daily',
  'gold.product_performance',
  'gold.customer_value',
  'gold.finance_monthly',
];

describe(`the main job, from a file to gold (${ground.name})`, function () {
  this.timeout(600_000);
  let folder: string;
  let home: string;
  let csv: string;
  let sample: { rows: number };
  let expected: Expected;
  let first: Run;

  const run = (...options: string[]): Promise<Run> => cliJson<Run>(home, 'run', ...options);
  const query = async (sql: string): Promise<Rows['rows']> => (await cliJson<Rows>(home, 'query', sql)).rows;
  const readAll = async (): Promise<readonly ReadMessage[]> =>
    (await cliJson<{ messages: ReadMessage[] }>(home, 'read', 'orders')).messages;
  /** A number for the contents of each table that changes with any row. */
  const contents = async (ask = query, silver = '*'): Promise<Record<string, unknown>> => {
    const parts = TABLES.map(
      (table) =>
        `SELECT '${table}' AS table, count(*) AS rows, sum(CAST(xxhash64(to_json(struct(*))) AS DECIMAL(38,0))) AS hash` +
        ` FROM (SELECT ${table.startsWith('silver.') ? silver : '*'} FROM ${table})`,
    );
    const rows = await ask(parts.join(' UNION ALL '));
    return Object.fromEntries(rows.map(({ table, ...row }) => [String(table), row]));
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'orders-lakehouse-pipeline-'));
    home = join(folder, 'home');
    csv = join(folder, 'orders.csv');
    await cliJson(home, 'up');
    sample = await cliJson<{ rows: number }>(home, 'sample', csv, '--count', String(LINES), '--seed', '11');
  });
  after(async () => {
    await cliJson(home, 'reset', '--yes');
    await rm(folder, { recursive: true, force: true });
  });

  it('imports every line, or rejects it with its reason', async () => {
    const { sent, rejected, rejectsFile } = await cliJson<Sent>(home, 'import', csv);
    assert.ok(sample.rows >= LINES);
    assert.equal(sent + rejected, sample.rows);
    assert.ok(rejected > 0 && rejectsFile !== null, 'the sample holds lines that no schema can hold');
    const rejects = (await readFile(rejectsFile, 'utf8')).trimEnd().split('\n');
    assert.equal(rejects.length - 1, rejected);
    expected = expectedOf(await readAll());
    assert.equal(expected.bronze, sent);
  });

  it('ends with the equation, each count as worked out from the messages', async () => {
    const result = await run();
    first = result;
    const { bronze, silver, quarantine, duplicates } = expected;
    assert.ok(quarantine > 0 && duplicates > 0, 'the sample holds faults');
    assert.deepEqual(result.totals, { bronze, silver: silver.length, quarantine, duplicates });
    assert.deepEqual(result.thisRun, result.totals);
    assert.equal(result.equationHolds, true);
  });

  it('counts each rule over all the lines that reached it', async () => {
    const last = new Map<string, { passed: number; failed: number }>();
    for (const line of await ground.eventLog(home)) {
      const record = JSON.parse(line) as {
        event_type: string;
        details: {
          flow_progress?: {
            data_quality?: {
              expectations?: readonly { name: string; passed_records: number; failed_records: number }[];
            };
          };
        };
      };
      for (const rule of record.details.flow_progress?.data_quality?.expectations ?? []) {
        const before = last.get(rule.name) ?? { passed: 0, failed: 0 };
        last.set(rule.name, {
          passed: before.passed + rule.passed_records,
          failed: before.failed + rule.failed_records,
        });
      }
    }
    const counted = Object.fromEntries(
      [...last].map(([name, { passed, failed }]) => [name, { failed, reached: passed + failed }]),
    );
    assert.deepEqual(counted, expected.rules);
  });

  it('computes every gold table to the cent', async () => {
    const { silver } = expected;
    const rows = (table: string, order: string) => query(`SELECT * FROM ${table} ORDER BY ${order}`);
    assert.deepEqual(await rows('gold.sales_daily', 'order_date, country'), salesDaily(silver));
    assert.deepEqual(await rows('gold.finance_monthly', 'month'), financeMonthly(silver));
    assert.deepEqual(await rows('gold.product_performance', 'product_no'), productPerformance(silver));
    assert.deepEqual(await rows('gold.customer_value', 'customer_no'), customerValue(silver));
  });

  it('changes no row when nothing is new', async () => {
    const before = await contents();
    const result = await run();
    assert.equal(result.upToDate, true);
    assert.deepEqual(result.thisRun, { bronze: 0, silver: 0, quarantine: 0, duplicates: 0 });
    assert.deepEqual(await contents(), before);
  });

  if (ground.name !== 'embedded') {
    it('gives the same tables, totals and rules as the embedded one', async () => {
      const embedded = join(folder, 'embedded');
      const there = async <T>(...args: string[]): Promise<T> => {
        const { code, stdout, stderr } = await startCli(embedded, args, EMBEDDED).finished;
        assert.equal(code, 0, stderr);
        return JSON.parse(stdout) as T;
      };
      try {
        await there('up');
        await there('import', csv);
        const { totals, rules } = await there<Run>('run');
        assert.deepEqual({ totals, rules }, { totals: first.totals, rules: first.rules });
        assert.deepEqual(
          await contents(async (sql) => (await there<Rows>('query', sql)).rows, BUT_TIME),
          await contents(query, BUT_TIME),
        );
      } finally {
        await there('reset', '--yes');
      }
    });
  }

  it('keeps one of each line when the file is imported again, and counts the rest as duplicates', async () => {
    const { sent } = await cliJson<Sent>(home, 'import', csv);
    const result = await run();
    const again = expectedOf(await readAll());
    assert.equal(again.silver.length, expected.silver.length);
    assert.deepEqual(result.totals, {
      bronze: again.bronze,
      silver: again.silver.length,
      quarantine: again.quarantine,
      duplicates: again.duplicates,
    });
    assert.equal(result.thisRun.bronze, sent);
    assert.equal(result.thisRun.silver, 0);
    expected = again;
  });

  it('has logged no error in any part', () => assertNoErrors(home));
});

/** `deploy compare`: real tables of a running sandbox (ORDERS_LAKEHOUSE_HOME) against those of a fake workspace. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createTables } from '../../src/adapters/tables.ts';
import { allRows } from '../../src/core/catalog.ts';
import type { TableComparison } from '../../src/core/parity/compareTables.ts';
import type { Tables } from '../../src/core/ports.ts';
import type { SandboxStatus } from '../../src/core/sandbox.ts';
import { startFakeWorkspace, type FakeWorkspace } from '../support/fakeWorkspace.ts';
import { cliJson, PROGRAM, startCli } from './support/cli.ts';

const TOKEN = 'dapi-compare-0123456789';
const NAME = `compare_check_${process.pid}`;
const WIDE = `struct<${Array.from({ length: 30 }, (_, index) => `f${index}:int`).join(',')}>`;
/** As the table is made here, and as the workspace spells the same. */
const COLUMNS = [
  ['id', 'bigint', 'long'],
  ['price', 'decimal(10,2)', 'decimal(10,2)'],
  [
    'lines',
    'array<struct<sku:string,price:decimal(4,2)>>',
    'array<struct<sku: string, price: decimal(4,2)>>',
  ],
  ['wide', WIDE, WIDE],
  ['at', 'timestamp_ntz', 'timestamp_ntz'],
  ['day', 'date', 'date'],
] as const;

interface Document {
  readonly ok: boolean;
  readonly tables: readonly TableComparison[];
}

describe('deploy compare', function () {
  this.timeout(60_000);
  const home = process.env['ORDERS_LAKEHOUSE_HOME'] ?? '';
  let fake: FakeWorkspace;
  let tables: Tables;
  const sql = (text: string) => allRows(tables, text, new AbortController().signal);
  const env = () => ({ DATABRICKS_HOST: fake.host, DATABRICKS_TOKEN: TOKEN });
  const put = (fullName: string, columns: readonly (readonly [string, string])[]): void => {
    fake.reading.tables.set(fullName, {
      columns: columns.map(([name, type]) => ({ name, type_text: type })),
    });
  };
  const compare = async (catalog = 'orders_dev') => {
    const { code, stdout, stderr } = await startCli(home, ['deploy', 'compare', '--catalog', catalog], env())
      .finished;
    const document = stdout === '' ? undefined : (JSON.parse(stdout) as Document);
    return { code, document, stderr, ours: document?.tables.find(({ table }) => table === `gold.${NAME}`) };
  };
  const there = `orders_dev.gold.${NAME}`;
  const same = COLUMNS.map(([name, , type]) => [name, type] as const);

  before(async () => {
    fake = await startFakeWorkspace({ token: TOKEN, userName: 'ana@example.com' });
    const { endpoints } = await cliJson<SandboxStatus>(home, 'status');
    assert.ok(endpoints, 'the sandbox must run');
    tables = await createTables(endpoints.sparkSql);
    const columns = COLUMNS.map(([name, type]) => `${name} ${type}`).join(', ');
    await sql('CREATE SCHEMA IF NOT EXISTS gold');
    await sql(`CREATE TABLE gold.${NAME} (${columns}) USING delta PARTITIONED BY (day)`);
  });
  beforeEach(() => {
    fake.reset();
  });
  after(async () => {
    await sql(`DROP TABLE IF EXISTS gold.${NAME}`);
    await tables.close();
    await fake.close();
  });

  it('finds the same columns, also those within others, and ends well', async () => {
    put(there, same);
    const { code, document, ours } = await compare();
    assert.deepEqual(ours, { table: `gold.${NAME}`, state: 'same', columns: COLUMNS.length });
    assert.deepEqual([code, document?.ok], [0, true]);
    assert.ok(fake.requests.every(({ method }) => method === 'GET'));
  });

  it('tells what is not deployed yet, and what is only there, without calling it a difference', async () => {
    for (const name of ['a', 'b', 'c']) put(`orders_dev.silver.${NAME}_${name}`, [['x', 'int']]);
    put(`orders_prod.gold.${NAME}`, [['x', 'int']]);
    const { code, document, ours } = await compare();
    assert.deepEqual([code, ours?.state], [0, 'onlyHere']);
    // On two pages of the workspace.
    assert.deepEqual(
      document?.tables.filter(({ state }) => state === 'onlyThere').map(({ table }) => table),
      ['a', 'b', 'c'].map((name) => `silver.${NAME}_${name}`),
    );
  });

  it('ends with 1 when one differs, and says which columns, for people too', async () => {
    const other = same
      .filter(([name]) => name !== 'id')
      .map(([name, type]) => [name, name === 'lines' ? type.replace('(4,2)', '(6,2)') : type] as const);
    put(there, [...other, ['old', 'string']]);
    const { code, document, stderr, ours } = await compare();
    assert.deepEqual([code, document?.ok], [1, false]);
    assert.match(stderr, /"code":"columns-differ"/);
    assert.ok(ours?.state === 'differs');
    assert.deepEqual(
      [ours.added.map(({ name }) => name), ours.missing.map(({ name }) => name), ours.changed],
      [
        ['id'],
        ['old'],
        [
          {
            name: 'lines',
            local: 'array<struct<sku:string,price:decimal(4,2)>>',
            remote: 'array<struct<sku: string, price: decimal(6,2)>>',
          },
        ],
      ],
    );
    const args = [PROGRAM, '--home', home, 'deploy', 'compare', '--catalog', 'orders_dev'];
    const child = spawn(process.execPath, args, { env: { ...process.env, ...env(), LC_ALL: 'C' } });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
    const [status] = (await once(child, 'close')) as [number];
    assert.equal(status, 1);
    const lines = text.slice(text.indexOf(`gold.${NAME} differs:`)).split('\n');
    assert.match(lines[1] ?? '', /^ {2}column +here +there$/);
    assert.match(lines[3] ?? '', /^ {2}id +bigint +—$/);
    assert.match(lines[4] ?? '', /^ {2}old +— +string$/);
    assert.match(lines[5] ?? '', /^ {2}lines +array<.*\(4,2\)>> +array<.*\(6,2\)>>$/);
  });

  it('says that there is no such catalog', async () => {
    const { code, document, stderr } = await compare('nowhere');
    assert.deepEqual([code, document], [1, undefined]);
    assert.match(stderr, /"code":"nothing-there".*nowhere/);
  });
});

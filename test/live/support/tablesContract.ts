/** What the port `Tables` promises, whoever serves it: held on the sandbox's Spark by every adapter. */
import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Tables } from '../../../src/core/ports.ts';
import type { Cell, QueryResult } from '../../../src/core/tables.ts';
import { createLongStatement } from './longStatement.ts';

const never = new AbortController().signal;

async function read(result: QueryResult): Promise<{ types: string[]; names: string[]; rows: Cell[][] }> {
  const rows: Cell[][] = [];
  for await (const batch of result.rows) rows.push(...batch.map((row) => [...row]));
  return {
    names: result.columns.map(({ name }) => name),
    types: result.columns.map(({ type }) => type),
    rows,
  };
}

/** Expression of Spark SQL, its type, and the cell it must be: by the documentation of Spark's types, not by a client. */
const EXACT: readonly (readonly [string, string, Cell])[] = [
  ['true', 'boolean', true],
  ['-128Y', 'tinyint', -128],
  ['-32768S', 'smallint', -32_768],
  ['-2147483648', 'int', -2_147_483_648],
  ['9223372036854775807', 'bigint', '9223372036854775807'],
  ['-9223372036854775807L - 1', 'bigint', '-9223372036854775808'],
  ['9007199254740993', 'bigint', '9007199254740993'],
  ['0.1D', 'double', 0.1],
  ["double('NaN')", 'double', 'NaN'],
  ["double('-Infinity')", 'double', '-Infinity'],
  ["float('Infinity')", 'float', 'Infinity'],
  [`cast('${'9'.repeat(38)}' AS decimal(38,0))`, 'decimal(38,0)', '9'.repeat(38)],
  ["cast('-0.000000000000000001' AS decimal(38,18))", 'decimal(38,18)', '-0.000000000000000001'],
  ['cast(1.10 AS decimal(10,2))', 'decimal(10,2)', '1.10'],
  ["'Größe 😀 \\u0000'", 'string', 'Größe 😀 \u0000'],
  ["''", 'string', ''],
  ["X'00FF7F'", 'binary', 'AP9/'],
  ["DATE'1969-12-31'", 'date', '1969-12-31'],
  ["DATE'0001-01-01'", 'date', '0001-01-01'],
  ["TIMESTAMP'1969-12-31 23:59:59.999999'", 'timestamp', '1969-12-31 23:59:59.999999'],
  ["TIMESTAMP'1582-10-04 00:00:00'", 'timestamp', '1582-10-04 00:00:00'],
  ['array(1, NULL)', 'array', '[1,null]'],
  ["map('k', 9223372036854775807)", 'map', '{"k":9223372036854775807}'],
  ["named_struct('x', cast(1.10 AS decimal(4,2)), 'y', array('a'))", 'struct', '{"x":1.10,"y":["a"]}'],
  ['cast(NULL AS bigint)', 'bigint', null],
  ['cast(NULL AS decimal(4,2))', 'decimal(4,2)', null],
  ['cast(NULL AS boolean)', 'boolean', null],
];

const ROWS = 200_000;

/** `open` gives the same one each time. */
export function tablesContract(open: () => Tables): void {
  const query = async (sql: string, limit?: number): ReturnType<typeof read> =>
    read(await open().query(sql, limit === undefined ? {} : { limit }, never));
  const reason = async (sql: string): Promise<string> => {
    try {
      await query(sql);
    } catch (error) {
      assert.equal((error as { code?: string }).code, 'bad-sql');
      return (error as Error).message;
    }
    return assert.fail('it was taken');
  };

  it('gives every value exactly, with its type', async () => {
    const { types, rows } = await query(`SELECT ${EXACT.map(([sql], i) => `${sql} AS c${i}`).join(', ')}`);
    assert.deepEqual(
      EXACT.map(([sql], i) => [sql, types[i], rows[0]?.[i]]),
      EXACT,
    );
  });

  it('keeps columns of one name apart, in their order', async () => {
    const { names, rows } = await query("SELECT 1 AS a, 'two' AS b, 3 AS a");
    assert.deepEqual([names, rows], [['a', 'b', 'a'], [[1, 'two', 3]]]);
  });

  it('knows NULLs in every place of a long column', async () => {
    const { rows } = await query('SELECT id, IF(id % 3 = 0, NULL, id * 2) FROM range(0, 100, 1, 1)');
    assert.deepEqual(
      rows,
      Array.from({ length: 100 }, (_, id) => [String(id), id % 3 === 0 ? null : String(id * 2)]),
    );
  });

  it('gives the columns of a result without rows', async () => {
    const { names, types, rows } = await query("SELECT 1 AS n, 'x' AS s WHERE false");
    assert.deepEqual([names, types, rows], [['n', 's'], ['int', 'string'], []]);
  });

  it('runs statements that give nothing', async () => {
    await query('CREATE SCHEMA IF NOT EXISTS contract_of_tables');
    try {
      const { rows } = await query("SHOW SCHEMAS LIKE 'contract_of_tables'");
      assert.deepEqual(rows, [['contract_of_tables']]);
    } finally {
      await query('DROP SCHEMA contract_of_tables CASCADE');
    }
  });

  it('stops at the limit', async () => {
    assert.equal((await query('SELECT * FROM range(0, 100000, 1, 1)', 12_345)).rows.length, 12_345);
    assert.equal((await query('SELECT * FROM range(0, 3, 1, 1)', 12_345)).rows.length, 3);
  });

  it("says in Spark's own short words what is wrong, with the place", async () => {
    assert.equal(
      await reason('SELECT 1,\n  FRMO x y z'),
      "[PARSE_SYNTAX_ERROR] Syntax error at or near 'y'. (line 2, pos 9)",
    );
    const missing = await reason('SELECT * FROM gold.no_such_table');
    assert.match(
      missing,
      /^\[TABLE_OR_VIEW_NOT_FOUND\] The table or view `gold`\.`no_such_table` cannot be found/,
    );
    assert.match(missing, /line 1,? pos 14/);
    // Only when it runs.
    assert.match(await reason('SELECT 1 / (id - 5) FROM range(10)'), /^\[DIVIDE_BY_ZERO\]/);
    for (const one of [missing, await reason("SELECT raise_error('no luck')")]) {
      assert.doesNotMatch(one, /\bat org\.|Exception|\n/);
    }
  });

  it('streams a large result and holds little of it', async () => {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    const result = await open().query(
      `SELECT id, repeat('x', 200) || id FROM range(0, ${ROWS}, 1, 2)`,
      {},
      never,
    );
    let [rows, sum, largest, most] = [0, 0n, 0, 0];
    gc();
    const before = process.memoryUsage().heapUsed;
    for await (const batch of result.rows) {
      rows += batch.length;
      largest = Math.max(largest, batch.length);
      for (const [id, text] of batch) {
        sum += BigInt(id as string);
        assert.equal(text, 'x'.repeat(200) + String(id));
      }
      gc();
      most = Math.max(most, process.memoryUsage().heapUsed - before);
    }
    assert.deepEqual([rows, sum], [ROWS, (BigInt(ROWS) * BigInt(ROWS - 1)) / 2n]);
    assert.ok(largest <= 10_000, `a batch of ${largest}`);
    // All of it is 40 MB of text and more.
    assert.ok(most < 15e6, `${Math.round(most / 1e6)} MB were held`);
  }).timeout(120_000);

  it('goes on after a result of which only the beginning was read', async () => {
    const result = await open().query('SELECT * FROM range(0, 100000, 1, 1)', {}, never);
    for await (const batch of result.rows) {
      assert.ok(batch.length < 100_000);
      break;
    }
    assert.deepEqual((await query('SELECT 1')).rows, [[1]]);
  });

  it('answers several at once', async () => {
    const all = await Promise.all([1, 2, 3, 4].map((n) => query(`SELECT ${n} * count(*) FROM range(1000)`)));
    assert.deepEqual(
      all.map(({ rows }) => rows[0]?.[0]),
      ['1000', '2000', '3000', '4000'],
    );
  });

  it('ends a statement on the server when it is cancelled, and takes the next one', async () => {
    const long = createLongStatement(async (sql) => (await query(sql)).rows[0]?.[0]);
    await long.prepare();
    const controller = new AbortController();
    const running = open().query(long.sql, {}, controller.signal);
    await Promise.race([running, long.runs()]);
    controller.abort();
    await assert.rejects(running, { name: 'Cancelled' });
    const last = await long.stands();
    assert.deepEqual((await query('SELECT count(*) FROM range(0, 100000, 1, 2)')).rows, [['100000']]);
    assert.equal(await long.beat(), last);
  }).timeout(60_000);

  it('ends one whose rows are being read', async () => {
    const controller = new AbortController();
    const result = await open().query('SELECT * FROM range(0, 1000000, 1, 1)', {}, controller.signal);
    let batches = 0;
    const reading = async (): Promise<void> => {
      for await (const _batch of result.rows) {
        batches += 1;
        if (batches === 2) controller.abort();
      }
    };
    await assert.rejects(reading(), { name: 'Cancelled' });
    assert.equal(batches, 2);
    assert.deepEqual((await query('SELECT 1')).rows, [[1]]);
  });

  it('does not send what was cancelled before', async () => {
    await assert.rejects(open().query('SELECT 1', {}, AbortSignal.abort()), { name: 'Cancelled' });
  });
}

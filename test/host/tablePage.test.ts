import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCsv } from '../../src/adapters/csvExport.ts';
import { createLakehouse } from '../../src/adapters/lakehouse.ts';
import { allRows } from '../../src/core/catalog.ts';
import type { Tables } from '../../src/core/ports.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import { openTable, readAll, type Sort } from '../../src/core/tablePage.ts';

const ROWS = 4000;
const TABLE = { schema: 'host_check', name: 'odd_name' };
const { signal } = new AbortController();

describe('a table in several files, read by pages', () => {
  const lakehouse = createLakehouse({ settings: DEFAULT_SETTINGS });
  let tables: Tables;

  before(async () => {
    tables = await lakehouse.tables();
    await allRows(tables, 'CREATE SCHEMA IF NOT EXISTS host_check', signal);
    await allRows(
      tables,
      `CREATE OR REPLACE TABLE host_check.odd_name USING delta AS
       SELECT id, CAST((id % 90) / 100 AS decimal(10,2)) AS price, IF(id % 100 = 0, NULL, concat('n "', id % 7, '"')) AS name
       FROM range(0, ${ROWS}, 1, 4)`,
      signal,
    );
  });
  after(async () => {
    await allRows(tables, 'DROP SCHEMA host_check CASCADE', signal);
    await lakehouse.close();
  });

  async function all(sort?: Sort) {
    const reading = await openTable(tables, TABLE, sort, signal);
    assert.equal(reading.rowCount, String(ROWS));
    const rows = [];
    for (;;) {
      const page = await reading.next(900, signal);
      rows.push(...page.rows);
      if (page.done) return rows;
    }
  }
  const ids = (rows: readonly (readonly unknown[])[]): number[] =>
    rows.map(([id]) => Number(id)).sort((a, b) => a - b);
  const everyId = Array.from({ length: ROWS }, (_, id) => id);

  it('gives every row once', async () => {
    assert.deepEqual(ids(await all()), everyId);
  });

  it('gives every row once in the order asked for, exact to the cent', async () => {
    const rows = await all({ column: 'price', descending: true });
    assert.deepEqual(ids(rows), everyId);
    const expected = everyId
      .map((id) => id % 90)
      .sort((a, b) => b - a)
      .map((cents) => (cents / 100).toFixed(2));
    assert.deepEqual(
      rows.map(([, price]) => price),
      expected,
    );
  });

  it('exports every row of the version, NULL apart from empty', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'orders-lakehouse-export-'));
    try {
      const reading = await openTable(tables, TABLE, { column: 'id', descending: false }, signal);
      const path = join(folder, 'out.csv');
      const result = await readAll(tables, TABLE, reading, signal);
      assert.deepEqual(await writeCsv(path, result, () => undefined, signal), { rows: ROWS });
      const lines = (await readFile(path, 'utf8')).split('\r\n');
      assert.equal(lines.length, ROWS + 2);
      assert.deepEqual(lines.slice(0, 3), ['id,price,name', '0,0.00,', '1,0.01,"n ""1"""']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

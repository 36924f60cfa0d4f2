import assert from 'node:assert/strict';
import { UserError } from '../../../src/core/errors.ts';
import type { Tables } from '../../../src/core/ports.ts';
import { FIRST_ROWS, openTable, readAll, selectAll } from '../../../src/core/tablePage.ts';
import type { Cell, Column } from '../../../src/core/tables.ts';

const columns: Column[] = [
  { name: 'id', type: 'bigint' },
  { name: 'na`me', type: 'string' },
  { name: 'tags', type: 'map<string,string>' },
];
const table = { schema: 'gold', name: 'odd`name' };
const { signal } = new AbortController();

/** A server that answers a LIMIT from the other end than the whole: without ORDER BY it may. */
function server(rows: readonly (readonly Cell[])[], version: string | null = '7') {
  const asked: string[] = [];
  const released: string[] = [];
  const tables: Tables = {
    query: (sql, _options, querySignal) => {
      asked.push(sql);
      if (sql.startsWith('DESCRIBE HISTORY') && version === null) {
        return Promise.reject(new UserError('bad-sql', 'no history'));
      }
      const limit = / LIMIT (\d+)$/.exec(sql);
      const answer = sql.startsWith('DESCRIBE HISTORY')
        ? [[version]]
        : sql.startsWith('SELECT count(*)')
          ? [[String(rows.length)]]
          : limit
            ? rows.toReversed().slice(0, Number(limit[1]))
            : rows;
      async function* stream() {
        try {
          for (let at = 0; at < answer.length; at += 300) {
            if (querySignal.aborted) throw new Error('aborted');
            yield await Promise.resolve(answer.slice(at, at + 300));
          }
        } finally {
          released.push(sql);
        }
      }
      return Promise.resolve({ columns, rows: stream() });
    },
    close: () => Promise.resolve(),
  };
  return { tables, asked, released };
}

async function readToEnd(tables: Tables): Promise<readonly (readonly Cell[])[]> {
  const reading = await openTable(tables, table, undefined, signal);
  const all: (readonly Cell[])[] = [];
  for (;;) {
    const page = await reading.next(700, signal);
    all.push(...page.rows);
    if (page.done) return all;
    assert.ok(page.rows.length > 0);
  }
}

const sorted = (rows: readonly (readonly Cell[])[]): string[] =>
  rows.map((row) => JSON.stringify(row)).sort();

describe('reading a table by pages', () => {
  it('gives every row exactly once, in whatever order the server answers', async () => {
    const rows = Array.from({ length: 2500 }, (_, id) => [String(id), 'x', null]);
    assert.deepEqual(sorted(await readToEnd(server(rows).tables)), sorted(rows));
  });

  it('gives equal rows as often as there are', async () => {
    const rows = Array.from({ length: 2500 }, (_, id) => [String(id % 5), null, null]);
    assert.deepEqual(sorted(await readToEnd(server(rows).tables)), sorted(rows));
  });

  it('needs one query for the rows of a small table', async () => {
    const { tables, asked } = server([['1', 'a', null]]);
    assert.equal((await readToEnd(tables)).length, 1);
    assert.deepEqual(asked, [
      'DESCRIBE HISTORY `gold`.`odd``name` LIMIT 1',
      'SELECT count(*) FROM `gold`.`odd``name` VERSION AS OF 7',
      `SELECT * FROM \`gold\`.\`odd\`\`name\` VERSION AS OF 7 LIMIT ${FIRST_ROWS}`,
    ]);
  });

  it('reads what has no versions as it is', async () => {
    const { tables, asked } = server([['1', 'a', null]], null);
    const reading = await openTable(tables, table, undefined, signal);
    assert.equal(reading.version, undefined);
    assert.ok(asked.every((sql) => !sql.includes('VERSION')));
  });

  it('does not take another failure for a missing history', async () => {
    const broken: Tables = {
      query: () => Promise.reject(new UserError('spark-unreachable', 'gone')),
      close: () => Promise.resolve(),
    };
    await assert.rejects(openTable(broken, table, undefined, signal), { code: 'spark-unreachable' });
  });

  it('gives the query back when it is closed midway', async () => {
    const rows = Array.from({ length: 5000 }, (_, id) => [String(id), 'x', null]);
    const { tables, released } = server(rows);
    const reading = await openTable(tables, table, undefined, signal);
    await reading.next(FIRST_ROWS, signal);
    await reading.next(100, signal);
    const whole = 'SELECT * FROM `gold`.`odd``name` VERSION AS OF 7';
    assert.ok(!released.includes(whole));
    reading.close();
    await new Promise(setImmediate);
    assert.ok(released.includes(whole));
  });

  it('sorts in the server, NULL last, ties by the other columns that have an order', () => {
    assert.equal(
      selectAll(table, columns, '3', { column: 'na`me', descending: true }),
      'SELECT * FROM `gold`.`odd``name` VERSION AS OF 3 ORDER BY `na``me` DESC NULLS LAST, `id`',
    );
    assert.throws(() => selectAll(table, columns, '3', { column: 'other', descending: false }));
  });

  it('exports the version and order that are shown', async () => {
    const { tables, asked } = server([['1', 'a', null]]);
    const sort = { column: 'id', descending: false };
    const reading = await openTable(tables, table, sort, signal);
    await readAll(tables, table, reading, signal);
    assert.equal(
      asked.at(-1),
      'SELECT * FROM `gold`.`odd``name` VERSION AS OF 7 ORDER BY `id` ASC NULLS LAST, `na``me`',
    );
  });
});

import assert from 'node:assert/strict';
import { readResult } from '../../../src/core/resultPage.ts';
import { tableHistory } from '../../../src/core/tableHistory.ts';
import type { Cell } from '../../../src/core/tables.ts';

const { signal } = new AbortController();

function result(batches: readonly (readonly (readonly Cell[])[])[], ended: string[] = []) {
  // eslint-disable-next-line @typescript-eslint/require-await
  async function* rows() {
    try {
      yield* batches;
    } finally {
      ended.push('ended');
    }
  }
  return { columns: [{ name: 'n', type: 'int' }], rows: rows() };
}

describe('a result by pages', () => {
  it('gives every row once, and says with the last page that it is the last', async () => {
    const reading = readResult(result([[[1], [2], [3]], [], [[4]], [[5], [6]]]));
    const pages = [];
    for (;;) {
      const page = await reading.next(2, signal);
      pages.push([page.rows.map(([n]) => n), page.done]);
      if (page.done) break;
    }
    assert.deepEqual(pages, [
      [[1, 2], false],
      [[3], false],
      [[4], false],
      [[5, 6], true],
    ]);
  });

  it('is done at once when it is empty', async () => {
    assert.deepEqual(await readResult(result([])).next(10, signal), { rows: [], done: true });
  });

  it('lets the server forget what is not read', async () => {
    const ended: string[] = [];
    const reading = readResult(result([[[1]], [[2]], [[3]]], ended));
    await reading.next(1, signal);
    reading.close();
    assert.deepEqual(await reading.next(1, signal), { rows: [], done: true });
    assert.deepEqual(ended, ['ended']);
  });
});

describe('the history of a table', () => {
  it('says in a few columns who did what, and the rows it changed', async () => {
    const names = [
      'version',
      'timestamp',
      'userName',
      'operation',
      'operationParameters',
      'operationMetrics',
    ];
    const asked: string[] = [];
    const history = await tableHistory(
      {
        query: (sql) => {
          asked.push(sql);
          const rows: Cell[][] = [
            ['2', '2026-05-01 10:00:00', null, 'DELETE', '{"predicate":"[]"}', '{"numDeletedRows":"7"}'],
            [
              '1',
              '2026-05-01 09:00:00',
              'ana@example.com',
              'MERGE',
              '{}',
              '{"numTargetRowsInserted":"9007199254740993","numTargetRowsUpdated":"2","numTargetRowsDeleted":"0"}',
            ],
            ['0', '2026-05-01 08:00:00', null, 'CREATE TABLE', null, null],
          ];
          const { rows: stream } = result([rows]);
          return Promise.resolve({ columns: names.map((name) => ({ name, type: 'string' })), rows: stream });
        },
        close: () => Promise.resolve(),
      },
      { catalog: 'main', schema: 'gold', name: 'odd`name' },
      signal,
    );
    assert.deepEqual(asked, ['DESCRIBE HISTORY `main`.`gold`.`odd``name`']);
    const rows = [];
    for await (const batch of history.rows) rows.push(...batch.map((row) => row.slice(0, 7)));
    assert.deepEqual(rows, [
      ['2', '2026-05-01 10:00:00', null, 'DELETE', null, '7', null],
      ['1', '2026-05-01 09:00:00', 'ana@example.com', 'MERGE', '9007199254740993', '0', '2'],
      ['0', '2026-05-01 08:00:00', null, 'CREATE TABLE', null, null, null],
    ]);
  });
});

import assert from 'node:assert/strict';
import { tableHistory } from '../../../src/core/tableHistory.ts';
import type { Cell, Column } from '../../../src/core/tables.ts';

const NAMES = ['version', 'timestamp', 'userName', 'operation', 'operationParameters', 'operationMetrics'];

describe('the rows that a history counts', () => {
  /** Its counts of rows, for one operation with such metrics. */
  const counts = async (operation: string, metrics: Readonly<Record<string, string>>) => {
    const row: Cell[] = ['3', '2026-01-31 12:00:00', null, operation, '{}', JSON.stringify(metrics)];
    async function* rows(): AsyncGenerator<readonly Cell[][]> {
      yield await Promise.resolve([row]);
    }
    const columns: readonly Column[] = NAMES.map((name) => ({ name, type: 'string' }));
    const tables = {
      query: () => Promise.resolve({ columns, rows: rows() }),
      close: () => Promise.resolve(),
    };
    const history = await tableHistory(tables, { schema: 'gold', name: 'x' }, new AbortController().signal);
    const first = history.columns.findIndex(({ name }) => name === 'rows added');
    const given: (readonly Cell[])[] = [];
    for await (const batch of history.rows) given.push(...batch);
    return given.map((one) => one.slice(first, first + 3));
  };

  it('counts what was added', async () => {
    assert.deepEqual(await counts('WRITE', { numFiles: '2', numOutputRows: '2500' }), [['2500', null, null]]);
  });

  it('counts no rows as added that were only written anew', async () => {
    // Delta's own metrics: of files that were replaced, the rows that did not change are copied.
    assert.deepEqual(await counts('DELETE', { numDeletedRows: '10', numCopiedRows: '1240' }), [
      [null, '10', null],
    ]);
    assert.deepEqual(await counts('UPDATE', { numUpdatedRows: '5', numCopiedRows: '95' }), [
      [null, null, '5'],
    ]);
    const merge = {
      numOutputRows: '107',
      numTargetRowsInserted: '2',
      numTargetRowsUpdated: '5',
      numTargetRowsDeleted: '1',
      numTargetRowsCopied: '100',
    };
    assert.deepEqual(await counts('MERGE', merge), [['2', '1', '5']]);
  });
});

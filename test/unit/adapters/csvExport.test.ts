import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeCsv } from '../../../src/adapters/csvExport.ts';
import type { Cell, QueryResult } from '../../../src/core/tables.ts';

function result(batches: readonly (readonly (readonly Cell[])[])[], failure?: Error): QueryResult {
  async function* rows() {
    for (const batch of batches) yield await Promise.resolve(batch);
    if (failure) throw failure;
  }
  return {
    columns: [
      { name: 'plain', type: 'string' },
      { name: 'with, comma', type: 'decimal(18,2)' },
      { name: 'flag', type: 'boolean' },
    ],
    rows: rows(),
  };
}

const nothing = (): void => undefined;

describe('exporting a table as CSV', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'orders lakehouse ção '));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('keeps every value apart and exact', async () => {
    const path = join(folder, 'a b.csv');
    const told: number[] = [];
    const rows: Cell[][] = [
      ['it\'s "quoted", with\nline', '99999999999999.10', true],
      ['', '-0.01', false],
      [null, null, null],
    ];
    const { signal } = new AbortController();
    const done = await writeCsv(path, result([rows.slice(0, 2), rows.slice(2)]), (n) => told.push(n), signal);
    assert.deepEqual(done, { rows: 3 });
    assert.deepEqual(told, [2, 3]);
    assert.equal(
      await readFile(path, 'utf8'),
      'plain,"with, comma",flag\r\n"it\'s ""quoted"", with\nline",99999999999999.10,true\r\n"",-0.01,false\r\n,,\r\n',
    );
  });

  it('writes the header of an empty table', async () => {
    const path = join(folder, 'empty.csv');
    await writeCsv(path, result([]), nothing, new AbortController().signal);
    assert.equal(await readFile(path, 'utf8'), 'plain,"with, comma",flag\r\n');
  });

  it('leaves the file of before, and nothing half-done, when the query fails midway', async () => {
    const path = join(folder, 'kept.csv');
    await writeFile(path, 'before');
    const broken = result([[['a', '1.00', true]]], new Error('gone'));
    await assert.rejects(writeCsv(path, broken, nothing, new AbortController().signal), /gone/);
    assert.deepEqual(await readdir(folder), ['kept.csv']);
    assert.equal(await readFile(path, 'utf8'), 'before');
  });

  it('is cancelled without a trace', async () => {
    const controller = new AbortController();
    const cancel = (): void => {
      controller.abort();
    };
    const many = Array.from({ length: 50 }, () => [['a', '1.00', true]]);
    await assert.rejects(writeCsv(join(folder, 'x.csv'), result(many), cancel, controller.signal), {
      name: 'Cancelled',
    });
    assert.deepEqual(await readdir(folder), []);
  });

  it('says why it cannot write', async () => {
    const path = join(folder, 'missing', 'x.csv');
    await assert.rejects(writeCsv(path, result([]), nothing, new AbortController().signal), {
      name: 'UserError',
      code: 'cannot-write',
    });
  });
});

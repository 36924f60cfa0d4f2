import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { openCsv } from '../../../src/adapters/csv.ts';
import type { CsvRow } from '../../../src/core/ports.ts';

const never = new AbortController().signal;

describe('a CSV file', () => {
  let folder: string;
  let count = 0;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'orders-lakehouse csv é '));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const write = async (content: string | Uint8Array): Promise<string> => {
    count += 1;
    const path = join(folder, `file-${count}.csv`);
    await writeFile(path, content);
    return path;
  };
  const read = async (
    content: string | Uint8Array,
    encoding?: string,
  ): Promise<{ header: readonly string[]; rows: CsvRow[]; failure?: unknown }> => {
    const path = await write(content);
    const { header, rows } = await openCsv(path, encoding === undefined ? {} : { encoding }, never);
    const all: CsvRow[] = [];
    try {
      for await (const batch of rows) all.push(...batch);
    } catch (failure) {
      return { header, rows: all, failure };
    }
    return { header, rows: all };
  };
  const refusal = async (
    content: string | Uint8Array,
  ): Promise<{ code: string; message: string; hint: string }> => {
    try {
      const { failure } = await read(content);
      return failure as { code: string; message: string; hint: string };
    } catch (error) {
      return error as { code: string; message: string; hint: string };
    }
  };

  it('gives its header and its rows with their lines', async () => {
    assert.deepEqual(await read('A,B\n1,2\n3,4'), {
      header: ['A', 'B'],
      rows: [
        { line: 2, fields: ['1', '2'], text: '1,2' },
        { line: 3, fields: ['3', '4'], text: '3,4' },
      ],
    });
  });

  it('may begin with a mark and end its lines as Windows does', async () => {
    const { header, rows } = await read('\ufeffA,B\r\n1,2\r\n3,4\r\n');
    assert.deepEqual(header, ['A', 'B']);
    assert.deepEqual(
      rows.map(({ line, text }) => [line, text]),
      [
        [2, '1,2'],
        [3, '3,4'],
      ],
    );
  });

  it('counts lines also within quotes and between rows', async () => {
    const { rows } = await read('A,B\n"x\ny ""z""",1\n\n\nlast,"a,b"\n');
    assert.deepEqual(rows, [
      { line: 2, fields: ['x\ny "z"', '1'], text: '"x\ny ""z""",1' },
      { line: 6, fields: ['last', 'a,b'], text: 'last,"a,b"' },
    ]);
  });

  it('takes quotes and apostrophes inside a name as they are, and rows of any length', async () => {
    const { rows } = await read(`A,B\n5" Nail,Gardener's\n1\n1,2,3\n`);
    assert.deepEqual(
      rows.map(({ fields }) => fields),
      [['5" Nail', "Gardener's"], ['1'], ['1', '2', '3']],
    );
  });

  it('comes back the same for any text', async () => {
    const field = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', '\r\n', ' ', "'", '💡') });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(field, field), { minLength: 1, maxLength: 20 }), async (rows) => {
        const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
        const text = rows.map((row) => `${row.map(quoted).join(',')}\n`).join('');
        const found = await read(`A,B\n${text}`);
        assert.deepEqual(
          found.rows.map(({ fields }) => fields),
          rows,
        );
        assert.equal(found.failure, undefined);
      }),
      { numRuns: 100 },
    );
  });

  it('may be longer than any chunk of it, with a row longer than one', async () => {
    const lines = Array.from({ length: 30_000 }, (_, index) => `${index},ação número ${index}`);
    lines[10_000] = `10000,${'x'.repeat(1_100_000)}`;
    const { rows } = await read(`A,B\n${lines.join('\n')}\n`);
    assert.equal(rows.length, 30_000);
    assert.ok(rows.every(({ fields, line }, index) => fields[0] === String(index) && line === index + 2));
    assert.equal(rows[10_000]?.fields[1]?.length, 1_100_000);
    assert.equal(rows[29_999]?.fields[1], 'ação número 29999');
  });

  it('that is empty, or only looks like one, is refused', async () => {
    assert.equal((await refusal('')).code, 'empty-file');
    assert.equal((await refusal('\n\n')).code, 'empty-file');
    assert.equal(
      (await refusal(Uint8Array.from({ length: 5000 }, (_, index) => index % 256))).code,
      'not-csv',
    );
    await assert.rejects(openCsv(join(folder, 'none.csv'), {}, never), { code: 'no-such-file' });
    await assert.rejects(
      async () => {
        for await (const _ of (await openCsv(folder, {}, never)).rows);
      },
      { code: 'not-csv' },
    );
  });

  it('in another encoding is refused with the line, and can be read by naming it', async () => {
    const latin = Buffer.from('A,B\n1,2\nCaf\u00e9,Espa\u00f1a\n', 'latin1');
    const { code, message, hint } = await refusal(latin);
    assert.equal(code, 'wrong-encoding');
    assert.match(message, /line 3/);
    assert.match(hint, /--encoding windows-1252/);
    assert.deepEqual((await read(latin, 'windows-1252')).rows[1]?.fields, ['Café', 'España']);

    const wide = Buffer.from('\ufeffA,B\nCafé,1\n', 'utf16le');
    assert.match((await refusal(wide)).hint, /--encoding utf-16le/);
    assert.deepEqual((await read(wide, 'utf-16le')).rows[0]?.fields, ['Café', '1']);

    await assert.rejects(read(latin, 'klingon'), { code: 'bad-encoding' });
    await assert.rejects(read(latin, 'utf-8'), { code: 'wrong-encoding' });
  });

  it('with a quote that never closes gives the rows before it, then the line', async () => {
    const { rows, failure } = await read('A,B\n1,2\n3,"open\n5,6\n');
    assert.deepEqual(
      rows.map(({ fields }) => fields),
      [['1', '2']],
    );
    assert.ok(failure instanceof Error && 'code' in failure);
    assert.equal(failure.code, 'not-csv');
    assert.match(failure.message, /line 3/);
  });

  const long = 'x'.repeat(17 * 1024 * 1024);
  for (const [what, text, encoding] of [
    ['a row', () => `A,B\n1,2\n3,${long}`, undefined],
    ['a row of many lines', () => `A,B\n1,2\n3,"never closed\n${'4,5\n'.repeat(4_500_000)}`, undefined],
    ['a row of another encoding', () => Buffer.from(`A,B\n1,2\n3,${long}`, 'utf16le'), 'utf-16le'],
  ] as const) {
    it(`with ${what} beyond the limit gives the rows before it, then the line and the limit`, async () => {
      const { rows, failure } = await read(text(), encoding);
      assert.deepEqual(
        rows.map(({ fields }) => fields),
        [['1', '2']],
      );
      assert.ok(failure instanceof Error && 'code' in failure);
      assert.equal(failure.code, 'not-csv');
      assert.match(failure.message, /line 3 is longer than 16 MB/);
    });
  }

  it('may have a row below the limit in an encoding whose pieces become smaller', async () => {
    const row = 'y'.repeat(9 * 1024 * 1024);
    const { rows } = await read(Buffer.from(`A,B\n1,${row}\n3,4\n`, 'utf16le'), 'utf-16le');
    assert.deepEqual(
      rows.map(({ fields }) => fields[1]?.length),
      [row.length, 1],
    );
  });

  it('stops being read when it is cancelled', async () => {
    const path = await write(`A,B\n${'1,2\n'.repeat(500_000)}`);
    const stopper = new AbortController();
    const { rows } = await openCsv(path, {}, stopper.signal);
    let batches = 0;
    await assert.rejects(
      async () => {
        for await (const _ of rows) {
          batches += 1;
          stopper.abort();
        }
      },
      { name: 'Cancelled' },
    );
    assert.ok(batches <= 2);
  });
});

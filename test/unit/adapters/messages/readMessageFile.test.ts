import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readMessageFile } from '../../../../src/adapters/messages/readMessageFile.ts';
import { createFillings } from '../../../../src/core/filling.ts';
import { exactNumber, type PlacedDraft } from '../../../../src/core/outgoing.ts';

describe('a file of messages', () => {
  const folder = mkdtempSync(join(tmpdir(), 'messages-'));
  after(() => {
    rmSync(folder, { recursive: true });
  });
  const read = async (name: string, content: string | Buffer, topic?: string) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    const options = { filling: createFillings(), ...(topic === undefined ? {} : { topic }) };
    const found: PlacedDraft[] = [];
    let failure: Error | undefined;
    try {
      for await (const batch of readMessageFile(path, options, new AbortController().signal))
        found.push(...batch);
    } catch (error) {
      failure = error as Error;
    }
    return { found, failure };
  };

  it('is read line by line, whatever its size, with every digit and the line of each', async () => {
    // Characters of several bytes fall across the chunks in which a file is read.
    const line = (n: number): string => `{"topic":"t","value":{"n":${n},"text":"${'çé€😀'.repeat(20)}"}}`;
    const lines = Array.from({ length: 3000 }, (_, n) => line(n));
    const { found, failure } = await read(
      'a.ndjson',
      `${lines.join('\r\n\n')}\n{"topic":"t","value":12345678901234567890}`,
    );
    assert.equal(failure, undefined);
    assert.equal(found.length, 3001);
    assert.deepEqual(found[2999]?.draft.value, (JSON.parse(line(2999)) as { value: unknown }).value);
    assert.equal(found[2]?.place, 'line 5');
    assert.deepEqual(found[3000]?.draft.value, exactNumber('12345678901234567890'));
  });

  it('gives what comes before a line that is wrong, then names the line', async () => {
    const good = '{"topic":"t","value":1}\n';
    const broken = await read('b.jsonl', `${good}${good}{"topic":"t"}\n${good}`);
    assert.equal(broken.found.length, 2);
    assert.match(broken.failure?.message ?? '', /^line 3: value: it is missing/);
    const cut = await read('c.ndjson', `${good}{"topic":`);
    assert.match(cut.failure?.message ?? '', /^line 2: this is no JSON/);
    const bytes = await read('d.ndjson', Buffer.concat([Buffer.from(good), Buffer.from([0xff, 0xfe, 10])]));
    assert.equal(bytes.found.length, 1);
    assert.match(bytes.failure?.message ?? '', /^line 2 is not UTF-8/);
  });

  it('goes to another topic than it names, when one is given', async () => {
    const lines = '{"topic":"a","value":1}\n{"value":2}\n';
    assert.deepEqual(
      (await read('e.ndjson', lines, 'b')).found.map(({ draft }) => draft),
      [
        { topic: 'b', value: 1 },
        { topic: 'b', value: 2 },
      ],
    );
  });

  it('may be a document, its placeholders filled in their turn', async () => {
    const { found } = await read(
      'f.orders',
      '// c\n[{"topic":"a","value":"${seq}"}, {"topic":"b","value":"${seq}"},]',
    );
    assert.deepEqual(
      found.map(({ draft, place }) => [draft.topic, draft.value, place]),
      [
        ['a', 1, '[0]'],
        ['b', 2, '[1]'],
      ],
    );
    const wrong = await read('g.orders', '[\n{"topic":"a","value":1},\n{"topic":"a","value":"${no}"}]');
    assert.equal(wrong.found.length, 1);
    assert.match(wrong.failure?.message ?? '', /^\[1\]: value: \$\{no\} is no placeholder/);
    assert.match(
      (await read('h.orders', '{\n"topic": }')).failure?.message ?? '',
      /^line 2: this is no JSON/,
    );
    assert.match((await read('i.orders', '')).failure?.message ?? '', /no message|no JSON/);
  });
});

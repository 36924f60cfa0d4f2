import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMessageDecoder } from '../../../src/adapters/messageDecoder.ts';
import { createMessageEncoder } from '../../../src/adapters/messageEncoder.ts';
import { createMessageFiles } from '../../../src/adapters/messageFiles.ts';
import { readMessageFile } from '../../../src/adapters/messages/readMessageFile.ts';
import { writeMessages } from '../../../src/adapters/writeMessages.ts';
import { createFillings } from '../../../src/core/filling.ts';
import { documentOf } from '../../../src/core/messageTemplate.ts';
import { exactNumber } from '../../../src/core/outgoing.ts';
import { escapePlaceholders } from '../../../src/core/placeholders.ts';
import { produceArguments } from '../../../src/core/produceCommand.ts';
import { sentDraft } from '../../../src/core/sentDraft.ts';
import type { SchemaRegistry, SubjectRegistry } from '../../../src/core/ports.ts';
import type { RawMessage } from '../../../src/core/topics.ts';

const NOTHING = {
  schema: () => Promise.resolve(undefined),
  subjects: () => Promise.resolve([]),
  latest: () => Promise.resolve(undefined),
  referenced: () => Promise.resolve([]),
} as unknown as SchemaRegistry & SubjectRegistry;

const utf8 = (text: string): Uint8Array => Buffer.from(text);
const bytes = (digits: string): Uint8Array => Buffer.from(digits, 'hex');
const hex = (part: Uint8Array | null): string | null => part && Buffer.from(part).toString('hex');

describe('messages that are exported and sent again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'exported-'));
  const never = new AbortController().signal;
  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** The bytes of key, value and headers after an export to NDJSON and back. */
  async function again(raws: readonly RawMessage[]): Promise<readonly unknown[]> {
    const path = join(folder, 'messages.ndjson');
    const decoder = createMessageDecoder(NOTHING, { exactNumbers: true });
    const shown = {
      count: raws.length,
      // eslint-disable-next-line @typescript-eslint/require-await -- a list plays what a session does
      raws: async function* () {
        yield raws;
      },
      messages: () => assert.fail('the viewer rounds'),
      decode: () => assert.fail('the viewer rounds'),
    };
    const options = { path, format: 'ndjson', fields: [], registry: NOTHING, decoder } as const;
    await writeMessages(options, shown, () => undefined, never);
    const encoder = createMessageEncoder(NOTHING);
    const found: unknown[] = [];
    for await (const batch of readMessageFile(path, { filling: createFillings() }, never)) {
      for (const { draft } of batch) found.push(parts(await encoder.encode(draft)));
    }
    return found;
  }
  const parts = ({ key, value, headers = [] }: Pick<RawMessage, 'key' | 'value'> & Partial<RawMessage>) => [
    hex(key),
    hex(value),
    ...headers.map((one) => [one.name, hex(one.value)]),
  ];
  const raw = (more: Partial<RawMessage>): RawMessage => ({
    ...{ topic: 't', partition: 0, offset: '1', timestampMs: 0, key: null, value: utf8('1'), headers: [] },
    ...more,
  });

  it('have the same bytes, also those that are no text', async () => {
    const raws = [
      raw({ key: bytes('000000000000002a') }),
      raw({ key: utf8('AAAAAAAAACo=') }),
      raw({ key: bytes('fffe'), value: null }),
      raw({ key: bytes('') }),
      raw({
        headers: [
          { name: 'bytes', value: bytes('fffe') },
          { name: 'text', value: utf8('//4=') },
          { name: 'none', value: null },
          { name: 'bytes', value: bytes('00') },
        ],
      }),
      raw({ value: bytes('ff00') }),
    ];
    assert.deepEqual(await again(raws), raws.map(parts));
  });

  it('have numbers of as many digits, and text that looks like one as text', async () => {
    const raws = [
      raw({ value: utf8('{"id":12345678901234567890,"text":"12345678901234567890"}') }),
      raw({ value: utf8('[0.1234567890123456789,7,{"isLosslessNumber":"\\"isLosslessNumber\\""}]') }),
      raw({ value: utf8('9007199254740993') }),
    ];
    assert.deepEqual(await again(raws), raws.map(parts));
  });

  it('are so too as a command and as a document', async () => {
    const value = '{"id":12345678901234567890,"text":"12345678901234567890"}';
    const sent = raw({ value: utf8(value) });
    const decoder = createMessageDecoder(NOTHING, { namedBranches: true, exactNumbers: true });
    const [message] = await decoder.decode([sent]);
    assert.ok(message);
    const files = createMessageFiles();
    assert.ok(
      produceArguments(message, sent, { json: (one) => files.printLine(one) }).includes(`--value=${value}`),
    );
    const document = files.print(escapePlaceholders(documentOf(sentDraft(message, sent))));
    assert.deepEqual(files.parse(document).messages[0]?.document, {
      topic: 't',
      value: { id: exactNumber('12345678901234567890'), text: '12345678901234567890' },
    });
  });
});

import assert from 'node:assert/strict';
import { hasByteHeaders, sentDraft } from '../../../src/core/sentDraft.ts';
import type { Message } from '../../../src/core/topics.ts';

const message: Message = {
  topic: 't',
  partition: 1,
  offset: '5',
  timestamp: '2026-01-01T00:00:00.000Z',
  key: 'k',
  value: { price: '12.50' },
  headers: [],
  schemaId: 3,
};
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('a message that was sent, as a draft', () => {
  it('goes without what the broker gave it', () => {
    const draft = sentDraft(message, { key: bytes('k'), value: bytes('v'), headers: [] });
    assert.deepEqual(draft, { topic: 't', key: 'k', value: { price: '12.50' } });
    assert.equal(hasByteHeaders(draft), false);
  });

  it('has the key that its schema decoded, and none where there was none', () => {
    const key = Uint8Array.of(0, 0, 0, 0, 1, 9);
    const keyOf = (shown: string) =>
      sentDraft({ ...message, key: shown, keySchemaId: 1 }, { key, value: bytes('v'), headers: [] }).key;
    assert.deepEqual(keyOf('{"id":7}'), { id: 7 });
    assert.equal(keyOf('{"id":9007199254740993}'), '{"id":9007199254740993}');
    assert.equal(keyOf('plain'), 'plain');
    assert.equal(keyOf('12'), '12');
    assert.deepEqual(
      Object.keys(sentDraft({ ...message, key: null }, { key: null, value: bytes('v'), headers: [] })),
      ['topic', 'value'],
    );
  });

  it('keeps bytes as bytes, also those that look like text once they are shown', () => {
    const odd = Uint8Array.of(255, 254);
    const draft = sentDraft(
      {
        ...message,
        key: '//4=',
        headers: [
          { name: 'odd', value: '//4=' },
          { name: 'text', value: '//4=' },
          { name: 'none', value: null },
        ],
      },
      {
        key: odd,
        value: bytes('v'),
        headers: [
          { name: 'odd', value: odd },
          { name: 'text', value: bytes('//4=') },
          { name: 'none', value: null },
        ],
      },
    );
    assert.deepEqual(draft, {
      topic: 't',
      keyBytes: odd,
      value: { price: '12.50' },
      headers: [
        { name: 'odd', value: odd },
        { name: 'text', value: '//4=' },
        { name: 'none', value: null },
      ],
    });
    assert.equal(hasByteHeaders(draft), true);
  });

  it('keeps the bytes of a value that could not be decoded', () => {
    const raw = { key: null, value: Uint8Array.of(1, 2), headers: [] };
    const { valueBytes } = sentDraft({ ...message, key: null, value: 'AQI=', error: 'not framed' }, raw);
    assert.deepEqual(valueBytes, raw.value);
  });
});

import assert from 'node:assert/strict';
import { parseMessages } from '../../../../src/adapters/messages/parseMessages.ts';
import { isBadMessage, exactNumber } from '../../../../src/core/outgoing.ts';
import { draftOf, exportedDraft, isExported } from '../../../../src/core/messageTemplate.ts';

const TEXT = `// Two orders.
[
  { "topic": "a", "value": { "id": 12345678901234567890, "items": [{ "price": "x" }] } },
  /* deletes */ { "topic": "b", "key": "k", "value": null, },
]`;

const bad = (document: unknown): readonly string[] => {
  try {
    draftOf(document);
  } catch (error) {
    if (isBadMessage(error)) return error.findings.map(({ path }) => path.join('.'));
    throw error;
  }
  return [];
};

describe('a document of messages', () => {
  it('is one message or a list, with comments, and keeps every digit', () => {
    const { messages, list, problems } = parseMessages(TEXT);
    assert.deepEqual(problems, []);
    assert.equal(TEXT[list?.start ?? -1], '[');
    assert.deepEqual(
      messages.map(({ document }) => document),
      [
        { topic: 'a', value: { id: exactNumber('12345678901234567890'), items: [{ price: 'x' }] } },
        { topic: 'b', key: 'k', value: null },
      ],
    );
    const one = parseMessages('{"topic": "t", "value": 1.50}');
    assert.equal(one.list, undefined);
    assert.deepEqual(one.messages[0]?.document, { topic: 't', value: 1.5 });
  });

  it('tells where a part stands, and the nearest around what is not there', () => {
    const [message] = parseMessages(TEXT).messages;
    const at = (...path: (string | number)[]): string => {
      const { start, end } = message?.placeOf(path) ?? { start: 0, end: 0 };
      return TEXT.slice(start, end);
    };
    assert.equal(at('value', 'items', 0, 'price'), '"x"');
    assert.equal(at('value', 'id'), '12345678901234567890');
    assert.equal(at('value', 'items'), '"items"');
    assert.equal(at('value', 'items', 0, 'count'), '{');
    assert.equal(at('value', 'note'), '"value"');
    assert.equal(at(), '{');
  });

  it('says where it is no JSON, and still has what can be read', () => {
    const { problems, messages } = parseMessages('{"topic": "t", "value": }');
    assert.equal(problems[0]?.start, 24);
    assert.equal(messages.length, 1);
    assert.equal(parseMessages('').messages.length, 0);
  });

  it('has headers as an object or a list, a partition and a time', () => {
    const headers = { a: 'x', b: [null, '2'], n: 5 };
    assert.deepEqual(
      draftOf({ topic: 't', value: 1, key: null, headers, partition: 0, timestamp: '1970-01-01T00:00:01Z' }),
      {
        topic: 't',
        value: 1,
        headers: [
          { name: 'a', value: 'x' },
          { name: 'b', value: null },
          { name: 'b', value: '2' },
          { name: 'n', value: '5' },
        ],
        partition: 0,
        timestampMs: 1000,
      },
    );
    assert.deepEqual(draftOf({ value: 1, headers: [{ name: 'a' }] }, 't').headers, [
      { name: 'a', value: null },
    ]);
    assert.deepEqual(bad({ topics: 't', headers: { a: {} }, partition: 'x', timestamp: 'soon' }), [
      'topics',
      'topic',
      'value',
      'headers.a',
      'partition',
      'timestamp',
    ]);
    assert.deepEqual(bad([]), ['']);
  });

  it('may be a message that the viewer exported; what could not be decoded goes as it was', () => {
    const line = {
      topic: 'from',
      partition: 3,
      offset: '9',
      timestamp: '2026-01-31T12:00:00.000Z',
      key: 'k',
      value: { a: 1 },
      headers: [],
      schemaId: 4,
    };
    assert.ok(isExported(line));
    assert.deepEqual(
      exportedDraft(line, () => new Uint8Array()),
      { topic: 'from', key: 'k', value: { a: 1 } },
    );
    const kept = exportedDraft(line, () => new Uint8Array(), {
      topic: 'to',
      keepPartitions: true,
      keepTimestamps: true,
    });
    assert.deepEqual([kept.topic, kept.partition, kept.timestampMs], ['to', 3, Date.UTC(2026, 0, 31, 12)]);
    const broken = exportedDraft({ ...line, value: 'AQ==', error: 'no' }, (text) =>
      Buffer.from(text, 'base64'),
    );
    assert.deepEqual(Buffer.from(broken.valueBytes ?? []).toString('hex'), '01');
  });
});

import assert from 'node:assert/strict';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { createAvroWriter } from '../../../src/adapters/encode/avroWriter.ts';
import { createProtobufWriter } from '../../../src/adapters/protobuf.ts';
import { messageFileSchema } from '../../../src/core/messageFileSchema.ts';
import { sampleOf } from '../../../src/core/sampleOf.ts';

const AVRO = {
  type: 'record',
  name: 'Tree',
  fields: [
    { name: 'id', type: 'long' },
    { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['A', 'B'] } },
    { name: 'on', type: { type: 'int', logicalType: 'date' } },
    { name: 'at', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'no', type: { type: 'string', logicalType: 'uuid' } },
    { name: 'price', type: { type: 'bytes', logicalType: 'decimal', precision: 4, scale: 2 } },
    { name: 'parts', type: { type: 'array', items: 'Tree' } },
    { name: 'ok', type: ['null', 'boolean'] },
  ],
};
const part = (schema: ReturnType<typeof sampleSchema>) =>
  ({ subject: 's', version: 1, id: 1, type: 'AVRO', schema }) as const;
const sampleSchema = () => createAvroWriter(JSON.stringify(AVRO)).jsonSchema();
const PROTO = createProtobufWriter(
  'syntax = "proto3"; message M { M m = 1; fixed64 n = 2; bool b = 3; }',
).jsonSchema();

describe('the schema of a document of messages', () => {
  const validator = addFormats(new Ajv({ strict: false, allErrors: true }));
  const validate = validator.compile(
    messageFileSchema(
      ['trees', 'plain', 'a/b'],
      [
        { topic: 'trees', value: part(sampleSchema()), key: part(PROTO) },
        { topic: 'a/b', value: part(PROTO) },
        { topic: 'plain' },
      ],
    ),
  );
  const wrong = (document: unknown): readonly string[] => {
    validate(document);
    return (validate.errors ?? [])
      .filter(({ keyword }) => !['if', 'anyOf'].includes(keyword))
      .map(({ instancePath }) => instancePath);
  };
  const sample = sampleOf(sampleSchema()) as Record<string, unknown>;

  it('takes one message or a list, of topics with and without a schema', () => {
    const message = {
      topic: 'trees',
      key: { n: '5' },
      value: sample,
      headers: { a: ['x', null] },
      partition: 1,
    };
    assert.deepEqual(wrong(message), []);
    assert.deepEqual(
      wrong([message, { topic: 'plain', value: 1 }, { topic: 'other', value: null, timestamp: 5 }]),
      [],
    );
    assert.deepEqual(wrong({ topic: 'trees', value: null }), []);
    assert.deepEqual(wrong({ topic: 'a/b', value: { m: { m: { b: true } } } }), []);
  });

  it('finds what does not fit, at its place', () => {
    const tree = { ...sample, id: 'x', kind: 'C', parts: [{ ...sample, ok: 5 }], price: '123.00' };
    const found = wrong([{ topic: 'trees', value: tree, more: 1 }]);
    for (const place of ['/0', '/0/value/id', '/0/value/kind', '/0/value/price', '/0/value/parts/0/ok']) {
      assert.ok(found.includes(place), `${place} of ${found.join(' ')}`);
    }
    assert.ok(wrong({ topic: 'a/b', value: { m: { n: true } } }).includes('/value/m/n'));
    assert.deepEqual(wrong({ value: 1 }), ['']);
  });

  it('takes placeholders wherever a value is', () => {
    const value = {
      id: '${int:1..5}',
      kind: '${pick:A|B}',
      on: '${today}',
      at: '${now}',
      no: '${uuid}',
      price: '${int:1..9}.00',
      parts: [],
      ok: '${pick:true|false}',
    };
    assert.deepEqual(wrong({ topic: 'trees', value, partition: '${int:0..2}' }), []);
    const begun = sampleOf(sampleSchema(), { placeholders: true }) as Record<string, unknown>;
    assert.deepEqual([begun['on'], begun['at'], begun['no']], ['${today}', '${now}', '${uuid}']);
    assert.deepEqual(wrong({ topic: 'trees', value: begun }), []);
  });
});

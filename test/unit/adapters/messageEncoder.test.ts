import assert from 'node:assert/strict';
import { createMessageDecoder } from '../../../src/adapters/messageDecoder.ts';
import { createMessageEncoder } from '../../../src/adapters/messageEncoder.ts';
import { exactNumber, isBadMessage, pathText, type OutgoingDraft } from '../../../src/core/outgoing.ts';
import type { MessageEncoder, SchemaRegistry, SubjectRegistry } from '../../../src/core/ports.ts';
import { sampleOf } from '../../../src/core/sampleOf.ts';
import type { SchemaReference, SchemaType, SubjectVersion } from '../../../src/core/schemas.ts';

interface Registered {
  readonly type: SchemaType;
  readonly schema: unknown;
  readonly references?: readonly string[];
  readonly refersTo?: readonly SchemaReference[];
}

/** A registry with one version of each subject, ids from 7. */
function registryOf(
  subjects: Readonly<Record<string, Registered>>,
): Pick<SubjectRegistry, 'latest' | 'referenced' | 'schema' | 'subjects'> {
  const versions = Object.entries(subjects).map(([subject, one], index): SubjectVersion => ({
    ...one,
    schema: typeof one.schema === 'string' ? one.schema : JSON.stringify(one.schema),
    subject,
    version: 1,
    id: 7 + index,
  }));
  return {
    latest: (subject) => Promise.resolve(versions.find((one) => one.subject === subject)),
    schema: (id) => Promise.resolve(versions.find((one) => one.id === id)),
    subjects: () => Promise.resolve(versions.map(({ subject }) => subject)),
    referenced: (references) =>
      Promise.resolve(
        references.map(({ subject }) => versions.find((one) => one.subject === subject)?.schema ?? ''),
      ),
  };
}

const record = (...fields: unknown[]): Registered => ({
  type: 'AVRO',
  schema: { type: 'record', name: 'shop.Order', fields },
});
const encoderOf = (subjects: Readonly<Record<string, Registered>>): MessageEncoder =>
  createMessageEncoder(registryOf(subjects));

/** Place → reason of all that is wrong; fails when nothing is. */
async function wrong(
  encoder: MessageEncoder,
  draft: Partial<OutgoingDraft>,
): Promise<Record<string, string>> {
  try {
    await encoder.encode({ topic: 't', value: null, ...draft });
  } catch (error) {
    if (!isBadMessage(error)) throw error;
    for (const finding of error.findings) assert.ok(error.message.includes(pathText(finding.path)));
    return Object.fromEntries(error.findings.map(({ path, reason }) => [pathText(path), reason]));
  }
  assert.fail('nothing was wrong');
}
const hex = (bytes: Uint8Array | null): string => Buffer.from(bytes ?? []).toString('hex');

const DECIMAL = { type: 'bytes', logicalType: 'decimal', precision: 6, scale: 2 };
const ORDER = record(
  { name: 'id', type: 'long', doc: 'Counts up.' },
  {
    name: 'items',
    type: {
      type: 'array',
      items: { type: 'record', name: 'Item', fields: [{ name: 'price', type: DECIMAL }] },
    },
  },
  { name: 'note', type: ['null', 'string'], default: null },
);

describe('the encoder of messages', () => {
  it('frames Avro with the id of the newest schema, the key too', async () => {
    const encoder = encoderOf({ 't-value': ORDER, 't-key': { type: 'AVRO', schema: '"int"' } });
    const value = { id: '-1', items: [{ price: '0.05' }], note: 'n' };
    const message = await encoder.encode({ topic: 't', key: 1, value });
    // By hand: long -1, one item of one byte 5, the end of the list, branch 1, one character.
    assert.equal(hex(message.value), '0000000007' + '01' + '02' + '0205' + '00' + '02' + '026e');
    assert.equal(hex(message.key), '0000000008' + '02');
    // As the viewer shows such a key.
    assert.equal(hex((await encoder.encode({ topic: 't', key: '1', value })).key), '000000000802');
  });

  it('reads a key that stands as JSON with every digit', async () => {
    const encoder = encoderOf({ 't-key': record({ name: 'id', type: 'long' }) });
    const { key } = await encoder.encode({ topic: 't', key: '{"id":9007199254740993}', value: null });
    const [message] = await createMessageDecoder(
      registryOf({ 't-key': record({ name: 'id', type: 'long' }) }) as unknown as SchemaRegistry,
    ).decode([{ topic: 't', partition: 0, offset: '0', timestampMs: 0, key, value: null, headers: [] }]);
    assert.equal(message?.key, '{"id":"9007199254740993"}');
  });

  it('fills in defaults of as many digits as they have, and says which is none', async () => {
    const subjects = (...defaults: readonly string[]) => ({
      't-value': {
        type: 'AVRO' as const,
        schema: `{"type":"record","name":"R","fields":[${defaults
          .map((one, index) => `{"name":"f${index}","type":${one}}`)
          .join(',')}]}`,
      },
    });
    const good = subjects(
      '"long","default":9007199254740993',
      '"long","default":9223372036854775807',
      '["null","long"],"default":-9223372036854775808',
      '["int","long"],"default":9007199254740993',
      '{"type":"long","logicalType":"timestamp-micros"},"default":1',
      '"double","default":0.12345678901234567890',
    );
    const { value } = await encoderOf(good).encode({ topic: 't', value: {} });
    // Zigzag numbers of seven bits a byte, the branch of a union in front: worked out by hand.
    assert.equal(
      hex(value),
      [
        '0000000007',
        '82808080808080' + '20',
        'feffffffffffffffff01',
        '02' + 'ffffffffffffffffff01',
        '02' + '82808080808080' + '20',
        '02',
        Buffer.from(new Float64Array([0.12345678901234568]).buffer).toString('hex'),
      ].join(''),
    );
    await assert.rejects(
      encoderOf(subjects('"long","default":9223372036854775808')).encode({ topic: 't', value: {} }),
      { code: 'unreadable-schema', message: /9223372036854775808/ },
    );
  });

  it('fills in the defaults of fields that are not there', async () => {
    const encoder = encoderOf({ 't-value': ORDER });
    assert.equal(
      hex((await encoder.encode({ topic: 't', value: { id: 0, items: [] } })).value),
      '0000000007000000',
    );
  });

  it('takes whole numbers of any size exactly, as text, as a number, and as digits', async () => {
    const encoder = encoderOf({ 't-value': { type: 'AVRO', schema: '"long"' } });
    const most = '9223372036854775807';
    for (const value of [most, exactNumber(most), BigInt(most)]) {
      assert.equal(
        hex((await encoder.encode({ topic: 't', value })).value),
        '0000000007feffffffffffffffff01',
      );
    }
    assert.match(
      (await wrong(encoder, { value: exactNumber('9223372036854775808') }))['value'] ?? '',
      /64 bits/,
    );
    assert.match((await wrong(encoder, { value: 1.5 }))['value'] ?? '', /found the number 1\.5/);
  });

  it('tells all that is wrong at once, each with its place', async () => {
    const encoder = encoderOf({ 't-value': ORDER });
    const value = {
      id: true,
      items: [{ price: '1.00' }, { price: '12345.00' }, { prise: 1, price: 'x' }],
      more: 1,
    };
    const found = await wrong(encoder, {
      value,
      headers: [{ name: 'h', value: 1 as unknown as string }],
      partition: -1,
    });
    assert.deepEqual(Object.keys(found).sort(), [
      'headers[0].value',
      'partition',
      'value.id',
      'value.items[1].price',
      'value.items[2].price',
      'value.items[2].prise',
      'value.more',
    ]);
    assert.match(
      found['value.items[1].price'] ?? '',
      /at most 6 digits, 2 of them after the point.*"12345.00"/,
    );
    assert.match(found['value.more'] ?? '', /record Order has id, items, note/);
    assert.match((await wrong(encoder, { value: { id: 1 } }))['value.items'] ?? '', /missing/);
    assert.match(
      (await wrong(encoder, { value: { ID: 1, items: [] } }))['value.ID'] ?? '',
      /id may be meant/,
    );
  });

  it('chooses the branch of a union that fits, and asks where several do', async () => {
    const A = { type: 'record', name: 'A', fields: [{ name: 'x', type: 'int' }] };
    const B = {
      type: 'record',
      name: 'B',
      fields: [
        { name: 'x', type: 'int' },
        { name: 'y', type: 'int', default: 0 },
      ],
    };
    const branches = ['null', 'int', 'long', 'string', A, B, { type: 'map', values: 'boolean' }];
    const encoder = encoderOf({ 't-value': record({ name: 'u', type: branches }) });
    const branchOf = async (u: unknown): Promise<string> =>
      hex((await encoder.encode({ topic: 't', value: { u } })).value).slice(10);
    assert.equal(await branchOf(null), '00');
    assert.equal(await branchOf(5), '02' + '0a');
    assert.equal(await branchOf(5_000_000_000), '04' + '80c8afa025');
    assert.equal(await branchOf('abc'), '06' + '06616263');
    // A has no y; B is taken with all its fields before A could be.
    assert.equal(await branchOf({ x: 1, y: 2 }), '0a' + '0204');
    assert.equal(await branchOf({ x: 1 }), '08' + '02');
    assert.equal(await branchOf({ some: true }), '0c' + '0208736f6d65' + '01' + '00');
    assert.equal(await branchOf({ 'shop.B': { x: 1 } }), '0a' + '0200');
    assert.equal(await branchOf({ long: '7' }), '04' + '0e');
    // Shown so, it may be the text and the number.
    const found = await wrong(encoder, { value: { u: '7' } });
    assert.match(found['value.u'] ?? '', /"long", "string".*\{"long": …\}/);
    assert.deepEqual(Object.keys(await wrong(encoder, { value: { u: { 'shop.A': { x: 'no' } } } })), [
      'value.u["shop.A"].x',
    ]);
  });

  it('sends a topic without a schema as it is: text, or JSON with all digits', async () => {
    const encoder = encoderOf({});
    const texts = async (draft: Omit<OutgoingDraft, 'topic'>): Promise<(string | null)[]> => {
      const { key, value } = await encoder.encode({ topic: 't', ...draft });
      return [key && Buffer.from(key).toString(), value && Buffer.from(value).toString()];
    };
    assert.deepEqual(await texts({ key: 'ç', value: 'a "text"' }), ['ç', 'a "text"']);
    const value = { n: exactNumber('12345678901234567890.10'), list: [1, null] };
    assert.deepEqual(await texts({ key: { id: 1 }, value }), [
      '{"id":1}',
      '{"n":12345678901234567890.10,"list":[1,null]}',
    ]);
    assert.deepEqual(await texts({ value: null }), [null, null]);
    assert.match((await wrong(encoder, { value: undefined }))['value'] ?? '', /null deletes/);
  });

  it('holds JSON against its schema, with what that refers to, and gives large numbers back', async () => {
    const address = {
      $id: 'https://shop.example/address.json',
      type: 'object',
      required: ['city'],
      properties: { city: { type: 'string', minLength: 2 } },
    };
    const order = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      additionalProperties: false,
      properties: {
        n: { type: 'integer' },
        to: { $ref: 'address.json' },
        on: { type: 'string', format: 'date' },
        kind: { enum: ['a', 'b'] },
      },
    };
    const refersTo = [{ name: 'address.json', subject: 'address', version: 1 }];
    const encoder = encoderOf({
      't-value': { type: 'JSON', schema: order, refersTo },
      address: { type: 'JSON', schema: address },
    });
    // The viewer shows as text what JavaScript would round.
    const message = await encoder.encode({
      topic: 't',
      value: { n: '12345678901234567890', to: { city: 'Rio' } },
    });
    assert.equal(
      Buffer.from(message.value ?? []).toString('latin1'),
      '\0\0\0\0\x07{"n":12345678901234567890,"to":{"city":"Rio"}}',
    );
    const found = await wrong(encoder, {
      value: { n: '5', to: { city: 'R' }, on: '2026-02-30', kind: 'c', x: 1 },
    });
    assert.deepEqual(Object.keys(found).sort(), [
      'value.kind',
      'value.n',
      'value.on',
      'value.to.city',
      'value.x',
    ]);
    const { value } = await encoder.messageSchema('t');
    assert.equal(value?.schema.properties?.['to']?.$ref, '#/definitions/address.json');
    assert.deepEqual(sampleOf(value.schema), { n: 0, to: { city: 'text' }, on: '2026-01-31', kind: 'a' });
  });

  it('writes Protobuf by the JSON mapping, and says where it does not fit', async () => {
    const schema = `syntax = "proto3"; import "google/protobuf/timestamp.proto"; import "google/protobuf/duration.proto";
      // An order.
      message Order { int64 order_no = 1; google.protobuf.Timestamp at = 2; repeated Line lines = 3; // all of them
        oneof how { string card = 4; bool cash = 5; } google.protobuf.Duration took = 6; }
      message Line { double price = 1; Order of = 2; }`;
    const encoder = encoderOf({ 't-value': { type: 'PROTOBUF', schema } });
    const value = { orderNo: '150', at: '1970-01-01T00:00:01.5Z', lines: [{ price: 0 }], card: '' };
    const message = await encoder.encode({ topic: 't', value });
    // The index, 150, seconds 1 and nanos 500,000,000, an empty line, the text that is set and empty.
    assert.equal(
      hex(message.value),
      '0000000007' + '00' + '089601' + '12080801108' + '0cab5ee01' + '1a00' + '2200',
    );
    const found = await wrong(encoder, {
      value: {
        order_no: 'x',
        at: 'today',
        lines: [{}, { price: '1' }],
        card: 'a',
        cash: true,
        nothing: 1,
        took: '5',
      },
    });
    assert.deepEqual(Object.keys(found).sort(), [
      'value.at',
      'value.cash',
      'value.lines[1].price',
      'value.nothing',
      'value.order_no',
      'value.took',
    ]);
    const order = (await encoder.messageSchema('t')).value?.schema.definitions?.['Order'];
    assert.equal(order?.description, 'An order.');
    assert.match(order.properties?.['lines']?.description ?? '', /all of them/);
  });

  it('makes a sample that it takes itself, for every kind of schema', async () => {
    const node = {
      type: 'record',
      name: 'Node',
      doc: 'Of a tree.',
      fields: [
        { name: 'next', type: ['null', 'Node'] },
        { name: 'children', type: { type: 'array', items: 'Node' } },
        { name: 'price', type: DECIMAL, default: '\u0005' },
        { name: 'more', type: { type: 'map', values: ['null', 'int', 'string', 'bytes'] } },
        { name: 'on', type: { type: 'int', logicalType: 'date' }, doc: 'The day.' },
        { name: 'at', type: { type: 'long', logicalType: 'timestamp-micros' } },
        { name: 'local', type: { type: 'long', logicalType: 'local-timestamp-nanos' } },
        { name: 'clock', type: { type: 'int', logicalType: 'time-millis' } },
        { name: 'id', type: { type: 'string', logicalType: 'uuid' } },
        { name: 'within', type: { type: 'fixed', name: 'W', size: 12, logicalType: 'duration' } },
        { name: 'kind', type: { type: 'enum', name: 'Kind', symbols: ['A', 'B'] } },
        { name: 'raw', type: { type: 'fixed', name: 'F', size: 3 } },
        { name: 'd', type: 'double' },
        { name: 'l', type: 'long' },
      ],
    };
    const proto = `syntax = "proto2"; import "google/protobuf/struct.proto";
      message M { required int32 a = 1; optional M m = 2; oneof o { string s = 3; bytes b = 4; } map<string, M> by = 5;
        enum E { X = 3; } repeated E e = 6; optional google.protobuf.Struct any = 7; optional fixed64 f = 8; }`;
    const json = {
      type: 'object',
      properties: { a: { type: 'number', minimum: 3.5 }, b: { type: ['null', 'string'] } },
    };
    const subjects: Record<string, Registered> = {
      'a-value': { type: 'AVRO', schema: node },
      'p-value': { type: 'PROTOBUF', schema: proto },
      'j-value': { type: 'JSON', schema: json },
    };
    const registry = registryOf(subjects);
    const encoder = createMessageEncoder(registry);
    const decoder = createMessageDecoder(registry as unknown as SchemaRegistry);
    for (const topic of ['a', 'p', 'j']) {
      const { value: part } = await encoder.messageSchema(topic);
      assert.ok(part);
      const sample = sampleOf(part.schema) as Record<string, unknown>;
      const message = await encoder.encode({ topic, value: sample });
      const raw = { topic, partition: 0, offset: '0', timestampMs: 0, headers: [], ...message };
      const [read] = await decoder.decode([{ ...raw, headers: [] }]);
      assert.equal(read?.error, undefined);
      if (topic === 'a') {
        assert.deepEqual(read?.value, sample);
        assert.equal(sample['price'], '0.05');
        const fields = part.schema.definitions?.['Node']?.properties;
        assert.equal(fields?.['on']?.description, 'The day.');
        assert.ok(!part.schema.definitions?.['Node']?.required?.includes('price'));
      }
    }
  });

  it('says which version cannot be used', async () => {
    const encoder = encoderOf({ 't-value': { type: 'AVRO', schema: '{"type":"record"}' } });
    await assert.rejects(encoder.encode({ topic: 't', value: 1 }), /Version 1 of t-value cannot be used/);
  });
});

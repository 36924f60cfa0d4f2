import assert from 'node:assert/strict';
import { createMessageDecoder } from '../../../src/adapters/messageDecoder.ts';
import { UserError } from '../../../src/core/errors.ts';
import type { SchemaRegistry } from '../../../src/core/ports.ts';
import type { RegisteredSchema } from '../../../src/core/schemas.ts';
import type { Message, RawMessage } from '../../../src/core/topics.ts';

const RECORD = JSON.stringify({ type: 'record', name: 'R', fields: [{ name: 'n', type: 'int' }] });
const SCHEMAS: Record<number, Omit<RegisteredSchema, 'id'>> = {
  1: { type: 'AVRO', schema: RECORD },
  2: { type: 'JSON', schema: '{}' },
  3: { type: 'PROTOBUF', schema: 'syntax = "proto3"; message M { int64 n = 1; }' },
  4: { type: 'AVRO', schema: '{"type":"nonsense"}' },
};

function registryOf(subjects: readonly string[]): SchemaRegistry & { asked: number[] } {
  const asked: number[] = [];
  const unused = (): never => {
    throw new Error('not used here');
  };
  return {
    asked,
    register: unused,
    versions: unused,
    subjects: () => Promise.resolve(subjects),
    holders: unused,
    latest: unused,
    schema: (id) => {
      asked.push(id);
      const found = SCHEMAS[id];
      return Promise.resolve(found && { id, ...found });
    },
  };
}

const raw = (value: Uint8Array | null, more: Partial<RawMessage> = {}): RawMessage => ({
  topic: 'orders',
  partition: 1,
  offset: '42',
  timestampMs: 1_575_895_296_789,
  key: Buffer.from('536365'),
  value,
  headers: [],
  ...more,
});
const framed = (id: number, ...body: number[]): Uint8Array => Uint8Array.from([0, 0, 0, 0, id, ...body]);
const framedText = (id: number, text: string): Uint8Array => framed(id, ...Buffer.from(text));

async function decode(message: RawMessage, subjects = ['orders-value']): Promise<Message> {
  const [decoded] = await createMessageDecoder(registryOf(subjects)).decode([message]);
  assert.ok(decoded);
  return decoded;
}

describe('decoded messages', () => {
  it('tell where they stand, when they came and what they hold', async () => {
    const headers = [
      { name: 'trace', value: Buffer.from('ação') },
      { name: 'blob', value: Buffer.from([0xff, 0xfe]) },
      { name: 'trace', value: null },
    ];
    assert.deepEqual(await decode(raw(framed(1, 10), { headers })), {
      topic: 'orders',
      partition: 1,
      offset: '42',
      timestamp: '2019-12-09T12:41:36.789Z',
      key: '536365',
      value: { n: 5 },
      headers: [
        { name: 'trace', value: 'ação' },
        { name: 'blob', value: '//4=', base64: '//4=' },
        { name: 'trace', value: null },
      ],
      schemaId: 1,
    });
  });

  it('may have no key, and no value', async () => {
    const message = await decode(raw(null, { key: null }));
    assert.equal(message.key, null);
    assert.equal(message.value, null);
    assert.equal('error' in message, false);
  });

  it('hold JSON by a JSON Schema, numbers exactly', async () => {
    const { value, schemaId } = await decode(raw(framedText(2, '{"a":9007199254740993,"b":1.5,"c":"x"}')));
    assert.deepEqual(value, { a: '9007199254740993', b: 1.5, c: 'x' });
    assert.equal(schemaId, 2);
  });

  it('hold a message of Protobuf', async () => {
    assert.deepEqual((await decode(raw(framed(3, 0, 8, 5)))).value, { n: '5' });
  });

  it('say why they cannot be decoded, and give the bytes', async () => {
    const cases: [Uint8Array, RegExp, number | null][] = [
      [Uint8Array.from([99, 0, 0, 0, 1, 10]), /first byte is 99/, null],
      [Uint8Array.from([0, 0, 1]), /too short.*3 bytes/, null],
      [new Uint8Array(), /empty/, null],
      [framed(9, 10), /no schema with id 9/, 9],
      [framed(1), /field n/, 1],
      [framed(1, 10, 10), /1 bytes are left over/, 1],
      [framed(2, 0xff), /not UTF-8/, 2],
      [framedText(2, '{"a":'), /not JSON/, 2],
      [framed(3, 0, 8), /within field n/, 3],
      [framed(4, 1), /schema 4 cannot be read/, 4],
      [Buffer.from('{"a":1}'), /first byte is 123/, null],
    ];
    for (const [bytes, reason, schemaId] of cases) {
      const message = await decode(raw(bytes));
      assert.match(message.error ?? '', reason);
      assert.equal(message.value, Buffer.from(bytes).toString('base64'));
      assert.equal(message.schemaId, schemaId);
    }
  });

  it('are plain JSON or text in a topic that has no schema', async () => {
    assert.deepEqual((await decode(raw(Buffer.from('{"a":[1]}')), [])).value, { a: [1] });
    assert.equal((await decode(raw(Buffer.from('olá')), [])).value, 'olá');
    assert.match((await decode(raw(Uint8Array.from([1, 0, 255])), [])).error ?? '', /first byte is 1/);
    assert.deepEqual((await decode(raw(framed(1, 10)), [])).value, { n: 5 });
  });

  it('ask the registry once for each schema, known or not', async () => {
    const registry = registryOf(['orders-value']);
    const decoder = createMessageDecoder(registry);
    await decoder.decode([raw(framed(1, 2)), raw(framed(9, 2)), raw(framed(1, 4)), raw(framed(9, 2))]);
    await decoder.decode([raw(framed(1, 2))]);
    assert.deepEqual(registry.asked, [1, 9]);
  });

  it('fail with the registry, and are decoded once it is back', async () => {
    const registry = registryOf([]);
    let down = true;
    const decoder = createMessageDecoder({
      ...registry,
      schema: (id) =>
        down ? Promise.reject(new UserError('registry-unreachable', 'down')) : registry.schema(id),
    });
    await assert.rejects(decoder.decode([raw(framed(1, 2))]), { code: 'registry-unreachable' });
    down = false;
    assert.deepEqual((await decoder.decode([raw(framed(1, 2))]))[0]?.value, { n: 1 });
  });
});

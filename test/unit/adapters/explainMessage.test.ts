import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Type, type Schema } from 'avsc';
import { createMessageDecoder } from '../../../src/adapters/messageDecoder.ts';
import type { Explained, ExplainedPart } from '../../../src/core/explained.ts';
import type { SchemaRegistry } from '../../../src/core/ports.ts';
import type { RegisteredSchema, SubjectVersion } from '../../../src/core/schemas.ts';
import type { RawMessage } from '../../../src/core/topics.ts';

type Held = Omit<RegisteredSchema, 'id'> & { readonly subject?: string };

/** A registry that holds each schema as version 1 of its subject, `orders-value` if none is said. */
function registryOf(held: Readonly<Record<number, Held>>): SchemaRegistry & { readonly asked: number[] } {
  const asked: number[] = [];
  const unused = (): never => {
    throw new Error('not used here');
  };
  const all = Object.entries(held).map(([id, one]): SubjectVersion => {
    return { subject: 'orders-value', ...one, id: Number(id), version: Number(id) };
  });
  return {
    asked,
    register: unused,
    versions: unused,
    subjects: () => Promise.resolve([...new Set(all.map(({ subject }) => subject))]),
    holders: (id) => Promise.resolve(all.filter((one) => one.id === id)),
    latest: (subject) => Promise.resolve(all.filter((one) => one.subject === subject).at(-1)),
    schema: (id) => {
      asked.push(id);
      return Promise.resolve(all.find((one) => one.id === id));
    },
  };
}

const raw = (value: Uint8Array | null, key: Uint8Array | null = null): RawMessage => ({
  topic: 'orders',
  partition: 0,
  offset: '0',
  timestampMs: 0,
  key,
  value,
  headers: [],
});
const framed = (id: number, body: Uint8Array | readonly number[]): Uint8Array =>
  Uint8Array.from([0, 0, 0, 0, id, ...body]);

const explain = (
  held: Readonly<Record<number, Held>>,
  value: Uint8Array | null,
  key?: Uint8Array,
): Promise<Explained> => createMessageDecoder(registryOf(held)).explain(raw(value, key));
async function explainValue(held: Readonly<Record<number, Held>>, value: Uint8Array): Promise<ExplainedPart> {
  const explained = await explain(held, value);
  assert.ok(explained.value);
  return explained.value;
}

const record = (...fields: readonly unknown[]): string =>
  JSON.stringify({ type: 'record', name: 'Order', namespace: 'shop', fields });
const field = (name: string, type: unknown): unknown => ({ name, type });
const decimal = { type: 'bytes', logicalType: 'decimal', precision: 10, scale: 2 };
const date = { type: 'int', logicalType: 'date' };
const micros = { type: 'long', logicalType: 'timestamp-micros' };

/** What a schema's bytes, written by the library without logical types, are told to hold. */
async function told(type: unknown, value: unknown): Promise<ExplainedPart> {
  const schema = record(field('f', type));
  const body = Type.forSchema(JSON.parse(schema) as Schema, { wrapUnions: 'always' }).toBuffer({ f: value });
  return explainValue({ 1: { type: 'AVRO', schema } }, framed(1, body));
}

describe('a message explained', () => {
  it('has both forms of its logical values', async () => {
    const { value, logical } = await told(decimal, Buffer.from('04e2', 'hex'));
    assert.deepEqual(value, { f: '12.50' });
    assert.deepEqual(logical, [
      { path: 'f', type: 'decimal(10,2)', readable: '12.50', underlying: '0x04e2', unscaled: '1250' },
    ]);
    assert.deepEqual((await told(date, 18_239)).logical, [
      { path: 'f', type: 'date', readable: '2019-12-09', underlying: '18239' },
    ]);
    assert.deepEqual((await told(micros, 1_575_849_600_000_000)).logical, [
      {
        path: 'f',
        type: 'timestamp-micros',
        readable: '2019-12-09T00:00:00.000000Z',
        underlying: '1575849600000000',
      },
    ]);
    assert.deepEqual((await told('long', -5)).logical, [
      { path: 'f', type: 'long', readable: '-5', underlying: '-5' },
    ]);
    assert.deepEqual((await told('bytes', Buffer.from([255]))).logical, [
      { path: 'f', type: 'bytes', readable: '/w==', underlying: '0xff' },
    ]);
  });

  it('says where each value is, and which branch of a union was written', async () => {
    const items = { type: 'array', items: date };
    assert.deepEqual(
      (await told({ type: 'map', values: items }, { a: [1], 'b c': [2, 3] })).logical.map(({ path }) => path),
      ['f["a"][0]', 'f["b c"][0]', 'f["b c"][1]'],
    );
    const union = ['null', { type: 'record', name: 'A', fields: [field('on', date)] }, 'string'];
    assert.deepEqual((await told(union, { 'shop.A': { on: 0 } })).logical, [
      { path: 'f', type: 'union', readable: 'shop.A', underlying: '1' },
      { path: 'f.on', type: 'date', readable: '1970-01-01', underlying: '0' },
    ]);
    assert.deepEqual((await told(['null', date], { int: 0 })).logical, [
      { path: 'f', type: 'date', readable: '1970-01-01', underlying: '0' },
    ]);
  });

  it('tells of a large one no more than a person can read', async () => {
    const { logical, untold, value } = await told({ type: 'array', items: 'long' }, Array(5000).fill(7));
    assert.equal(logical.length + untold, 5000);
    assert.ok(logical.length <= 2000);
    assert.equal((value as { f: unknown[] }).f.length, 5000);
    const bytes = (await told('bytes', Buffer.alloc(1000))).logical[0];
    assert.equal(bytes?.readable.length, 1336);
    assert.match(bytes.underlying, /^0x0{128}…$/);
  });

  it('holds the exact forms of any decimal, date and int64', async () => {
    const schema = record(
      field('d', { ...decimal, precision: 60, scale: 7 }),
      field('t', date),
      field('l', 'long'),
    );
    const decoder = createMessageDecoder(registryOf({ 1: { type: 'AVRO', schema } }));
    const day = { min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true };
    await fc.assert(
      fc.asyncProperty(
        fc.bigInt({ min: -(10n ** 50n), max: 10n ** 50n }),
        fc.date(day),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        async (unscaled, when, long) => {
          const days = Math.floor(when.getTime() / 86_400_000);
          const zigzag = (value: bigint): bigint => (value < 0n ? -2n * value - 1n : 2n * value);
          const varint = (value: bigint): number[] =>
            value < 128n ? [Number(value)] : [Number(value % 128n) + 128, ...varint(value / 128n)];
          // 22 bytes hold 10^50 with its sign.
          const twos = Buffer.from(BigInt.asUintN(176, unscaled).toString(16).padStart(44, '0'), 'hex');
          const body = [44, ...twos, ...varint(zigzag(BigInt(days))), ...varint(zigzag(long))];
          const { value } = await decoder.explain(raw(framed(1, body)));
          const [d, t, l] = value?.logical ?? [];
          assert.equal(d?.unscaled, unscaled.toString());
          assert.equal(BigInt(d.readable.replace('.', '')), unscaled);
          assert.equal(d.readable.split('.')[1]?.length, 7);
          assert.equal(d.underlying, `0x${twos.toString('hex')}`);
          assert.equal(Date.parse(`${t?.readable ?? ''}T00:00:00Z`) / 86_400_000, days);
          assert.equal(t?.underlying, String(days));
          assert.deepEqual([l?.readable, l?.underlying], [long.toString(), long.toString()]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('has the schema that wrote it, where the registry holds it, and the one that reads it today', async () => {
    const older = record(field('n', 'int'));
    // More digits than JavaScript's own JSON would keep.
    const added = field('m', { type: 'long', digits: 'N' });
    const newer = record(field('n', 'int'), added).replace('"N"', '9007199254740993');
    const part = await explainValue(
      { 1: { type: 'AVRO', schema: older }, 2: { type: 'AVRO', schema: newer } },
      framed(1, [4]),
    );
    assert.deepEqual(
      part.writer?.versions.map(({ subject, version }) => [subject, version]),
      [['orders-value', 1]],
    );
    assert.equal(part.writer.id, 1);
    assert.equal(part.writer.type, 'AVRO');
    assert.equal(part.writer.text, JSON.stringify(JSON.parse(older), null, 2));
    assert.deepEqual([part.reader?.id, part.reader?.subject, part.reader?.version], [2, 'orders-value', 2]);
    assert.match(part.reader?.text ?? '', /\n {6}"name": "m",[^}]*"digits": 9007199254740993\n/);
    assert.equal(part.form, 'AVRO');
    assert.equal(part.bytes, 6);
  });

  it('finds the schema under another subject than the topic names', async () => {
    const held = { 1: { type: 'AVRO', schema: record(field('n', 'int')), subject: 'shop.Order' } } as const;
    const part = await explainValue(held, framed(1, [4]));
    assert.equal(part.reader?.subject, 'shop.Order');
  });

  it('names the message of Protobuf, and counts what its schema does not know', async () => {
    const schema = 'syntax = "proto3"; package shop; message A {} message B { int64 n = 1; }';
    const part = await explainValue({ 1: { type: 'PROTOBUF', schema } }, framed(1, [2, 2, 8, 5, 16, 1]));
    assert.deepEqual(part.value, { n: '5' });
    assert.equal(part.writer?.message, 'shop.B');
    assert.equal(part.writer.text, schema);
    assert.equal(part.unknownFields, 1);
  });

  it('keeps every digit of JSON, and says where', async () => {
    const body = Buffer.from('{"a":[1,12345678901234567890],"b c":0.1234567890123456789}');
    const part = await explainValue({ 1: { type: 'JSON', schema: '{}' } }, framed(1, body));
    assert.deepEqual(part.value, { a: [1, '12345678901234567890'], 'b c': '0.1234567890123456789' });
    assert.deepEqual(
      part.logical.map(({ path, readable }) => [path, readable]),
      [
        ['a[1]', '12345678901234567890'],
        ['["b c"]', '0.1234567890123456789'],
      ],
    );
  });

  it('may be plain JSON or text where the topic has no schema, and null', async () => {
    const none = await explain({}, Buffer.from('{"a":1}'), Buffer.from('k'));
    assert.deepEqual(
      [none.value?.form, none.value?.value, none.value?.writer],
      ['plain-json', { a: 1 }, null],
    );
    assert.deepEqual([none.key?.form, none.key?.value], ['text', 'k']);
    assert.equal((await explainValue({}, Buffer.from('olá'))).form, 'text');
    assert.deepEqual(await explain({}, null), { key: null, value: null });
  });

  it('says why it cannot be decoded, at which field, and what to do', async () => {
    const held: Record<number, Held> = {
      1: { type: 'AVRO', schema: record(field('n', 'int'), field('s', 'string')) },
      2: { type: 'AVRO', schema: '{"type":"nonsense"}' },
      3: { type: 'JSON', schema: '{}' },
      4: { type: 'PROTOBUF', schema: 'syntax = "proto3"; message M { string s = 1; }' },
    };
    const cases: [Uint8Array, string, string | undefined, RegExp][] = [
      [Buffer.from('{"a":1}'), 'not-framed', undefined, /serializer.*subject orders-value/],
      [Uint8Array.from([0, 1]), 'too-short', undefined, /serializer/],
      [new Uint8Array(), 'empty', undefined, /tombstone/],
      [framed(9, [1]), 'unknown-schema', undefined, /Register the schema here, or point to the registry/],
      [framed(2, [1]), 'unreadable-schema', undefined, /Look at the schema/],
      [framed(1, [2, 4, 65]), 'unfit', 's', /another schema/],
      [framed(1, [2, 2, 65, 0]), 'left-over', undefined, /another schema/],
      [framed(3, [123]), 'not-json', undefined, /JSON Schema/],
      [framed(3, [255]), 'not-utf8', undefined, /JSON Schema/],
      [framed(4, [2, 4]), 'unknown-message', undefined, /fewer messages/],
      [framed(4, [0, 10, 5, 65]), 'unfit', 's', /another schema/],
    ];
    for (const [bytes, code, at, next] of cases) {
      const { failure, value, logical } = await explainValue(held, bytes);
      assert.equal(failure?.code, code);
      assert.equal(failure.field, at);
      assert.match(failure.next, next);
      assert.notEqual(failure.reason, '');
      assert.equal(value, Buffer.from(bytes).toString('base64'));
      assert.deepEqual(logical, []);
    }
  });
});

describe('a key', () => {
  const KEY = {
    type: 'AVRO',
    schema: record(field('no', 'string'), field('n', 'long')),
    subject: 'orders-key',
  } as const;
  const PROTO = { type: 'PROTOBUF', schema: 'syntax = "proto3"; message K { int64 n = 1; }' } as const;
  const HELD = { 1: KEY, 2: PROTO, 3: { type: 'AVRO', schema: '"string"' } } as const;
  const keyOf = async (
    key: Uint8Array,
  ): Promise<readonly [string | null | undefined, number | undefined]> => {
    const [message] = await createMessageDecoder(registryOf(HELD)).decode([raw(null, key)]);
    return [message?.key, message?.keySchemaId];
  };

  it('is decoded by the schema of its frame', async () => {
    assert.deepEqual(await keyOf(framed(1, [2, 65, 10])), ['{"no":"A","n":"5"}', 1]);
    assert.deepEqual(await keyOf(framed(2, [0, 8, 5])), ['{"n":"5"}', 2]);
    assert.deepEqual(await keyOf(framed(3, [4, 65, 66])), ['AB', 3]);
    const { key } = await explain(HELD, null, framed(1, [2, 65, 10]));
    assert.deepEqual(key?.value, { no: 'A', n: '5' });
    assert.deepEqual([key.writer?.id, key.reader?.subject], [1, 'orders-key']);
  });

  it('is text or base64 when no schema of the registry fits', async () => {
    assert.deepEqual(await keyOf(Buffer.from('536365')), ['536365', undefined]);
    assert.deepEqual(await keyOf(Uint8Array.from([0xff])), ['/w==', undefined]);
    // A number of eight bytes, as Kafka's own serializer writes it.
    assert.deepEqual(await keyOf(Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 42])), ['AAAAAAAAACo=', undefined]);
    assert.deepEqual(await keyOf(framed(1, [2, 200])), ['AAAAAAECyA==', undefined]);
  });

  it('says why, where a schema of the registry does not fit', async () => {
    const { key } = await explain(HELD, null, framed(1, [2, 65]));
    assert.deepEqual([key?.failure?.code, key?.failure?.field], ['unfit', 'n']);
  });

  it('does not make the registry answer for every number that begins with 0', async () => {
    const registry = registryOf(HELD);
    const keys = Array.from({ length: 500 }, (_, index) => {
      const key = Buffer.alloc(9);
      key.writeUInt32BE(1000 + index, 1);
      return raw(null, key);
    });
    await createMessageDecoder(registry).decode(keys);
    assert.ok(registry.asked.length <= 50, String(registry.asked.length));
  });
});

import assert from 'node:assert/strict';
import { Type, types, type Schema } from 'avsc';
import fc from 'fast-check';
import { common, parse, Root } from 'protobufjs';
import { createAvroReader } from '../../../../src/adapters/avroSchema.ts';
import { createAvroWriter } from '../../../../src/adapters/encode/avroWriter.ts';
import { createProtobufReader, createProtobufWriter } from '../../../../src/adapters/protobuf.ts';

/** A schema, and the values that its bytes may hold, as avsc writes them by the schema without logical types. */
interface Made {
  readonly schema: unknown;
  readonly held: unknown;
}

const unused = (): never => {
  throw new Error('not asked for');
};
/** Longs of 64 bits, by avsc's own door for them. */
const long = types.LongType.__with({
  fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE(),
  toBuffer: (value: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return bytes;
  },
  isValid: (value: unknown) => typeof value === 'bigint',
  fromJSON: unused,
  toJSON: unused,
  compare: unused,
});

function typeOf(schema: unknown): Type {
  const registry: Record<string, Type> = { long };
  const typeHook = (part: Schema): Type | undefined =>
    typeof part === 'object' && (part as { type?: unknown }).type === 'long' ? long : undefined;
  return Type.forSchema(schema as Schema, {
    registry,
    typeHook,
    wrapUnions: 'always',
  });
}

const made = (schema: unknown, values: fc.Arbitrary<unknown>): fc.Arbitrary<Made> =>
  values.map((held) => ({ schema, held }));
const bytes = (length: object = { maxLength: 20 }): fc.Arbitrary<Buffer> =>
  fc.uint8Array(length).map((array) => Buffer.from(array));
const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const between = (min: bigint, max: bigint): fc.Arbitrary<bigint> => fc.bigInt({ min, max });
/** -0 is shown as 0. */
const noMinusZero = (value: number): number => (value === 0 ? 0 : value);

/** Two's complement by JavaScript's own typed arrays, as short as it can be. */
function shortest(value: bigint): Buffer {
  const wide = Buffer.alloc(16);
  wide.writeBigInt64BE(value >> 64n, 0);
  wide.writeBigUInt64BE(BigInt.asUintN(64, value), 8);
  let start = 0;
  while (
    start < 15 &&
    ((wide[start] === 0 && (wide[start + 1] ?? 0) < 0x80) ||
      (wide[start] === 0xff && (wide[start + 1] ?? 0) >= 0x80))
  ) {
    start += 1;
  }
  return wide.subarray(start);
}

let names = 0;
const name = (): string => `N${(names += 1)}`;
const DAY = 86_400n;

const LEAVES: readonly (() => fc.Arbitrary<Made>)[] = [
  () => made('null', fc.constant(null)),
  () => made('boolean', fc.boolean()),
  () => made('int', int),
  () => made('long', int64),
  () => made('float', fc.float().map(noMinusZero)),
  () => made('double', fc.double().map(noMinusZero)),
  () => made('string', fc.string({ unit: 'binary' })),
  () => made('bytes', bytes()),
  () => made({ type: 'fixed', name: name(), size: 5 }, bytes({ minLength: 5, maxLength: 5 })),
  () => made({ type: 'enum', name: name(), symbols: ['A', 'B', 'C'] }, fc.constantFrom('A', 'B', 'C')),
  () =>
    made(
      { type: 'bytes', logicalType: 'decimal', precision: 20, scale: 4 },
      between(-(10n ** 20n) + 1n, 10n ** 20n - 1n).map(shortest),
    ),
  () =>
    made(
      { type: 'fixed', name: name(), size: 16, logicalType: 'decimal', precision: 30, scale: 0 },
      between(-(10n ** 30n) + 1n, 10n ** 30n - 1n).map((value) => {
        const short = shortest(value);
        return Buffer.concat([Buffer.alloc(16 - short.length, value < 0n ? 0xff : 0), short]);
      }),
    ),
  () => made({ type: 'int', logicalType: 'date' }, int),
  () => made({ type: 'int', logicalType: 'time-millis' }, int),
  () => made({ type: 'long', logicalType: 'time-micros' }, fc.oneof(between(0n, DAY * 1_000_000n), int64)),
  () =>
    made(
      { type: 'long', logicalType: 'timestamp-millis' },
      fc.oneof(between(-(10n ** 14n), 10n ** 14n), int64),
    ),
  () => made({ type: 'long', logicalType: 'timestamp-micros' }, int64),
  () => made({ type: 'long', logicalType: 'timestamp-nanos' }, int64),
  () => made({ type: 'long', logicalType: 'local-timestamp-micros' }, int64),
  () =>
    made(
      { type: 'fixed', name: name(), size: 12, logicalType: 'duration' },
      bytes({ minLength: 12, maxLength: 12 }),
    ),
  () =>
    made(
      { type: 'fixed', name: name(), size: 16, logicalType: 'uuid' },
      bytes({ minLength: 16, maxLength: 16 }),
    ),
  () => made({ type: 'string', logicalType: 'uuid' }, fc.uuid()),
];

const branchOf = ({ schema }: Made): string => typeOf(schema).branchName ?? '';
const field = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const leaf = fc.nat({ max: LEAVES.length - 1 }).chain((index) => (LEAVES[index] ?? unused)());

/** Of a list or a map: several values of one schema. */
const several = (node: fc.Arbitrary<Made>): fc.Arbitrary<{ schema: unknown; items: readonly unknown[] }> =>
  node.chain(({ schema, held }) =>
    fc.nat({ max: 3 }).map((length) => ({ schema, items: Array<unknown>(length).fill(held) })),
  );

/** One of several branches, of which the value alone may not tell the one. */
const choices = fc
  .tuple(fc.uniqueArray(leaf, { selector: branchOf, minLength: 2, maxLength: 5 }), fc.nat())
  .map(([parts, index]): Made => {
    const part = parts[index % parts.length];
    const held = part?.schema === 'null' ? null : { [part ? branchOf(part) : '']: part?.held };
    return { schema: parts.map(({ schema }) => schema), held };
  });

const documents = fc.letrec<{ node: Made; union: Made }>((tie) => ({
  union: choices,
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    tie('union'),
    several(tie('node')).map(({ schema, items }) => ({
      schema: { type: 'array', items: schema },
      held: items,
    })),
    fc
      .tuple(
        several(tie('node')),
        fc.uniqueArray(
          // avsc itself, which reads, takes `__proto__` for no key.
          fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
          { minLength: 3, maxLength: 3 },
        ),
      )
      .map(([{ schema, items }, keys]) => ({
        schema: { type: 'map', values: schema },
        held: Object.fromEntries(
          items.map((item, index): [unknown, unknown] => [keys[index], item]),
        ) as unknown,
      })),
    fc
      .tuple(fc.uniqueArray(field, { minLength: 1 }), fc.array(tie('node'), { minLength: 5, maxLength: 5 }))
      .map(([fields, parts]) => ({
        schema: {
          type: 'record',
          name: name(),
          fields: fields.map((one, index) => ({ name: one, type: parts[index]?.schema })),
        },
        held: Object.fromEntries(fields.map((one, index) => [one, parts[index]?.held])),
      })),
    fc
      .tuple(tie('node'), fc.boolean(), fc.boolean())
      .filter(([{ schema }]) => schema !== 'null' && !Array.isArray(schema))
      .map(([{ schema, held }, isNull, first]) => ({
        schema: first ? ['null', schema] : [schema, 'null'],
        held: isNull ? null : { [typeOf(schema).branchName ?? '']: held },
      })),
  ),
}));

const PROTO = `syntax = "proto3"; package shop;
import "google/protobuf/timestamp.proto"; import "google/protobuf/wrappers.proto"; import "google/protobuf/struct.proto";
enum Kind { NONE = 0; CARD = 1; CASH = -2; }
message Line {
  int32 i32 = 1; sint64 s64 = 2; fixed64 f64 = 3; uint32 u32 = 4; double d = 5; float f = 6; bool b = 7;
  string text = 8; bytes raw = 9; Kind kind = 10; repeated sint32 packed_numbers = 11; repeated string texts = 12;
  map<int64, Kind> kinds = 13; map<bool, Line> lines = 14; optional int64 maybe = 15; Line inner = 16;
  oneof paid { string card = 17; uint64 cash = 18; google.protobuf.Timestamp at = 19; }
  google.protobuf.Int64Value wrapped = 20; repeated fixed32 unpacked = 21 [packed = false]; sfixed32 sf = 22;
}`;
/** The same types as protobufjs itself has them. */
function protoType(): ReturnType<Root['lookupType']> {
  const { root } = parse(PROTO, new Root(), { keepCase: true });
  for (const file of ['timestamp', 'wrappers', 'struct']) {
    root.addJSON(common.get(`google/protobuf/${file}.proto`)?.nested ?? {});
  }
  return root.lookupType('shop.Line');
}

const maybe = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(values, { nil: undefined });
const text64 = int64.map(String);
const proto = fc.letrec<{ line: unknown }>((tie) => ({
  line: fc.record(
    {
      i32: int,
      s64: text64,
      f64: between(0n, 2n ** 64n - 1n).map(String),
      u32: fc.nat(2 ** 31 - 1),
      d: fc.double({ noNaN: true }).map(noMinusZero),
      f: fc.float({ noNaN: true }).map(noMinusZero),
      b: fc.boolean(),
      text: fc.string({ unit: 'binary' }),
      raw: bytes(),
      kind: fc.constantFrom(0, 1, -2, 7),
      packed_numbers: fc.array(int, { maxLength: 4 }),
      texts: fc.array(fc.string(), { maxLength: 3 }),
      kinds: fc.dictionary(fc.constantFrom('5', '-7'), fc.constantFrom(0, 1)),
      lines: maybe(
        fc.option(tie('line'), { maxDepth: 2, nil: undefined }).map((line) => (line ? { true: line } : {})),
      ),
      maybe: maybe(text64),
      inner: fc.option(tie('line'), { maxDepth: 3, nil: undefined }),
      cash: maybe(fc.nat().map(String)),
      wrapped: maybe(text64.map((value) => ({ value }))),
      unpacked: fc.array(fc.nat(1000), { maxLength: 3 }),
      sf: int,
    },
    { requiredKeys: [] },
  ),
}));

describe('a message that the viewer shows, encoded again', () => {
  it('has the same bytes in Avro, whatever the schema and the value', () => {
    fc.assert(
      fc.property(documents.node, ({ schema, held }) => {
        const written = typeOf(schema).toBuffer(held);
        const text = JSON.stringify(schema);
        const writer = createAvroWriter(text);
        const named = createAvroReader(text, [], { namedBranches: true })(written);
        assert.ok('value' in named, JSON.stringify(named));
        const exact = writer.write(named.value, ['value']);
        assert.ok('body' in exact, JSON.stringify(exact));
        assert.equal(Buffer.from(exact.body).toString('hex'), written.toString('hex'));
        // As the viewer shows it: the same too, unless it may be several branches of a union; then it asks.
        const reading = createAvroReader(text)(written);
        assert.ok('value' in reading, JSON.stringify(reading));
        const writing = writer.write(reading.value, ['value']);
        if ('body' in writing) assert.deepEqual(writing.body, exact.body);
        else
          assert.ok(
            writing.findings.every(({ reason }) => / say which, as in /.test(reason)),
            JSON.stringify(writing),
          );
      }),
      { numRuns: 700 },
    );
  });

  it('means the same in Protobuf, to the library that is not ours', () => {
    const reader = createProtobufReader(PROTO);
    const writer = createProtobufWriter(PROTO);
    const line = protoType();
    fc.assert(
      fc.property(proto.line, (values) => {
        const written = Buffer.from(line.encode(line.fromObject(values as object)).finish());
        const reading = reader(Buffer.concat([Buffer.from([0]), written]));
        assert.ok('value' in reading, JSON.stringify(reading));
        const writing = writer.write(reading.value, ['value']);
        assert.ok('body' in writing, JSON.stringify(writing));
        assert.equal(writing.body[0], 0);
        assert.deepEqual(reader(writing.body), reading);
        const plain = (bytes: Uint8Array): unknown =>
          line.toObject(line.decode(bytes), { longs: String, defaults: true, bytes: String });
        assert.deepEqual(plain(writing.body.subarray(1)), plain(written));
      }),
      { numRuns: 300 },
    );
  });
}).timeout(60_000);

import assert from 'node:assert/strict';
import { Type, type Schema } from 'avsc';
import fc from 'fast-check';
import { resolve, type Finding } from '../../../src/core/avroResolution.ts';
import { parseAvro } from '../../../src/core/avroTypes.ts';

const record = (...fields: unknown[]): unknown => ({ type: 'record', name: 'R', fields });
const field = (type: unknown, more: object = {}): unknown => ({ name: 'f', type, ...more });
const parse = (schema: unknown) => parseAvro(JSON.stringify(schema));

/** Effects and fields that a value meets. */
function met(writer: unknown, reader: unknown, value: unknown): string[] {
  const found = new Set<Finding>();
  resolve(parse(writer), parse(reader)).check?.(value, (finding) => found.add(finding));
  return [...found].map(({ effect, field: name }) => `${effect} ${name}`);
}

const primitive = fc.constantFrom('int', 'long', 'float', 'double', 'string', 'bytes', 'boolean', 'null');
const suits = fc.uniqueArray(fc.constantFrom('A', 'B', 'C'), { minLength: 1 });
const enumOf = fc.record({ symbols: suits, fallback: fc.boolean() }).map(({ symbols, fallback }) => ({
  type: 'enum',
  name: 'Suit',
  symbols,
  ...(fallback ? { default: symbols[0] } : {}),
}));
const fixed = fc.integer({ min: 1, max: 2 }).map((size) => ({ type: 'fixed', name: 'Bits', size }));
const simple = fc.oneof({ weight: 5, arbitrary: primitive }, enumOf, fixed);
const union = fc.uniqueArray(primitive, { minLength: 1, maxLength: 3 });
const inner = fc.oneof(
  { weight: 4, arbitrary: simple },
  union,
  simple.map((items) => ({ type: 'array', items })),
  union.map((values) => ({ type: 'map', values })),
);
const recordOf = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      // A name stands for one type only.
      type: inner,
      alias: fc.option(fc.constantFrom('a', 'b', 'c'), { nil: undefined, freq: 1 }),
    }),
    { selector: ({ name }) => name },
  )
  .map((fields) =>
    record(
      ...fields.map(({ name, type, alias }) => ({
        name,
        type: JSON.parse(JSON.stringify(type).replace(/Suit|Bits/, `$&_${name}`)) as unknown,
        ...(alias === undefined || alias === name ? {} : { aliases: [alias] }),
      })),
    ),
  );
type RecordSchema = { readonly fields: readonly { readonly name: string }[] };
/** Two records that share fields: alone by chance hardly any would be readable. */
const kin = fc.tuple(recordOf, recordOf, fc.subarray(['a', 'b', 'c'])).map(([one, other, shared]) => {
  const theirs = (other as RecordSchema).fields.filter(({ name }) => !shared.includes(name));
  const ours = (one as RecordSchema).fields.filter(({ name }) => shared.includes(name));
  return [one, record(...ours, ...theirs.slice(1))];
});
const schema = fc.oneof(
  inner,
  recordOf,
  recordOf.map((one) => ['null', one]),
);
const pair = fc.oneof(fc.tuple(schema, schema), kin);

describe('reading what another schema wrote', () => {
  it('takes each pair of records once, however many ways lead to it', () => {
    // 2^30 ways to the last record.
    let layer: unknown = { type: 'record', name: 'L0', fields: [{ name: 'last', type: 'int' }] };
    for (let depth = 1; depth <= 30; depth++) {
      const name = `L${depth}`;
      layer = {
        type: 'record',
        name,
        fields: [
          { name: 'one', type: layer },
          { name: 'other', type: `L${depth - 1}` },
        ],
      };
    }
    assert.deepEqual(resolve(parse(layer), parse(layer)).findings, []);
  });

  it('is possible for every value exactly where the Avro library says so', () => {
    let readable = 0;
    const examples = fc.sample(pair, { numRuns: 1000, seed: 5 });
    for (const [writer, reader] of examples) {
      const types = [writer, reader].map((one) => Type.forSchema(one as Schema, { wrapUnions: 'always' }));
      let resolvable = true;
      try {
        types[1]?.createResolver(types[0] as Type, { ignoreNamespaces: true });
      } catch (error) {
        // A field that two names of the writer could fill; the specification does not say which.
        if (/ambiguous aliasing/.test(String(error))) continue;
        resolvable = false;
      }
      const found = resolve(parse(writer), parse(reader)).findings.filter(
        ({ effect }) => effect === 'unreadable',
      );
      const both = `${JSON.stringify(writer)} → ${JSON.stringify(reader)}`;
      assert.equal(found.length === 0, resolvable, `${both}: ${JSON.stringify(found)}`);
      readable += resolvable ? 1 : 0;
    }
    assert.ok(readable > 150 && readable < 950, String(readable));
  });

  it('depends on the branch of a union that a value has', () => {
    const writer = record(field(['null', 'string']));
    assert.deepEqual(met(writer, record(field('string')), { f: null }), ['unreadable f']);
    assert.deepEqual(met(writer, record(field('string')), { f: { string: 'x' } }), []);
  });

  it('depends on the symbol of an enum, and on its default', () => {
    const of = (...symbols: string[]) => ({ type: 'enum', name: 'E', symbols });
    assert.deepEqual(met(of('A', 'B'), of('A'), 'A'), []);
    assert.deepEqual(met(of('A', 'B'), of('A'), 'B'), ['unreadable ']);
    assert.deepEqual(met(of('A', 'B'), { ...of('A'), default: 'A' }, 'B'), ['different ']);
  });

  it('depends on what lists hold', () => {
    const lines = (type: unknown) =>
      record(field({ type: 'array', items: { type: 'record', name: 'L', fields: [{ name: 'g', type }] } }));
    assert.deepEqual(met(lines(['int', 'string']), lines('int'), { f: [] }), []);
    assert.deepEqual(met(lines(['int', 'string']), lines('int'), { f: [{ g: { int: 1 } }] }), []);
    assert.deepEqual(
      met(lines(['int', 'string']), lines('int'), { f: [{ g: { int: 1 } }, { g: { string: '' } }] }),
      ['unreadable f.g'],
    );
  });

  it('is possible for a missing field by its alias or its default only', () => {
    const writer = record({ name: 'old', type: 'int' });
    assert.deepEqual(met(writer, record(field('int')), { old: 1 }), ['unreadable f']);
    assert.deepEqual(met(writer, record(field('int', { default: 0 })), { old: 1 }), []);
    assert.deepEqual(met(writer, record(field('int', { aliases: ['old'] })), { old: 1 }), []);
    assert.deepEqual(met(writer, record(field(['null', 'int'], { default: null })), { old: 1 }), []);
  });

  it('tells a decimal that becomes another number', () => {
    const decimal = (precision: number, scale: number) => ({
      type: 'bytes',
      logicalType: 'decimal',
      precision,
      scale,
    });
    assert.deepEqual(met(decimal(10, 2), decimal(10, 3), Buffer.from([1])), ['different ']);
    assert.deepEqual(met(decimal(10, 2), decimal(12, 2), Buffer.from([1])), []);
    assert.deepEqual(met(decimal(10, 2), decimal(3, 2), Buffer.from([0x03, 0xe7])), []);
    assert.deepEqual(met(decimal(10, 2), decimal(3, 2), Buffer.from([0x03, 0xe8])), ['different ']);
    assert.deepEqual(met(decimal(10, 2), 'bytes', Buffer.from([1])), ['different ']);
    assert.deepEqual(met({ type: 'int', logicalType: 'date' }, 'long', 1), ['different ']);
    assert.deepEqual(met({ type: 'string', logicalType: 'uuid' }, 'string', ''), []);
  });

  it('tells a whole number that a wider type holds only in part', () => {
    assert.deepEqual(met('long', 'double', 2n ** 53n), []);
    assert.deepEqual(met('long', 'double', 2n ** 53n + 1n), ['different ']);
    // Large, and still exact.
    assert.deepEqual(met('long', 'double', 2n ** 53n + 2n), []);
    assert.deepEqual(met('long', 'double', -(2n ** 63n)), []);
    assert.deepEqual(met('long', 'double', 2n ** 63n - 1n), ['different ']);
    assert.deepEqual(met('long', 'float', 16_777_217n), ['different ']);
    assert.deepEqual(met('int', 'float', 16_777_217), ['different ']);
    assert.deepEqual(met('int', 'float', 16_777_216), []);
    assert.deepEqual(met('int', 'double', 2_147_483_647), []);
    const writer = record(field(['null', 'long']));
    assert.deepEqual(met(writer, record(field(['null', 'double'])), { f: { long: 2n ** 53n + 1n } }), [
      'different f',
    ]);
    assert.deepEqual(met(writer, record(field(['null', 'double'])), { f: null }), []);
  });

  it('ends for a type that holds itself', () => {
    const node = (type: unknown) => ({
      type: 'record',
      name: 'Node',
      fields: [
        { name: 'value', type },
        { name: 'next', type: ['null', 'Node'] },
      ],
    });
    const list = { value: { int: 1 }, next: { Node: { value: { string: 'x' }, next: null } } };
    assert.deepEqual(met(node(['int', 'string']), node('int'), list), ['unreadable value']);
    assert.deepEqual(met(node(['int', 'string']), node('int'), { value: { int: 1 }, next: null }), []);
  });
});

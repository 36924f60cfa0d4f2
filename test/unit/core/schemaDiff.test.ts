import assert from 'node:assert/strict';
import { parseAvro } from '../../../src/core/avroTypes.ts';
import { changeText, diffAvro } from '../../../src/core/schemaDiff.ts';

const record = (...fields: unknown[]): unknown => ({ type: 'record', name: 'R', fields });
const ID = { name: 'id', type: 'int' };
const diff = (before: unknown, after: unknown) =>
  diffAvro(parseAvro(JSON.stringify(before)), parseAvro(JSON.stringify(after)));
/** Kind, field, and who reads whom: `b` the newer the older's messages, `f` the older the newer's. */
const short = (before: unknown, after: unknown): string[] =>
  diff(before, after).map(
    ({ kind, field, backward, forward }) => `${kind} ${field} ${backward ? 'b' : '-'}${forward ? 'f' : '-'}`,
  );

describe('the difference of two Avro schemas', () => {
  const enumOf = (...symbols: string[]) => ({ type: 'enum', name: 'E', symbols });
  const decimal = (precision: number, scale: number) => ({
    type: 'bytes',
    logicalType: 'decimal',
    precision,
    scale,
  });
  const cases: Readonly<Record<string, readonly [unknown, unknown, readonly string[]]>> = {
    'nothing but order and spelling': [
      record(ID, { name: 'a', type: 'string' }),
      record({ name: 'a', type: { type: 'string' } }, ID),
      [],
    ],
    'a new field with and without a default': [
      record(ID),
      record(ID, { name: 'a', type: 'int', default: 0 }, { name: 'b', type: 'int' }),
      ['added a bf', 'added b -f'],
    ],
    'a field that is gone, with and without a default': [
      record(ID, { name: 'a', type: 'int', default: 0 }, { name: 'b', type: 'int' }),
      record(ID),
      ['removed a bf', 'removed b b-'],
    ],
    'a field with another name by an alias': [
      record(ID),
      record({ name: 'number', aliases: ['id'], type: 'int' }),
      ['renamed number b-'],
    ],
    'a wider and a narrower number': [
      record(ID, { name: 'a', type: 'double' }),
      record({ name: 'id', type: 'long' }, { name: 'a', type: 'float' }),
      ['retyped id b-', 'retyped a -f'],
    ],
    'text instead of a number': [record(ID), record({ name: 'id', type: 'string' }), ['retyped id --']],
    'a field that may be null from now on, or no longer': [
      record(ID, { name: 'a', type: ['null', 'int'] }),
      record({ name: 'id', type: ['null', 'int'] }, { name: 'a', type: 'int' }),
      ['retyped id b-', 'retyped a -f'],
    ],
    'a decimal with another scale': [
      record({ name: 'price', type: decimal(10, 2) }),
      record({ name: 'price', type: decimal(10, 3) }),
      ['retyped price --'],
    ],
    'symbols that come and go': [
      record({ name: 'e', type: enumOf('A', 'B') }),
      record({ name: 'e', type: enumOf('A', 'B', 'C') }),
      ['symbols e b-'],
    ],
    'a default and a description': [
      record({ name: 'a', type: 'int', default: 0 }, { name: 'b', type: 'int', default: 1 }),
      record({ name: 'a', type: 'int', default: 2, doc: 'x' }, { name: 'b', type: 'int' }),
      ['default a bf', 'doc a bf', 'default b bf'],
    ],
    'a field of a record within a list within a union': [
      record({
        name: 'a',
        type: ['null', { type: 'array', items: { ...(record(ID) as object), name: 'I' } }],
      }),
      record({ name: 'a', type: ['null', { type: 'array', items: { ...(record() as object), name: 'I' } }] }),
      ['removed a.id b-'],
    ],
    'the name of the record': [record(ID), { ...(record(ID) as object), name: 'S' }, ['name  --']],
  };
  for (const [what, [before, after, expected]] of Object.entries(cases)) {
    it(`tells ${what}`, () => {
      assert.deepEqual(short(before, after), expected);
    });
  }

  it('says it in words', () => {
    const texts = diff(record(ID), record({ name: 'id', type: 'long' }, { name: 'a', type: 'string' })).map(
      changeText,
    );
    assert.deepEqual(texts, [
      'id: the type was int and is long (not safe for those who read with the older schema)',
      'a: new, string, without a default (not safe for the messages that are there)',
    ]);
  });
});

describe('an Avro schema', () => {
  it('is refused with what is wrong with it', () => {
    const wrong: Readonly<Record<string, RegExp>> = {
      '{': /JSON/,
      '{"type":"record","name":"R"}': /R has no fields/,
      '{"type":"record","fields":[]}': /record has no name/,
      '"Nothing"': /nothing is called Nothing/,
      '{"type":"record","name":"R","fields":[{"name":"a"}]}': /no type/,
      '{"type":"record","name":"R","fields":[{"name":"a","type":"int"},{"name":"a","type":"int"}]}':
        /a twice/,
    };
    for (const [text, reason] of Object.entries(wrong)) {
      assert.throws(
        () => parseAvro(text),
        (error: Error & { code?: string }) => {
          assert.equal(error.code, 'not-a-schema');
          assert.match(error.message, reason);
          return true;
        },
      );
    }
  });

  it('finds names by their namespace, and in what it refers to', () => {
    const address = '{"type":"record","name":"Address","namespace":"shop","fields":[]}';
    const person =
      '{"type":"record","name":"Person","namespace":"shop","fields":[{"name":"home","type":"Address"}]}';
    const found = parseAvro(person, [address]);
    assert.ok(found.kind === 'record' && found.fields[0]?.type.kind === 'record');
    assert.equal(found.fields[0].type.name, 'shop.Address');
  });
});

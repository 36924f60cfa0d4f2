import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createProtobufTrials } from '../../../../src/adapters/protobuf/trial.ts';

// The bytes are written by hand: https://protobuf.dev/programming-guides/encoding/
const proto3 = (body: string): string => `syntax = "proto3";\n${body}`;
const bytes = (hexText: string): Buffer => Buffer.from(hexText.replaceAll(/\s/g, ''), 'hex');

/** Each finding as `effect field: reason`; the first message of the file. */
function met(writer: string, draft: string, hexText: string, frame = '00'): string[] {
  const tried = createProtobufTrials(proto3(draft))(proto3(writer))(bytes(`${frame} ${hexText}`));
  assert.ok('findings' in tried, JSON.stringify(tried));
  return tried.findings.map(({ effect, field, reason }) => `${effect} ${field}: ${reason}`);
}
const M = (...fields: string[]): string => `message M { ${fields.join(' ')} }`;
/** A field `f` with number 1 under another type. */
const retyped = (before: string, after: string, hexText: string, more = ''): string[] =>
  met(M(`${before} f = 1;`) + more, M(`${after} f = 1;`) + more, hexText);

describe('a Protobuf draft tried on what is stored', () => {
  it('finds nothing where all is read as it was written', () => {
    const schema = M('string a = 1;', 'repeated int32 b = 2;', 'map<string, int64> c = 3;', 'M d = 4;');
    const draft = M(
      'M d = 4;',
      'map<string, int64> c = 3;',
      'string a = 1;',
      'repeated int32 b = 2;',
      'int32 e = 5;',
    );
    assert.deepEqual(
      met(schema, draft, '0a 01 78 12 02 01 02 1a 05 0a 01 6b 10 03 22 03 0a 01 79 fa 01 00'),
      [],
    );
  });

  it('tells the value of a field that is gone, where there is one', () => {
    const [writer, draft] = [M('string a = 1;', 'int32 b = 2;'), M('string a = 1;')];
    const told = ['different b: the draft does not know field 2: its value is lost'];
    assert.deepEqual(met(writer, draft, '0a 01 78 10 07'), told);
    assert.deepEqual(met(writer, draft, '0a 01 78'), []);
    assert.deepEqual(met(draft, draft, '0a 01 78 10 07'), [], 'the writer does not know it either');
  });

  it('tells a type that is written otherwise', () => {
    assert.deepEqual(retyped('string', 'int32', '0a 01 78'), [
      'unreadable f: string cannot be read as int32',
    ]);
    assert.deepEqual(retyped('int32', 'string', '08 07'), ['unreadable f: int32 cannot be read as string']);
    assert.deepEqual(retyped('int32', 'fixed32', '08 07').length, 1);
    assert.deepEqual(retyped('int32', 'string', ''), []);
    assert.deepEqual(retyped('repeated int32', 'int32', '0a 02 01 02'), [
      'unreadable f: repeated int32 cannot be read as int32',
    ]);
  });

  it('tells a type that is written alike only where the value becomes another', () => {
    // 3 000 000 000 is more than an int32 holds.
    assert.deepEqual(retyped('int64', 'int32', '08 80 bc c1 96 0b'), ['different f: int64 is read as int32']);
    assert.deepEqual(retyped('int64', 'int32', '08 07'), []);
    assert.deepEqual(retyped('int32', 'int64', '08 ff ff ff ff ff ff ff ff ff 01'), []);
    assert.deepEqual(retyped('int32', 'uint32', '08 ff ff ff ff ff ff ff ff ff 01').length, 1);
    assert.deepEqual(retyped('int32', 'sint32', '08 02').length, 1);
    assert.deepEqual(retyped('int32', 'bool', '08 01'), []);
    assert.deepEqual(retyped('int32', 'bool', '08 02').length, 1);
    assert.deepEqual(retyped('fixed32', 'float', '0d 00 00 80 3f').length, 1);
    assert.deepEqual(retyped('string', 'bytes', '0a 02 c3 a9'), []);
    assert.deepEqual(retyped('bytes', 'string', '0a 02 c3 a9'), []);
    assert.deepEqual(retyped('bytes', 'string', '0a 01 ff'), ['unreadable f: it is not UTF-8 text']);
    assert.deepEqual(retyped('int32', 'repeated int32', '08 07'), []);
    assert.deepEqual(retyped('repeated string', 'string', '0a 01 61'), []);
    assert.deepEqual(retyped('repeated string', 'string', '0a 01 61 0a 01 62 0a 01 63'), [
      'different f: only the last of its values is read',
    ]);
  });

  it('tells a field that has another name', () => {
    assert.deepEqual(met(M('int32 a = 1;'), M('int32 b = 1;'), '08 07'), ['different b: it was called a']);
    assert.deepEqual(met(M('int32 a = 1;'), M('int32 b = 1;'), ''), []);
  });

  it('tells numbers of an enum that have no name, or another', () => {
    const enumOf = (...names: string[]): string => `${M('E f = 1;')} enum E { ${names.join(' ')} }`;
    const writer = enumOf('ZERO = 0;', 'ONE = 1;', 'TWO = 2;');
    assert.deepEqual(met(writer, enumOf('ZERO = 0;', 'ONE = 1;'), '08 02'), [
      'different f: the number 2 (TWO) has no name in the draft',
    ]);
    assert.deepEqual(met(writer, enumOf('ZERO = 0;', 'ONE = 1;'), '08 01'), []);
    assert.deepEqual(met(writer, enumOf('ZERO = 0;', 'ONE = 1;'), '08 05'), [], 'no name today either');
    assert.deepEqual(met(writer, enumOf('ZERO = 0;', 'UNO = 1;', 'TWO = 2;'), '08 01'), [
      'different f: ONE is read as UNO',
    ]);
    assert.deepEqual(met(writer, enumOf('NONE = 0;', 'ONE = 1;', 'TWO = 2;'), ''), [
      'different f: ZERO is read as NONE',
    ]);
    assert.deepEqual(met(M('int32 f = 1;'), enumOf('ZERO = 0;'), '08 03'), [
      'different f: the number 3 has no name in the draft',
    ]);
  });

  it('looks into messages, lists and maps', () => {
    const of = (price: string): string =>
      `${M('repeated L lines = 1;', 'map<string, L> by = 2;')} message L { ${price} }`;
    const body = '0a 02 08 07 12 07 0a 01 6b 12 02 08 07';
    assert.deepEqual(met(of('int32 price = 1;'), of('string price = 1;'), body), [
      'unreadable lines.price: int32 cannot be read as string',
      'unreadable by.price: int32 cannot be read as string',
    ]);
    assert.deepEqual(met(of('int32 price = 1;'), of('int32 cost = 1;'), body), [
      'different lines.cost: it was called price',
      'different by.cost: it was called price',
    ]);
  });

  it('tells what a oneof lets go', () => {
    const draft = M('oneof choice { int32 a = 1; int32 b = 2; }');
    const told = ['different a: only one of choice is kept'];
    assert.deepEqual(met(M('int32 a = 1;', 'int32 b = 2;'), draft, '08 01 10 02'), told);
    assert.deepEqual(met(draft, draft, '08 01 10 02'), []);
  });

  it('finds the message by its name, else by its place', () => {
    const two = 'message A { int32 a = 1; } message B { int32 b = 1; }';
    assert.deepEqual(met(two, 'message B { int32 b = 1; } message A { int32 a = 1; }', '08 01', '02 02'), []);
    assert.deepEqual(met(two, 'message A { int32 a = 1; }', '08 01', '02 02'), [
      'unreadable : the draft has no message B',
    ]);
    assert.deepEqual(met('message A { int32 a = 1; }', 'message C { int32 a = 1; }', '08 01'), [
      'different : the message A is called C in the draft',
    ]);
  });

  it('tells what proto2 requires', () => {
    const trial = createProtobufTrials('syntax = "proto2"; message M { required int32 a = 1; }');
    const tried = trial('syntax = "proto2"; message M { optional int32 a = 1; }')(bytes('00'));
    assert.deepEqual(tried, {
      findings: [{ effect: 'unreadable', field: 'a', reason: 'it is required, and missing' }],
    });
  });

  it('says why a body is none of its own schema', () => {
    const trial = createProtobufTrials(proto3(M('int32 a = 1;')))(proto3(M('int32 a = 1;')));
    assert.ok('problem' in trial(bytes('00 08')));
    assert.ok('problem' in trial(bytes('00 0a 01 78')));
    assert.throws(() => createProtobufTrials('message {'));
  });

  it('never throws, and finds nothing against the schema itself, whatever the bytes are', () => {
    const schema = proto3(
      `${M('int32 a = 1;', 'repeated sint64 b = 2;', 'M c = 3;', 'map<int32, M> d = 4;', 'E e = 5;', 'oneof o { string f = 6; bytes g = 7; }')} enum E { Z = 0; }`,
    );
    const other = proto3(M('string a = 1;', 'M b = 2;', 'bytes c = 3;', 'repeated M d = 4;'));
    const [same, strange] = [createProtobufTrials(schema)(schema), createProtobufTrials(other)(schema)];
    const tag = fc.tuple(fc.integer({ min: 0, max: 63 }), fc.uint8Array({ maxLength: 6 }));
    const some = fc
      .array(tag)
      .map((parts) => Buffer.from([0, ...parts.flatMap(([one, more]) => [one, ...more])]));
    let tried = 0;
    fc.assert(
      fc.property(some, (body) => {
        const found = same(body);
        strange(body);
        if (!('findings' in found)) return;
        tried += 1;
        assert.deepEqual(found.findings, []);
      }),
      { numRuns: 2000, seed: 7 },
    );
    assert.ok(tried > 100, String(tried));
  });
});

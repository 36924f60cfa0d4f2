import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createProtobufReader } from '../../../../src/adapters/protobuf/reader.ts';
import { createNotes, type Notes } from '../../../../src/adapters/reading.ts';
import type { Problem } from '../../../../src/core/explained.ts';

// The bytes are written by hand: https://protobuf.dev/programming-guides/encoding/
const FIRST = '00';
const proto3 = (body: string): string => `syntax = "proto3";\n${body}`;
const bytes = (hexText: string): Buffer => Buffer.from(hexText.replaceAll(/\s/g, ''), 'hex');

function read(
  schema: string,
  hexText: string,
  { references = [], notes }: { references?: readonly string[]; notes?: Notes } = {},
): unknown {
  const reading = createProtobufReader(schema, references)(bytes(hexText), notes);
  assert.ok('value' in reading, JSON.stringify(reading));
  return reading.value;
}
function problem(schema: string, hexText: string): Problem {
  const reading = createProtobufReader(schema)(bytes(hexText));
  assert.ok('problem' in reading, JSON.stringify(reading));
  return reading.problem;
}
/** One field `f` with number 1. */
const readField = (type: string, hexText: string, more = ''): unknown =>
  (read(proto3(`message M { ${type} f = 1; } ${more}`), `${FIRST} ${hexText}`) as { f: unknown }).f;

/** Base 128, from the specification. */
function varint(value: bigint): Buffer {
  const digits = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest > 0x7fn; rest >>= 7n) digits.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...digits, Number(rest)]);
}

describe('Protobuf scalars for people', () => {
  it('keep every int64, uint64 and sint64 exactly, as text', () => {
    const reader = createProtobufReader(proto3('message M { int64 i = 1; uint64 u = 2; sint64 s = 3; }'));
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const unsigned = BigInt.asUintN(64, value);
        const zigzag = value < 0n ? -2n * value - 1n : 2n * value;
        const body = [[0, 8], varint(value), [16], varint(unsigned), [24], varint(zigzag)];
        assert.deepEqual(reader(Buffer.concat(body.map((part) => Buffer.from(part)))), {
          value: { i: value.toString(), u: unsigned.toString(), s: value.toString() },
        });
      }),
    );
  });

  it('keep fixed64 and sfixed64 exactly, as text', () => {
    const reader = createProtobufReader(proto3('message M { fixed64 u = 1; sfixed64 i = 2; }'));
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const body = Buffer.from([0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0, 0, 0]);
        body.writeBigInt64LE(value, 2);
        body.writeBigInt64LE(value, 11);
        assert.deepEqual(reader(body), {
          value: { u: BigInt.asUintN(64, value).toString(), i: value.toString() },
        });
      }),
    );
  });

  it('read the example of the specification, and numbers of 32 bits', () => {
    assert.equal(readField('int32', '08 96 01'), 150);
    assert.equal(readField('int32', '08 fe ff ff ff ff ff ff ff ff 01'), -2);
    assert.equal(readField('uint32', '08 ff ff ff ff 0f'), 4_294_967_295);
    assert.equal(readField('sint32', '08 ff ff ff ff 0f'), -2_147_483_648);
    assert.equal(readField('sint32', '08 03'), -2);
    assert.equal(readField('fixed32', '0d ff ff ff ff'), 4_294_967_295);
    assert.equal(readField('sfixed32', '0d fe ff ff ff'), -2);
    assert.equal(readField('bool', '08 01'), true);
    assert.equal(readField('double', '09 9a 99 99 99 99 99 b9 3f'), 0.1);
    assert.equal(readField('double', '09 00 00 00 00 00 00 f0 ff'), '-Infinity');
    assert.equal(readField('float', '0d cd cc cc 3d'), 0.1);
    assert.equal(readField('float', '0d 00 00 80 7f'), 'Infinity');
    assert.equal(readField('string', '0a 07 74 65 73 74 69 6e 67'), 'testing');
    assert.equal(readField('bytes', '0a 03 01 02 ff'), 'AQL/');
  });

  it('name enums, and leave a number that has no name', () => {
    const colour = 'enum Colour { NONE = 0; RED = 1; BLUE = -1; }';
    assert.equal(readField('Colour', '08 01', colour), 'RED');
    assert.equal(readField('Colour', '08 ff ff ff ff ff ff ff ff ff 01', colour), 'BLUE');
    assert.equal(readField('Colour', '08 09', colour), 9);
  });

  it('are many in a row, packed or not', () => {
    assert.deepEqual(readField('repeated int32', '0a 06 03 8e 02 9e a7 05'), [3, 270, 86_942]);
    assert.deepEqual(readField('repeated int32', '08 03 08 8e 02'), [3, 270]);
    assert.deepEqual(readField('repeated string', '0a 01 61 0a 00'), ['a', '']);
    assert.deepEqual(readField('repeated fixed64', '0a 08 ff ff ff ff ff ff ff ff'), [
      '18446744073709551615',
    ]);
  });
});

describe('Protobuf messages for people', () => {
  const ORDER = proto3(`
    package shop;
    message Order {
      string no = 1;
      int64 units = 2;
      optional int32 rank = 3;
      Line first = 4;
      repeated Line lines = 5;
      map<string, int64> stock = 6;
      oneof pays { string card = 7; int32 cash = 8; }
      Kind kind = 9;
      bytes seal = 10;
      message Line { int32 n = 1; }
      enum Kind { NEW = 0; PAID = 1; }
    }`);

  it('show what is set, and the scalars of proto3 that cannot be unset', () => {
    assert.deepEqual(read(ORDER, FIRST), { no: '', units: '0', kind: 'NEW', seal: '' });
    assert.deepEqual(read(ORDER, `${FIRST} 18 00 22 00 3a 00`), {
      no: '',
      units: '0',
      rank: 0,
      first: { n: 0 },
      card: '',
      kind: 'NEW',
      seal: '',
    });
  });

  it('hold lists, maps and messages, in the order of the schema', () => {
    const body = '32 05 0a 01 61 10 07  32 03 0a 01 62  2a 02 08 01 2a 02 08 02  22 02 08 05  0a 01 41';
    const document = read(ORDER, FIRST + body) as object;
    assert.equal(
      JSON.stringify(document),
      '{"no":"A","units":"0","first":{"n":5},"lines":[{"n":1},{"n":2}],"stock":{"a":"7","b":"0"},' +
        '"kind":"NEW","seal":""}',
    );
  });

  it('take the last of a oneof, and of a scalar, and put a message together from its parts', () => {
    assert.deepEqual(read(proto3('message M { oneof o { int32 a = 1; int32 b = 2; } }'), '00 08 01 10 02'), {
      b: 2,
    });
    assert.deepEqual(read(proto3('message M { int32 a = 1; }'), '00 08 01 08 05'), { a: 5 });
    const parts = proto3('message M { P p = 1; message P { int32 a = 1; repeated int32 b = 2; } }');
    assert.deepEqual(read(parts, '00 0a 04 08 01 10 02 0a 04 08 03 10 04'), { p: { a: 3, b: [2, 4] } });
  });

  it('count the fields that the schema does not know', () => {
    const notes = createNotes();
    const schema = proto3('message M { P p = 1; message P { int32 a = 1; } }');
    const body = '0a 04 08 01 50 01  78 05  5a 01 61  8d 01 00 00 00 00  63 08 01 64';
    assert.deepEqual(read(schema, FIRST + body, { notes }), { p: { a: 1 } });
    assert.equal(notes.unknownFields, 5);
  });

  it('follow a type that holds itself', () => {
    const schema = proto3('message Tree { int32 n = 1; repeated Tree of = 2; }');
    assert.deepEqual(read(schema, '00 08 01 12 02 08 02 12 04 12 02 08 04'), {
      n: 1,
      of: [{ n: 2 }, { n: 0, of: [{ n: 4 }] }],
    });
  });

  it('read proto2: groups, extensions, no defaults', () => {
    const schema = `
      message M {
        optional int32 a = 1 [default = 7];
        repeated group Part = 2 { optional string s = 3; }
        extensions 100 to 200;
      }
      extend M { optional int32 more = 100; }`;
    assert.deepEqual(read(schema, '00 13 1a 01 78 14 13 14 a0 06 05'), {
      part: [{ s: 'x' }, {}],
      '[more]': 5,
    });
  });

  it('read editions', () => {
    const schema =
      'edition = "2023"; message M { int32 a = 1; int32 b = 2 [features.field_presence = IMPLICIT]; }';
    assert.deepEqual(read(schema, '00'), { b: 0 });
  });

  it('may have fields of any name', () => {
    const schema = proto3(
      'message M { int32 toString = 1; int32 constructor = 2; map<string, int32> m = 3; }',
    );
    const document = read(schema, '00 08 01 10 02 1a 0d 0a 09 5f 5f 70 72 6f 74 6f 5f 5f 10 03');
    assert.equal(JSON.stringify(document), '{"toString":1,"constructor":2,"m":{"__proto__":3}}');
  });
});

describe('the message that a frame names', () => {
  const FILE = proto3(`
    message A { message B { int32 b = 1; } map<string, int32> m = 1; message C { message D { int32 d = 1; } } }
    enum E { ZERO = 0; }
    message F { int32 f = 1; }`);

  it('is the first in the short form, else the one that its indexes lead to', () => {
    assert.deepEqual(read(FILE, '00'), {});
    assert.deepEqual(read(FILE, '02 00'), {});
    assert.deepEqual(read(FILE, '02 02 08 05'), { f: 5 });
    assert.deepEqual(read(FILE, '04 00 00 08 05'), { b: 5 });
    assert.deepEqual(read(FILE, '06 00 02 00 08 05'), { d: 5 });
    const notes = createNotes();
    read(FILE, '06 00 02 00 08 05', { notes });
    assert.equal(notes.message, 'A.C.D');
  });

  it('may not be there', () => {
    assert.deepEqual(problem(FILE, '02 04'), {
      code: 'unknown-message',
      reason: 'the schema has no message at index 2',
    });
    assert.match(problem(FILE, '04 02 00').reason, /at index 1\.0$/);
    for (const broken of ['', '02', '80', '01', 'ff ff ff ff 0f']) {
      assert.match(problem(FILE, broken).reason, /index of the message/);
    }
  });

  it('is of this file alone, though others have the same package', () => {
    const common = proto3('package shop; message Money { int64 units = 1; string currency = 2; }');
    const schema = proto3('package shop; import "common/money.proto"; message Order { Money total = 1; }');
    const references = [common];
    assert.deepEqual(read(schema, '00 0a 07 08 05 12 03 45 55 52', { references }), {
      total: { units: '5', currency: 'EUR' },
    });
  });
});

describe('a schema that was registered compiled', () => {
  // FileDescriptorProto of: syntax = "proto3"; package p; import "google/protobuf/timestamp.proto";
  // message A {} message M { map<string, int32> by = 1; google.protobuf.Timestamp at = 2; message N { int64 n_o = 1; } }
  // As Python's protobuf 7.36 writes it.
  const schema =
    'CgdtLnByb3RvEgFwGh9nb29nbGUvcHJvdG9idWYvdGltZXN0YW1wLnByb3RvIgMKAUEiggEKAU0SGAoCYnkYASADKAsyDC5wLk0uQnlFbnRy' +
    'eRImCgJhdBgCIAEoCzIaLmdvb2dsZS5wcm90b2J1Zi5UaW1lc3RhbXAaKQoHQnlFbnRyeRILCgNrZXkYASABKAkSDQoFdmFsdWUYAiABKAU6' +
    'AjgBGhAKAU4SCwoDbl9vGAEgASgDYgZwcm90bzM=';

  it('reads as its text would, with the messages counted as who compiles counts them', () => {
    const notes = createNotes();
    assert.deepEqual(read(schema, '02 02 0a 05 0a 01 78 10 05 12 02 10 01', { notes }), {
      by: { x: 5 },
      at: '1970-01-01T00:00:00.000000001Z',
    });
    assert.equal(notes.message, 'p.M');
    assert.match(notes.schemaText ?? '', /"package": "p"/);
    // The entry of the map comes first.
    assert.deepEqual(read(schema, '04 02 02 08 05'), { n_o: '5' });
    assert.deepEqual(read(schema, '00'), {});
    assert.match(problem(schema, '04 02 04').reason, /index 1\.2$/);
  });

  it('may be what a text refers to', () => {
    const text = proto3('import "m.proto"; message Q { p.M.N n = 1; }');
    const references = [schema];
    assert.deepEqual(read(text, '00 0a 02 08 05', { references }), { n: { n_o: '5' } });
  });

  it('may be none', () => {
    assert.throws(() => createProtobufReader('QUJD'));
  });
});

describe('well-known types of Protobuf', () => {
  const readKnown = (file: string, type: string, hexText: string, notes = createNotes()): unknown => {
    const schema = proto3(`import "${file}"; message M { ${type} f = 1; }`);
    return (read(schema, FIRST + hexText, { notes }) as { f: unknown }).f;
  };
  const google = (file: string, type: string, hexText: string): unknown =>
    readKnown(`google/protobuf/${file}.proto`, `google.protobuf.${type}`, hexText);

  it('are written as JSON writes them', () => {
    // 1575895296 s is 80 82 b9 ef 05 in base 128.
    assert.equal(google('timestamp', 'Timestamp', '0a 06 08 80 82 b9 ef 05'), '2019-12-09T12:41:36Z');
    assert.equal(
      google('timestamp', 'Timestamp', '0a 0c 08 80 82 b9 ef 05 10 c0 de 9c f8 02'),
      '2019-12-09T12:41:36.789Z',
    );
    assert.equal(google('timestamp', 'Timestamp', '0a 02 10 01'), '1970-01-01T00:00:00.000000001Z');
    assert.equal(
      google('timestamp', 'Timestamp', '0a 11 08 ff ff ff ff ff ff ff ff ff 01 10 80 80 ad d1 01'),
      '1969-12-31T23:59:59.439042048Z',
    );
    assert.equal(google('duration', 'Duration', '0a 02 08 03'), '3s');
    assert.equal(google('duration', 'Duration', '0a 08 08 03 10 80 ca b5 ee 01'), '3.500s');
    assert.equal(
      google('wrappers', 'Int64Value', '0a 0a 08 ff ff ff ff ff ff ff ff 7f'),
      '9223372036854775807',
    );
    assert.equal(google('wrappers', 'StringValue', '0a 00'), '');
    assert.equal(google('wrappers', 'BoolValue', '0a 02 08 01'), true);
    assert.equal(google('wrappers', 'BytesValue', '0a 03 0a 01 ff'), '/w==');
    assert.equal(google('field_mask', 'FieldMask', '0a 0a 0a 03 61 5f 62 0a 03 63 2e 64'), 'aB,c.d');
    assert.deepEqual(google('empty', 'Empty', '0a 00'), {});
    assert.deepEqual(
      google(
        'struct',
        'Struct',
        '0a 19 0a 0a 0a 01 61 12 05 1a 03 6f 6c 61 0a 07 0a 01 62 12 02 08 00 0a 02 0a 00',
      ),
      { a: 'ola', b: null, '': null },
    );
  });

  it('may be held by the registry itself', () => {
    const own =
      'syntax = "proto3"; package google.protobuf; message Timestamp { int64 seconds = 1; int32 nanos = 2; }';
    const schema = proto3(
      'import "google/protobuf/timestamp.proto"; message M { google.protobuf.Timestamp at = 1; }',
    );
    assert.deepEqual(read(schema, '00 0a 02 08 01', { references: [own, own] }), {
      at: '1970-01-01T00:00:01Z',
    });
  });

  it('stay what they are where JSON has no form', () => {
    assert.deepEqual(google('timestamp', 'Timestamp', '0a 0a 08 ff ff ff ff ff ff ff ff 7f'), {
      seconds: '9223372036854775807',
      nanos: 0,
    });
    assert.deepEqual(google('duration', 'Duration', '0a 0d 08 01 10 ff ff ff ff ff ff ff ff ff 01'), {
      seconds: '1',
      nanos: -1,
    });
  });

  it('hold any message that the schema knows', () => {
    const schema = proto3(
      'import "google/protobuf/any.proto"; message M { google.protobuf.Any f = 1; int32 n = 2; }',
    );
    const any = (url: string, value: string): string => {
      const text = Buffer.from(url);
      const inner = bytes(value);
      const body = Buffer.concat([
        Buffer.from([0x0a, text.length]),
        text,
        Buffer.from([0x12, inner.length]),
        inner,
      ]);
      return `00 0a ${body.length.toString(16).padStart(2, '0')} ${body.toString('hex')}`;
    };
    assert.deepEqual(read(schema, any('type.googleapis.com/M', '10 05')), {
      f: { '@type': 'type.googleapis.com/M', n: 5 },
      n: 0,
    });
    assert.deepEqual(read(schema, any('x/Unknown', '10 05')), {
      f: { '@type': 'x/Unknown', value: 'EAU=' },
      n: 0,
    });
  });

  it("have both forms, Confluent's decimal too", () => {
    const notes = createNotes();
    const file = 'confluent/type/decimal.proto';
    assert.equal(readKnown(file, 'confluent.type.Decimal', '0a 08 0a 02 04 e2 10 0a 18 02', notes), '12.50');
    readKnown('google/protobuf/timestamp.proto', 'google.protobuf.Timestamp', '0a 02 10 01', notes);
    assert.deepEqual(notes.logical, [
      { path: 'f', type: 'decimal(10,2)', readable: '12.50', underlying: '0x04e2', unscaled: '1250' },
      {
        path: 'f',
        type: 'google.protobuf.Timestamp',
        readable: '1970-01-01T00:00:00.000000001Z',
        underlying: 'seconds 0, nanos 1',
      },
    ]);
  });
});

describe('both forms of Protobuf values', () => {
  it('are told with their path', () => {
    const notes = createNotes();
    const schema = proto3(`package shop;
      message M {
        int64 id = 1; repeated P parts = 2; map<string, bytes> seals = 3; Kind kind = 4; string s = 5; int64 unset = 6;
        message P { uint64 n = 1; }
        enum Kind { NEW = 0; PAID = 1; }
      }`);
    read(schema, '00 08 05 12 02 08 01 12 02 08 02 1a 06 0a 01 61 12 01 ff 20 01 2a 01 78', { notes });
    assert.deepEqual(notes.logical, [
      { path: 'id', type: 'int64', readable: '5', underlying: '5' },
      { path: 'parts[0].n', type: 'uint64', readable: '1', underlying: '1' },
      { path: 'parts[1].n', type: 'uint64', readable: '2', underlying: '2' },
      { path: 'seals["a"]', type: 'bytes', readable: '/w==', underlying: '0xff' },
      { path: 'kind', type: 'shop.M.Kind', readable: 'PAID', underlying: '1' },
    ]);
  });
});

describe('bytes that do not fit a Protobuf schema', () => {
  const SCHEMA = proto3(`message M {
    string s = 1; repeated P parts = 2; map<string, P> by = 3; message P { int32 n = 1; M m = 2; } }`);

  it('say at which field, and how', () => {
    const cases: [string, RegExp, string | undefined][] = [
      ['0a 05 61', /the bytes end within field s$/, 's'],
      ['08 05', /field s is written as another type/, 's'],
      ['0a 02 c3 28', /field s is not UTF-8/, 's'],
      ['12 02 08 01 12 02 08 80', /end within field parts\[1\]\.n$/, 'parts[1].n'],
      ['1a 07 0a 01 61 12 02 0a 00', /field by\["a"\]\.n is written as another/, 'by["a"].n'],
      ['12 04 12 02 0a 05', /end within field parts\[0\]\.m\.s$/, 'parts[0].m.s'],
      ['00', /the bytes do not fit the schema$/, undefined],
      ['0f', /field s is written/, 's'],
      ['7f', /the bytes do not fit the schema$/, undefined],
      ['7a 05 61', /the bytes do not fit the schema$/, undefined],
    ];
    for (const [body, reason, field] of cases) {
      const found = problem(SCHEMA, FIRST + body);
      assert.equal(found.code, 'unfit');
      assert.match(found.reason, reason);
      assert.equal(found.field, field);
    }
  });

  it('miss what is required', () => {
    assert.match(problem('message M { required int32 a = 1; }', FIRST).reason, /field a is required/);
  });

  it('lie too deep', () => {
    let body = '';
    for (let depth = 0; depth < 200; depth += 1) {
      const length = bytes(body).length;
      const prefix =
        length < 0x80 ? length.toString(16).padStart(2, '0') : varint(BigInt(length)).toString('hex');
      body = `12${prefix}${body}`;
    }
    assert.match(
      problem(proto3('message T { int32 n = 1; T t = 2; }'), FIRST + body).reason,
      /lies too deep/,
    );
  });

  it('never throw, whatever they are', () => {
    const reader = createProtobufReader(
      proto3(`import "google/protobuf/struct.proto"; import "google/protobuf/timestamp.proto";
        import "google/protobuf/any.proto"; import "google/protobuf/duration.proto";
        import "confluent/type/decimal.proto";
        message M { M m = 1; google.protobuf.Struct s = 2; google.protobuf.Timestamp t = 3; google.protobuf.Any a = 4;
          google.protobuf.Duration d = 5; confluent.type.Decimal p = 6; map<int64, M> b = 7; repeated sint64 l = 8; }`),
    );
    // Mostly tags and small numbers, so that many get far.
    const byte = fc.oneof(fc.integer({ min: 0, max: 66 }), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 40 }), (body) => {
        const reading = reader(Uint8Array.from([0, ...body]), createNotes());
        assert.ok('value' in reading ? JSON.stringify(reading.value) : reading.problem.reason !== '');
      }),
      { numRuns: 3000 },
    );
  });
});

describe('Protobuf schemas that cannot be read', () => {
  it('say why', () => {
    assert.throws(() => createProtobufReader('message M {'), /illegal token/);
    assert.throws(() => createProtobufReader(proto3('message M { Gone g = 1; }')), /Gone/);
    assert.throws(
      () => createProtobufReader(proto3('import "shop/gone.proto"; message M { shop.Gone g = 1; }')),
      /imports shop\/gone\.proto, which the registry does not hold/,
    );
  });

  it('do without an import that nothing needs, and with options of their own', () => {
    const schema = proto3(`import "buf/validate/validate.proto"; import "google/protobuf/descriptor.proto";
      extend google.protobuf.FieldOptions { string note = 50000; }
      message M { int32 a = 1 [(note) = "x", (buf.validate.field).int32.gt = 0]; }`);
    assert.deepEqual(read(schema, '00 08 01'), { a: 1 });
  });
});

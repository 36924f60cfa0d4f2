import assert from 'node:assert/strict';
import { Type, type Schema } from 'avsc';
import fc from 'fast-check';
import { createAvroReader } from '../../../src/adapters/avroSchema.ts';

/** Reads by a schema what the library wrote by the same schema without logical types. */
function readBack(schema: unknown, value: unknown): unknown {
  const bytes = Type.forSchema(schema as Schema, { wrapUnions: 'always' }).toBuffer(value);
  const reading = createAvroReader(JSON.stringify(schema))(bytes);
  assert.ok('value' in reading, JSON.stringify(reading));
  return reading.value;
}

const record = (type: unknown): unknown => ({ type: 'record', name: 'R', fields: [{ name: 'f', type }] });
const readField = (type: unknown, value: unknown): unknown =>
  (readBack(record(type), { f: value }) as { f: unknown }).f;

/** Zigzag and base 128, from the specification. */
function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));
  do {
    const more = rest > 0x7fn;
    bytes.push(Number(rest & 0x7fn) | (more ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
}

describe('Avro values for people', () => {
  it('keep every long exactly, as text', () => {
    const read = createAvroReader('"long"');
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        assert.deepEqual(read(varint(value)), { value: value.toString() });
      }),
    );
  });

  it('keep ints, strings and booleans as they are, and null', () => {
    assert.equal(readField('int', -2_147_483_648), -2_147_483_648);
    assert.equal(readField('string', 'Ação "x"'), 'Ação "x"');
    assert.equal(readField('boolean', true), true);
    assert.equal(readField('null', null), null);
    assert.equal(readField('double', 0.1), 0.1);
    assert.equal(readField('double', Infinity), 'Infinity');
    assert.equal(readField('float', NaN), 'NaN');
    assert.equal(readField('float', -Infinity), '-Infinity');
  });

  it('write decimals with their scale, in bytes and in fixed', () => {
    const decimal = { type: 'bytes', logicalType: 'decimal', precision: 10, scale: 2 };
    assert.equal(readField(decimal, Buffer.from('0424', 'hex')), '10.60');
    assert.equal(readField(decimal, Buffer.from('ff', 'hex')), '-0.01');
    assert.equal(readField(decimal, Buffer.alloc(0)), '0.00');
    const fixed = { type: 'fixed', name: 'D', size: 16, logicalType: 'decimal', precision: 38, scale: 10 };
    const most = 10n ** 38n - 1n;
    const bytes = Buffer.from(most.toString(16).padStart(32, '0'), 'hex');
    assert.equal(readField(fixed, bytes), '9999999999999999999999999999.9999999999');
    assert.equal(readField({ type: 'bytes', logicalType: 'decimal', precision: 4 }, Buffer.from([7])), '7');
  });

  it('write dates, times, timestamps and ids as text', () => {
    assert.equal(readField({ type: 'int', logicalType: 'date' }, 18_239), '2019-12-09');
    assert.equal(readField({ type: 'int', logicalType: 'time-millis' }, 45_296_789), '12:34:56.789');
    assert.equal(readField({ type: 'long', logicalType: 'time-micros' }, 1), '00:00:00.000001');
    assert.equal(
      readField({ type: 'long', logicalType: 'timestamp-millis' }, 1_575_895_296_789),
      '2019-12-09T12:41:36.789Z',
    );
    assert.equal(
      readField({ type: 'long', logicalType: 'timestamp-micros' }, 1_575_895_296_789_001),
      '2019-12-09T12:41:36.789001Z',
    );
    assert.equal(
      readField({ type: 'long', logicalType: 'local-timestamp-millis' }, -1),
      '1969-12-31T23:59:59.999',
    );
    assert.equal(readField({ type: 'string', logicalType: 'uuid' }, 'abc'), 'abc');
    assert.equal(
      readField(
        { type: 'fixed', name: 'U', size: 16, logicalType: 'uuid' },
        Buffer.from('00112233445566778899aabbccddeeff', 'hex'),
      ),
      '00112233-4455-6677-8899-aabbccddeeff',
    );
  });

  it('write nanoseconds, durations and decimals that bring their scale', () => {
    const nanos = { type: 'long', logicalType: 'local-timestamp-nanos' };
    assert.equal(readField(nanos, 1_575_895_296_789_001), '1970-01-19T05:44:55.296789001');
    assert.equal(
      readField({ type: 'long', logicalType: 'timestamp-nanos' }, -1),
      '1969-12-31T23:59:59.999999999Z',
    );
    const duration = { type: 'fixed', name: 'D', size: 12, logicalType: 'duration' };
    const durationOf = (digits: string): unknown => readField(duration, Buffer.from(digits, 'hex'));
    assert.equal(durationOf('01000000 02000000 bb0b0000'.replaceAll(' ', '')), 'P1M2DT3.003S');
    assert.equal(durationOf('000000000000000000000000'), 'PT0.000S');
    assert.equal(durationOf('ffffffff0000000000000000'), 'P4294967295M');
    const big = { type: 'bytes', logicalType: 'big-decimal' };
    const bigOf = (digits: string): unknown => readField(big, Buffer.from(digits, 'hex'));
    // Two bytes of digits and their length, then the scale, both in zigzag.
    assert.equal(bigOf('0404e204'), '12.50');
    assert.equal(bigOf('02ff00'), '-1');
    assert.equal(bigOf('020503'), '500');
    assert.equal(bigOf('0404'), 'BAQ=');
  });

  it('show a date or a time that no calendar and no clock has as the number that it is', () => {
    assert.equal(readField({ type: 'int', logicalType: 'date' }, 2_147_483_647), 2_147_483_647);
    assert.equal(readField({ type: 'int', logicalType: 'time-millis' }, -1), -1);
    assert.equal(readField({ type: 'long', logicalType: 'time-micros' }, 86_400_000_000), '86400000000');
    assert.equal(
      readField({ type: 'long', logicalType: 'timestamp-millis' }, 9_000_000_000_000_000),
      '9000000000000000',
    );
  });

  it('write floats as short as they can be', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const read = readField('float', value) as number;
        // JSON has no -0.
        assert.ok(Math.fround(read) === value);
      }),
    );
    assert.equal(readField('float', Math.fround(0.1)), 0.1);
    assert.equal(readField('float', 16_777_216), 16_777_216);
  });

  it('take a logical type that does not fit, or is unknown, for what it sits on', () => {
    assert.equal(readField({ type: 'string', logicalType: 'date' }, 'x'), 'x');
    assert.equal(readField({ type: 'int', logicalType: 'moon-phase' }, 3), 3);
  });

  it('show unions plain, whatever is in them', () => {
    const union = [
      'null',
      'int',
      'long',
      { type: 'record', name: 'A', fields: [{ name: 'x', type: 'int' }] },
    ];
    assert.equal(readField(union, null), null);
    assert.equal(readField(union, { int: 4 }), 4);
    assert.equal(readField(union, { long: 4 }), '4');
    assert.deepEqual(readField(union, { A: { x: 1 } }), { x: 1 });
    const decimal = ['null', { type: 'bytes', logicalType: 'decimal', precision: 6, scale: 2 }];
    assert.equal(readField(decimal, { bytes: Buffer.from([100]) }), '1.00');
  });

  it('go into arrays, maps, enums, fixed and bytes', () => {
    const day = { type: 'int', logicalType: 'date' };
    assert.deepEqual(readField({ type: 'array', items: day }, [0, 1]), ['1970-01-01', '1970-01-02']);
    assert.deepEqual(readField({ type: 'map', values: day }, { a: 0 }), { a: '1970-01-01' });
    assert.equal(readField({ type: 'enum', name: 'E', symbols: ['NEW', 'PAID'] }, 'PAID'), 'PAID');
    assert.equal(readField({ type: 'fixed', name: 'F', size: 3 }, Buffer.from([1, 2, 3])), 'AQID');
    assert.equal(readField('bytes', Buffer.from([255])), '/w==');
  });

  it('follow a type that holds itself', () => {
    const list = {
      type: 'record',
      name: 'List',
      fields: [
        { name: 'at', type: { type: 'int', logicalType: 'date' } },
        { name: 'next', type: ['null', 'List'] },
      ],
    };
    assert.deepEqual(readBack(list, { at: 0, next: { List: { at: 1, next: null } } }), {
      at: '1970-01-01',
      next: { at: '1970-01-02', next: null },
    });
  });

  it('read a schema with defaults, aliases, and names of its own namespace', () => {
    const schema = {
      type: 'record',
      name: 'shop.Order',
      aliases: ['Old'],
      fields: [
        {
          name: 'total',
          type: { type: 'record', name: 'Money', fields: [{ name: 'n', type: 'long', default: 5 }] },
        },
        { name: 'more', type: { type: 'Money' }, doc: 'the same type, wrapped' },
        {
          name: 'state',
          type: { type: 'enum', name: 'State', symbols: ['A', 'B'], default: 'A' },
          default: 'B',
        },
        { name: 'at', type: [{ type: 'long', logicalType: 'timestamp-millis' }, 'null'], default: 0 },
        { name: 'notes', type: { type: 'array', items: 'shop.Money' }, default: [] },
      ],
    };
    const read = createAvroReader(JSON.stringify(schema));
    assert.deepEqual(read(Buffer.from([2, 4, 2, 2, 2, 6, 0])), {
      value: { total: { n: '1' }, more: { n: '2' }, state: 'B', at: null, notes: [{ n: '3' }] },
    });
  });

  it('know the schemas that one refers to, each once, one by way of another', () => {
    const a = { type: 'enum', name: 'shop.Currency', symbols: ['EUR', 'BRL'] };
    const b = { type: 'record', name: 'shop.Money', fields: [{ name: 'in', type: 'shop.Currency' }] };
    const c = {
      type: 'record',
      name: 'shop.Order',
      fields: [{ name: 'paid', type: ['null', 'shop.Money', 'shop.Currency'] }],
    };
    const [currency, money] = [JSON.stringify(a), JSON.stringify(b)];
    const read = createAvroReader(JSON.stringify(c), [currency, money, currency]);
    assert.deepEqual(read(Buffer.from([2, 2])), { value: { paid: { in: 'BRL' } } });
    assert.deepEqual(read(Buffer.from([4, 0])), { value: { paid: 'EUR' } });
  });

  it('know the schemas that one refers to', () => {
    const money = {
      type: 'record',
      name: 'shop.Money',
      fields: [{ name: 'amount', type: { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 3 } }],
    };
    const order = { type: 'record', name: 'shop.Order', fields: [{ name: 'total', type: 'shop.Money' }] };
    const read = createAvroReader(JSON.stringify(order), [JSON.stringify(money)]);
    assert.deepEqual(read(Buffer.from([2, 100])), { value: { total: { amount: '0.100' } } });
  });
});

describe('bytes that do not fit', () => {
  const schema = {
    type: 'record',
    name: 'Order',
    fields: [
      { name: 'no', type: 'string' },
      {
        name: 'total',
        type: {
          type: 'record',
          name: 'Total',
          fields: [
            { name: 'count', type: 'int' },
            { name: 'note', type: ['null', 'string'] },
          ],
        },
      },
    ],
  };
  const whole = Buffer.from([2, 0x41, 10, 2, 4, 0x68, 0x69]);
  const problemOf = (bytes: Uint8Array): string => {
    const reading = createAvroReader(JSON.stringify(schema))(bytes);
    return 'problem' in reading ? reading.problem.reason : '';
  };

  it('say at which field, or what is left over', () => {
    assert.equal(problemOf(whole), '');
    assert.match(problemOf(whole.subarray(0, 1)), /field no$/);
    assert.match(problemOf(whole.subarray(0, 2)), /field total\.count$/);
    assert.match(problemOf(whole.subarray(0, 5)), /field total\.note$/);
    assert.match(problemOf(Buffer.from([2, 0x41, 10, 9])), /field total\.note$/);
    assert.match(problemOf(Buffer.concat([whole, Buffer.from([1, 2])])), /^2 bytes are left over/);
  });

  it('say at which item of a list, or entry of a map', () => {
    const lines = { type: 'array', items: record('string') };
    const read = createAvroReader(JSON.stringify({ type: 'map', values: lines }));
    const fieldOf = (...bytes: number[]): string | undefined => {
      const reading = read(Buffer.from(bytes));
      return 'problem' in reading ? reading.problem.field : 'none';
    };
    assert.equal(fieldOf(2, 2, 0x61, 4, 2, 0x62, 2, 0x63, 0, 0), 'none');
    // The same in blocks that tell their length.
    assert.equal(fieldOf(1, 0, 2, 0x61, 3, 8, 2, 0x62, 2, 0x63, 0, 0), 'none');
    assert.equal(fieldOf(2, 2, 0x61, 4, 2, 0x62, 8, 0x63, 0, 0), '["a"][1].f');
    assert.equal(fieldOf(2, 9), undefined);
  });

  it('are given up at once when they promise more items than there can be', () => {
    for (const items of ['null', 'int', { type: 'array', items: 'null' }]) {
      const read = createAvroReader(JSON.stringify({ type: 'array', items }));
      assert.ok('problem' in read(Buffer.from('feffffffffffffff7f', 'hex')));
      // Two thousand million, which an array can hold.
      assert.ok('problem' in read(Buffer.from('8080808010', 'hex')));
    }
  });

  it('never throw, whatever they are', () => {
    const read = createAvroReader(JSON.stringify(schema));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const reading = read(bytes);
        assert.ok('value' in reading || reading.problem.reason !== '');
      }),
      { numRuns: 1000 },
    );
  });
});

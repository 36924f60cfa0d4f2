import assert from 'node:assert/strict';
import { columnsOf, rowsOf } from '../../../../src/adapters/sql/cells.ts';

const none = Buffer.from([0]);
const int64 = (value: bigint): { buffer: Buffer } => {
  const buffer = Buffer.alloc(8);
  buffer.writeBigInt64BE(value);
  return { buffer };
};

describe('rows of a Thrift column set', () => {
  it('keeps int64 and decimals exact', () => {
    const rows = rowsOf([
      { i64Val: { values: [int64(9223372036854775807n), int64(-9007199254740993n)], nulls: none } },
      { stringVal: { values: ['1234567890123456.78', '-0.10'], nulls: none } },
    ]);
    assert.deepEqual(rows, [
      ['9223372036854775807', '1234567890123456.78'],
      ['-9007199254740993', '-0.10'],
    ]);
  });

  it('reads NULL from the bit mask, across a byte', () => {
    const values = Array.from({ length: 10 }, (_, index) => index);
    const rows = rowsOf([{ i32Val: { values, nulls: Buffer.from([0b0000_0010, 0b0000_0010]) } }]);
    assert.deepEqual(rows.flat(), [0, null, 2, 3, 4, 5, 6, 7, 8, null]);
  });

  it('says NaN and infinities as text, which JSON has no number for', () => {
    const rows = rowsOf([{ doubleVal: { values: [1.5, Number.NaN, -Infinity], nulls: none } }]);
    assert.deepEqual(rows.flat(), [1.5, 'NaN', '-Infinity']);
  });

  it('gives binary as base64', () => {
    assert.deepEqual(rowsOf([{ binaryVal: { values: [Buffer.from([1, 255])], nulls: none } }]), [['Af8=']]);
  });

  it('gives no rows for empty columns', () => {
    assert.deepEqual(rowsOf([{ stringVal: { values: [], nulls: Buffer.alloc(0) } }]), []);
  });
});

describe('columns of a Thrift schema', () => {
  it('orders by position and names decimals with precision and scale', () => {
    const columns = columnsOf([
      { columnName: 'n', position: 2, typeDesc: { types: [{ primitiveEntry: { type: 4 } }] } },
      {
        columnName: 'a.b',
        position: 1,
        typeDesc: {
          types: [
            {
              primitiveEntry: {
                type: 15,
                typeQualifiers: { qualifiers: { precision: { i32Value: 18 }, scale: { i32Value: 2 } } },
              },
            },
          ],
        },
      },
    ]);
    assert.deepEqual(columns, [
      { name: 'a.b', type: 'decimal(18,2)' },
      { name: 'n', type: 'bigint' },
    ]);
  });
});

import assert from 'node:assert/strict';
import { parseAvro } from '../../../../src/core/avroTypes.ts';
import {
  createFieldCollector,
  typedCell,
  type ColumnType,
} from '../../../../src/core/records/columnTypes.ts';

const record = (fields: Readonly<Record<string, unknown>>) =>
  parseAvro(
    JSON.stringify({
      type: 'record',
      name: 'R',
      fields: Object.entries(fields).map(([name, type]) => ({ name, type })),
    }),
  );
const decimal = (precision: number, scale: number) => ({
  type: 'bytes',
  logicalType: 'decimal',
  precision,
  scale,
});

describe('the types of columns', () => {
  it('hold what every version of a schema wrote', () => {
    const fields = createFieldCollector();
    fields.addSchema(
      record({ n: 'int', price: decimal(6, 2), share: 'float', word: 'string', then: decimal(6, 2) }),
    );
    fields.addSchema(
      record({
        n: ['null', 'long'],
        price: decimal(12, 2),
        share: 'double',
        word: 'int',
        then: decimal(6, 3),
        added: 'boolean',
      }),
    );
    assert.deepEqual(Object.fromEntries(fields.types), {
      n: { kind: 'int64' },
      price: { kind: 'decimal', precision: 12, scale: 2 },
      share: { kind: 'double' },
      word: { kind: 'text' },
      then: { kind: 'text' },
      added: { kind: 'boolean' },
    });
  });

  it('are text for a long beside a fraction, which no double holds', () => {
    const fields = createFieldCollector();
    fields.addSchema(record({ n: ['long', 'double'] }));
    assert.deepEqual(fields.types.get('n'), { kind: 'text' });
  });

  it('are no more than a file should have', () => {
    const fields = createFieldCollector();
    for (let at = 0; at < 2000; at++) fields.addValue({ same: at, [`customer ${at}`]: at });
    assert.equal(fields.types.size, 500);
    assert.deepEqual(fields.types.get('same'), { kind: 'int64' });
  });

  it('take a value whole or not at all', () => {
    const cases: readonly [ColumnType, unknown, unknown][] = [
      [{ kind: 'int64' }, '9223372036854775807', 9223372036854775807n],
      [{ kind: 'int64' }, '9223372036854775808', undefined],
      [{ kind: 'decimal', precision: 5, scale: 2 }, '-999.99', -99999n],
      [{ kind: 'decimal', precision: 5, scale: 2 }, '1000.00', undefined],
      [{ kind: 'date' }, '1970-01-02', 1],
      [{ kind: 'date' }, '4000000', undefined],
      [{ kind: 'timestamp', digits: 9, utc: false }, '1970-01-01T00:00:01.000000002', 1_000_000_002n],
      [{ kind: 'timestamp', digits: 9, utc: true }, '2300-01-01T00:00:00.000000000Z', undefined],
      [{ kind: 'time', digits: 6 }, '00:00:01.000002', 1_000_002n],
      [{ kind: 'double' }, 'NaN', NaN],
      [{ kind: 'text' }, { a: 1 }, '{"a":1}'],
      [{ kind: 'json' }, 'x', '"x"'],
      [{ kind: 'boolean' }, null, null],
    ];
    for (const [type, value, cell] of cases)
      assert.deepEqual(typedCell(type, value), cell, JSON.stringify([type, value]));
  });
});

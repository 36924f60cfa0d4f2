/**
 * The column sets of the Hive Thrift protocol (TCLIService.thrift, TColumn), read without loss: hive-driver's own
 * conversion makes binary floats of decimals and int64.
 */
import type { Cell, Column } from '../../core/tables.ts';

interface Values {
  readonly values: readonly unknown[];
  /** Bit i set: row i is NULL. */
  readonly nulls: Uint8Array | string;
}

/** One of the fields is set, by the type of the column. */
export type ThriftColumn = Readonly<Partial<Record<ValueField, Values | null>>>;

const VALUE_FIELDS = [
  'boolVal',
  'byteVal',
  'i16Val',
  'i32Val',
  'i64Val',
  'doubleVal',
  'stringVal',
  'binaryVal',
] as const;
type ValueField = (typeof VALUE_FIELDS)[number];

/** What node-int64, the int64 of the thrift package, offers. */
interface Int64 {
  readonly buffer: Uint8Array;
  readonly offset?: number;
}

function bigintOf(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return value.toString();
  const { buffer, offset = 0 } = value as Int64;
  return Buffer.from(buffer.buffer, buffer.byteOffset + offset, 8)
    .readBigInt64BE()
    .toString();
}

function cellOf(field: ValueField, value: unknown): Cell {
  if (field === 'i64Val') return bigintOf(value);
  if (field === 'binaryVal') return Buffer.from(value as Uint8Array | string).toString('base64');
  // JSON has no NaN and no infinities.
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return value as Cell;
}

/** The rows of a column set; every column holds the same number of values. */
export function rowsOf(columns: readonly ThriftColumn[]): Cell[][] {
  const rows: Cell[][] = [];
  columns.forEach((column, index) => {
    const field = VALUE_FIELDS.find((name) => column[name]);
    if (!field) return;
    const { values, nulls } = column[field] as Values;
    const bits = typeof nulls === 'string' ? Buffer.from(nulls, 'latin1') : nulls;
    values.forEach((value, row) => {
      const isNull = ((bits[row >> 3] ?? 0) & (1 << (row & 7))) !== 0;
      (rows[row] ??= new Array<Cell>(columns.length).fill(null))[index] = isNull
        ? null
        : cellOf(field, value);
    });
  });
  return rows;
}

/** TTypeId of TCLIService.thrift → the name Spark gives the type. */
const TYPE_NAMES: Readonly<Record<number, string>> = {
  0: 'boolean',
  1: 'tinyint',
  2: 'smallint',
  3: 'int',
  4: 'bigint',
  5: 'float',
  6: 'double',
  7: 'string',
  8: 'timestamp',
  9: 'binary',
  10: 'array',
  11: 'map',
  12: 'struct',
  15: 'decimal',
  16: 'void',
  17: 'date',
  18: 'varchar',
  19: 'char',
  20: 'interval year to month',
  21: 'interval day to second',
};

export interface ThriftColumnDescription {
  readonly columnName: string;
  readonly position: number;
  readonly typeDesc: {
    readonly types: readonly {
      readonly primitiveEntry?: {
        readonly type: number;
        readonly typeQualifiers?: {
          readonly qualifiers?: Readonly<Record<string, { readonly i32Value?: number | null }>>;
        } | null;
      } | null;
    }[];
  };
}

/** Name and type of each column, in the order of the column set. */
export function columnsOf(descriptions: readonly ThriftColumnDescription[]): Column[] {
  return [...descriptions]
    .sort((a, b) => a.position - b.position)
    .map(({ columnName, typeDesc }) => {
      const entry = typeDesc.types[0]?.primitiveEntry;
      const name = TYPE_NAMES[entry?.type ?? -1] ?? 'string';
      const qualifiers = entry?.typeQualifiers?.qualifiers;
      const precision = qualifiers?.['precision']?.i32Value;
      const scale = qualifiers?.['scale']?.i32Value;
      const isDecimal = name === 'decimal' && precision != null && scale != null;
      return { name: columnName, type: isDecimal ? `decimal(${precision},${scale})` : name };
    });
}

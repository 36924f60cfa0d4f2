/** Columns of a file with types: what a message's fields hold, by the schemas that wrote them or by what they are. */
import type { AvroType, PrimitiveName } from '../avroTypes.ts';
import { toDays } from '../dates.ts';
import { toUnscaled } from '../decimal.ts';
import { isInt64 } from '../int64.ts';

export type ColumnType =
  | { readonly kind: 'boolean' | 'int32' | 'int64' | 'float' | 'double' | 'text' }
  | { readonly kind: 'bytes' }
  | { readonly kind: 'date' }
  /** What is no scalar, as JSON. */
  | { readonly kind: 'json' }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number }
  /** `digits` of a second: 3, 6 or 9. */
  | { readonly kind: 'time'; readonly digits: number }
  | { readonly kind: 'timestamp'; readonly digits: number; readonly utc: boolean };

/** By the field's name, in their order. */
export type FieldTypes = ReadonlyMap<string, ColumnType>;

/** What a file holds in a cell. */
export type TypedCell = string | number | bigint | boolean | Uint8Array | null;

const TEXT: ColumnType = { kind: 'text' };
const JSON_TEXT: ColumnType = { kind: 'json' };
/** More fields than this are only in the whole value: objects whose names are data have no end of them. */
const MOST_FIELDS = 500;
/** Digits that the usual readers hold exactly. */
const MOST_PRECISION = 38;

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What holds the values of both; text where nothing else does without loss. */
function common(one: ColumnType, other: ColumnType): ColumnType {
  if (JSON.stringify(one) === JSON.stringify(other)) return one;
  if (one.kind === 'decimal' && other.kind === 'decimal' && one.scale === other.scale) {
    return { ...one, precision: Math.max(one.precision, other.precision) };
  }
  const kinds = new Set([one.kind, other.kind]);
  const among = (...allowed: readonly ColumnType['kind'][]): boolean =>
    [...kinds].every((kind) => allowed.includes(kind));
  if (among('int32', 'int64')) return { kind: 'int64' };
  if (among('float', 'double') || among('int32', 'double')) return { kind: 'double' };
  return TEXT;
}

function logicalType({
  kind,
  logical,
}: Extract<AvroType, { kind: 'primitive' | 'fixed' }>): ColumnType | undefined {
  switch (logical?.name) {
    case 'decimal':
      return logical.precision >= 1 &&
        logical.precision <= MOST_PRECISION &&
        logical.scale <= logical.precision
        ? { kind: 'decimal', precision: logical.precision, scale: logical.scale }
        : TEXT;
    case 'date':
      return { kind: 'date' };
    case 'time-millis':
      return { kind: 'time', digits: 3 };
    case 'time-micros':
      return { kind: 'time', digits: 6 };
    case 'timestamp-millis':
    case 'local-timestamp-millis':
      return { kind: 'timestamp', digits: 3, utc: logical.name === 'timestamp-millis' };
    case 'timestamp-micros':
    case 'local-timestamp-micros':
      return { kind: 'timestamp', digits: 6, utc: logical.name === 'timestamp-micros' };
    case 'timestamp-nanos':
    case 'local-timestamp-nanos':
      return { kind: 'timestamp', digits: 9, utc: logical.name === 'timestamp-nanos' };
    case 'big-decimal':
    case 'duration':
      return TEXT;
    case 'uuid':
      return kind === 'fixed' ? TEXT : undefined;
    case undefined:
    default:
      return undefined;
  }
}

const PRIMITIVES: Readonly<Record<PrimitiveName, ColumnType | undefined>> = {
  null: undefined,
  boolean: { kind: 'boolean' },
  int: { kind: 'int32' },
  long: { kind: 'int64' },
  float: { kind: 'float' },
  double: { kind: 'double' },
  bytes: { kind: 'bytes' },
  string: TEXT,
};

/** Undefined: always null. */
function typeOf(type: AvroType): ColumnType | undefined {
  switch (type.kind) {
    case 'record':
    case 'array':
    case 'map':
      return JSON_TEXT;
    case 'enum':
      return TEXT;
    case 'union':
      return type.branches
        .map(typeOf)
        .reduce((one, other) => (one && other ? common(one, other) : (one ?? other)), undefined);
    case 'fixed':
      return logicalType(type) ?? { kind: 'bytes' };
    case 'primitive': {
      const logical = logicalType(type);
      if (logical) return logical;
      return PRIMITIVES[type.name];
    }
  }
}

/** Undefined for a null. */
function guess(value: unknown): ColumnType | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'boolean') return { kind: 'boolean' };
  if (typeof value === 'number') return Number.isSafeInteger(value) ? { kind: 'int64' } : { kind: 'double' };
  return typeof value === 'object' ? JSON_TEXT : TEXT;
}

/** The fields of all messages, as what was learnt of them so far. */
export interface FieldCollector {
  /** Fields of records of this type; of any other type there are none. */
  addSchema(type: AvroType): void;
  /** Fields of a decoded value whose schema says nothing that is known here. */
  addValue(value: unknown): void;
  readonly types: FieldTypes;
}

export function createFieldCollector(): FieldCollector {
  /** Undefined: nothing but nulls were seen. */
  const found = new Map<string, ColumnType | undefined>();
  const merge = (name: string, type: ColumnType | undefined, join: typeof common): void => {
    if (!found.has(name) && found.size >= MOST_FIELDS) return;
    const before = found.get(name);
    found.set(name, before && type ? join(before, type) : (before ?? type));
  };
  /** Whole numbers of JSON are short enough for a double to hold. */
  const widened: typeof common = (one, other) =>
    one.kind !== other.kind && [one, other].every(({ kind }) => kind === 'int64' || kind === 'double')
      ? { kind: 'double' }
      : common(one, other);
  return {
    addSchema: (type) => {
      if (type.kind !== 'record') return;
      for (const field of type.fields) merge(field.name, typeOf(field.type), common);
    },
    addValue: (value) => {
      if (!isObject(value)) return;
      for (const [name, item] of Object.entries(value)) merge(name, guess(item), widened);
    },
    get types() {
      return new Map([...found].map(([name, type]) => [name, type ?? TEXT]));
    },
  };
}

const TIME = /^(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?$/;

/** Units since midnight; undefined for what is no time. */
function timeUnits(text: string, digits: number): bigint | undefined {
  const match = TIME.exec(text);
  if (!match) return undefined;
  const [, hours = '', minutes = '', seconds = '', fraction = ''] = match;
  if (fraction.length > digits) return undefined;
  const whole = BigInt(Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds));
  return whole * 10n ** BigInt(digits) + BigInt(fraction.padEnd(digits, '0') || '0');
}

function timestampUnits(text: string, digits: number, utc: boolean): bigint | undefined {
  const [day = '', rest = ''] = text.split('T');
  if (rest.endsWith('Z') !== utc) return undefined;
  const time = timeUnits(utc ? rest.slice(0, -1) : rest, digits);
  const days = time === undefined ? undefined : daysOf(day);
  return time === undefined || days === undefined
    ? undefined
    : BigInt(days) * 86_400n * 10n ** BigInt(digits) + time;
}

function daysOf(text: string): number | undefined {
  try {
    return toDays(text);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** JSON of what is no scalar; a text stays as it is. */
export const cellJson = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

function decoded(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** Of what is decoded as text; the rest of the types. */
function cellOfText(
  type: Extract<ColumnType, { kind: 'bytes' | 'date' | 'decimal' | 'time' | 'timestamp' }>,
  text: string,
): TypedCell | undefined {
  switch (type.kind) {
    case 'bytes':
      return decoded(text);
    case 'date':
      return daysOf(text);
    case 'decimal': {
      const unscaled = toUnscaled(text, type.scale);
      const most = 10n ** BigInt(type.precision);
      return unscaled === undefined || unscaled >= most || unscaled <= -most ? undefined : unscaled;
    }
    case 'time':
      return timeUnits(text, type.digits);
    case 'timestamp': {
      const units = timestampUnits(text, type.digits, type.utc);
      return units === undefined || BigInt.asIntN(64, units) !== units ? undefined : units;
    }
  }
}

/** The cell of a decoded value; undefined when the type cannot hold it without loss. */
export function typedCell(type: ColumnType, value: unknown): TypedCell | undefined {
  if (value === null || value === undefined) return null;
  switch (type.kind) {
    case 'text':
      return cellJson(value);
    case 'json':
      return JSON.stringify(value);
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'int32':
      return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
    case 'int64': {
      const text = cellJson(value);
      return isInt64(text) ? BigInt(text) : undefined;
    }
    case 'float':
    case 'double':
      // What is no finite number comes as text.
      return Number(value);
    case 'bytes':
    case 'date':
    case 'decimal':
    case 'time':
    case 'timestamp':
      return typeof value === 'string' ? cellOfText(type, value) : undefined;
  }
}

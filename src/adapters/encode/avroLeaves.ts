/** What a person reads of an Avro value without parts, as the value that its bytes hold, and back. */
import type { AvroEnum, AvroFixed, AvroPrimitive } from '../../core/avroTypes.ts';
import { toTwosComplement, toUnscaled } from '../../core/decimal.ts';
import { daysOf, durationOf, unitsOfDay, unitsOfMoment } from '../../core/isoTimes.ts';
import { t } from '../../core/l10n.ts';
import { digitsOf } from '../../core/outgoing.ts';
import { bareValue, logicalOf, type Logical } from '../avroLogical.ts';
import { bufferOf, finite, shortFloat } from '../reading.ts';
import { writeVarint, zigzag } from '../varint.ts';

export type AvroLeaf = AvroPrimitive | AvroFixed | AvroEnum;

export interface Leaf {
  /** In words, for who wrote something else. */
  readonly expects: string;
  /** The value of the bytes: a bigint for a long, a Buffer for bytes; undefined for what it does not take. */
  readonly store: (value: unknown) => unknown;
  /** As the message viewer shows it. */
  readonly show: (stored: unknown) => unknown;
  /** One that the reader knows on this type. */
  readonly logical?: Logical;
}
type Store = Leaf['store'];

const INT_BITS = 32;
const LONG_BITS = 64;
const WHOLE = /^-?\d{1,400}$/;
const NOT_FINITE = new Set(['NaN', 'Infinity', '-Infinity']);
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const fits = (value: bigint, bits: number): boolean => BigInt.asIntN(bits, value) === value;

function whole(value: unknown): bigint | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
  const digits = typeof value === 'string' ? value : digitsOf(value);
  return digits !== undefined && WHOLE.test(digits) ? BigInt(digits) : undefined;
}

/** Base64 as the viewer writes it; undefined for what is none. */
export function bytesOf(value: unknown): Buffer | undefined {
  if (typeof value !== 'string') return undefined;
  const bytes = Buffer.from(value, 'base64');
  return bytes.toString('base64') === value ? bytes : undefined;
}

const same =
  (type: string): Store =>
  (value) =>
    typeof value === type ? value : undefined;
const int: Store = (value) => {
  const found = typeof value === 'string' ? undefined : whole(value);
  return found !== undefined && fits(found, INT_BITS) ? Number(found) : undefined;
};
const long: Store = (value) => {
  const found = whole(value);
  return found !== undefined && fits(found, LONG_BITS) ? found : undefined;
};
const float =
  (round: (value: number) => number): Store =>
  (value) => {
    if (typeof value === 'string') return NOT_FINITE.has(value) ? Number(value) : undefined;
    const digits = digitsOf(value);
    if (digits === undefined) return undefined;
    // Of a number itself, not its digits: those lose the sign of a zero.
    const found = round(typeof value === 'number' ? value : Number(digits));
    // What is too large for it would become Infinity.
    return Number.isFinite(found) ? found : undefined;
  };
const bytes =
  (size?: number): Store =>
  (value) => {
    const found = bytesOf(value);
    return size === undefined || found?.length === size ? found : undefined;
  };

/** Without its logical type, which defaults do not know. */
export function plainLeaf({ name }: AvroPrimitive): Leaf {
  switch (name) {
    case 'null':
      return { expects: 'null', store: (value) => (value === null ? null : undefined), show: bareValue };
    case 'boolean':
      return { expects: t('true or false'), store: same('boolean'), show: bareValue };
    case 'string':
      return { expects: t('text'), store: same('string'), show: bareValue };
    case 'int':
      return { expects: t('a whole number of 32 bits'), store: int, show: bareValue };
    case 'long':
      return { expects: t('a whole number of 64 bits'), store: long, show: bareValue };
    case 'float': {
      const show = (stored: unknown): unknown => shortFloat(stored as number);
      return { expects: t('a number of 32 bits'), store: float(Math.fround), show };
    }
    case 'double': {
      const show = (stored: unknown): unknown => finite(stored as number);
      return { expects: t('a number'), store: float(Number), show };
    }
    case 'bytes':
      return { expects: t('bytes in base64'), store: bytes(), show: bareValue };
  }
}

const decimalDigits = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : digitsOf(value);

function decimal({ precision, scale }: { precision: number; scale: number }, size?: number): Store {
  return (value) => {
    const digits = decimalDigits(value);
    const unscaled = digits === undefined ? undefined : toUnscaled(digits, scale);
    if (unscaled === undefined) return undefined;
    if (precision > 0 && unscaled.toString().replace('-', '').length > precision) return undefined;
    const shortest = toTwosComplement(unscaled);
    if (size === undefined) return bufferOf(shortest);
    if (shortest.length > size) return undefined;
    const filled = Buffer.alloc(size, unscaled < 0n ? 0xff : 0);
    filled.set(shortest, size - shortest.length);
    return filled;
  };
}

const bigDecimal: Store = (value) => {
  const digits = decimalDigits(value);
  const scale = /\.(\d*)$/.exec(digits ?? '')?.[1]?.length ?? 0;
  const unscaled = digits === undefined ? undefined : toUnscaled(digits, scale);
  if (unscaled === undefined) return undefined;
  const number = toTwosComplement(unscaled);
  return Buffer.concat([
    writeVarint(zigzag(BigInt(number.length))),
    number,
    writeVarint(zigzag(BigInt(scale))),
  ]);
};

/** A text that `count` understands, else the number that the bytes hold: the viewer shows so what no text reaches. */
const counted =
  (count: (text: string) => bigint | number | undefined, plain: Store): Store =>
  (value) => {
    const units = typeof value === 'string' ? count(value) : undefined;
    return plain(units ?? value);
  };

const duration: Store = (value) => {
  const found = typeof value === 'string' ? durationOf(value) : undefined;
  if (!found) return undefined;
  const held = Buffer.alloc(12);
  [found.months, found.days, found.ms].forEach((part, index) => held.writeUInt32LE(part, index * 4));
  return held;
};

const uuidText: Store = (value) => (typeof value === 'string' && UUID.test(value) ? value : undefined);
const uuidBytes: Store = (value) =>
  uuidText(value) === undefined ? undefined : Buffer.from(String(value).replaceAll('-', ''), 'hex');

const DIGITS: Readonly<Record<string, number>> = { millis: 3, micros: 6, nanos: 9 };

function logicalStore(type: AvroPrimitive | AvroFixed): Pick<Leaf, 'expects' | 'store'> {
  const { precision = 0, scale = 0, name = '' } = type.logical ?? {};
  const size = type.kind === 'fixed' ? type.size : undefined;
  const digits = DIGITS[name.split('-').at(-1) ?? ''] ?? 0;
  const plain = type.name === 'int' ? int : long;
  switch (name) {
    case 'decimal': {
      const expects = t('a decimal of at most {0} digits, {1} of them after the point', precision, scale);
      return { expects, store: decimal({ precision, scale }, size) };
    }
    case 'big-decimal':
      return { expects: t('a decimal'), store: bigDecimal };
    case 'duration':
      return { expects: t('a duration as P1M2DT3.5S'), store: duration };
    case 'uuid':
      return { expects: t('a UUID'), store: uuidBytes };
    case 'date':
      return { expects: t('a date as 2026-01-31'), store: counted(daysOf, plain) };
    case 'time-millis':
    case 'time-micros': {
      const expects = t('a time as 12:30:00, with at most {0} digits after the point', digits);
      return { expects, store: counted((text) => unitsOfDay(text, digits), plain) };
    }
  }
  const zone = !name.startsWith('local-');
  const expects = zone
    ? t('a time as 2026-01-31T12:30:00Z, with at most {0} digits after the point', digits)
    : t('a time without a zone as 2026-01-31T12:30:00, with at most {0} digits after the point', digits);
  return { expects, store: counted((text) => unitsOfMoment(text, digits, zone), plain) };
}

function build(type: AvroLeaf): Leaf {
  if (type.kind === 'enum') {
    const store: Store = (value) =>
      typeof value === 'string' && type.symbols.includes(value) ? value : undefined;
    return { expects: t('one of {0}', type.symbols.join(', ')), store, show: bareValue };
  }
  const bare: Leaf =
    type.kind === 'fixed'
      ? { expects: t('{0} bytes in base64', type.size), store: bytes(type.size), show: bareValue }
      : plainLeaf(type);
  if (!type.logical) return bare;
  const base = type.kind === 'fixed' ? 'fixed' : type.name;
  const { name, precision, scale } = type.logical;
  const size = type.kind === 'fixed' ? { size: type.size } : {};
  const logical = logicalOf(
    { logicalType: name, precision, scale, ...size },
    base === 'long' ? 'abstract:long' : base,
  );
  if (logical) {
    const show = (stored: unknown): unknown => logical.readable(stored) ?? bareValue(stored);
    return { ...logicalStore(type), show, logical };
  }
  return name === 'uuid' && base === 'string' ? { ...bare, expects: t('a UUID'), store: uuidText } : bare;
}

const known = new WeakMap<AvroLeaf, Leaf>();

export function leafOf(type: AvroLeaf): Leaf {
  const made = known.get(type) ?? build(type);
  known.set(type, made);
  return made;
}

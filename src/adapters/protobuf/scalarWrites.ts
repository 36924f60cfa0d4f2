/** The scalar types of Protobuf as documents hold them, and how each is written. */
import type { Writer } from 'protobufjs';
import { t } from '../../core/l10n.ts';
import { digitsOf } from '../../core/outgoing.ts';

export interface ScalarWrite {
  /** In words, for who wrote something else. */
  readonly expects: () => string;
  /** Undefined for what it does not take; a number of 64 bits is a bigint. */
  readonly hold: (value: unknown) => unknown;
  readonly write: (writer: Writer, held: unknown) => void;
}

const WHOLE = /^-?\d{1,40}$/;
const NOT_FINITE = new Set(['NaN', 'Infinity', '-Infinity']);

/** JSON writes whole numbers of any size as text too. */
function whole(value: unknown): bigint | undefined {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : undefined;
  const digits = typeof value === 'string' ? value : digitsOf(value);
  return digits !== undefined && WHOLE.test(digits) ? BigInt(digits) : undefined;
}

function within(least: bigint, most: bigint): (value: unknown) => bigint | undefined {
  return (value) => {
    const found = whole(value);
    return found !== undefined && found >= least && found <= most ? found : undefined;
  };
}
const int32 = within(-(2n ** 31n), 2n ** 31n - 1n);
const uint32 = within(0n, 2n ** 32n - 1n);
const int64 = within(-(2n ** 63n), 2n ** 63n - 1n);
const uint64 = within(0n, 2n ** 64n - 1n);

type Method<T> = (writer: Writer, value: T) => unknown;
interface Halves {
  readonly low: number;
  readonly high: number;
  readonly unsigned: boolean;
}

const small = (range: typeof int32, method: Method<number>, expects: () => string): ScalarWrite => ({
  expects,
  hold: (value) => {
    const found = range(value);
    return found === undefined ? undefined : Number(found);
  },
  write: (writer, held) => void method(writer, held as number),
});
const large = (range: typeof int64, method: Method<Halves>, expects: () => string): ScalarWrite => ({
  expects,
  hold: range,
  write: (writer, held) => {
    const bits = BigInt.asUintN(64, held as bigint);
    const [low, high] = [Number(bits & 0xffff_ffffn), Number(bits >> 32n)];
    method(writer, { low, high, unsigned: false });
  },
});
const float = (round: (value: number) => number, method: Method<number>): ScalarWrite => ({
  expects: () => t('a number'),
  hold: (value) => {
    if (typeof value === 'string' && NOT_FINITE.has(value)) return Number(value);
    const digits = digitsOf(value);
    if (digits === undefined) return undefined;
    const found = round(typeof value === 'number' ? value : Number(digits));
    return Number.isFinite(found) ? found : undefined;
  },
  write: (writer, held) => void method(writer, held as number),
});

/** Base64 of either alphabet, with or without its end. */
function bytes(value: unknown): Buffer | undefined {
  return typeof value === 'string' && /^[A-Za-z0-9+/_-]*={0,2}$/.test(value)
    ? Buffer.from(value, 'base64')
    : undefined;
}

const bits =
  (count: number): (() => string) =>
  () =>
    t('a whole number of {0} bits', count);
const natural =
  (count: number): (() => string) =>
  () =>
    t('a whole number of {0} bits from 0', count);

export const SCALAR_WRITES: Readonly<Record<string, ScalarWrite>> = {
  double: float(Number, (writer, value) => writer.double(value)),
  float: float(Math.fround, (writer, value) => writer.float(value)),
  int32: small(int32, (writer, value) => writer.int32(value), bits(32)),
  sint32: small(int32, (writer, value) => writer.sint32(value), bits(32)),
  sfixed32: small(int32, (writer, value) => writer.sfixed32(value), bits(32)),
  uint32: small(uint32, (writer, value) => writer.uint32(value), natural(32)),
  fixed32: small(uint32, (writer, value) => writer.fixed32(value), natural(32)),
  int64: large(int64, (writer, value) => writer.int64(value), bits(64)),
  sint64: large(int64, (writer, value) => writer.sint64(value), bits(64)),
  sfixed64: large(int64, (writer, value) => writer.sfixed64(value), bits(64)),
  uint64: large(uint64, (writer, value) => writer.uint64(value), natural(64)),
  fixed64: large(uint64, (writer, value) => writer.fixed64(value), natural(64)),
  bool: {
    expects: () => t('true or false'),
    hold: (value) => (typeof value === 'boolean' ? value : undefined),
    write: (writer, held) => void writer.bool(held as boolean),
  },
  string: {
    expects: () => t('text'),
    hold: (value) => (typeof value === 'string' ? value : undefined),
    write: (writer, held) => void writer.string(held as string),
  },
  bytes: {
    expects: () => t('bytes in base64'),
    hold: bytes,
    write: (writer, held) => void writer.bytes(held as Buffer),
  },
};

/** An enum by name or number. */
export function enumWrite(values: Readonly<Record<string, number>>): ScalarWrite {
  return {
    expects: () => t('one of {0}', Object.keys(values).join(', ')),
    hold: (value) => {
      if (typeof value === 'string') return Object.hasOwn(values, value) ? values[value] : undefined;
      const found = int32(value);
      return found === undefined ? undefined : Number(found);
    },
    write: (writer, held) => void writer.int32(held as number),
  };
}

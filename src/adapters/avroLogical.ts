/** The logical types of Avro, from https://avro.apache.org/docs/1.12.0/specification/#logical-types */
import { fromDays, timeOfDay, timestamp } from '../core/dates.ts';
import { fromTwosComplement, fromUnscaled } from '../core/decimal.ts';
import { remember } from '../core/remember.ts';
import { readVarint, unzigzag } from './varint.ts';
import { base64, bufferOf, hex } from './reading.ts';

export type LogicalSchema = Readonly<Record<string, unknown>> & { readonly logicalType: string };

export interface Logical {
  /** With what it was given: `decimal(10,2)`. */
  readonly name: string;
  /** What a person reads; undefined for a value that the logical type does not reach, which is then shown as it is. */
  readonly readable: (value: unknown) => string | undefined;
  readonly unscaled?: (value: unknown) => string;
}

type Readable = Logical['readable'];

const DAY_SECONDS = 86_400n;
const MOST_SCALE = 10_000;
const dateOf = remember(fromDays);
const count = (value: unknown): bigint => BigInt(value as bigint | number);

/** Days and moments beyond the years that a date can have are shown as the numbers that they are. */
function within(make: Readable): Readable {
  return (value) => {
    try {
      return make(value);
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  };
}

const time = (digits: number): Readable => {
  const day = DAY_SECONDS * 10n ** BigInt(digits);
  return (value) => {
    const units = count(value);
    return units >= 0n && units < day ? timeOfDay(units, digits) : undefined;
  };
};
const instant = (digits: number): Readable => within((value) => `${timestamp(count(value), digits)}Z`);
const localTime = (digits: number): Readable => within((value) => timestamp(count(value), digits));

/** Months, days and milliseconds, each unsigned in four little-endian bytes, as ISO 8601 has them. */
function duration(value: unknown): string {
  const bytes = bufferOf(value as Uint8Array);
  const [months, days, ms] = [bytes.readUInt32LE(0), bytes.readUInt32LE(4), bytes.readUInt32LE(8)];
  const seconds = fromUnscaled(BigInt(ms), 3);
  const parts = [
    months > 0 ? `${months}M` : '',
    days > 0 ? `${days}D` : '',
    ms > 0 || months + days === 0 ? `T${seconds}S` : '',
  ];
  return `P${parts.join('')}`;
}

/** Bytes and scale are written inside the bytes, each as Avro writes it. */
function bigDecimal(value: unknown): { readonly unscaled: bigint; readonly scale: number } | undefined {
  const bytes = bufferOf(value as Uint8Array);
  const length = readVarint(bytes, 0);
  if (!length) return undefined;
  const end = length.next + Number(unzigzag(length.value));
  const scale = end <= bytes.length ? readVarint(bytes, end) : undefined;
  if (end < length.next || scale?.next !== bytes.length) return undefined;
  const power = Number(unzigzag(scale.value));
  if (Math.abs(power) > MOST_SCALE) return undefined;
  return { unscaled: fromTwosComplement(bytes.subarray(length.next, end)), scale: power };
}

/** A scale below 0 counts the zeros before the point. */
function decimalText(unscaled: bigint, scale: number): string {
  return scale >= 0 ? fromUnscaled(unscaled, scale) : (unscaled * 10n ** BigInt(-scale)).toString();
}

function uuid(value: unknown): string {
  const digits = bufferOf(value as Uint8Array).toString('hex');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/**
 * How a logical type reads; undefined for one that is unknown or sits on the wrong type: then it is ignored.
 * `typeName` is avsc's, with its name for the longs that keep every digit.
 */
export function logicalOf(schema: LogicalSchema, typeName: string): Logical | undefined {
  const { logicalType: name, precision, scale = 0, size } = schema;
  switch (`${name}:${typeName}`) {
    case 'decimal:bytes':
    case 'decimal:fixed': {
      const digits = Number(scale);
      if (!Number.isInteger(digits) || digits < 0 || digits > MOST_SCALE) return undefined;
      return {
        name: `decimal(${String(precision)},${digits})`,
        readable: (value) => fromUnscaled(fromTwosComplement(value as Uint8Array), digits),
        unscaled: (value) => fromTwosComplement(value as Uint8Array).toString(),
      };
    }
    case 'big-decimal:bytes':
      return {
        name,
        readable: (value) => {
          const found = bigDecimal(value);
          return found && decimalText(found.unscaled, found.scale);
        },
        unscaled: (value) => bigDecimal(value)?.unscaled.toString() ?? '',
      };
    case 'date:int':
      return { name, readable: within((value) => dateOf(value as number)) };
    case 'time-millis:int':
      return { name, readable: time(3) };
    case 'time-micros:abstract:long':
      return { name, readable: time(6) };
    case 'timestamp-millis:abstract:long':
      return { name, readable: instant(3) };
    case 'timestamp-micros:abstract:long':
      return { name, readable: instant(6) };
    case 'timestamp-nanos:abstract:long':
      return { name, readable: instant(9) };
    case 'local-timestamp-millis:abstract:long':
      return { name, readable: localTime(3) };
    case 'local-timestamp-micros:abstract:long':
      return { name, readable: localTime(6) };
    case 'local-timestamp-nanos:abstract:long':
      return { name, readable: localTime(9) };
    case 'duration:fixed':
      return size === 12 ? { name, readable: duration } : undefined;
    case 'uuid:fixed':
      return size === 16 ? { name, readable: uuid } : undefined;
    default:
      return undefined;
  }
}

/** A value as its bytes hold it: a number's digits, bytes as `0x…`. */
export const underlyingText = (value: unknown): string =>
  value instanceof Uint8Array ? hex(value) : String(value);
/** A value as the document shows it without its logical type. */
export const bareValue = (value: unknown): unknown =>
  value instanceof Uint8Array ? base64(value) : typeof value === 'bigint' ? value.toString() : value;

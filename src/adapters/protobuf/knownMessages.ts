/** Messages that JSON writes in a form of their own: https://protobuf.dev/programming-guides/json/ */
import { timestamp } from '../../core/dates.ts';
import { fromTwosComplement, fromUnscaled } from '../../core/decimal.ts';
import { hex } from '../reading.ts';

export interface Known {
  readonly value: unknown;
  /** Where the document does not show what the bytes hold. */
  readonly note?: { readonly type?: string; readonly underlying: string; readonly unscaled?: string };
}

/** Takes the message's fields as the document shows them; undefined: it stays the message that it is. */
type Shape = (fields: Readonly<Record<string, unknown>>) => Known | undefined;

const NANOS = 1_000_000_000n;
/** 0001-01-01 to 9999-12-31, beyond which JSON has no form. */
const FIRST_SECOND = -62_135_596_800n;
const END_SECOND = 253_402_300_800n;

interface Moment {
  readonly seconds: bigint;
  readonly nanos: bigint;
  readonly underlying: string;
}
function momentOf({ seconds, nanos }: Readonly<Record<string, unknown>>): Moment {
  return {
    seconds: BigInt(String(seconds)),
    nanos: BigInt(String(nanos)),
    underlying: `seconds ${String(seconds)}, nanos ${String(nanos)}`,
  };
}
/** Of nine digits none, three, six or all. */
const shortFraction = (text: string): string => text.replace(/\.?(000){1,3}$/, '');

const timestampShape: Shape = (fields) => {
  const { seconds, nanos, underlying } = momentOf(fields);
  if (seconds < FIRST_SECOND || seconds >= END_SECOND || nanos < 0n || nanos >= NANOS) return undefined;
  return { value: `${shortFraction(timestamp(seconds * NANOS + nanos, 9))}Z`, note: { underlying } };
};

const durationShape: Shape = (fields) => {
  const { seconds, nanos, underlying } = momentOf(fields);
  // Both have the same sign.
  if (nanos <= -NANOS || nanos >= NANOS || seconds * nanos < 0n) return undefined;
  return { value: `${shortFraction(fromUnscaled(seconds * NANOS + nanos, 9))}s`, note: { underlying } };
};

const camelCase = (path: string): string =>
  path.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

const onlyValue: Shape = ({ value }) => ({ value });
const bytesOf = (base64Text: unknown): Buffer => Buffer.from(String(base64Text), 'base64');

const decimalShape: Shape = ({ value, precision, scale }) => {
  const digits = Number(scale);
  if (!Number.isInteger(digits) || digits < 0 || digits > 10_000) return undefined;
  const bytes = bytesOf(value);
  const unscaled = fromTwosComplement(bytes);
  const type = `decimal(${Number(precision) > 0 ? String(precision) : '?'},${digits})`;
  return {
    value: fromUnscaled(unscaled, digits),
    note: { type, underlying: hex(bytes), unscaled: unscaled.toString() },
  };
};

const SHAPES = new Map<string, Shape>([
  ['google.protobuf.Timestamp', timestampShape],
  ['google.protobuf.Duration', durationShape],
  [
    'google.protobuf.FieldMask',
    ({ paths = [] }) => ({ value: (paths as readonly string[]).map(camelCase).join(',') }),
  ],
  ['google.protobuf.Struct', ({ fields = {} }) => ({ value: fields })],
  ['google.protobuf.ListValue', ({ values = [] }) => ({ value: values })],
  [
    'google.protobuf.Value',
    (fields) => {
      const [name, value] = Object.entries(fields)[0] ?? [];
      return { value: name === undefined || name === 'null_value' ? null : value };
    },
  ],
  ['confluent.type.Decimal', decimalShape],
]);
for (const name of ['Double', 'Float', 'Int32', 'UInt32', 'Bool', 'String']) {
  SHAPES.set(`google.protobuf.${name}Value`, onlyValue);
}
for (const name of ['Int64', 'UInt64']) {
  SHAPES.set(`google.protobuf.${name}Value`, ({ value }) => ({ value, note: { underlying: String(value) } }));
}
SHAPES.set('google.protobuf.BytesValue', ({ value }) => ({
  value,
  note: { underlying: hex(bytesOf(value)) },
}));

/** The form of a message by its full name; undefined for one that has none of its own. */
export const knownShape = (name: string): Shape | undefined => SHAPES.get(name);

/** Messages that JSON writes in a form of their own, taken apart into their fields: the other way of knownMessages.ts. */
import { toTwosComplement, toUnscaled } from '../../core/decimal.ts';
import { unitsOfMoment } from '../../core/isoTimes.ts';
import { t } from '../../core/l10n.ts';
import { digitsOf } from '../../core/outgoing.ts';
import { base64 } from '../reading.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface KnownDocument {
  /** In words, for who wrote something else. */
  readonly expects: () => string;
  /** The fields as a document; undefined for what it does not take. */
  readonly fields: (value: unknown) => Fields | undefined;
}

const NANOS = 1_000_000_000n;

function moment(value: unknown): Fields | undefined {
  const units = typeof value === 'string' ? unitsOfMoment(value, 9, true) : undefined;
  if (units === undefined) return undefined;
  const nanos = ((units % NANOS) + NANOS) % NANOS;
  return { seconds: ((units - nanos) / NANOS).toString(), nanos: Number(nanos) };
}

function duration(value: unknown): Fields | undefined {
  const digits = typeof value === 'string' ? /^([+-]?\d+(?:\.\d{1,9})?)s$/.exec(value)?.[1] : undefined;
  const units = digits === undefined ? undefined : toUnscaled(digits, 9);
  return units === undefined
    ? undefined
    : { seconds: (units / NANOS).toString(), nanos: Number(units % NANOS) };
}

const snakeCase = (path: string): string => path.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
function fieldMask(value: unknown): Fields | undefined {
  if (typeof value !== 'string') return undefined;
  return { paths: value === '' ? [] : value.split(',').map(snakeCase) };
}

function anyValue(value: unknown): Fields | undefined {
  if (value === null) return { null_value: 0 };
  if (typeof value === 'string') return { string_value: value };
  if (typeof value === 'boolean') return { bool_value: value };
  if (digitsOf(value) !== undefined) return { number_value: value };
  if (Array.isArray(value)) return { list_value: value };
  return typeof value === 'object' ? { struct_value: value } : undefined;
}

function decimal(value: unknown): Fields | undefined {
  const digits = typeof value === 'string' ? value : digitsOf(value);
  const scale = /\.(\d*)$/.exec(digits ?? '')?.[1]?.length ?? 0;
  const unscaled = digits === undefined ? undefined : toUnscaled(digits, scale);
  if (unscaled === undefined) return undefined;
  const precision = unscaled.toString().replace('-', '').length;
  return { value: base64(toTwosComplement(unscaled)), precision, scale };
}

const WRAPPED = ['Double', 'Float', 'Int64', 'UInt64', 'Int32', 'UInt32', 'Bool', 'String', 'Bytes'];

const DOCUMENTS = new Map<string, KnownDocument>([
  [
    'google.protobuf.Timestamp',
    {
      expects: () => t('a time as 2026-01-31T12:30:00Z, with at most {0} digits after the point', 9),
      fields: moment,
    },
  ],
  ['google.protobuf.Duration', { expects: () => t('a duration in seconds, as 1.5s'), fields: duration }],
  [
    'google.protobuf.FieldMask',
    { expects: () => t('names of fields with commas between'), fields: fieldMask },
  ],
  [
    'google.protobuf.Struct',
    {
      expects: () => t('an object'),
      fields: (value) =>
        typeof value === 'object' && value !== null && !Array.isArray(value) ? { fields: value } : undefined,
    },
  ],
  [
    'google.protobuf.ListValue',
    {
      expects: () => t('a list'),
      fields: (value) => (Array.isArray(value) ? { values: value } : undefined),
    },
  ],
  ['google.protobuf.Value', { expects: () => t('any value'), fields: anyValue }],
  ['confluent.type.Decimal', { expects: () => t('a decimal'), fields: decimal }],
  ...WRAPPED.map((name): [string, KnownDocument] => [
    `google.protobuf.${name}Value`,
    {
      expects: () => t('a value of its type'),
      // The field inside says what it takes.
      fields: (value) => (typeof value === 'object' ? undefined : { value }),
    },
  ]),
]);

/** By the message's full name; undefined for one that has no form of its own. */
export const knownDocument = (name: string): KnownDocument | undefined => DOCUMENTS.get(name);

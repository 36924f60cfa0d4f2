/** The scalar types of Protobuf, and what a person reads of them: https://protobuf.dev/programming-guides/json/ */
import { base64, finite, hex, shortFloat } from '../reading.ts';
import { unzigzag } from '../varint.ts';
import { BYTES, FIXED32, FIXED64, Unfit, VARINT, type WireReader } from './wire.ts';

export interface Scalar {
  readonly wire: number;
  /** What the bytes hold: bigint for 64 bits, a Buffer for bytes. */
  readonly read: (reader: WireReader) => unknown;
  readonly plain: (held: unknown) => unknown;
  /** What an unset field of proto3 holds. */
  readonly zero: unknown;
  /** The other form, where the document does not show it. */
  readonly underlying?: (held: unknown) => string;
}

const REPLACEMENT = '\ufffd';
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function text(reader: WireReader): string {
  const bytes = reader.bytes();
  const read = bytes.toString('utf8');
  if (!read.includes(REPLACEMENT)) return read;
  try {
    return strict.decode(bytes);
  } catch {
    throw new Unfit('utf8');
  }
}

const asIs = (held: unknown): unknown => held;
const number32 = (wire: number, read: (reader: WireReader) => number): Scalar => ({
  wire,
  read,
  plain: asIs,
  zero: 0,
});
/** JSON holds these as text, so that every digit stays. */
const number64 = (wire: number, read: (reader: WireReader) => bigint): Scalar => ({
  wire,
  read,
  plain: String,
  zero: '0',
  underlying: String,
});

export const SCALARS: Readonly<Record<string, Scalar>> = {
  double: {
    wire: FIXED64,
    read: (reader) => reader.take(8).readDoubleLE(),
    plain: (held) => finite(held as number),
    zero: 0,
  },
  float: {
    wire: FIXED32,
    read: (reader) => reader.take(4).readFloatLE(),
    plain: (held) => shortFloat(held as number),
    zero: 0,
  },
  int32: number32(VARINT, (reader) => reader.varint32() | 0),
  uint32: number32(VARINT, (reader) => reader.varint32()),
  sint32: number32(VARINT, (reader) => {
    const value = reader.varint32();
    return (value >>> 1) ^ -(value & 1);
  }),
  fixed32: number32(FIXED32, (reader) => reader.take(4).readUInt32LE()),
  sfixed32: number32(FIXED32, (reader) => reader.take(4).readInt32LE()),
  int64: number64(VARINT, (reader) => BigInt.asIntN(64, reader.varint())),
  uint64: number64(VARINT, (reader) => reader.varint()),
  sint64: number64(VARINT, (reader) => unzigzag(reader.varint())),
  fixed64: number64(FIXED64, (reader) => reader.take(8).readBigUInt64LE()),
  sfixed64: number64(FIXED64, (reader) => reader.take(8).readBigInt64LE()),
  bool: { wire: VARINT, read: (reader) => reader.varint() !== 0n, plain: asIs, zero: false },
  string: { wire: BYTES, read: text, plain: asIs, zero: '' },
  bytes: {
    wire: BYTES,
    read: (reader) => reader.bytes(),
    plain: (held) => base64(held as Buffer),
    zero: '',
    underlying: (held) => hex(held as Buffer),
  },
};

/** An enum by name; a number that has none stays a number. */
export function enumScalar(names: Readonly<Record<number, string>>, first: number): Scalar {
  const plain = (held: unknown): unknown => names[held as number] ?? held;
  return {
    wire: VARINT,
    read: (reader) => reader.varint32() | 0,
    plain,
    zero: plain(first),
    underlying: String,
  };
}

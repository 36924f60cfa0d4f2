/** Whole numbers in base 128, the lowest seven bits first, as Avro and Protobuf write them. */

const MOST_BYTES = 10;

/** The number without a sign, and where it ends; undefined when the bytes end before it does. */
export function readVarint(
  bytes: Uint8Array,
  at: number,
): { readonly value: bigint; readonly next: number } | undefined {
  // Nearly all are short, and a number is much quicker than a bigint.
  let low = 0;
  let value = 0n;
  for (let index = 0; index < MOST_BYTES; index += 1) {
    const byte = bytes[at + index];
    if (byte === undefined) return undefined;
    if (index < 4) low |= (byte & 0x7f) << (7 * index);
    else value |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte < 0x80) return { value: BigInt.asUintN(64, value | BigInt(low)), next: at + index + 1 };
  }
  return undefined;
}

/** The signed number that zigzag stands for: 0, -1, 1, -2 … */
export const unzigzag = (value: bigint): bigint => (value >> 1n) ^ -(value & 1n);

export const zigzag = (value: bigint): bigint => BigInt.asUintN(64, (value << 1n) ^ (value >> 63n));

/** `value` without a sign. */
export function writeVarint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

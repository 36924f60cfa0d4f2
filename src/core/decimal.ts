/** Decimals as exact text and as unscaled integers; never a binary float. */

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?$/;

/**
 * The unscaled value of a decimal text at a scale: `"10.6"` at 2 is 1060n. Undefined when the text is no plain
 * decimal or has more digits after the point than the scale.
 */
export function toUnscaled(text: string, scale: number): bigint | undefined {
  const match = DECIMAL.exec(text);
  if (!match) return undefined;
  const [, sign, whole = '', fraction = ''] = match;
  if (whole.length + fraction.length === 0 || fraction.length > scale) return undefined;
  const magnitude = BigInt(whole + fraction.padEnd(scale, '0'));
  return sign === '-' ? -magnitude : magnitude;
}

/** The text of an unscaled value with exactly `scale` digits after the point: 1060n at 2 is `"10.60"`. */
export function fromUnscaled(unscaled: bigint, scale: number): string {
  const sign = unscaled < 0n ? '-' : '';
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  if (scale === 0) return sign + digits;
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Two's complement, big-endian, as short as possible: how Avro holds a decimal. */
export function toTwosComplement(value: bigint): Uint8Array {
  let length = 1;
  while (BigInt.asIntN(length * 8, value) !== value) length += 1;
  const bytes = new Uint8Array(length);
  let rest = BigInt.asUintN(length * 8, value);
  for (let index = length - 1; index >= 0; index -= 1) {
    bytes[index] = Number(rest & 0xffn);
    rest >>= 8n;
  }
  return bytes;
}

/** The integer that bytes in two's complement hold, big-endian; no bytes are 0. */
export function fromTwosComplement(bytes: Uint8Array): bigint {
  // By its text, in one step: shifting byte by byte would copy a long number for each.
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${text || '0'}`));
}

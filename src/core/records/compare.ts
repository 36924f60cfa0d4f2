/** Order of texts that may be numbers: exact at any length, which JavaScript's own numbers are not. */

const NUMBER = /^([+-]?)(\d+)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/;

interface Exact {
  readonly digits: bigint;
  /** Digits after the point; none is negative. */
  readonly scale: number;
}

function exact(text: string): Exact | undefined {
  const match = NUMBER.exec(text);
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const magnitude = BigInt(whole + fraction);
  const digits = sign === '-' ? -magnitude : magnitude;
  const scale = fraction.length - Number(exponent);
  return scale < 0 ? { digits: digits * 10n ** BigInt(-scale), scale: 0 } : { digits, scale };
}

const order = <T>(one: T, other: T): number => (one < other ? -1 : one > other ? 1 : 0);

/** Numbers by their value (`12.50` is `12.5`), before all other texts, which go by their characters. */
export function compareTexts(one: string, other: string): number {
  const left = exact(one);
  const right = exact(other);
  if (!left || !right) return left ? -1 : right ? 1 : order(one, other);
  const scale = Math.max(left.scale, right.scale);
  const grown = ({ digits, scale: own }: Exact): bigint => digits * 10n ** BigInt(scale - own);
  return order(grown(left), grown(right));
}

export const isNumber = (text: string): boolean => NUMBER.test(text);

/** A plain number of at most 15 digits, which JavaScript's own hold apart and in order; NaN for any other text. */
export function shortNumber(text: string): number {
  return text.length <= 17 && /^[+-]?(?=(?:\d\.?){1,15}$)\d+(?:\.\d*)?$/.test(text) ? Number(text) : NaN;
}

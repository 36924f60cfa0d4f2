/** Kafka's numbers as text: a JavaScript number holds only the smaller half of them. */
export const MOST_INT64 = 2n ** 63n - 1n;

/** Whether a text is a whole number that Kafka can hold. */
export function isInt64(text: string): boolean {
  if (!/^-?\d{1,19}$/.test(text)) return false;
  const value = BigInt(text);
  return value <= MOST_INT64 && value >= -MOST_INT64 - 1n;
}

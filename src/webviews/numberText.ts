/** Numbers as a person types them. */

/** A whole number, with or without separators of thousands; undefined when it is none of the range. */
export function wholeOf(text: string, least: number, most: number): number | undefined {
  if (!/^(\d{1,16}|\d{1,3}([\s.,_]\d{3}){1,5})$/.test(text.trim())) return undefined;
  const value = Number(text.replace(/\D/g, ''));
  return value >= least && value <= most ? value : undefined;
}

/** A share in percent, as in `0.5`, `0,5` or `5 %`; in [0, 1]. */
export function shareOf(text: string): number | undefined {
  const [, digits] = /^\s*(\d+(?:[.,]\d*)?|[.,]\d+)\s*%?\s*$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const percent = Number(digits.replace(',', '.'));
  return percent <= 100 ? Number((percent / 100).toPrecision(12)) : undefined;
}

/** Without the noise of binary fractions. */
export const percentText = (share: number): string => String(Number((share * 100).toPrecision(10)));

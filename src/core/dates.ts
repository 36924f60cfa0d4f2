/** Dates and times as Avro counts them and as ISO text. */

const DAY_MS = 86_400_000;

function utc(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? date.getTime() : undefined;
}

/** `YYYY-MM-DD` of a day of the calendar that is there; else undefined. */
export function isoDate(year: number, month: number, day: number): string | undefined {
  if (year < 1 || year > 9999 || month < 1 || month > 12) return undefined;
  const ms = utc(year, month, day);
  return ms === undefined ? undefined : new Date(ms).toISOString().slice(0, 10);
}

/** Days since 1970-01-01 of an ISO date. Throws RangeError when it is none. */
export function toDays(iso: string): number {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(iso);
  const ms = match ? utc(Number(match[1]), Number(match[2]), Number(match[3])) : undefined;
  if (ms === undefined) throw new RangeError(`no date: ${iso}`);
  return ms / DAY_MS;
}

/** The ISO date of days since 1970-01-01. Throws RangeError beyond the years that a date can have. */
export function fromDays(days: number): string {
  const iso = new Date(days * DAY_MS).toISOString();
  return iso.slice(0, iso.indexOf('T'));
}

const pad = (value: bigint, length: number): string => value.toString().padStart(length, '0');

/** `HH:MM:SS.fff…` of a count of units since midnight; `digits` 3 for milliseconds, 6 for microseconds. */
export function timeOfDay(count: bigint, digits: number): string {
  const perSecond = 10n ** BigInt(digits);
  const seconds = count / perSecond;
  const clock = `${pad(seconds / 3600n, 2)}:${pad((seconds / 60n) % 60n, 2)}:${pad(seconds % 60n, 2)}`;
  return `${clock}.${pad(count % perSecond, digits)}`;
}

/** `YYYY-MM-DDTHH:MM:SS.fff…` (no zone) of a count of units since the epoch. Throws RangeError as {@link fromDays}. */
export function timestamp(count: bigint, digits: number): string {
  const perDay = 86_400n * 10n ** BigInt(digits);
  const time = ((count % perDay) + perDay) % perDay;
  return `${fromDays(Number((count - time) / perDay))}T${timeOfDay(time, digits)}`;
}

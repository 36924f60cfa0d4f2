/** Dates and times as people write them, counted as Avro counts them: the other way of dates.ts. */
const DAY_MS = 86_400_000;
const DATE = /^(\d{4}|[+-]\d{6})-(\d\d)-(\d\d)$/;
const TIME = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?$/;
const MOMENT = /^([^T ]+)[T ]([^Z+-]+)(Z|[+-]\d\d:?\d\d)?$/;

/** Days since 1970-01-01 of an ISO date, also of years beyond four digits; undefined for what is none. */
export function daysOf(text: string): number | undefined {
  const match = DATE.exec(text);
  if (!match) return undefined;
  const date = new Date(0);
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  date.setUTCFullYear(year, month - 1, day);
  const is = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return is ? date.getTime() / DAY_MS : undefined;
}

/** Units since midnight of `HH:MM`, `HH:MM:SS` or `HH:MM:SS.fff`; undefined for more digits than a unit has, too. */
export function unitsOfDay(text: string, digits: number): bigint | undefined {
  const match = TIME.exec(text);
  if (!match) return undefined;
  const [hours, minutes, seconds] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  const fraction = (match[4] ?? '').replace(/0+$/, '');
  if (hours > 23 || minutes > 59 || seconds > 59 || fraction.length > digits) return undefined;
  const whole = BigInt(hours * 3600 + minutes * 60 + seconds) * 10n ** BigInt(digits);
  return whole + BigInt(fraction.padEnd(digits, '0') || '0');
}

/** Units since the epoch of an ISO date and time; `zone`: whether `Z` or an offset must be there, or must not. */
export function unitsOfMoment(text: string, digits: number, zone: boolean): bigint | undefined {
  const [, date = '', time = '', offset] = MOMENT.exec(text) ?? [];
  const days = daysOf(date);
  const units = unitsOfDay(time, digits);
  if (days === undefined || units === undefined || (offset !== undefined) !== zone) return undefined;
  const perSecond = 10n ** BigInt(digits);
  const [, sign, hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)$/.exec(offset ?? '') ?? [];
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const behind = BigInt(Number(hours) * 3600 + Number(minutes) * 60) * perSecond;
  const utc = BigInt(days) * 86_400n * perSecond + units;
  return sign === '+' ? utc - behind : utc + behind;
}

export interface Duration {
  readonly months: number;
  readonly days: number;
  readonly ms: number;
}
const DURATION =
  /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:\.(\d{1,3}))?S)?)?$/;
const MOST_UINT32 = 2 ** 32 - 1;

/** ISO 8601: `P1M2DT0.003S`; undefined for what is none, or more than 32 bits of months, days or milliseconds. */
export function durationOf(text: string): Duration | undefined {
  const match = DURATION.exec(text);
  if (!match || /[PT]$/.test(text)) return undefined;
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = match
    .slice(1, 8)
    .map((part: string | undefined) => Number(part ?? 0));
  const ms = (hours * 3600 + minutes * 60 + seconds) * 1000 + Number((match[8] ?? '').padEnd(3, '0'));
  const duration = { months: years * 12 + months, days: weeks * 7 + days, ms };
  return Object.values(duration).every((part) => part <= MOST_UINT32) ? duration : undefined;
}

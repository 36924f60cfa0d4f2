/** When a request is sent again. */

export const RETRIES = 4;
/** After 429, which a workspace says for as long as too many come: a minute altogether where it does not say how long. */
export const BUSY_RETRIES = 8;
const FIRST_MS = 250;

/** Milliseconds until the next try: as `Retry-After` says (seconds, or a date), else twice as long each time. */
export function retryDelayMs(retry: number, retryAfter: string | undefined, now: number): number {
  const seconds = retryAfter === undefined ? NaN : Number(retryAfter);
  const told = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(retryAfter ?? '') - now;
  return Number.isNaN(told) ? FIRST_MS * 2 ** retry : Math.max(0, told);
}

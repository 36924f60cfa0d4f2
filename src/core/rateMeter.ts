/** Measures how many come in a second, now and over the last minute. */

export interface RateMeter {
  add(many: number): void;
  /** A second, over the last two; less long after the start. */
  perSecond(): number;
  /** How many came in each of the last 60 seconds, the oldest first; fewer soon after the start. */
  minute(): readonly number[];
}

const SLOT_MS = 100;
const SLOTS_A_SECOND = 10;
const SLOTS = 60 * SLOTS_A_SECOND;
const WINDOW = 2 * SLOTS_A_SECOND;
/** A start is not measured over less, lest one batch look like a flood. */
const LEAST = SLOTS_A_SECOND / 2;

/** `now`: milliseconds; only differences count. */
export function createRateMeter(now: () => number): RateMeter {
  const start = now();
  /** A ring: the slot of a time is taken again a minute later. */
  const counts = new Array<number>(SLOTS).fill(0);
  let last = 0;
  /** The slot of this moment; those passed since the last look are emptied. */
  const slot = (): number => {
    const current = Math.floor((now() - start) / SLOT_MS);
    const from = Math.max(last + 1, current - SLOTS + 1);
    for (let at = from; at <= current; at += 1) counts[at % SLOTS] = 0;
    last = current;
    return current;
  };
  const sum = (first: number, end: number): number => {
    let all = 0;
    for (let at = Math.max(0, first); at < end; at += 1) all += counts[at % SLOTS] ?? 0;
    return all;
  };
  return {
    add: (many) => {
      const at = slot() % SLOTS;
      counts[at] = (counts[at] ?? 0) + many;
    },
    perSecond: () => {
      const end = slot() + 1;
      const slots = Math.max(LEAST, Math.min(WINDOW, end));
      return sum(end - slots, end) / (slots / SLOTS_A_SECOND);
    },
    minute: () => {
      const end = slot() + 1;
      const seconds = Math.min(60, Math.ceil(end / SLOTS_A_SECOND));
      return Array.from({ length: seconds }, (_, at) => {
        const from = end - (seconds - at) * SLOTS_A_SECOND;
        return sum(from, from + SLOTS_A_SECOND);
      });
    },
  };
}

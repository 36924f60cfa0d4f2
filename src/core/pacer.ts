/** Holds a rate: says how many may go now, and waits when none may. */

export interface Clock {
  /** Milliseconds; only differences count. */
  now(): number;
  /** Resolves after the time, or at once when the signal is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      if (signal.aborted) done();
      else signal.addEventListener('abort', done);
    }),
};

export interface Pacer {
  /** Waits until at least one may go; resolves to how many may, at most `most`. 0 only when aborted. */
  take(most: number, signal: AbortSignal): Promise<number>;
  /** Time that passed since the last take does not count: for after a pause. */
  restart(): void;
  /** Holds at once, also for who waits. Undefined: no limit. */
  setRate(perSecond: number | undefined): void;
}

/** Small steps make an even stream; 50 ms of it go at once. */
const STEP_MS = 50;
/** After a stall it catches up with at most this much. */
const MAX_DEBT_MS = 1000;

/** `perSecond` undefined: no limit. */
export function createPacer(perSecond: number | undefined, clock: Clock): Pacer {
  let rate = perSecond;
  let since = clock.now();
  let taken = 0;
  let wake: () => void = () => undefined;
  const restart = (): void => {
    since = clock.now();
    taken = 0;
  };
  const owed = (held: number): number => {
    const elapsed = clock.now() - since;
    const debt = (elapsed * held) / 1000 - taken;
    const limit = Math.max(1, (MAX_DEBT_MS * held) / 1000);
    // What is beyond the limit is forgotten, so that a stall is not followed by a flood.
    if (debt > limit) taken += debt - limit;
    return Math.min(debt, limit);
  };
  const sleep = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
    const sleeper = new AbortController();
    wake = () => {
      sleeper.abort();
    };
    signal.addEventListener('abort', wake);
    if (signal.aborted) wake();
    await clock.sleep(milliseconds, sleeper.signal);
    signal.removeEventListener('abort', wake);
  };
  return {
    take: async (most, signal) => {
      while (rate !== undefined) {
        if (signal.aborted) return 0;
        const step = Math.max(1, (rate * STEP_MS) / 1000);
        const missing = Math.max(1, Math.floor(Math.min(step, most))) - owed(rate);
        if (missing <= 0) {
          const granted = Math.min(most, Math.floor(owed(rate)));
          taken += granted;
          return granted;
        }
        await sleep(Math.ceil((missing * 1000) / rate), signal);
      }
      return signal.aborted ? 0 : most;
    },
    restart,
    setRate: (next) => {
      // What was saved up at the old rate still counts, so that many small changes hold nothing up.
      const saved = rate === undefined ? 0 : owed(rate);
      rate = next;
      restart();
      taken = -saved;
      wake();
    },
  };
}

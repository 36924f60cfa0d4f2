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
}

/** Small steps make an even stream; 50 ms of it go at once. */
const STEP_MS = 50;
/** After a stall it catches up with at most this much. */
const MAX_DEBT_MS = 1000;

/** `perSecond` undefined: no limit. */
export function createPacer(perSecond: number | undefined, clock: Clock): Pacer {
  let since = clock.now();
  let taken = 0;
  const restart = (): void => {
    since = clock.now();
    taken = 0;
  };
  if (perSecond === undefined) return { take: (most) => Promise.resolve(most), restart };
  const owed = (): number => {
    const elapsed = clock.now() - since;
    const debt = (elapsed * perSecond) / 1000 - taken;
    const limit = Math.max(1, (MAX_DEBT_MS * perSecond) / 1000);
    // What is beyond the limit is forgotten, so that a stall is not followed by a flood.
    if (debt > limit) taken += debt - limit;
    return Math.min(debt, limit);
  };
  const step = Math.max(1, (perSecond * STEP_MS) / 1000);
  return {
    take: async (most, signal) => {
      const wanted = Math.max(1, Math.floor(Math.min(step, most)));
      for (let missing = wanted - owed(); missing > 0; missing = wanted - owed()) {
        if (signal.aborted) return 0;
        await clock.sleep(Math.ceil((missing * 1000) / perSecond), signal);
      }
      if (signal.aborted) return 0;
      const granted = Math.min(most, Math.floor(owed()));
      taken += granted;
      return granted;
    },
    restart,
  };
}

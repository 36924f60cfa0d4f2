/** Work that a person can pause, and stop: what was done until then counts. */
import { asFailure } from './delivery.ts';
import { isCancelled } from './errors.ts';
import { createGate, type Gate } from './gate.ts';

/** What came of it; with `failure` when something other than a stop ended it. */
export interface End {
  readonly failure?: Error;
}

export interface Running<E extends End> {
  readonly pause: () => void;
  readonly resume: () => void;
  /** Ends it; what is on its way is still waited for. */
  readonly stop: () => void;
  readonly paused: boolean;
  /** Resolves when it has ended, never rejects. */
  readonly ended: Promise<E>;
}

/** Begins `work` at once. `signal` aborted is the same as stop(); `end` says what was done. */
export function startRunning<E extends End>(
  work: (gate: Gate, signal: AbortSignal) => Promise<void>,
  end: () => E,
  signal: AbortSignal,
): Running<E> {
  const gate = createGate();
  const stopper = new AbortController();
  const stop = (): void => {
    stopper.abort();
  };
  const run = async (): Promise<E> => {
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    try {
      await work(gate, stopper.signal);
      return end();
    } catch (error) {
      return isCancelled(error) ? end() : { ...end(), failure: asFailure(error) };
    } finally {
      signal.removeEventListener('abort', stop);
    }
  };
  return {
    pause: () => {
      gate.pause();
    },
    resume: () => {
      gate.resume();
    },
    stop,
    get paused() {
      return gate.paused;
    },
    ended: run(),
  };
}

/** Tells progress a few times a second, however often it is told. */
import type { OnEvent } from './events.ts';

const INTERVAL_MS = 200;

export interface Progress {
  (done: number): void;
}

/** The first call is told at once; `total` undefined: nobody knows. */
export function createProgress(
  onEvent: OnEvent,
  task: string,
  unit: string,
  total: number | undefined,
): Progress {
  let last = -Infinity;
  return (done) => {
    const now = Date.now();
    if (now - last < INTERVAL_MS && done !== total) return;
    last = now;
    onEvent({ type: 'progress', task, done, unit, ...(total === undefined ? {} : { total }) });
  };
}

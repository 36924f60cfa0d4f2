/** Tells progress a few times a second, however often it is told. */
import type { OnEvent } from './events.ts';

const INTERVAL_MS = 200;

export interface Progress {
  (done: number): void;
}

/** The first call is told at once, and the end once; `total` undefined: nobody knows. */
export function createProgress(
  onEvent: OnEvent,
  task: string,
  unit: string,
  total: number | undefined,
): Progress {
  let last = -Infinity;
  let told: number | undefined;
  return (done) => {
    const now = Date.now();
    if (done === told || (now - last < INTERVAL_MS && done !== total)) return;
    last = now;
    told = done;
    onEvent({ type: 'progress', task, done, unit, ...(total === undefined ? {} : { total }) });
  };
}

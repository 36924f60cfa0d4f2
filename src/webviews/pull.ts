/** Work that is asked for more often than it can be done: one at a time, one more after it, and not too often. */

/** `work` tells its own failures. `pause`: milliseconds between two beginnings. */
export function createPull(work: () => Promise<void>, pause: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running = false;
  let asked = 0;
  let last = -Infinity;

  const run = async (): Promise<void> => {
    timer = undefined;
    running = true;
    last = performance.now();
    const before = asked;
    try {
      await work();
    } finally {
      running = false;
    }
    if (asked !== before) soon();
  };
  const soon = (): void => {
    asked++;
    if (!running) timer ??= setTimeout(() => void run(), Math.max(0, last + pause - performance.now()));
  };
  return soon;
}

/** Calls it once, so many milliseconds after it was last asked for. */
export function createLater(work: () => void, delay: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(work, delay);
  };
}

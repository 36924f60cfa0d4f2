/** Work that waits for a pause, one for each key: what is asked anew begins to wait anew. */
export interface Pauses {
  later(key: string, milliseconds: number, work: () => void): void;
  drop(key: string): void;
  dispose(): void;
}

export function createPauses(): Pauses {
  const timers = new Map<string, NodeJS.Timeout>();
  const drop = (key: string): void => {
    clearTimeout(timers.get(key));
    timers.delete(key);
  };
  return {
    later: (key, milliseconds, work) => {
      drop(key);
      timers.set(
        key,
        setTimeout(() => {
          timers.delete(key);
          work();
        }, milliseconds),
      );
    },
    drop,
    dispose: () => {
      for (const key of [...timers.keys()]) drop(key);
    },
  };
}

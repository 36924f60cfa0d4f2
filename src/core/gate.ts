/** Lets work be paused: what passes waits while the gate is shut. */

export interface Gate {
  readonly paused: boolean;
  pause(): void;
  resume(): void;
  /** Resolves when open or aborted; to whether it had to wait. */
  pass(signal: AbortSignal): Promise<boolean>;
}

interface PromiseWithResolver {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
}

function createResolver(): PromiseWithResolver {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

export function createGate(): Gate {
  let waiting: PromiseWithResolver | undefined;
  return {
    get paused() {
      return waiting !== undefined;
    },
    pause: () => {
      waiting ??= createResolver();
    },
    resume: () => {
      waiting?.resolve();
      waiting = undefined;
    },
    pass: async (signal) => {
      if (!waiting || signal.aborted) return false;
      const { promise, resolve } = waiting;
      signal.addEventListener('abort', resolve);
      await promise;
      signal.removeEventListener('abort', resolve);
      return true;
    },
  };
}

import type { SandboxRuntime } from '../core/ports.ts';

/** A runtime whose code is loaded at its first use; `status`, which the editor asks for all the time, is there at once. */
export function lazyRuntime(
  { home, status }: Pick<SandboxRuntime, 'home' | 'status'>,
  load: () => Promise<SandboxRuntime>,
): SandboxRuntime {
  let loaded: Promise<SandboxRuntime> | undefined;
  const runtime = (): Promise<SandboxRuntime> => (loaded ??= load());
  return {
    home,
    status,
    plan: async () => (await runtime()).plan(),
    up: async (...args) => (await runtime()).up(...args),
    down: async (onEvent) => (await runtime()).down(onEvent),
    reset: async (onEvent) => (await runtime()).reset(onEvent),
    logs: async function* (...args) {
      yield* (await runtime()).logs(...args);
    },
  };
}

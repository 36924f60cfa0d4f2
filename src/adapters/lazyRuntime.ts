import type { SandboxRuntime } from '../core/ports.ts';

/** A runtime whose code is loaded at its first use; `light` is what needs none of it, and is there at once. */
export function lazyRuntime(
  light: Pick<SandboxRuntime, 'home'> & Partial<SandboxRuntime>,
  load: () => Promise<SandboxRuntime>,
): SandboxRuntime {
  let loaded: Promise<SandboxRuntime> | undefined;
  const runtime = (): Promise<SandboxRuntime> => (loaded ??= load());
  return {
    status: async () => (await runtime()).status(),
    watch: async (...args) => (await runtime()).watch(...args),
    plan: async () => (await runtime()).plan(),
    up: async (...args) => (await runtime()).up(...args),
    down: async (onEvent) => (await runtime()).down(onEvent),
    reset: async (onEvent) => (await runtime()).reset(onEvent),
    logs: async function* (...args) {
      yield* (await runtime()).logs(...args);
    },
    ...light,
  };
}

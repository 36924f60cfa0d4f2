import type { SandboxRuntime } from '../core/ports.ts';
import type { Settings } from '../core/settings.ts';

export function createEmbeddedRuntime(_home: string, _settings: Settings): SandboxRuntime {
  throw new Error('not built yet');
}

import type { PipelineRunner } from '../core/ports.ts';
import type { Settings } from '../core/settings.ts';

export function createPipelineRunner(_home: string, _settings: Settings): PipelineRunner {
  return { run: () => Promise.reject(new Error('not built yet')) };
}

import type { OnEvent } from '../../core/events.ts';
import type { Python } from './python.ts';
import type { Versions } from './versions.ts';

export interface InstallOptions {
  readonly cache: string;
  readonly python: Python;
  readonly versions: Versions;
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
}

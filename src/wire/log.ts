/** The log page and its host. */
import type { LogLine } from '../core/logLines.ts';
import type { HostCalls } from './page.ts';

export type { LogLevel, LogLine } from '../core/logLines.ts';
/** The least level that is shown. */
export type LevelFilter = 'all' | 'warning' | 'error';

export interface LogBatch {
  readonly lines: readonly LogLine[];
  /** What was shown before is another log: it starts anew with these lines. */
  readonly anew: boolean;
  /** The part writes no more for now; its next start goes on here. */
  readonly ended: boolean;
  /** What somebody asked to be shown. */
  readonly filter?: LevelFilter;
}

export type LogCalls = HostCalls & {
  /** Answers when there is something new. `reset` begins again with the last lines. */
  readonly next: { readonly params: { readonly reset: boolean }; readonly result: LogBatch };
  /** Opens lines as a document of their own. */
  readonly openText: { readonly params: string; readonly result: null };
};

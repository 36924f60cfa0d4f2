/** The page that shows what a run of the pipeline counted. */
import type { RunResult } from '../core/pipeline.ts';
import type { HostCalls } from './page.ts';

export interface FinishedRun {
  /** ISO 8601. */
  readonly finishedAt: string;
  readonly fullRefresh: boolean;
  readonly result: RunResult;
}

export type RunCalls = HostCalls & {
  /** Null when no run has finished in this window yet. */
  readonly lastRun: { readonly params: null; readonly result: FinishedRun | null };
};

/** A run of the pipeline and what it counts. */
import { UserError } from './errors.ts';
import { t } from './l10n.ts';

export interface Counts {
  readonly bronze: number;
  readonly silver: number;
  readonly quarantine: number;
  readonly duplicates: number;
}

export interface RuleCount {
  readonly name: string;
  readonly dataset: string;
  readonly passed_records: number;
  readonly failed_records: number;
}

export interface RunResult {
  readonly totals: Counts;
  readonly thisRun: Counts;
  readonly rules: readonly RuleCount[];
  /** bronze = silver + quarantine + duplicates, each counted on its own. */
  readonly equationHolds: boolean;
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
  /** True when nothing had moved since the last good run, and so nothing was run. */
  readonly upToDate: boolean;
}

export interface RunOptions {
  /** Rebuild silver and gold from bronze. */
  readonly fullRefresh: boolean;
  /** A project, or the folder of its pipeline's files, when not those that ship with the product. */
  readonly project?: string;
}

/** What a run whose equation fails says, loudly. */
export function equationFailed(result: RunResult): UserError {
  const { bronze, silver, quarantine, duplicates } = result.totals;
  return new UserError(
    'equation-failed',
    t(
      'The equation does not hold: bronze {0} ≠ silver {1} + quarantine {2} + duplicates {3}.',
      bronze,
      silver,
      quarantine,
      duplicates,
    ),
    {
      hint: t(
        'Rebuild silver and gold from bronze: run --full-refresh. If it fails again, report it with the log.',
      ),
    },
  );
}

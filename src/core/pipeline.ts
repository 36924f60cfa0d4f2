/** A run of the pipeline and what it counts. */

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
  readonly fullRefresh: boolean;
}

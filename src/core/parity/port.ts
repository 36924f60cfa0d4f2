/** The parity check, as the other rooms ask for it. */
import type { Finding } from './finding.ts';

export interface ParityOptions {
  /** Texts in the place of files, by their path below the folder, with `/`. */
  readonly unsaved?: ReadonlyMap<string, string>;
  readonly signal?: AbortSignal;
}

/** What of a lakehouse project would not work on Azure Databricks. */
export interface Parity {
  /**
   * In the order of the files' paths, then of the places in them. Throws Cancelled, and UserError `no-project`, `no-such-file`,
   * `no-permission`.
   */
  check(folder: string, options?: ParityOptions): Promise<readonly Finding[]>;
}

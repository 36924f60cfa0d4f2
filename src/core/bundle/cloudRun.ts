/** A run of a deployed pipeline and what it counted, in the shape in which a local run tells it. */
import type { RuleCount } from '../pipeline.ts';

export interface CloudRunError {
  readonly message: string;
  /** Of which table. */
  readonly dataset?: string;
  /** Where in the project, when the failure names it: `lakehouse/orders/silver.py`. */
  readonly file?: string;
  readonly line?: number;
}

export interface CloudRunResult {
  /** Key in the bundle. */
  readonly pipeline: string;
  readonly pipelineId: string;
  readonly updateId: string;
  /** Where a browser shows it. */
  readonly url: string;
  /** `LEFT`: it was cancelled here, and goes on there. */
  readonly state: 'COMPLETED' | 'FAILED' | 'CANCELED' | 'LEFT';
  /** Rows that this update wrote. */
  readonly tables: readonly { readonly name: string; readonly rows: number }[];
  /** Summed over the update. */
  readonly rules: readonly RuleCount[];
  readonly errors: readonly CloudRunError[];
}

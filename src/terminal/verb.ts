/** A verb of the command line: its declaration and what it does. */
import type { Command } from 'commander';
import type { BundleProject } from '../core/bundle/ports.ts';
import type { Databricks } from '../core/databricks/ports.ts';
import type { Parity } from '../core/parity/port.ts';
import type { Cluster, Lakehouse } from '../core/ports.ts';
import type { Output } from './output.ts';

export interface Context {
  readonly lakehouse: Lakehouse;
  /** The sandbox's, or the one that --connection names. */
  readonly cluster: Cluster;
  readonly databricks: () => Promise<Databricks>;
  /** The bundle in a folder; `besides` are files that are not its own, wherever they lie. */
  readonly bundle: (folder: string, besides?: readonly string[]) => Promise<BundleProject>;
  readonly parity: () => Promise<Parity>;
  readonly output: Output;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}

/** Declares one verb on the program; `run` wraps the action with context, clean-up and exit code. */
export type Verb = (program: Command, run: Runner) => void;

/** Wraps a verb's action for commander. Throw to fail (exit 1); commander itself reports wrong use (exit 2). */
export type Runner = <A extends readonly unknown[]>(
  action: (context: Context, ...args: A) => Promise<void>,
) => (...args: A) => Promise<void>;

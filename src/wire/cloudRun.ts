/** The page that follows a run of Azure Databricks: its state, its tasks, what they gave. */
import type { ConnectionBadge, HostCalls } from './page.ts';

export type RunKind = 'waiting' | 'running' | 'succeeded' | 'cancelled' | 'failed';

interface Timed {
  readonly kind: RunKind;
  /** In words. */
  readonly state: string;
  /** Milliseconds since the epoch; 0: not yet. */
  readonly startedMs: number;
  readonly endedMs: number;
}

export type Parameters = readonly (readonly [name: string, value: string])[];

export interface TaskResult {
  /** What the notebook gave at its end. */
  readonly result?: string;
  readonly logs?: string;
  readonly error?: string;
  readonly trace?: string;
  /** The workspace, or this page, shows only a part. */
  readonly truncated: boolean;
  /** The line in the local file; `known`: it can be shown. */
  readonly place?: { readonly text: string; readonly known: boolean };
}

export interface CloudTask extends Timed {
  readonly id: string;
  readonly key: string;
  /** What it runs, where that is a notebook. */
  readonly notebook?: string;
  readonly parameters: Parameters;
  /** Null until it is over. */
  readonly result: TaskResult | null;
}

export interface CloudRun extends Timed {
  readonly workspace: ConnectionBadge;
  readonly id: string;
  readonly name: string;
  readonly message: string;
  /** It changes no more. */
  readonly over: boolean;
  readonly canOpen: boolean;
  /** A command can run the same file again. */
  readonly canRunAgain: boolean;
  readonly parameters: Parameters;
  readonly tasks: readonly CloudTask[];
  /** Of the host, when it looked. */
  readonly nowMs: number;
}

export type CloudRunCalls = HostCalls & {
  /** The first look at once, each later one after a while, longer each time. */
  readonly look: { readonly params: { readonly first: boolean }; readonly result: CloudRun };
  /** Ends the run in the workspace. */
  readonly cancel: { readonly params: null; readonly result: null };
  readonly openInBrowser: { readonly params: null; readonly result: null };
  /** Shows the line of a task's error in the local file. */
  readonly reveal: { readonly params: string; readonly result: null };
  readonly runAgain: { readonly params: null; readonly result: null };
};

/** The folder of a bundle as core sees it, and whose hands hold a deployment. Paths have `/`, relative to the folder. */
import type { OnEvent } from '../events.ts';
import type { Clock } from '../pacer.ts';
import type { Json, Workspace } from '../databricks/ports.ts';
import type { Finding, Place } from './findings.ts';

/** A value of YAML that still knows where it stands. */
export type Node =
  | { readonly kind: 'map'; readonly place: Place; readonly entries: ReadonlyMap<string, Entry> }
  | { readonly kind: 'list'; readonly place: Place; readonly items: readonly Node[] }
  | { readonly kind: 'value'; readonly place: Place; readonly value: Scalar };
export interface Entry {
  /** Of the key. */
  readonly place: Place;
  readonly node: Node;
}
export type Scalar = null | boolean | number | string;

export interface SyncRules {
  /** Folders and files; empty: all. */
  readonly paths: readonly string[];
  /** Patterns as in .gitignore. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

export interface BundleProject {
  /** Of this machine, for messages. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Throws BundleError `bad-yaml`; undefined when there is no such file. */
  yaml(file: string): Promise<Node | undefined>;
  /** Undefined when there is no such file. */
  json(file: string): Promise<Json | undefined>;
  /** Files that a pattern finds, in order. */
  glob(pattern: string): Promise<readonly string[]>;
  /** What `sync` and the .gitignore files leave, in order. */
  syncFiles(rules: SyncRules): Promise<readonly string[]>;
  exists(path: string): Promise<'file' | 'folder' | undefined>;
  read(path: string): Promise<Uint8Array>;
  /** SHA-256, hexadecimal. */
  hash(content: Uint8Array | string): string;
  /** This program, as a lock names it. */
  holder(): Promise<LockHolder>;
  /** True only where it is known that the holder's program has ended. */
  isGone(holder: LockHolder): Promise<boolean>;
}

export interface LockHolder {
  /** Of this one deployment. */
  readonly id: string;
  readonly machine: string;
  readonly pid: number;
  readonly startTime: string;
  /** ISO 8601. */
  readonly since: string;
}

/** What says no before anything is asked of the workspace: the parity check. */
export type Gate = (project: BundleProject) => Promise<readonly Finding[]>;

export interface DeployParts {
  readonly project: BundleProject;
  readonly workspace: Workspace;
  /** The same workspace under a signal of its own, which gives back the lock after a cancel. */
  readonly closing: () => Workspace;
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
  readonly gate?: Gate;
}

export interface DeployOptions {
  /** Undefined: the default of the bundle. */
  readonly target?: string | undefined;
  /** `--var`; before those of the environment. */
  readonly variables?: Readonly<Record<string, string>>;
}

export interface ApplyOptions {
  /** Pipelines (with their tables) and jobs that left the bundle are deleted; else the deployment refuses. */
  readonly allowDelete: boolean;
  /** Takes the lock of another deployment away. */
  readonly forceLock: boolean;
}

export interface RunCloudOptions {
  readonly fullRefresh: boolean;
  /** At a cancel the update goes on there, or is stopped; read only then. */
  readonly atCancel: 'leave' | 'stop';
  /** Keys of the bundle; missing: all of its pipelines. */
  readonly pipelines?: readonly string[];
}

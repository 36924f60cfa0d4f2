/** The sandbox: its parts, their states, where they listen. */

export type PartName = 'kafka' | 'registry' | 'spark';
export const PARTS: readonly PartName[] = ['kafka', 'registry', 'spark'];

/** `unresponsive`: its process lives, and does not answer. */
export type PartState =
  'stopped' | 'starting' | 'running' | 'unresponsive' | 'restarting' | 'stopping' | 'failed';

export interface PartStatus {
  readonly name: PartName;
  readonly state: PartState;
  readonly pid?: number;
  readonly ports: Readonly<Record<string, number>>;
  /** Resident bytes. */
  readonly memoryBytes?: number;
  /** 100 is one core. Only a watch knows it: it takes two looks. */
  readonly cpuPercent?: number;
  /** ISO 8601: since when it is in this state. */
  readonly since?: string;
  /** ISO 8601: when its process was started. */
  readonly startedAt?: string;
  readonly restarts: number;
  /** Why it failed or restarts, in one line. */
  readonly message?: string;
  /** What a person can mend, where it is known to be that. */
  readonly problem?: 'disk-full';
}

export type RuntimeName = 'embedded' | 'docker';

/** `degraded`: it is meant to run, and a part does not. */
export type SandboxState = 'stopped' | 'starting' | 'running' | 'degraded' | 'stopping';

export interface Endpoints {
  /** `127.0.0.1:PORT` */
  readonly bootstrap: string;
  /** Base URL of the Confluent API, without a trailing slash. */
  readonly registryUrl: string;
  /** `sc://127.0.0.1:PORT` */
  readonly sparkConnect: string;
  /** Thrift server over HTTP. */
  readonly sparkSql: { readonly host: string; readonly port: number; readonly path: string };
}

export interface SandboxStatus {
  readonly home: string;
  readonly runtime: RuntimeName;
  readonly state: SandboxState;
  readonly parts: readonly PartStatus[];
  /** The process that watches over the parts; missing when it is not there. */
  readonly supervisor?: { readonly pid: number; readonly memoryBytes?: number };
  /** Present while every part has a port, that is from start to stop. */
  readonly endpoints?: Endpoints;
}

export interface DownloadItem {
  readonly name: string;
  readonly version: string;
  /** Expected download in bytes. */
  readonly bytes: number;
  readonly present: boolean;
}

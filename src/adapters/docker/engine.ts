/** A Docker engine as the sandbox sees it; adapters/dockerEngine.ts speaks to it. */
import type { PartName } from '../../core/sandbox.ts';

export interface ContainerView {
  readonly id: string;
  readonly part: PartName;
  readonly state: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
  readonly health: 'none' | 'starting' | 'healthy' | 'unhealthy';
  /** What the last health check printed. */
  readonly healthOutput: string;
  readonly exitCode: number;
  /** The kernel ended it at its memory limit. */
  readonly outOfMemory: boolean;
  /** Why the engine could not start it; empty when it could. */
  readonly error: string;
  /** The last lines of its log when it ended by itself; empty for one that runs. */
  readonly logEnd: string;
  /** ISO 8601; when it last started, or ended when it is not running. */
  readonly since: string;
  /** ISO 8601; when it last started. */
  readonly startedAt: string;
  readonly restarts: number;
  readonly memoryBytes?: number;
  readonly cpuPercent?: number;
}

export interface Measurement {
  readonly memoryBytes?: number;
  /** 100 is one core; missing in the first measurement. */
  readonly cpuPercent?: number;
}

export interface Engine {
  /** `Docker 28.1.0`. */
  readonly name: string;
  /** The address, as in DOCKER_HOST. */
  readonly host: string;
  /** Bytes that all containers together can have. */
  readonly memoryBytes: number;
  /** The containers of a compose project, running or not, with their memory unless that is measured elsewhere. */
  containers(project: string, options?: { readonly measure: boolean }): Promise<readonly ContainerView[]>;
  /**
   * Calls at each change of a container of a compose project, and once when the engine is listening.
   * Resolves when the signal aborts, throws UserError `docker-unreachable` when the engine ends the stream.
   */
  events(project: string, onEvent: () => void, signal: AbortSignal): Promise<void>;
  /** Measures a container at the engine's own pace, until it ends or the signal aborts. */
  measure(id: string, onMeasure: (measured: Measurement) => void, signal: AbortSignal): Promise<void>;
  hasImage(name: string): Promise<boolean>;
  /** The last `lines` lines of both streams, then, when following, each new one. */
  logs(
    id: string,
    options: { readonly lines: number; readonly follow: boolean; /** ISO 8601. */ readonly since?: string },
    signal: AbortSignal,
  ): AsyncIterable<string>;
  /** Copies the files of a folder into a folder that is there, for a user of the container; no caches of Python. */
  copyIn(id: string, from: string, to: string, owner: number): Promise<void>;
  /** Copies a file or folder, under its own name, into a folder here; whether there was one. It need not run. */
  copyOut(id: string, path: string, to: string): Promise<boolean>;
}

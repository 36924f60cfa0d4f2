/** The outside as core sees it. Adapters implement these; nothing here knows how. */
import type { OnEvent } from './events.ts';
import type { RunOptions, RunResult } from './pipeline.ts';
import type { DownloadItem, Endpoints, PartName, SandboxStatus } from './sandbox.ts';
import type { RegisteredSchema, SchemaType, SubjectVersion } from './schemas.ts';
import type { Settings } from './settings.ts';
import type { QueryResult } from './tables.ts';
import type { RawMessage, ReadStart, Topic } from './topics.ts';

/** One sandbox, in one home folder. Every method may throw UserError. */
export interface SandboxRuntime {
  readonly home: string;
  /** What a start would download. */
  plan(): Promise<readonly DownloadItem[]>;
  /** Downloads, starts, waits until every part answers; a cancelled or failed start leaves nothing running. */
  up(onEvent: OnEvent, signal: AbortSignal, runtime?: Settings['runtime']): Promise<SandboxStatus>;
  status(): Promise<SandboxStatus>;
  /** Stops what it started and keeps all data. */
  down(onEvent: OnEvent): Promise<void>;
  /** Stops, then wipes all data (never the downloads). */
  reset(onEvent: OnEvent): Promise<void>;
  /** The last `lines` lines of a part's log, then, when following, each new one. */
  logs(
    part: PartName,
    options: { lines: number; follow: boolean },
    signal: AbortSignal,
  ): AsyncIterable<string>;
}

export interface OutgoingMessage {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Producer {
  /**
   * Resolves when all in-sync replicas hold the batch. Throws UserError `not-acknowledged` otherwise: then none,
   * some or all of the batch may have arrived, and none of it counts as sent.
   */
  send(topic: string, messages: readonly OutgoingMessage[]): Promise<void>;
  close(): Promise<void>;
}

export interface Broker {
  topics(): Promise<readonly Topic[]>;
  /** Throws UserError `unknown-topic`. */
  topic(name: string): Promise<Topic>;
  ensureTopic(name: string, partitions: number): Promise<void>;
  producer(): Promise<Producer>;
  /** Batches up to the end offsets seen at the start, partitions interleaved; leaves no consumer group behind. */
  read(topic: string, start: ReadStart, signal: AbortSignal): AsyncIterable<readonly RawMessage[]>;
  /** Messages of given ranges [from, to) of offsets, for paging. */
  readRanges(
    topic: string,
    ranges: readonly { readonly partition: number; readonly from: bigint; readonly to: bigint }[],
    signal: AbortSignal,
  ): Promise<readonly RawMessage[]>;
  close(): Promise<void>;
}

export interface SchemaRegistry {
  /** Registers, or finds, a schema; returns its id. */
  register(subject: string, type: SchemaType, schema: string): Promise<number>;
  /** Undefined when the registry does not know the id. */
  schema(id: number): Promise<RegisteredSchema | undefined>;
  subjects(): Promise<readonly string[]>;
  versions(subject: string): Promise<readonly SubjectVersion[]>;
}

/** Runs the pipeline on the sandbox's Spark. */
export interface PipelineRunner {
  /** Throws UserError `run-in-progress`, `pipeline-broken` (with file and line) and others. */
  run(endpoints: Endpoints, options: RunOptions, onEvent: OnEvent, signal: AbortSignal): Promise<RunResult>;
}

export interface Tables {
  /** Runs SQL; rows stream. Throws UserError `bad-sql` with Spark's short reason. */
  query(sql: string, options: { limit?: number }, signal: AbortSignal): Promise<QueryResult>;
  close(): Promise<void>;
}

/** Everything of one sandbox; clients connect at first use. `adapters/lakehouse.ts` builds it. */
export interface Lakehouse {
  readonly home: string;
  readonly runtime: SandboxRuntime;
  /** Throws UserError `sandbox-stopped`. */
  endpoints(): Promise<Endpoints>;
  broker(): Promise<Broker>;
  registry(): Promise<SchemaRegistry>;
  tables(): Promise<Tables>;
  readonly pipeline: PipelineRunner;
  close(): Promise<void>;
}

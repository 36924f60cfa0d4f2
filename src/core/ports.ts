/** The outside as core sees it. Adapters implement these; nothing here knows how. */
import type { ClusterAccess } from './access.ts';
import type { Finding as Misread } from './avroResolution.ts';
import type { Finding, MendId } from './doctor.ts';
import type { OnEvent } from './events.ts';
import type { Explained, SubjectAndVersion } from './explained.ts';
import type { ConsumerGroup, PartitionPosition } from './groups.ts';
import type { MessageSchema } from './jsonSchema.ts';
import type { MessageDocument } from './messageDocument.ts';
import type { ExportOptions } from './messageTemplate.ts';
import type { OutgoingDraft, PlacedDraft } from './outgoing.ts';
import type { RunOptions, RunResult } from './pipeline.ts';
import type { Filling } from './placeholders.ts';
import type { OrderLine, WireFormat } from './orders.ts';
import type { DownloadItem, Endpoints, PartName, RuntimeName, SandboxStatus } from './sandbox.ts';
import type {
  CompatibilityLevel,
  NamedSchema,
  RegisteredSchema,
  SchemaReference,
  SchemaType,
  SubjectVersion,
  Verdict,
} from './schemas.ts';
import type { Settings } from './settings.ts';
import type { Manifest, SnapshotContents } from './snapshot.ts';
import type { QueryResult } from './tables.ts';
import type { Followed, FollowRequest, Header, Message, RawMessage, ReadStart, Topic } from './topics.ts';
import type { ConfigChange, Configs } from './topicConfigs.ts';
import type { ConfigEntry, TopicDetail } from './topicDetails.ts';

export interface LogOptions {
  /** May be Infinity. */
  readonly lines: number;
  readonly follow: boolean;
  /** Only what was written since the part last started. */
  readonly sinceStart?: boolean;
}

/** One sandbox, in one home folder. Every method may throw UserError. */
export interface SandboxRuntime {
  readonly home: string;
  /** What a start would download. */
  plan(): Promise<readonly DownloadItem[]>;
  /** Downloads, starts, waits until every part answers; a cancelled or failed start leaves nothing running. */
  up(onEvent: OnEvent, signal: AbortSignal, runtime?: Settings['runtime']): Promise<SandboxStatus>;
  status(): Promise<SandboxStatus>;
  /**
   * Tells what is, now and whenever it changes, with memory and CPU measured every few seconds while parts run.
   * Resolves when the signal aborts; what cannot be reached is told as a status, never thrown.
   */
  watch(onStatus: (status: SandboxStatus) => void, signal: AbortSignal): Promise<void>;
  /** Stops what it started and keeps all data. */
  down(onEvent: OnEvent): Promise<void>;
  /** Stops, then wipes all data (never the downloads). */
  reset(onEvent: OnEvent): Promise<void>;
  /** The last `lines` lines of a part's log, then, when following, each new one. Throws UserError `no-log`. */
  logs(part: PartName, options: LogOptions, signal: AbortSignal): AsyncIterable<string>;
}

/** Looks at what a sandbox needs of this machine, and mends what it can. */
export interface Doctor {
  /** Changes nothing. What cannot be looked at is a finding of its own. Throws Cancelled. */
  look(signal: AbortSignal, runtime?: Settings['runtime']): Promise<readonly Finding[]>;
  /** Throws UserError where it cannot be mended; never deletes data. */
  mend(what: MendId, onEvent: OnEvent): Promise<void>;
}

export interface OutgoingMessage {
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  /** In their order; a name may come more than once. */
  readonly headers?: readonly Header[];
  /** Without it the key decides. */
  readonly partition?: number;
  /** Milliseconds since the epoch; without it the time of sending. */
  readonly timestampMs?: number;
}

/** Where a message is now. */
export interface Sent {
  readonly partition: number;
  /** int64 as text. */
  readonly offset: string;
}

export interface Producer {
  /**
   * Resolves when all in-sync replicas hold the batch, to where each of its messages is; those of one partition stay in
   * their order. Throws UserError `not-acknowledged` otherwise: then none, some or all of the batch may have arrived,
   * and none of it counts as sent.
   */
  send(topic: string, messages: readonly OutgoingMessage[]): Promise<readonly Sent[]>;
  close(): Promise<void>;
}

export interface Broker {
  topics(): Promise<readonly Topic[]>;
  /** Throws UserError `unknown-topic`. */
  topic(name: string): Promise<Topic>;
  /** Creates the topic, keeping everything, unless it is there. */
  ensureTopic(name: string, partitions: number): Promise<void>;
  /** The largest batch in bytes that the broker takes for a topic. */
  batchLimit(topic: string): Promise<number>;
  producer(): Promise<Producer>;
  /** Batches up to the end offsets seen at the start, partitions interleaved; leaves no consumer group behind. */
  read(topic: string, start: ReadStart, signal: AbortSignal): AsyncIterable<readonly RawMessage[]>;
  /**
   * Committed messages, each partition in its order; beside it one more batch is on its way, so that who does not ask
   * is not served. Tells also when nothing new came. Leaves no consumer group behind. Throws UserError
   * `unknown-topic`, `broker-unreachable`, `topic-anew` when what was read is not in the topic any more.
   */
  follow(topic: string, request: FollowRequest, signal: AbortSignal): AsyncIterable<Followed>;
  close(): Promise<void>;
}

/** Makes, changes and takes away topics, and puts consumer groups elsewhere. What it did shows at the next look. */
export interface TopicAdmin {
  /** Throws UserError `unknown-topic`. */
  describe(topic: string): Promise<TopicDetail>;
  /** Throws UserError `topic-exists`, `bad-topic-name`, `bad-config`. */
  create(topic: string, options: { readonly partitions: number; readonly configs: Configs }): Promise<void>;
  /**
   * What the change does not name stays. `agree` is asked with what the topic has, and may throw. Returns what it has
   * then. Throws UserError `unknown-topic`, `unknown-config`, `bad-config`.
   */
  configure(
    topic: string,
    change: ConfigChange,
    agree?: (configs: readonly ConfigEntry[]) => Promise<void>,
  ): Promise<readonly ConfigEntry[]>;
  /**
   * Deletes the messages that are there; offsets go on from where they are. Returns how many were readable, int64 as
   * text. Throws UserError `unknown-topic`, `compacted-topic`.
   */
  purge(topic: string): Promise<string>;
  /** Throws UserError `unknown-topic`, `internal-topic`. */
  remove(topic: string): Promise<void>;
  /** Consumer groups by name, with their lag at this moment. */
  groups(): Promise<readonly ConsumerGroup[]>;
  /** Throws UserError `unknown-group`. */
  group(groupId: string): Promise<ConsumerGroup>;
  /** Where a group is in all partitions of a topic; with a time, also where that is. Throws UserError `unknown-topic`. */
  positions(groupId: string, topic: string, timestampMs?: number): Promise<readonly PartitionPosition[]>;
  /** Throws UserError `group-active`: the broker takes offsets only while nobody reads. */
  commit(
    groupId: string,
    topic: string,
    offsets: readonly { readonly partition: number; readonly offset: string }[],
  ): Promise<void>;
  close(): Promise<void>;
}

/** What reading messages needs of a registry. */
export interface SchemaSource {
  /** Undefined when the registry does not know the id. */
  schema(id: number): Promise<RegisteredSchema | undefined>;
  subjects(): Promise<readonly string[]>;
  /** The versions of subjects that hold a schema; none when the registry does not know it. */
  holders(id: number): Promise<readonly SubjectAndVersion[]>;
  /** The newest version; undefined when there is no such subject. */
  latest(subject: string): Promise<SubjectVersion | undefined>;
}

/** What writing messages needs beside that. */
export interface SchemaRegistry extends SchemaSource {
  /**
   * Registers, or finds, a schema; returns its id. Throws UserError `schema-incompatible` (with the registry's reasons)
   * and `not-a-schema`.
   */
  register(
    subject: string,
    type: SchemaType,
    schema: string,
    references?: readonly SchemaReference[],
  ): Promise<number>;
  /** In their order. Throws UserError `unknown-subject`. */
  versions(subject: string): Promise<readonly SubjectVersion[]>;
}

/** What taking care of its subjects needs. */
export interface SubjectRegistry extends SchemaRegistry {
  /** What the subject's level says of a draft; a subject that is not there takes any. Throws UserError `not-a-schema`. */
  check(
    subject: string,
    type: SchemaType,
    schema: string,
    references?: readonly SchemaReference[],
  ): Promise<Verdict>;
  /** The texts of referenced schemas, each after those that it needs itself. */
  referenced(references: readonly SchemaReference[]): Promise<readonly string[]>;
  /** The subject's own level, else the one of all. */
  compatibility(subject: string): Promise<CompatibilityLevel>;
  setCompatibility(subject: string, level: CompatibilityLevel): Promise<void>;
  /**
   * What was deleted stays known by its id, and to the pipeline; what was so `permanent`ly is gone from the subject's
   * history. Throws UserError `unknown-subject`, `schema-in-use` for one that others refer to.
   */
  deleteVersion(subject: string, version: number, permanent?: boolean): Promise<void>;
  deleteSubject(subject: string, permanent?: boolean): Promise<void>;
}

/** What one Avro schema reads from a message's body: unions as `{ branch: value }`, logical types as they are stored. */
export type AvroBodies = (schema: string, references?: readonly string[]) => AvroBodyReader;
/** Undefined: the bytes hold no such value. */
export type AvroBodyReader = (body: Uint8Array) => { readonly value: unknown } | undefined;

/** What a draft makes of one message's body. `problem`: nothing reads it as it is, whatever the draft says. */
export type Trial = (
  body: Uint8Array,
) => { readonly findings: readonly Misread[] } | { readonly problem: string };
/** Bodies of any JSON Schema. Throws an Error with the reason when the draft is no JSON Schema. */
export type JsonTrials = (draft: string, references?: readonly NamedSchema[]) => Trial;
/** A trial for each schema that wrote some. Both throw an Error with the reason when a text is no Protobuf schema. */
export type ProtobufTrials = (
  draft: string,
  references?: readonly string[],
) => (writer: string, references?: readonly string[]) => Trial;

/** Turns order lines into messages of one topic, framed with the id of the registered schema. */
export interface OrderEncoder {
  readonly topic: string;
  /** The line must be one the schema can hold. */
  encode(line: OrderLine): OutgoingMessage;
}

export interface DecodeOptions {
  /** In Avro, values of unions with several branches as `{"BRANCH": value}`: what is encoded again is then never a guess. */
  readonly namedBranches?: boolean;
  /** In JSON, numbers that JavaScript would round as ExactNumber, not as text: what is encoded again is a number then. */
  readonly exactNumbers?: boolean;
}

/** Decodes messages with the registry's schemas, each asked for once; what cannot be decoded says why. */
export interface MessageDecoder {
  decode(messages: readonly RawMessage[]): Promise<readonly Message[]>;
  /** All that can be told of one message: its schemas, both forms of its values, what to do where it fails. */
  explain(message: RawMessage): Promise<Explained>;
}

/** Encodes messages that a person wrote by the newest schemas of `<topic>-value` and `<topic>-key`, each asked for once. */
export interface MessageEncoder {
  /**
   * A topic without a schema takes text as it is, and anything else as JSON. What the viewer shows of a message, encoded
   * again by the same schema, gives the same bytes in Avro, and the same meaning in Protobuf and JSON. Throws
   * BadMessage (UserError `bad-message`) with all that is wrong, UserError `unreadable-schema`.
   */
  encode(draft: OutgoingDraft): Promise<OutgoingMessage>;
  /** What the topic's messages may be, for a form and for the editor. Throws UserError `unreadable-schema`. */
  messageSchema(topic: string): Promise<MessageSchema>;
}

export interface MessageFileOptions extends ExportOptions {
  /** For the placeholders of the next message. */
  readonly filling: () => Filling;
}

/** Files and documents of messages that a person wrote, or that the viewer exported. */
export interface MessageFiles {
  parse(text: string): MessageDocument;
  /** JSON with all digits of its numbers; undefined for what is none. */
  parseJson(text: string): { readonly value: unknown } | undefined;
  /** Indented JSON with all digits. */
  print(document: unknown): string;
  /** The same in one line. */
  printLine(document: unknown): string;
  /**
   * `.orders`, or NDJSON as a stream (`.ndjson`, `.jsonl`; `-`: standard input). Throws UserError `no-such-file`,
   * `bad-line`, `bad-message`, `wrong-encoding`, with the line, after what comes before it.
   */
  read(path: string, options: MessageFileOptions, signal: AbortSignal): AsyncIterable<readonly PlacedDraft[]>;
}

export interface CsvRow {
  /** Line of the file where the row starts, from 1. */
  readonly line: number;
  readonly fields: readonly string[];
  /** The row as it stands in the file, without its line end. */
  readonly text: string;
}

export interface CsvFile {
  /** Name without folders. */
  readonly name: string;
  readonly bytes: number;
  readonly header: readonly string[];
  /** Rows in batches. Throws UserError `wrong-encoding` and `not-csv`, with the line. */
  readonly rows: AsyncIterable<readonly CsvRow[]>;
  /** Bytes of the file read so far. */
  bytesRead(): number;
}

/** A file that is made when the first row is refused. */
export interface RejectsFile {
  add(line: number, reason: string, text: string): Promise<void>;
  /** Path of the file, or null when nothing was refused. */
  close(): Promise<string | null>;
}

export interface Files {
  /** Throws UserError `no-such-file`, `no-permission`, `not-a-file`. */
  readText(path: string): Promise<string>;
  /** Throws UserError `no-such-file`, `empty-file`, `not-csv`, `wrong-encoding`, `no-permission`. */
  openCsv(path: string, options: { readonly encoding?: string }, signal: AbortSignal): Promise<CsvFile>;
  /** In the home's folder of rejects, named after the source and the time. */
  rejects(source: string): RejectsFile;
  /** Writes the pieces to a new or replaced file. */
  write(path: string, pieces: Iterable<string>): Promise<void>;
}

/** Runs the pipeline on the sandbox's Spark. */
export interface PipelineRunner {
  /** Throws UserError `run-in-progress`, `pipeline-broken` (with file and line) and others. */
  run(endpoints: Endpoints, options: RunOptions, onEvent: OnEvent, signal: AbortSignal): Promise<RunResult>;
}

/** Lakehouse projects on this machine: folders that hold a pipeline, and the bundle that deploys it. */
export interface Projects {
  /** What a project holds at its top, by the copy that ships with the product. */
  readonly template: readonly string[];
  /** Which of these names the folder holds; none where there is no folder. Throws UserError `not-a-folder`. */
  present(folder: string, names: readonly string[]): Promise<readonly string[]>;
  /**
   * Copies these names of the template into the folder, which is made when it is not there: all of them, or none.
   * Returns its whole path. Throws UserError `no-permission`, `disk-full`.
   */
  copy(folder: string, names: readonly string[]): Promise<string>;
  /** The folder of the pipeline's files, of a project or when that is given itself. Throws UserError `no-pipeline`. */
  pipelineOf(folder: string): Promise<string>;
}

export interface Tables {
  /** Runs SQL; rows stream. Throws UserError `bad-sql` with Spark's short reason. */
  query(sql: string, options: { limit?: number }, signal: AbortSignal): Promise<QueryResult>;
  close(): Promise<void>;
}

/** A snapshot that was unpacked beside the home's data and found whole. */
export interface Unpacked {
  /** Where it will live. */
  readonly runtime: RuntimeName;
  /** Puts it in the place of the home's data, which stays when that fails. The sandbox must be stopped. */
  moveIn(onEvent: OnEvent, signal: AbortSignal): Promise<void>;
  /** Removes what is left of it. */
  discard(): Promise<void>;
}

/** All data of one home as a file, and back. */
export interface Snapshots {
  /** The file that keeps this home's start of the lesson. */
  readonly lesson: string;
  hasLesson(): boolean;
  holdsData(): boolean;
  /** Throws UserError `run-in-progress`. */
  mustBeIdle(): Promise<void>;
  /** Throws UserError `file-exists`, `no-such-folder`. */
  mayWrite(file: string, force: boolean): void;
  /** What a file says of itself. Throws UserError `no-such-file`, `not-a-snapshot`, `newer-snapshot`. */
  inspect(file: string): Promise<Manifest>;
  /** The sandbox must be stopped. The file appears when it is whole. */
  write(
    file: string,
    contents: SnapshotContents | undefined,
    onEvent: OnEvent,
    signal: AbortSignal,
  ): Promise<{ readonly manifest: Manifest; readonly fileBytes: number }>;
  /**
   * `runtime` undefined: the one of the settings. Throws UserError `snapshot-damaged`, and why the runtime cannot be had.
   */
  unpack(
    file: string,
    runtime: Settings['runtime'] | undefined,
    onEvent: OnEvent,
    signal: AbortSignal,
  ): Promise<Unpacked>;
}

/** A Kafka cluster and its schema registry: the sandbox's, or one that a person connected to. Clients connect at first use. */
export interface Cluster {
  broker(): Promise<Broker>;
  topicAdmin(): Promise<TopicAdmin>;
  registry(): Promise<SubjectRegistry>;
  decoder(options?: DecodeOptions): Promise<MessageDecoder>;
  /** A new one each time: it holds to the schemas that it saw first. */
  messageEncoder(): Promise<MessageEncoder>;
  avroBodies(): Promise<AvroBodies>;
  jsonTrials(): Promise<JsonTrials>;
  protobufTrials(): Promise<ProtobufTrials>;
}

/** Everything of one sandbox. `adapters/lakehouse.ts` builds it. */
export interface Lakehouse extends Cluster {
  readonly home: string;
  readonly runtime: SandboxRuntime;
  readonly doctor: Doctor;
  /** Throws UserError `sandbox-stopped`. */
  endpoints(): Promise<Endpoints>;
  /** Registers the schema of the format when it is not there. */
  encoder(format: WireFormat): Promise<OrderEncoder>;
  readonly files: Files;
  messageFiles(): Promise<MessageFiles>;
  tables(): Promise<Tables>;
  readonly pipeline: PipelineRunner;
  projects(): Promise<Projects>;
  snapshots(): Promise<Snapshots>;
  close(): Promise<void>;
}

export interface TopicThreadData {
  readonly topic: string;
  readonly access: ClusterAccess;
  /** As VS Code says it: `pt-br`. */
  readonly locale: string;
}

/** The thread that reads one topic for a message viewer; wire/topic.ts says what it answers. */
export interface TopicThread {
  post(packet: unknown): void;
  onPacket(listener: (packet: unknown) => void): void;
  /** Hears why the thread ended by itself. */
  onEnd(listener: (error: Error) => void): void;
  close(): void;
}

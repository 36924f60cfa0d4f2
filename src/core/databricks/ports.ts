/**
 * An Azure Databricks workspace as core sees it, as who logged in sees it. Names of fields are those of the REST
 * reference (https://docs.databricks.com/api/azure/workspace/introduction); ids are text, because they are int64.
 * Every method throws Cancelled, and UserError `workspace-unreachable`, `login-refused` and the others of answers.ts.
 * What lists gives its pages as they come; nobody who does not ask is served.
 */
import type { OnEvent } from '../events.ts';
import type { WorkspaceLogin } from './login.ts';
import type { Notebook, NotebookFormat } from './notebooks.ts';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}
type Pages<T> = AsyncIterable<readonly T[]>;

/** What lies at a path of a workspace. */
export interface WorkspaceObject {
  /** `NOTEBOOK`, `DIRECTORY`, `REPO`, `FILE`, `LIBRARY`, `DASHBOARD`; others may come. */
  readonly type: string;
  /** Of a notebook: `PYTHON`, `SQL`, `SCALA`, `R`. */
  readonly language?: string;
}

export interface ListedObject extends WorkspaceObject {
  readonly path: string;
  /** Milliseconds since the epoch; of folders it says nothing. */
  readonly modifiedMs?: number;
}

/** Notebooks, files and folders. Paths begin with `/`, without the prefix `/Workspace`. */
export interface WorkspaceFiles {
  /** Undefined when there is nothing. */
  status(path: string): Promise<WorkspaceObject | undefined>;
  /** What lies in a folder; undefined when there is none. */
  list(path: string): Promise<readonly ListedObject[] | undefined>;
  /** Undefined when there is nothing. */
  exportNotebook(path: string, format: NotebookFormat): Promise<string | undefined>;
  /** With those above it; what is there stays. */
  makeFolders(path: string): Promise<void>;
  /** Throws UserError `already-there` unless it may overwrite, `unsure` when no answer came. */
  importNotebook(path: string, notebook: Notebook, overwrite: boolean): Promise<void>;
  /** The bytes of a file that is no notebook; undefined when there is nothing. */
  readFile(path: string): Promise<Uint8Array | undefined>;
  /**
   * Puts a file there, or another content into it; its folder must be there. At most 10 MB. Without `overwrite` it
   * throws UserError `already-there`, and `unsure` when no answer came.
   */
  writeFile(path: string, content: Uint8Array, options?: { readonly overwrite: boolean }): Promise<void>;
  /** One object, an empty folder too; nothing there is good as well. */
  remove(path: string): Promise<void>;
}

export interface JobSummary {
  readonly id: string;
  readonly name: string;
  readonly creator: string;
  readonly settings: JsonObject;
}

export interface Jobs {
  /** All, or those of exactly this name. */
  list(name?: string): Pages<JobSummary>;
  /** With all its tasks; undefined when there is none. */
  get(id: string): Promise<JobSummary | undefined>;
  /** Throws UserError `unsure` when no answer came. */
  create(settings: JsonObject): Promise<string>;
  /** Puts these settings in the place of all that it has. */
  reset(id: string, settings: JsonObject): Promise<void>;
  /** With its history of runs. */
  remove(id: string): Promise<void>;
  /** Returns the run's id; the same token starts nothing twice. */
  runNow(id: string, token: string, parameters?: Readonly<Record<string, string>>): Promise<string>;
}

/** Of a run and of each of its tasks. */
export interface RunState {
  /** `QUEUED`, `PENDING`, `RUNNING`, `TERMINATING`, `TERMINATED`, `BLOCKED`, `WAITING`. */
  readonly life: string;
  /** Once it ended: `SUCCESS`, `USER_CANCELED`, `RUN_EXECUTION_ERROR`, …; else empty. */
  readonly code: string;
  /** `SUCCESS`, `CLIENT_ERROR`, `CLOUD_FAILURE`, `INTERNAL_ERROR`; else empty. */
  readonly type: string;
  readonly message: string;
}

export interface TaskRun {
  /** Of the task's own run: its output is asked by it. */
  readonly id: string;
  readonly key: string;
  readonly state: RunState;
  readonly url: string;
  /** Milliseconds since the epoch; 0: not yet. */
  readonly startedMs: number;
  readonly endedMs: number;
  /** Of a pipeline's task. */
  readonly pipelineId?: string;
  /** Of a notebook's task: its path, and the parameters that it was given. */
  readonly notebook?: { readonly path: string; readonly parameters: Readonly<Record<string, string>> };
}

export interface Run {
  readonly id: string;
  readonly jobId: string;
  readonly name: string;
  readonly state: RunState;
  /** Milliseconds since the epoch; 0: not yet. */
  readonly startedMs: number;
  readonly endedMs: number;
  /** Where a browser shows it. */
  readonly url: string;
  /** Of the job. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly tasks: readonly TaskRun[];
}

export interface RunOutput {
  /** What `dbutils.notebook.exit` gave. */
  readonly result?: string;
  readonly truncated?: boolean;
  /** Of a Python or SQL task. */
  readonly logs?: string;
  readonly error?: string;
  /** The stack of the error. */
  readonly trace?: string;
}

export interface Runs {
  /** Runs tasks once, without a job; the same token starts nothing twice. Returns the run's id. */
  submit(request: JsonObject, token: string): Promise<string>;
  /** Undefined when there is none. */
  get(id: string): Promise<Run | undefined>;
  /** Of one task's run. */
  output(taskRunId: string): Promise<RunOutput>;
  /** The newest first; of one job, or of all. */
  list(jobId?: string): Pages<Omit<Run, 'tasks'>>;
  cancel(id: string): Promise<void>;
  /** The notebook as it ran, with its outputs, as HTML pages of the workspace itself. */
  views(taskRunId: string): Promise<readonly { readonly name: string; readonly content: string }[]>;
}

export interface PipelineSummary {
  readonly id: string;
  readonly name: string;
  /** `IDLE`, `RUNNING`, `FAILED`, …. */
  readonly state: string;
  readonly creator: string;
}

/** An update of a pipeline is one run of it. */
export interface PipelineUpdate {
  readonly id: string;
  /** `QUEUED`, `CREATED`, `WAITING_FOR_RESOURCES`, `INITIALIZING`, `RESETTING`, `SETTING_UP_TABLES`, `RUNNING`, `STOPPING`, `COMPLETED`, `FAILED`, `CANCELED`. */
  readonly state: string;
  /** Milliseconds since the epoch. */
  readonly createdMs: number;
  readonly fullRefresh: boolean;
}

/** One line of the event log: https://docs.databricks.com/aws/en/ldp/monitor-event-log-schema */
export interface PipelineEvent {
  readonly id: string;
  /** ISO 8601. */
  readonly timestamp: string;
  /** `INFO`, `WARN`, `ERROR`, `METRICS`. */
  readonly level: string;
  readonly type: string;
  readonly message: string;
  /** Empty: of no update. */
  readonly updateId: string;
  /** What it is about; empty: of no table or flow. */
  readonly dataset: string;
  readonly flow: string;
  readonly details: JsonObject;
  /** Of an error: what failed, the innermost last. */
  readonly exceptions: readonly { readonly className: string; readonly message: string }[];
}

export interface Pipelines {
  /** All, or those of exactly this name. */
  list(name?: string): Pages<PipelineSummary>;
  /** With its whole specification; undefined when there is none. */
  get(id: string): Promise<(PipelineSummary & { readonly spec: JsonObject }) | undefined>;
  /** Throws UserError `unsure` when no answer came. */
  create(spec: JsonObject): Promise<string>;
  /** Puts this specification in the place of all that it has. */
  edit(id: string, spec: JsonObject): Promise<void>;
  /** With its tables. */
  remove(id: string): Promise<void>;
  /** Starts an update and returns its id. Throws UserError `unsure` when no answer came. */
  start(id: string, options: { readonly fullRefresh: boolean }): Promise<string>;
  stop(id: string): Promise<void>;
  /** The newest first. */
  updates(id: string): Pages<PipelineUpdate>;
  update(id: string, updateId: string): Promise<PipelineUpdate | undefined>;
  /** In their order; those of a moment (ISO 8601) and after it, where one is given. */
  events(id: string, since?: string): Pages<PipelineEvent>;
}

/** Unity Catalog, for who looks around. */
export interface CatalogSummary {
  readonly name: string;
  readonly comment: string;
}
export interface TableSummary {
  /** `catalog.schema.table`. */
  readonly fullName: string;
  readonly name: string;
  /** `MANAGED`, `EXTERNAL`, `VIEW`, `MATERIALIZED_VIEW`, `STREAMING_TABLE`, …. */
  readonly type: string;
  readonly comment: string;
}
export interface TableColumn {
  readonly name: string;
  /** Spark SQL, such as `decimal(10,2)`. */
  readonly type: string;
  readonly nullable: boolean;
  readonly comment: string;
}
export interface Catalog {
  catalogs(): Pages<CatalogSummary>;
  schemas(catalog: string): Pages<CatalogSummary>;
  tables(catalog: string, schema: string): Pages<TableSummary>;
  /** Undefined when there is none, or none that this login may see. */
  table(fullName: string): Promise<(TableSummary & { readonly columns: readonly TableColumn[] }) | undefined>;
}

/** What a deployment makes in Unity Catalog. `fields` are those of the REST reference. */
export interface Securables {
  /** `full_name` is `catalog.schema`, or `catalog.schema.volume`. Undefined when there is none. */
  get(kind: SecurableKind, fullName: string): Promise<JsonObject | undefined>;
  /** Throws UserError `already-there`, `unsure`. */
  create(kind: SecurableKind, fields: JsonObject): Promise<void>;
  update(kind: SecurableKind, fullName: string, fields: JsonObject): Promise<void>;
  /** Throws UserError `workspace-refused` while something is in it. */
  remove(kind: SecurableKind, fullName: string): Promise<void>;
}
export type SecurableKind = 'schemas' | 'volumes';

/** Names only: what is secret is never read, and the product never writes it. */
export interface SecretScopes {
  list(): Promise<readonly string[]>;
  /** Undefined when there is no such scope. */
  keys(scope: string): Promise<readonly string[] | undefined>;
  /** Throws UserError `already-there`. */
  create(scope: string): Promise<void>;
}

export interface Warehouse {
  readonly id: string;
  readonly name: string;
  /** `RUNNING`, `STARTING`, `STOPPED`, `STOPPING`, `DELETED`, `DELETING`. */
  readonly state: string;
  readonly serverless: boolean;
  /** Path of its Thrift endpoint: `/sql/1.0/warehouses/…`. */
  readonly httpPath: string;
}
export interface Warehouses {
  list(): Promise<readonly Warehouse[]>;
  get(id: string): Promise<Warehouse | undefined>;
  start(id: string): Promise<void>;
}

/** How its tables are read. */
export interface WarehouseAccess {
  /** Of the workspace, `https://…`. */
  readonly host: string;
  readonly httpPath: string;
  /** The header that says who asks. Asked before each request: tokens last an hour. */
  readonly authorization: () => Promise<string>;
  /** Waits until the warehouse runs; asked before a session is opened. */
  readonly ready?: (signal: AbortSignal) => Promise<void>;
}

export interface ComputeCluster {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly runtime: string;
}

export interface Workspace {
  /** Its origin, `https://…`. */
  readonly host: string;
  /** Of a service principal its application id. */
  userName(): Promise<string>;
  /** The same, with the name that people read. */
  who(): Promise<{ readonly userName: string; readonly displayName?: string }>;
  readonly files: WorkspaceFiles;
  readonly jobs: Jobs;
  readonly runs: Runs;
  readonly pipelines: Pipelines;
  readonly catalog: Catalog;
  readonly securables: Securables;
  readonly secretScopes: SecretScopes;
  readonly warehouses: Warehouses;
  /** The all-purpose ones. */
  clusters(): Promise<readonly ComputeCluster[]>;
  /** A token that is good now, for what does not speak REST. */
  token(): Promise<string>;
}

/** What was last deployed from this home to each path. */
export interface DeployedNotebooks {
  isLast(host: string, path: string, content: string): boolean;
  remember(host: string, path: string, content: string): void;
}

export interface Databricks {
  /** What the environment or a profile says. Throws UserError `no-login` and the others of login.ts. */
  login(options: { readonly profile?: string }): WorkspaceLogin;
  /** Asks nothing yet. */
  workspace(login: WorkspaceLogin, onEvent: OnEvent, signal: AbortSignal): Workspace;
  readonly deployed: DeployedNotebooks;
  /** Unified; undefined where it would take too long. */
  readonly diff: (path: string, there: string, here: string) => string | undefined;
}

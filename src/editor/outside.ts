/** The parts of the outside that only the editor needs; adapters hold them, `extension.ts` hands them in. */
import type * as vscode from 'vscode';
import type { ClusterAccess } from '../core/access.ts';
import type { BundleProject } from '../core/bundle/ports.ts';
import type { ImportedConnection } from '../core/clientProperties.ts';
import type { ConnectionDraft, ConnectionTest } from '../core/connections.ts';
import type { WorkspaceLogin } from '../core/databricks/login.ts';
import type { Databricks, WarehouseAccess, Workspace } from '../core/databricks/ports.ts';
import type { ConfigProfile, WorkspaceTrial } from '../core/databricks/workspaces.ts';
import type { OnEvent } from '../core/events.ts';
import type { Parity } from '../core/parity/port.ts';
import type { Cluster, Lakehouse, Tables, TopicThread, TopicThreadData } from '../core/ports.ts';
import type { QueryResult } from '../core/tables.ts';
import type { EditorSettings } from './settings.ts';

export interface Outside {
  createLakehouse(settings: EditorSettings): Lakehouse;
  /** Clients connect at first use, with what the access then is. */
  createCluster(access: () => Promise<ClusterAccess>): Cluster & { close(): Promise<void> };
  /** Never rejects. */
  testConnection(access: ClusterAccess): Promise<readonly ConnectionTest[]>;
  /** Throws UserError `no-such-file`, `bad-properties`, `unknown-mechanism`. */
  readClientProperties(path: string): Promise<ImportedConnection>;
  /** The clusters that the Confluent CLI keeps on this machine. */
  readConfluentCli(): Promise<readonly ConnectionDraft[]>;
  /** Of VS Code itself: who is signed in. */
  getSession(
    provider: string,
    scopes: readonly string[],
    options: vscode.AuthenticationGetSessionOptions,
  ): Thenable<vscode.AuthenticationSession | undefined>;
  /** Changes nothing there. Rejects only when it is cancelled. */
  testWorkspace(login: WorkspaceLogin, signal: AbortSignal): Promise<WorkspaceTrial>;
  /** The directory a workspace belongs to. Throws UserError `no-tenant`, and those of a connection. */
  workspaceTenant(host: string): Promise<string>;
  /** Profiles of `~/.databrickscfg`. */
  configProfiles(): Promise<readonly ConfigProfile[]>;
  /** Throws what `Databricks.login` does. */
  profileLogin(profile: string): Promise<WorkspaceLogin>;
  hasAzureCli(): Promise<boolean>;
  /** Asks nothing yet. */
  openWorkspace(login: WorkspaceLogin, onEvent: OnEvent, signal: AbortSignal): Promise<Workspace>;
  /** Asks nothing yet. */
  openWarehouse(access: WarehouseAccess): Promise<Tables>;
  /** The Databricks bundle of a folder; it reads nothing yet. */
  bundleProject(folder: string): Promise<BundleProject>;
  /** What a home knows of its deployments. */
  databricks(home: string): Promise<Databricks>;
  /** Tells the end of a `run` in a home, in whatever process. Returns what ends it. */
  watchHome(home: string, on: { readonly run: () => void }): () => void;
  /** What of a project would not work on Azure Databricks. */
  parity(): Promise<Parity>;
  /** Starts a thread that reads one topic; wire/topic.ts says what it answers. */
  topicThread(data: TopicThreadData): Promise<TopicThread>;
  /**
   * Writes a whole result as CSV (RFC 4180, UTF-8, header line). An aborted or failed export leaves no file.
   * Throws UserError `cannot-write`.
   */
  writeCsv(
    path: string,
    result: QueryResult,
    onRows: (rows: number) => void,
    signal: AbortSignal,
  ): Promise<{ readonly rows: number }>;
}

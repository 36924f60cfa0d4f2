/** Builds everything for VS Code. Activation builds and registers; it waits for nothing outside this computer's memory. */
import * as vscode from 'vscode';
import { createCluster } from './adapters/cluster.ts';
import { leaveNetworkToEditor } from './adapters/editorNetwork.ts';
import { watchHome } from './adapters/homeWatch.ts';
import { createLakehouse } from './adapters/lakehouse.ts';
import { loadLanguage } from './adapters/language.ts';
import { messageOf } from './core/errors.ts';
import { t } from './core/l10n.ts';
import type { Lakehouse } from './core/ports.ts';
import { createConnections } from './editor/connections.ts';
import { createConnectionsTree } from './editor/connectionsTree.ts';
import { followBundles } from './editor/bundleFolders.ts';
import { registerCommands } from './editor/commands.ts';
import type { Disposable } from './editor/disposable.ts';
import { createLakehouseTree } from './editor/lakehouseTree.ts';
import { createErrorCounts } from './editor/errorCounts.ts';
import { createLogPages } from './editor/logPanel.ts';
import { createMessageCommands } from './editor/messageCommands.ts';
import { provideMessageSchema } from './editor/messageSchema.ts';
import { createNotebookCommands } from './editor/notebookCommands.ts';
import { createNotebookMarks } from './editor/notebookMarks.ts';
import { createNotebookMemory } from './editor/notebookMemory.ts';
import type { Outside } from './editor/outside.ts';
import { markParity } from './editor/parityMarks.ts';
import { createDocumentPlaces } from './editor/documentPlaces.ts';
import { createPanels } from './editor/panel.ts';
import type { Room } from './editor/room.ts';
import { createRunState } from './editor/runState.ts';
import { createSandboxTree } from './editor/sandboxTree.ts';
import { createSandboxWatch } from './editor/sandboxWatch.ts';
import { provideSchemas } from './editor/schemaDocument.ts';
import { createSchemaFiles } from './editor/schemaFiles.ts';
import { proxyVariables, readSettings, SECTION } from './editor/settings.ts';
import { createStatusBar } from './editor/statusBar.ts';
import type { Tree } from './editor/tree.ts';
import { openLinks, type Links } from './editor/links.ts';
import { createTopicsTree } from './editor/topicsTree.ts';
import { createWarehouseChoices } from './editor/warehouses.ts';
import { createWorkspaces } from './editor/workspaces.ts';
import { createWorkspacesTree } from './editor/workspacesTree.ts';

const outside: Outside = {
  createLakehouse: (settings) =>
    createLakehouse({ settings, ...(settings.home === '' ? {} : { home: settings.home }) }),
  createCluster,
  testConnection: async (access) => (await import('./adapters/testConnection.ts')).testConnection(access),
  readClientProperties: async (path) =>
    (await import('./adapters/connectionFiles.ts')).readClientProperties(path),
  readConfluentCli: async () => (await import('./adapters/connectionFiles.ts')).readConfluentCli(),
  getSession: (provider, scopes, options) => vscode.authentication.getSession(provider, scopes, options),
  testWorkspace: async (login, signal) =>
    (await import('./adapters/databricks.ts')).testWorkspace(login, signal),
  workspaceTenant: async (host) => (await import('./adapters/databricks.ts')).workspaceTenant(host),
  configProfiles: async () => (await import('./adapters/databricks.ts')).configProfiles(),
  profileLogin: async (profile) => (await import('./adapters/databricks.ts')).profileLogin(profile),
  hasAzureCli: async () => (await import('./adapters/databricks.ts')).hasAzureCli(),
  openWorkspace: async (login, onEvent, signal) =>
    (await import('./adapters/databricks.ts')).openWorkspace(login, onEvent, signal),
  openWarehouse: async (access) =>
    (await import('./adapters/warehouseTables.ts')).createWarehouseTables(access),
  bundleProject: async (folder) => (await import('./adapters/bundle.ts')).createBundleProject(folder),
  databricks: async (home) => (await import('./adapters/databricks.ts')).createDatabricks(home),
  watchHome,
  parity: async () => (await import('./adapters/parity.ts')).createParity(),
  topicThread: async (data) =>
    (await import('./adapters/topicThread.ts')).startTopicThread(data, proxyVariables()),
  writeCsv: async (...args) => (await import('./adapters/csvExport.ts')).writeCsv(...args),
};

let lakehouse: Lakehouse | undefined;

function build(context: vscode.ExtensionContext, log: vscode.LogOutputChannel): Api {
  const keep = <T extends Disposable>(part: T): T => {
    context.subscriptions.push(part);
    return part;
  };
  const dataChanged = keep(new vscode.EventEmitter<void>());
  const connections = keep(createConnections(context, outside, log));
  const workspaces = keep(createWorkspaces(context, outside));
  const current = (): Lakehouse => (lakehouse ??= outside.createLakehouse(readSettings()));
  const room: Room = {
    lakehouse: current,
    connections,
    workspaces,
    warehouses: keep(createWarehouseChoices({ context, workspaces, outside, log })),
    notebooks: keep(createNotebookMemory(context)),
    notebookMarks: keep(createNotebookMarks()),
    documentPlaces: keep(createDocumentPlaces({ context, connections, lakehouse: current })),
    sandbox: keep(createSandboxWatch(outside, log)),
    runState: keep(createRunState()),
    outside,
    log,
    context,
    onDidChangeData: dataChanged.event,
    dataChanged: () => {
      dataChanged.fire();
    },
  };
  const panels = keep(createPanels(context.extensionUri, log));
  const trees = {
    sandbox: keep(createSandboxTree(room, keep(createErrorCounts(room)))),
    topics: keep(createTopicsTree(room)),
    connections: keep(createConnectionsTree(room)),
    lakehouse: keep(createLakehouseTree(room)),
    workspaces: keep(createWorkspacesTree(room)),
  };
  keep(createStatusBar(room));
  keep(provideSchemas(room));
  const links = keep(openLinks(room, panels));
  keep(provideMessageSchema(room));
  keep(markParity(room));
  keep(followBundles(log));
  const logs = keep(createLogPages(room, panels));
  const messages = keep(createMessageCommands(room, panels));
  const notebooks = keep(createNotebookCommands(room, panels));
  keep(registerCommands(room, panels, logs, keep(createSchemaFiles(room)), messages, notebooks));
  keep(room.sandbox.onDidChange(panels.changed));
  keep(room.connections.onDidChange(panels.changed));
  keep(
    room.connections.onDidRemove((id) => {
      panels.closeEnding(`/${id}`);
    }),
  );
  keep(
    room.workspaces.onDidRemove((id) => {
      panels.closeEnding(`/${id}`);
    }),
  );
  keep(room.onDidChangeData(panels.changed));
  keep(room.workspaces.onDidChangeThere(panels.changedThere));
  keep(
    room.sandbox.onDidRun(() => {
      // A run of this window tells of itself.
      if (!room.runState.ranNow()) room.dataChanged();
    }),
  );
  keep(
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (!change.affectsConfiguration(SECTION)) return;
      const before = lakehouse;
      lakehouse = undefined;
      room.sandbox.follow(room.lakehouse());
      before?.close().catch((error: unknown) => {
        log.warn(`close: ${messageOf(error)}`);
      });
    }),
  );
  room.sandbox.follow(room.lakehouse());
  return { room, trees, links };
}

/** What the extension gives to its tests. */
export interface Api {
  readonly room: Pick<
    Room,
    | 'sandbox'
    | 'runState'
    | 'connections'
    | 'workspaces'
    | 'notebooks'
    | 'documentPlaces'
    | 'context'
    | 'outside'
  >;
  readonly links: Pick<Links, 'handleUri'>;
  readonly trees: Readonly<
    Record<'sandbox' | 'topics' | 'connections' | 'lakehouse' | 'workspaces', Pick<Tree, 'children'>>
  >;
}

export function activate(context: vscode.ExtensionContext): Api {
  const log = vscode.window.createOutputChannel('Orders Lakehouse', { log: true });
  context.subscriptions.push(log);
  try {
    loadLanguage(vscode.env.language);
    leaveNetworkToEditor();
    return build(context, log);
  } catch (error) {
    log.error('activation', error instanceof Error ? error : messageOf(error));
    void vscode.window.showErrorMessage(t('Orders Lakehouse could not start: {0}', messageOf(error)));
    throw error;
  }
}

export async function deactivate(): Promise<void> {
  await lakehouse?.close();
}

/** The one table of commands. */
import * as vscode from 'vscode';
import { t } from '../core/l10n.ts';
import { TOPICS } from '../core/orders.ts';
import { showActions } from './actions.ts';
import { choosePart, chooseTable, chooseTopic, topicOf } from './choose.ts';
import { createColumnComparisons, type ColumnComparisons } from './columnComparison.ts';
import { COMMAND_IDS, type CommandId } from './commandIds.ts';
import {
  addConnection,
  copyConnection,
  editConnection,
  importConnection,
  removeConnection,
} from './connectionCommands.ts';
import { createDeployPages, type DeployPages } from './deployPanel.ts';
import { createDoctorPanel, type DoctorPanel } from './doctorPanel.ts';
import { guarded } from './guard.ts';
import { resetOffsets } from './groupCommands.ts';
import type { LogPages } from './logPanel.ts';
import type { MessageCommands } from './messageCommands.ts';
import type { NotebookCommands } from './notebookCommands.ts';
import { importCsv, produce } from './ordersCommands.ts';
import type { Panels } from './panel.ts';
import { run } from './pipelineCommands.ts';
import { createProducePages, type ProducePages } from './producePanel.ts';
import { replayFile, replayTopic } from './replayCommands.ts';
import { placeOf } from './place.ts';
import { createProjectHere } from './projects.ts';
import type { Room } from './room.ts';
import { showRun } from './runPanel.ts';
import { reset, start, stop } from './sandboxCommands.ts';
import { openSchema } from './schemaDocument.ts';
import type { SchemaFiles } from './schemaFiles.ts';
import { compareSchema, deleteSchema } from './schemaSubjects.ts';
import { SECTION } from './settings.ts';
import { backToLesson, markLesson, restore, snapshot } from './snapshotCommands.ts';
import { createSqlFiles, type SqlFiles } from './sqlFiles.ts';
import { showHistory, showTable } from './tablePanel.ts';
import { deleteTopic, editTopicConfig, newTopic, purgeTopic } from './topicCommands.ts';
import { showTopic } from './topicPanel.ts';
import { targetOf } from './tree.ts';
import { browseRun, cancelRun, chooseWarehouse, openRun, openUpdate } from './cloudCommands.ts';
import {
  addWorkspace,
  copyWorkspace,
  editWorkspace,
  importWorkspace,
  openWorkspaceInBrowser,
  removeWorkspace,
  signInWorkspace,
} from './workspaceCommands.ts';

/** The arguments are what the caller gives: a node of a tree, a name, or nothing. */
type Handler = (argument?: unknown, more?: unknown) => unknown;

async function copy(argument: unknown): Promise<void> {
  const target = targetOf(argument);
  if (!target) return;
  await vscode.env.clipboard.writeText(target.name);
  vscode.window.setStatusBarMessage(t('Copied: {0}', target.name), 3000);
}

function handlers(
  room: Room,
  panels: Panels,
  logs: LogPages,
  doctor: DoctorPanel,
  schemas: SchemaFiles,
  messages: MessageCommands,
  producing: ProducePages,
  notebooks: NotebookCommands,
  sql: SqlFiles,
  deploying: DeployPages,
  columns: ColumnComparisons,
): Readonly<Record<CommandId, Handler>> {
  return {
    start: () => doctor.explaining(() => start(room)),
    stop: () => stop(room),
    reset: () => reset(room),
    snapshot: () => snapshot(room),
    restore: () => restore(room),
    markLesson: () => markLesson(room),
    backToLesson: () => backToLesson(room),
    produce: () => produce(room),
    producePage: (argument) => {
      producing.show(topicOf(argument) ?? TOPICS.avro, placeOf(room, argument).connection);
    },
    importCsv: (argument) => importCsv(room, argument),
    createProject: (argument) => createProjectHere(room, argument),
    deployLakehouse: (argument) => deploying.deploy(argument),
    run: () => run(room, false),
    runFullRefresh: () => run(room, true),
    showRun: () => {
      showRun(room, panels);
    },
    openTopic: async (argument) => {
      const { name, connection } = await chooseTopic(room, argument);
      showTopic(room, panels, name, undefined, connection);
    },
    newMessage: (argument) => messages.create(argument),
    sendMessages: (argument, index) => messages.send(argument, index),
    sendMany: (argument, index) => messages.sendMany(argument, index),
    sendFile: (argument) => messages.sendFile(argument),
    replayTopic: (argument) => replayTopic(room, panels, argument),
    replayFile: (argument) => replayFile(room, panels, targetOf(argument) ? undefined : argument),
    newTopic: (argument) => newTopic(room, argument),
    editTopicConfig: (argument) => editTopicConfig(room, argument),
    purgeTopic: (argument) => purgeTopic(room, argument),
    deleteTopic: (argument) => deleteTopic(room, argument),
    resetOffsets: (argument) => resetOffsets(room, argument),
    chooseMessagePlace: (argument) => messages.choosePlace(argument),
    addConnection: () => {
      addConnection(room, panels);
    },
    importConnection: (argument) => importConnection(room, panels, argument),
    editConnection: (argument) => editConnection(room, panels, argument),
    copyConnection: (argument) => copyConnection(room, panels, argument),
    removeConnection: (argument) => removeConnection(room, argument),
    addWorkspace: () => {
      addWorkspace(room, panels);
    },
    importWorkspace: () => importWorkspace(room, panels),
    editWorkspace: (argument) => editWorkspace(room, panels, argument),
    copyWorkspace: (argument) => copyWorkspace(room, panels, argument),
    removeWorkspace: (argument) => removeWorkspace(room, argument),
    signInWorkspace: (argument) => signInWorkspace(room, argument),
    openWorkspaceInBrowser: (argument) => openWorkspaceInBrowser(room, argument),
    openSchema,
    compareSchema: (argument) => compareSchema(room, argument),
    deleteSchema: (argument) => deleteSchema(room, argument),
    checkSchema: (argument) => schemas.check(argument),
    registerSchema: (argument) => schemas.register(argument),
    rehearseSchema: (argument) => schemas.rehearse(argument),
    chooseSubject: (argument) => schemas.chooseSubject(argument),
    chooseSchemaPlace: (argument) => schemas.choosePlace(argument),
    deployNotebook: (argument, how) => notebooks.deploy(argument, how),
    runNotebook: (argument, how) => notebooks.run(argument, how),
    showNotebookRun: (argument) => {
      notebooks.showRun(argument);
    },
    openTable: async (argument) => {
      const { name, workspace } = await chooseTable(room, argument);
      showTable(room, panels, name, workspace);
    },
    tableHistory: async (argument) => {
      const { name, workspace } = await chooseTable(room, argument);
      showHistory(room, panels, name, workspace);
    },
    compareWithSandbox: (argument) => columns.withSandbox(argument),
    compareWithDatabricks: (argument, how) => columns.withDatabricks(argument, how),
    chooseWarehouse: (argument) => chooseWarehouse(room, argument),
    showUpdate: (argument) => {
      openUpdate(room, panels, argument);
    },
    showCloudRun: (argument) => {
      openRun(room, panels, argument);
    },
    cancelCloudRun: (argument) => cancelRun(room, argument),
    openCloudRun: browseRun,
    runSql: (argument, start) => sql.run(argument, start),
    chooseSqlPlace: (argument) => sql.choosePlace(argument),
    doctor: () => {
      doctor.show();
    },
    showLogs: async (argument, only) => {
      logs.show(await choosePart(room, argument), only === 'errors');
    },
    showLog: () => {
      room.log.show();
    },
    refresh: async () => {
      await room.sandbox.refresh();
      room.dataChanged();
      room.workspaces.changedThere();
    },
    copyName: copy,
    copyAddress: copy,
    actions: () => showActions(room),
    openSettings: () =>
      vscode.commands.executeCommand('workbench.action.openSettings', `@ext:${room.context.extension.id}`),
  };
}

export function registerCommands(
  room: Room,
  panels: Panels,
  logs: LogPages,
  schemas: SchemaFiles,
  messages: MessageCommands,
  notebooks: NotebookCommands,
): vscode.Disposable {
  const doctor = createDoctorPanel(room, panels);
  const producing = createProducePages(room, panels);
  const sql = createSqlFiles(room, panels);
  const deploying = createDeployPages(room, panels);
  const columns = createColumnComparisons(room);
  const table = handlers(
    room,
    panels,
    logs,
    doctor,
    schemas,
    messages,
    producing,
    notebooks,
    sql,
    deploying,
    columns,
  );
  return vscode.Disposable.from(
    doctor,
    sql,
    deploying,
    columns,
    ...COMMAND_IDS.map((id) => {
      const command = `${SECTION}.${id}`;
      return vscode.commands.registerCommand(command, guarded(room.log, command, table[id]));
    }),
  );
}

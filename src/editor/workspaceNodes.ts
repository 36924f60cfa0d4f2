/** What stands below a workspace in its tree: catalogs, pipelines and jobs, each loaded when it is opened. */
import * as vscode from 'vscode';
import { runState, updateState, type StateKind } from '../core/databricks/stateText.ts';
import type {
  CatalogSummary,
  JobSummary,
  PipelineSummary,
  PipelineUpdate,
  Run,
  TableSummary,
  Workspace,
} from '../core/databricks/ports.ts';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { typeIcon } from './lakehouseTree.ts';
import { pagedNodes } from './pagedNodes.ts';
import type { Room } from './room.ts';
import type { TreeNode } from './tree.ts';

/** Nothing is asked any more of who closed the editor; a request has an end of its own. */
const never = new AbortController().signal;

interface At {
  readonly room: Pick<Room, 'workspaces'>;
  /** Id of the workspace. */
  readonly workspace: string;
}

const client = ({ room, workspace }: At): Promise<Workspace> =>
  room.workspaces.open(workspace, () => undefined, never);

const STATE_ICONS: Readonly<Record<StateKind, vscode.ThemeIcon>> = {
  waiting: new vscode.ThemeIcon('clock'),
  running: new vscode.ThemeIcon('sync', new vscode.ThemeColor('charts.blue')),
  good: new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed')),
  failed: new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed')),
  cancelled: new vscode.ThemeIcon('circle-slash'),
};

/** Short: what came of it stands behind it, in a narrow view. */
const moment = (ms: number): string =>
  new Date(ms).toLocaleString(vscode.env.language, { dateStyle: 'short', timeStyle: 'short' });
const whole = (ms: number): string => new Date(ms).toLocaleString(vscode.env.language);

function tableNode(at: At, { fullName, name, type, comment }: TableSummary): TreeNode {
  const id = `${at.workspace}/table/${fullName}`;
  const target = { kind: 'table', name: fullName, workspace: at.workspace } as const;
  const isTable = type === '' || type === 'MANAGED' || type === 'EXTERNAL';
  return {
    id,
    label: name,
    description: isTable ? '' : type.toLowerCase().replaceAll('_', ' '),
    tooltip: [fullName, comment].join('\n').trim(),
    icon: new vscode.ThemeIcon(/VIEW$/.test(type) ? 'eye' : 'table'),
    target,
    command: { command: 'ordersLakehouse.openTable', title: t('Open table'), arguments: [target] },
    children: async () => {
      const table = await (await client(at)).catalog.table(fullName);
      if (!table) throw new UserError('unknown-table', t('There is no table {0}.', fullName));
      return table.columns.map((column) => ({
        id: `${id}/${column.name}`,
        label: column.name,
        description: column.type,
        tooltip: [`${column.name} ${column.type}${column.nullable ? '' : ' NOT NULL'}`, column.comment]
          .join('\n')
          .trim(),
        icon: new vscode.ThemeIcon(typeIcon(column.type)),
        target: { kind: 'column', name: column.name },
      }));
    },
  };
}

function schemaNode(at: At, catalog: string, { name, comment }: CatalogSummary): TreeNode {
  const id = `${at.workspace}/schema/${catalog}.${name}`;
  return {
    id,
    label: name,
    tooltip: [`${catalog}.${name}`, comment].join('\n').trim(),
    icon: new vscode.ThemeIcon('layers'),
    children: async () =>
      pagedNodes(
        id,
        (await client(at)).catalog.tables(catalog, name),
        (table) => tableNode(at, table),
        t('No tables that this login may see.'),
      ),
  };
}

function catalogNode(at: At, { name, comment }: CatalogSummary): TreeNode {
  const id = `${at.workspace}/catalog/${name}`;
  return {
    id,
    label: name,
    tooltip: [name, comment].join('\n').trim(),
    icon: new vscode.ThemeIcon('library'),
    children: async () =>
      pagedNodes(
        id,
        (await client(at)).catalog.schemas(name),
        (schema) => schemaNode(at, name, schema),
        t('No schemas that this login may see.'),
      ),
  };
}

function updateNode(at: At, pipeline: string, update: PipelineUpdate): TreeNode {
  const { kind, text } = updateState(update.state);
  const target = { kind: 'update', name: update.id, workspace: at.workspace, pipeline } as const;
  return {
    id: `${at.workspace}/update/${update.id}`,
    label: moment(update.createdMs),
    description: update.fullRefresh ? `${text} · ${t('full refresh')}` : text,
    tooltip: [whole(update.createdMs), update.id].join('\n'),
    icon: STATE_ICONS[kind],
    target,
    command: { command: 'ordersLakehouse.showUpdate', title: t('Show update'), arguments: [target] },
  };
}

function pipelineNode(at: At, { id, name, state, creator }: PipelineSummary): TreeNode {
  const node = `${at.workspace}/pipeline/${id}`;
  return {
    id: node,
    label: name,
    description: state.toLowerCase(),
    tooltip: [name, id, creator].join('\n').trim(),
    icon: new vscode.ThemeIcon('type-hierarchy-sub'),
    target: { kind: 'pipeline', name, id, workspace: at.workspace },
    children: async () =>
      pagedNodes(
        node,
        (await client(at)).pipelines.updates(id),
        (update) => updateNode(at, id, update),
        t('It never ran.'),
      ),
  };
}

function runNode(at: At, { id, name, state, startedMs, url }: Omit<Run, 'tasks'>): TreeNode {
  const { kind, text } = runState(state);
  const running = kind === 'running' || kind === 'waiting';
  const target = {
    kind: running ? 'cloudRun.running' : 'cloudRun',
    name,
    id,
    url,
    workspace: at.workspace,
  } as const;
  return {
    id: `${at.workspace}/run/${id}`,
    label: startedMs > 0 ? moment(startedMs) : text,
    description: text,
    tooltip: [name, ...(startedMs > 0 ? [whole(startedMs)] : []), id, state.message].join('\n').trim(),
    icon: STATE_ICONS[kind],
    target,
    command: { command: 'ordersLakehouse.showCloudRun', title: t('Show run'), arguments: [target] },
  };
}

function jobNode(at: At, { id, name, creator }: JobSummary): TreeNode {
  const node = `${at.workspace}/job/${id}`;
  return {
    id: node,
    label: name,
    tooltip: [name, id, creator].join('\n').trim(),
    icon: new vscode.ThemeIcon('calendar'),
    target: { kind: 'job', name, id, workspace: at.workspace },
    children: async () =>
      pagedNodes(node, (await client(at)).runs.list(id), (run) => runNode(at, run), t('It never ran.')),
  };
}

/** The children of one workspace. */
export function workspaceNodes(room: Pick<Room, 'workspaces'>, workspace: string): readonly TreeNode[] {
  const at: At = { room, workspace };
  const group = (
    name: string,
    label: string,
    icon: string,
    children: (parent: string) => Promise<readonly TreeNode[]>,
  ): TreeNode => {
    const id = `${workspace}/${name}`;
    return { id, label, icon: new vscode.ThemeIcon(icon), children: () => children(id) };
  };
  return [
    group('catalogs', t('Catalogs'), 'database', async (id) =>
      pagedNodes(
        id,
        (await client(at)).catalog.catalogs(),
        (catalog) => catalogNode(at, catalog),
        t('No catalogs that this login may see.'),
      ),
    ),
    group('pipelines', t('Pipelines'), 'type-hierarchy', async (id) =>
      pagedNodes(
        id,
        (await client(at)).pipelines.list(),
        (pipeline) => pipelineNode(at, pipeline),
        t('No pipelines that this login may see.'),
      ),
    ),
    group('jobs', t('Jobs'), 'server-process', async (id) =>
      pagedNodes(
        id,
        (await client(at)).jobs.list(),
        (job) => jobNode(at, job),
        t('No jobs that this login may see.'),
      ),
    ),
  ];
}

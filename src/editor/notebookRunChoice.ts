/** How a notebook runs: on which compute, with which parameters; remembered for each file. */
import type * as vscode from 'vscode';
import { needsCluster } from '../core/databricks/notebookRun.ts';
import type { Notebook } from '../core/databricks/notebooks.ts';
import { widgetsOf, type Widget } from '../core/databricks/widgets.ts';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { askOne, askText } from './ask.ts';
import type { NotebookTarget, RememberedNotebook } from './notebookMemory.ts';
import { withProgress } from './progress.ts';
import type { Room } from './room.ts';

export interface RunChoice {
  /** Null: serverless. */
  readonly cluster: NonNullable<RememberedNotebook['cluster']> | null;
  /** Those that the person gave; of the others the notebook's own values hold. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** Throws UserError `no-cluster`. */
async function chooseCluster(
  room: Room,
  { workspace }: NotebookTarget,
  serverless: boolean,
): Promise<RunChoice['cluster']> {
  const { name } = room.workspaces.get(workspace);
  const clusters = await withProgress(t('Asking {0}', name), room.log, async (onEvent, signal) =>
    (await room.workspaces.open(workspace, onEvent, signal)).clusters(),
  );
  if (!serverless && clusters.length === 0) {
    throw new UserError('no-cluster', t('{0} has no all-purpose compute that this login may see.', name), {
      hint: t('Serverless compute runs Python and SQL only.'),
    });
  }
  return askOne<RunChoice['cluster']>(
    [
      ...(serverless
        ? [{ label: t('Serverless'), description: t('starts in seconds; nothing to choose'), value: null }]
        : []),
      ...clusters.map((one) => ({
        label: one.name,
        description: [one.state.toLowerCase(), one.runtime].join(' · '),
        value: { id: one.id, name: one.name },
      })),
    ],
    { placeHolder: t('On which compute?') },
  );
}

async function askParameters(
  widgets: readonly Widget[],
  before: RunChoice['parameters'],
): Promise<RunChoice['parameters']> {
  const given: Record<string, string> = {};
  for (const [index, { name, value }] of widgets.entries()) {
    const answer = await askText({
      title: t('Parameters ({0}/{1})', index + 1, widgets.length),
      prompt: value === '' ? name : t('{0}; the notebook itself says {1}', name, value),
      value: before[name] ?? value,
    });
    if (answer !== value) given[name] = answer;
  }
  return given;
}

/** Asks until the person runs it. Throws Cancelled. */
export async function chooseRun(
  room: Room,
  file: vscode.Uri,
  target: NotebookTarget,
  notebook: Notebook,
): Promise<RunChoice> {
  const widgets = widgetsOf(notebook);
  const serverless = !needsCluster(notebook.language);
  const { cluster: lastCluster = null, parameters: last = {} } = room.notebooks.of(file);
  const names = new Set(widgets.map(({ name }) => name));
  let choice: RunChoice = {
    cluster: lastCluster,
    parameters: Object.fromEntries(Object.entries(last).filter(([name]) => names.has(name))),
  };
  const { name, production } = room.workspaces.get(target.workspace);
  if (!serverless && !choice.cluster) {
    choice = { ...choice, cluster: await chooseCluster(room, target, serverless) };
  }
  for (;;) {
    const { cluster, parameters } = choice;
    const values = widgets.map((one) => `${one.name}=${parameters[one.name] ?? one.value}`).join(', ');
    const next = await askOne<'run' | 'compute' | 'parameters'>(
      [
        {
          label: cluster ? t('Run on {0}', cluster.name) : t('Run on serverless compute'),
          description: values,
          value: 'run',
        },
        { label: t('Choose the compute…'), value: 'compute' },
        ...(widgets.length > 0 ? [{ label: t('Change the parameters…'), value: 'parameters' as const }] : []),
      ],
      { title: production ? `${name} · ${t('production')}` : name, placeHolder: target.path },
    );
    if (next === 'run') return choice;
    if (next === 'compute') choice = { ...choice, cluster: await chooseCluster(room, target, serverless) };
    else choice = { ...choice, parameters: await askParameters(widgets, parameters) };
  }
}

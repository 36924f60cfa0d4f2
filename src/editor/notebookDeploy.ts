/** One notebook into one place: compared, shown, asked about where it must be, written, told. */
import * as vscode from 'vscode';
import { applyNotebook, planNotebook, type DeployPlan } from '../core/databricks/deploy.ts';
import { t } from '../core/l10n.ts';
import { targetText } from './chooseNotebookTarget.ts';
import { mayWrite } from './mayWrite.ts';
import { hashOf } from './notebookHash.ts';
import type { NotebookDiff } from './notebookDiff.ts';
import { savedText } from './notebookFile.ts';
import type { NotebookTarget } from './notebookMemory.ts';
import { withProgress } from './progress.ts';
import type { Room } from './room.ts';

export interface Deployed {
  readonly plan: DeployPlan;
  readonly written: boolean;
  /** The workspace shows it. */
  readonly seen: boolean;
}

/** What is not ours is overwritten only when the person says so; in production everything is asked. Throws Cancelled. */
async function mayDeploy(
  room: Room,
  diff: NotebookDiff,
  file: vscode.Uri,
  target: NotebookTarget,
  plan: DeployPlan,
): Promise<void> {
  const { state, ours, path, folders } = plan;
  const { name, production } = room.workspaces.get(target.workspace);
  const always = state !== 'new' && !ours;
  const where = production ? `${name} (${t('production')})` : name;
  if (state === 'new') {
    await mayWrite(room, target.workspace, {
      question: t('Make {0} in {1}?', path, where),
      yes: t('Make it'),
      detail: folders.length === 0 ? [] : [t('With the folder {0}.', folders[0] ?? '')],
      beside: true,
    });
    return;
  }
  const close = production || always ? await diff.show(file, name, plan) : undefined;
  await mayWrite(room, target.workspace, {
    question: t('Overwrite {0} in {1}?', path, where),
    yes: t('Overwrite'),
    detail: [
      ours ? t('What is there was last deployed from here.') : t('What is there was not deployed from here.'),
    ],
    always,
    beside: true,
  });
  await close?.();
}

/** Throws Cancelled, and what `planNotebook` and `applyNotebook` throw. */
export async function deployTo(
  room: Room,
  diff: NotebookDiff,
  file: vscode.Uri,
  target: NotebookTarget,
): Promise<Deployed> {
  const { workspace, path: to } = target;
  const text = await savedText(file);
  const databricks = await room.outside.databricks(room.lakehouse().home);
  const where = targetText(room, target);
  const plan = await withProgress(t('Comparing with {0}', where), room.log, async (onEvent, signal) =>
    planNotebook(databricks, await room.workspaces.open(workspace, onEvent, signal), {
      file: file.fsPath,
      text,
      to,
    }),
  );
  if (plan.state !== 'same') await mayDeploy(room, diff, file, target, plan);
  const done = await withProgress(t('Deploying to {0}', where), room.log, async (onEvent, signal) =>
    applyNotebook(databricks, await room.workspaces.open(workspace, onEvent, signal), plan, signal),
  );
  await room.notebooks.update(file, {
    target: { workspace, path: plan.path },
    deployed: { hash: await hashOf(plan.here), atMs: Date.now() },
  });
  return { plan, ...done };
}

/** Says what was done, with the ways on from there. */
export function tellDeployed(room: Room, file: vscode.Uri, target: NotebookTarget, done: Deployed): void {
  const { plan, written, seen } = done;
  const where = targetText(room, target);
  const folder = plan.folders[0];
  const text = !written
    ? t('{0} is the same as the file: there is nothing to deploy.', where)
    : !seen
      ? t('{0} was taken, but the workspace still shows something else there.', where)
      : plan.state === 'differs' && plan.ours
        ? t('Deployed to {0}, over what was last deployed from here.', where)
        : folder === undefined
          ? t('Deployed to {0}.', where)
          : t('Deployed to {0}; the folder {1} was made.', where, folder);
  const [open, run] = [t('Open in browser'), t('Run')];
  const show = seen ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  void show(text, open, run).then(async (chosen) => {
    if (chosen === open) await vscode.env.openExternal(vscode.Uri.parse(plan.url, true));
    if (chosen === run) {
      await vscode.commands.executeCommand('ordersLakehouse.runNotebook', file, 'remembered');
    }
  });
}

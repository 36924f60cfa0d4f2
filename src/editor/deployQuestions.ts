/** What a person is asked before and while a lakehouse is deployed. All throw Cancelled when it is given up. */
import * as vscode from 'vscode';
import type { LakehousePlan } from '../core/bundle/plan.ts';
import { summaryText } from '../core/bundle/planText.ts';
import type { WorkspaceProfile } from '../core/databricks/workspaces.ts';
import { Cancelled, isCancelled } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { mustAgree } from './ask.ts';
import type { AtCancel } from './deploySession.ts';
import { mayWrite } from './mayWrite.ts';
import type { Room } from './room.ts';

/** Whether it was not given up. */
export async function unlessCancelled(task: () => Promise<void>): Promise<boolean> {
  try {
    await task();
    return true;
  } catch (error) {
    if (isCancelled(error)) return false;
    throw error;
  }
}

/** Returns whether anything had to be saved: what was planned is older than that. */
export async function saveProject(folder: vscode.Uri): Promise<boolean> {
  const dirty = vscode.workspace.textDocuments.filter(
    ({ isDirty, uri }) => isDirty && uri.toString().startsWith(`${folder.toString()}/`),
  );
  if (dirty.length === 0) return false;
  await mustAgree(
    t('Save what is changed in the project?'),
    t('Save'),
    dirty.map(({ uri }) => vscode.workspace.asRelativePath(uri)),
  );
  for (const document of dirty) if (!(await document.save())) throw new Cancelled();
  return true;
}

export async function mayDeploy(
  room: Pick<Room, 'workspaces'>,
  workspace: WorkspaceProfile,
  plan: LakehousePlan,
): Promise<void> {
  const { bundle, target, mode } = plan;
  const always = mode === 'production';
  await mayWrite(room, workspace.id, {
    question: t('Deploy {0} to the target {1} in {2}?', bundle, target, workspace.name),
    yes: t('Deploy to {0}', target),
    detail: [...(always ? [t('{0} is a production target.', target)] : []), summaryText(plan)],
    always,
  });
}

export const mayRebuild = ({ name }: WorkspaceProfile): Promise<void> =>
  mustAgree(t('Rebuild silver and gold in {0}?', name), t('Full refresh'), [
    t('They are emptied and computed again from bronze, which stays.'),
  ]);

export const mayTakeLock = (told: string): Promise<void> =>
  mustAgree(t('Take the lock of the other deployment away?'), t('Take it away'), [
    told,
    t('If it still runs, both write to the same place.'),
  ]);

export async function howToLeave({ name }: WorkspaceProfile): Promise<AtCancel> {
  const stop = t('Stop the update');
  const leave = t('Leave it running');
  const chosen = await vscode.window.showWarningMessage(
    t('The update runs in {0}.', name),
    {
      modal: true,
      detail: t('What is deployed stays. Left running, it is only not followed here any more.'),
    },
    stop,
    leave,
  );
  if (chosen === undefined) throw new Cancelled();
  return chosen === stop ? 'stop' : 'leave';
}

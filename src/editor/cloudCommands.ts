/** What is done with what a workspace has: its warehouse, its updates and runs. */
import * as vscode from 'vscode';
import { Cancelled } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { mayCancelRun, showCloudRun } from './cloudRunPanel.ts';
import type { Panels } from './panel.ts';
import { withProgress } from './progress.ts';
import type { Room } from './room.ts';
import { targetOf, type Target } from './tree.ts';
import { showUpdate } from './updatePanel.ts';
import { chosenWorkspace } from './workspaceCommands.ts';

export async function chooseWarehouse(room: Room, argument: unknown): Promise<void> {
  const target = targetOf(argument);
  const of = target?.kind === 'table' ? target.workspace : argument;
  await room.warehouses.choose((await chosenWorkspace(room, of)).id);
}

export function openUpdate(room: Room, panels: Panels, argument: unknown): void {
  const target = targetOf(argument);
  if (target?.kind !== 'update') throw new Cancelled();
  showUpdate(room, panels, target.workspace, target.pipeline, target.name);
}

type RunTarget = Extract<Target, { readonly kind: 'cloudRun' | 'cloudRun.running' }>;

function runOf(argument: unknown): RunTarget {
  const target = targetOf(argument);
  if (target?.kind !== 'cloudRun' && target?.kind !== 'cloudRun.running') throw new Cancelled();
  return target;
}

export function openRun(room: Room, panels: Panels, argument: unknown): void {
  const { workspace, id } = runOf(argument);
  showCloudRun(room, panels, workspace, id);
}

export async function browseRun(argument: unknown): Promise<void> {
  await vscode.env.openExternal(vscode.Uri.parse(runOf(argument).url, true));
}

export async function cancelRun(room: Room, argument: unknown): Promise<void> {
  const { workspace, id, name } = runOf(argument);
  // The icon in the tree is easily hit.
  await mayCancelRun(room, workspace, name, true);
  const title = t('Cancelling the run {0}', name);
  await withProgress(title, room.log, async (onEvent, signal) =>
    (await room.workspaces.open(workspace, onEvent, signal)).runs.cancel(id),
  );
  room.workspaces.changedThere();
}

/** What is done with what a workspace has: its warehouse, its updates and runs. */
import * as vscode from 'vscode';
import { Cancelled, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { askOne, mustAgree } from './ask.ts';
import { showCloudRun } from './cloudRunPanel.ts';
import type { Panels } from './panel.ts';
import type { Room } from './room.ts';
import { targetOf, type Target } from './tree.ts';
import { showUpdate } from './updatePanel.ts';

/** The workspace a command was called on, else the one a person names. */
async function workspaceOf(room: Room, argument: unknown): Promise<string> {
  const target = targetOf(argument);
  if (target && 'workspace' in target && target.workspace !== undefined) return target.workspace;
  const all = room.workspaces.list();
  if (all.length === 0) {
    throw new UserError('no-workspace', t('No workspace is connected yet.'));
  }
  return askOne(
    all.map(({ id, name, host }) => ({ label: name, description: host, value: id })),
    { placeHolder: t('Which workspace?') },
  );
}

export async function chooseWarehouse(room: Room, argument: unknown): Promise<void> {
  await room.warehouses.choose(await workspaceOf(room, argument));
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
  const profile = room.workspaces.get(workspace);
  await mustAgree(t('Cancel the run {0} on {1}?', name, profile.name), t('Cancel the run'), [
    t('What it has done so far stays.'),
  ]);
  const client = await room.workspaces.open(workspace, () => undefined, new AbortController().signal);
  await client.runs.cancel(id);
  room.dataChanged();
}

/** Adding, changing and forgetting workspaces of Azure Databricks. */
import * as vscode from 'vscode';
import { blankWorkspace, type WorkspaceProfile } from '../core/databricks/workspaces.ts';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { askOne, mustAgree } from './ask.ts';
import type { Panels } from './panel.ts';
import type { Room } from './room.ts';
import { mustBeTrusted } from './sandboxCommands.ts';
import { targetOf } from './tree.ts';
import { showWorkspace } from './workspacePanel.ts';

/**
 * The workspace of an argument (its id, or a node of the tree), the only one there is, or the one that a person chooses.
 * Throws Cancelled, and UserError `no-workspace`, `unknown-workspace`.
 */
export async function chosenWorkspace(room: Room, argument: unknown): Promise<WorkspaceProfile> {
  if (typeof argument === 'string') return room.workspaces.get(argument);
  const target = targetOf(argument);
  if (target?.kind === 'workspace') return room.workspaces.get(target.workspace);
  const all = room.workspaces.list();
  if (all.length === 0) {
    throw new UserError('no-workspace', t('There is no workspace of Azure Databricks yet.'), {
      action: { title: t('Add a workspace'), command: 'ordersLakehouse.addWorkspace' },
    });
  }
  return askOne(
    all.map((profile) => ({
      label: profile.name,
      description: profile.production ? `${profile.host} · ${t('production')}` : profile.host,
      value: profile,
    })),
    { placeHolder: t('Which workspace?') },
  );
}

export function addWorkspace(room: Room, panels: Panels): void {
  mustBeTrusted();
  showWorkspace(room, panels, blankWorkspace(crypto.randomUUID()));
}

/** From a profile of `~/.databrickscfg`, whose secret stays there. */
export async function importWorkspace(room: Room, panels: Panels): Promise<void> {
  mustBeTrusted();
  const found = await room.outside.configProfiles();
  if (found.length === 0) {
    throw new UserError('no-profile', t('There is no profile in {0}.', '~/.databrickscfg'), {
      hint: t('The Databricks CLI makes it; a workspace can be added without.'),
      action: { title: t('Add a workspace'), command: 'ordersLakehouse.addWorkspace' },
    });
  }
  const { name, host } = await askOne(
    found.map((one) => ({ label: one.name, description: one.host, detail: one.auth, value: one })),
    { placeHolder: t('Which profile?') },
  );
  showWorkspace(room, panels, {
    ...blankWorkspace(crypto.randomUUID()),
    name,
    host,
    login: { kind: 'profile', profile: name },
  });
}

export async function editWorkspace(room: Room, panels: Panels, argument: unknown): Promise<void> {
  showWorkspace(room, panels, await chosenWorkspace(room, argument));
}

/** Another of the same kind; it has no secret. */
export async function copyWorkspace(room: Room, panels: Panels, argument: unknown): Promise<void> {
  const profile = await chosenWorkspace(room, argument);
  showWorkspace(room, panels, {
    ...profile,
    id: crypto.randomUUID(),
    name: t('{0} (copy)', profile.name),
  });
}

export async function removeWorkspace(room: Room, argument: unknown): Promise<void> {
  const { id, name } = await chosenWorkspace(room, argument);
  await mustAgree(t('Forget the workspace {0} and its secret?', name), t('Forget'), [
    t('Nothing is deleted in Databricks.'),
  ]);
  await room.workspaces.remove(id);
}

export async function openWorkspaceInBrowser(room: Room, argument: unknown): Promise<void> {
  const { host } = await chosenWorkspace(room, argument);
  await vscode.env.openExternal(vscode.Uri.parse(host));
}

export async function signInWorkspace(room: Room, argument: unknown): Promise<void> {
  const { id, name } = await chosenWorkspace(room, argument);
  await room.workspaces.signIn(id);
  vscode.window.setStatusBarMessage(t('Signed in to {0}', name), 3000);
}

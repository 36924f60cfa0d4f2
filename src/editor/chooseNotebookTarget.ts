/** Where a notebook goes: the workspace and the path, remembered for each file. */
import * as vscode from 'vscode';
import { nameOf } from '../core/databricks/notebooks.ts';
import { notebookPath } from '../core/databricks/paths.ts';
import type { WorkspaceProfile } from '../core/databricks/workspaces.ts';
import { Cancelled, messageOf, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { askOne, askText } from './ask.ts';
import type { NotebookTarget } from './notebookMemory.ts';
import { withProgress } from './progress.ts';
import type { Room } from './room.ts';

/** Of one that the person is still connected to. */
export function rememberedTarget(room: Room, file: vscode.Uri): NotebookTarget | undefined {
  const { target } = room.notebooks.of(file);
  return target && room.workspaces.list().some(({ id }) => id === target.workspace) ? target : undefined;
}

/** `ana · /Users/ana@example.com/orders`. */
export const targetText = (room: Room, { workspace, path }: NotebookTarget): string =>
  `${room.workspaces.get(workspace).name} · ${path}`;

async function chooseWorkspace(room: Room): Promise<WorkspaceProfile> {
  const all = room.workspaces.list();
  const connect = { title: t('Connect a workspace…'), command: 'ordersLakehouse.addWorkspace' };
  if (all.length === 0) {
    throw new UserError('no-workspace', t('You are not connected to a workspace of Databricks yet.'), {
      action: connect,
    });
  }
  const chosen = await askOne<WorkspaceProfile | undefined>(
    [
      ...all.map((profile) => ({
        label: profile.name,
        description: profile.production ? t('production') : '',
        detail: profile.host,
        value: profile,
      })),
      { label: connect.title, value: undefined },
    ],
    { placeHolder: t('To which workspace?') },
  );
  if (chosen) return chosen;
  await vscode.commands.executeCommand(connect.command);
  throw new Cancelled();
}

async function askPlace(room: Room, file: vscode.Uri): Promise<NotebookTarget> {
  const { id, name, host } = await chooseWorkspace(room);
  const userName = await withProgress(t('Asking {0}', name), room.log, async (onEvent, signal) =>
    (await room.workspaces.open(id, onEvent, signal)).userName(),
  );
  const target = { userName, name: nameOf(file.fsPath) };
  const path = await askText({
    title: t('Deploy to {0}', name),
    prompt: t(
      'Path of the notebook in {0}. ~ is your home there; a path that ends in / takes its name.',
      host,
    ),
    value: notebookPath('~/', target),
    validateInput: (input) => {
      try {
        notebookPath(input.trim(), target);
        return undefined;
      } catch (error) {
        return messageOf(error);
      }
    },
  });
  return { workspace: id, path: notebookPath(path, target) };
}

/** `ask` false: without a question where one is remembered. Throws Cancelled, UserError `no-workspace`. */
export async function chooseTarget(
  room: Room,
  file: vscode.Uri,
  { verb, ask }: { readonly verb: (where: string) => string; readonly ask: boolean },
): Promise<NotebookTarget> {
  const remembered = rememberedTarget(room, file);
  if (!remembered) return askPlace(room, file);
  if (!ask) return remembered;
  const items = [
    { label: verb(targetText(room, remembered)), value: remembered },
    { label: t('Another place…'), value: undefined },
  ];
  const chosen = await askOne<NotebookTarget | undefined>(items, {
    placeHolder: nameOf(file.fsPath),
  });
  return chosen ?? askPlace(room, file);
}

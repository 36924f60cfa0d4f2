/** Keeping the sandbox in a file, and going back to one: also the start of a lesson, which the home itself keeps. */
import * as vscode from 'vscode';
import { Cancelled } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { contentLines, SNAPSHOT_EXTENSION, type Manifest } from '../core/snapshot.ts';
import { lessonOf, restoreSnapshot, takeSnapshot } from '../core/takeSnapshot.ts';
import { mustAgree } from './ask.ts';
import { withProgress } from './progress.ts';
import type { Room } from './room.ts';
import { agreeToDownload, losses, mustBeTrusted } from './sandboxCommands.ts';

const FILTERS = (): Record<string, string[]> => ({ [t('Snapshot of a sandbox')]: ['tar.gz', 'gz', 'tgz'] });

async function take(room: Room, title: string, file?: string): Promise<string> {
  try {
    const options = { force: true, ...(file === undefined ? {} : { file }) };
    const taken = await withProgress(title, room.log, (onEvent, signal) =>
      takeSnapshot(room.lakehouse(), options, onEvent, signal),
    );
    return taken.file;
  } finally {
    await room.sandbox.refresh();
  }
}

export async function snapshot(room: Room): Promise<void> {
  mustBeTrusted();
  const name = `${new Date().toISOString().slice(0, 10)}.${SNAPSHOT_EXTENSION}`;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(room.lakehouse().home);
  // The dialog asks before it names a file that is there.
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(folder, name),
    title: t('Take a Snapshot'),
    filters: FILTERS(),
    saveLabel: t('Take snapshot'),
  });
  if (!target) throw new Cancelled();
  const file = await take(room, t('Taking a snapshot'), target.fsPath);
  void vscode.window.showInformationMessage(t('The snapshot is {0}.', file));
}

export async function markLesson(room: Room): Promise<void> {
  mustBeTrusted();
  const snapshots = await room.lakehouse().snapshots();
  if (snapshots.hasLesson()) {
    const { created } = await snapshots.inspect(snapshots.lesson);
    await mustAgree(t('Replace the start of the lesson?'), t('Replace'), [
      t('It was marked {0}.', new Date(created).toLocaleString(vscode.env.language)),
      snapshots.lesson,
    ]);
  }
  const file = await take(room, t('Marking the start of the lesson'));
  void vscode.window.showInformationMessage(t('The start of the lesson is kept in {0}.', file));
}

/** What a person gets, and what it costs. */
async function question(room: Room, manifest: Manifest): Promise<readonly string[]> {
  const { created } = manifest;
  return [
    t('Taken {0}', new Date(created).toLocaleString(vscode.env.language)),
    ...(contentLines(manifest) ?? []),
    '',
    t('What is there now will be lost:'),
    ...(await losses(room)),
    '',
    room.lakehouse().home,
  ];
}

async function goBack(room: Room, file: string, title: string, asked: string): Promise<void> {
  const lakehouse = room.lakehouse();
  const snapshots = await lakehouse.snapshots();
  const manifest = await snapshots.inspect(file);
  if (snapshots.holdsData()) await mustAgree(asked, t('Restore'), await question(room, manifest));
  await agreeToDownload(await lakehouse.runtime.plan());
  try {
    await withProgress(title, room.log, (onEvent, signal) =>
      restoreSnapshot(lakehouse, { file, replace: true }, onEvent, signal),
    );
  } finally {
    await room.sandbox.refresh();
    room.dataChanged();
  }
}

export async function restore(room: Room): Promise<void> {
  mustBeTrusted();
  const [source] =
    (await vscode.window.showOpenDialog({
      title: t('Restore a Snapshot'),
      filters: FILTERS(),
      openLabel: t('Restore'),
    })) ?? [];
  if (!source) throw new Cancelled();
  await goBack(room, source.fsPath, t('Restoring the snapshot'), t('Replace all data of the sandbox?'));
  void vscode.window.showInformationMessage(t('The sandbox holds what the snapshot held.'));
}

export async function backToLesson(room: Room): Promise<void> {
  mustBeTrusted();
  const lesson = lessonOf(await room.lakehouse().snapshots());
  await goBack(
    room,
    lesson,
    t('Going back to the start of the lesson'),
    t('Go back to the start of the lesson?'),
  );
  void vscode.window.showInformationMessage(t('The sandbox is at the start of the lesson again.'));
}

/** Asks where to, and writes a whole result there as CSV. */
import * as vscode from 'vscode';
import { isCancelled } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { QueryResult } from '../core/tables.ts';
import { withProgress } from './progress.ts';
import type { Room } from './room.ts';

/** `rowCount` where it is known. Returns the path, or null when the person gave up. */
export async function exportRows(
  room: Pick<Room, 'log' | 'outside'>,
  name: string,
  rowCount: string | undefined,
  rows: (signal: AbortSignal) => Promise<QueryResult>,
): Promise<string | null> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    title: t('Export {0} as CSV', name),
    filters: { CSV: ['csv'] },
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, `${name}.csv`) } : {}),
  });
  if (!target) return null;
  let written: number;
  try {
    written = await withProgress(t('Exporting {0}', name), room.log, async (onEvent, signal) => {
      const result = await rows(signal);
      const onRows = (done: number): void => {
        const total = rowCount === undefined ? {} : { total: Number(rowCount) };
        onEvent({ type: 'progress', task: name, done, ...total, unit: t('rows') });
      };
      return (await room.outside.writeCsv(target.fsPath, result, onRows, signal)).rows;
    });
  } catch (error) {
    if (isCancelled(error)) return null;
    throw error;
  }
  const show = t('Open file');
  void vscode.window
    .showInformationMessage(t('{0} rows of {1} written to {2}', written, name, target.fsPath), show)
    .then((chosen) => (chosen === show ? vscode.commands.executeCommand('vscode.open', target) : undefined));
  return target.fsPath;
}

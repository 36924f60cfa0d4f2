/** What a source notebook tells above its first line: where it was deployed, whether it changed since; it asks nobody. */
import * as vscode from 'vscode';
import { comparable, isSourceNotebook } from '../core/databricks/notebooks.ts';
import { t } from '../core/l10n.ts';
import { rememberedTarget, targetText } from './chooseNotebookTarget.ts';
import { hashOf } from './notebookHash.ts';
import type { Room } from './room.ts';

const FILES: vscode.DocumentSelector = { scheme: 'file', pattern: '**/*.{py,sql,scala,r,R}' };

export function provideNotebookLenses(room: Room): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  const tell = (): void => {
    changed.fire();
  };
  const provider = vscode.languages.registerCodeLensProvider(FILES, {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses: async (document) => {
      const { uri } = document;
      if (!isSourceNotebook(uri.path, document.lineAt(0).text)) return [];
      const { deployed, run } = room.notebooks.of(uri);
      const target = rememberedTarget(room, uri);
      const lens = (title: string, command: string, ...more: readonly string[]): vscode.CodeLens =>
        new vscode.CodeLens(new vscode.Range(0, 0, 0, 0), {
          title,
          command: `ordersLakehouse.${command}`,
          arguments: [uri, ...more],
        });
      if (!target || !deployed) {
        return [
          lens(t('Deploy to Databricks'), 'deployNotebook'),
          lens(t('Run on Databricks'), 'runNotebook'),
        ];
      }
      const same = (await hashOf(comparable('SOURCE', document.getText()))) === deployed.hash;
      const where = targetText(room, target);
      const at = new Date(deployed.atMs).toLocaleString(vscode.env.language, {
        dateStyle: 'short',
        timeStyle: 'short',
      });
      return [
        lens(
          same ? t('Deployed to {0}, {1}', where, at) : t('Deployed to {0}, {1}, changed since', where, at),
          'deployNotebook',
        ),
        lens(t('Deploy'), 'deployNotebook', 'remembered'),
        lens(t('Run'), 'runNotebook', 'remembered'),
        ...(run ? [lens(t('Last run'), 'showNotebookRun')] : []),
      ];
    },
  });
  return vscode.Disposable.from(
    changed,
    provider,
    room.notebooks.onDidChange(tell),
    room.workspaces.onDidChange(tell),
  );
}

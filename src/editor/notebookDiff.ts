/** What is at a path of a workspace beside what is here, in VS Code's own diff. */
import * as vscode from 'vscode';
import type { DeployPlan } from '../core/databricks/deploy.ts';
import { t } from '../core/l10n.ts';
import type { Disposable } from './disposable.ts';
import { createKeptTexts } from './keptTexts.ts';

const ENDINGS = { PYTHON: 'py', SQL: 'sql', SCALA: 'scala', R: 'r' } as const;

export interface NotebookDiff extends Disposable {
  /** Returns what closes it. */
  show(file: vscode.Uri, workspace: string, plan: DeployPlan): Promise<() => Promise<void>>;
}

export function createNotebookDiff(): NotebookDiff {
  const texts = createKeptTexts('orders-workspace');
  return {
    show: async (file, workspace, { path, notebook, there = '', here }) => {
      const ending = ENDINGS[notebook.language];
      const name = file.path.split('/').at(-1) ?? '';
      const left = texts.add(`/${workspace}${path}.${ending}`, there);
      // Jupyter is compared by the sources of its cells.
      const right = notebook.format === 'SOURCE' ? file : texts.add(`/${name}.${ending}`, here);
      const title = t('{0}: {1} ↔ here', name, workspace);
      await vscode.commands.executeCommand('vscode.diff', left, right, title, { preview: true });
      return async () => {
        const tabs = vscode.window.tabGroups.all
          .flatMap((group) => group.tabs)
          .filter(
            ({ input }) =>
              input instanceof vscode.TabInputTextDiff && input.original.toString() === left.toString(),
          );
        await vscode.window.tabGroups.close(tabs);
      };
    },
    dispose: () => {
      texts.dispose();
    },
  };
}

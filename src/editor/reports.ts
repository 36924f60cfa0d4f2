/** Reports as read-only documents, kept while they are open. */
import * as vscode from 'vscode';
import type { Disposable } from './disposable.ts';
import { createKeptTexts } from './keptTexts.ts';

export interface Reports extends Disposable {
  show(name: string, lines: readonly string[]): Promise<void>;
}

export function createReports(): Reports {
  const texts = createKeptTexts('orders-report');
  return {
    show: async (name, lines) => {
      const uri = texts.add(`/${name}.txt`, `${lines.join('\n')}\n`);
      await vscode.window.showTextDocument(uri, { preview: true, viewColumn: vscode.ViewColumn.Beside });
    },
    dispose: () => {
      texts.dispose();
    },
  };
}

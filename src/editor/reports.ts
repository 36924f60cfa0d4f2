/** Reports as read-only documents (`orders-report:/NAME.txt?NUMBER`), kept while they are open. */
import * as vscode from 'vscode';
import type { Disposable } from './disposable.ts';

const SCHEME = 'orders-report';

export interface Reports extends Disposable {
  show(name: string, lines: readonly string[]): Promise<void>;
}

export function createReports(): Reports {
  const texts = new Map<string, string>();
  let last = 0;
  const subscriptions = [
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      provideTextDocumentContent: (uri) => texts.get(uri.query) ?? '',
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.scheme === SCHEME) texts.delete(uri.query);
    }),
  ];
  return {
    show: async (name, lines) => {
      last += 1;
      const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}.txt`, query: String(last) });
      texts.set(uri.query, `${lines.join('\n')}\n`);
      await vscode.window.showTextDocument(uri, { preview: true, viewColumn: vscode.ViewColumn.Beside });
    },
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

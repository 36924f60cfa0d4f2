/** Texts as read-only documents of a scheme of their own (`SCHEME:/PATH?NUMBER`), kept while they are open. */
import * as vscode from 'vscode';
import type { Disposable } from './disposable.ts';

export interface KeptTexts extends Disposable {
  /** Each time another document; how the path ends decides the language. */
  add(path: string, text: string): vscode.Uri;
}

export function createKeptTexts(scheme: string): KeptTexts {
  const texts = new Map<string, string>();
  let last = 0;
  const subscriptions = [
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      provideTextDocumentContent: ({ query }) => texts.get(query) ?? '',
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.scheme === scheme) texts.delete(uri.query);
    }),
  ];
  return {
    add: (path, text) => {
      last += 1;
      texts.set(String(last), text);
      return vscode.Uri.from({ scheme, path, query: String(last) });
    },
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

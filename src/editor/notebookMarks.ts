/** The line on which the last run of a notebook failed, marked until it is edited or runs again. */
import * as vscode from 'vscode';
import type { ErrorPlace } from '../core/databricks/errorPlace.ts';
import type { Disposable } from './disposable.ts';

type KnownPlace = Extract<ErrorPlace, { readonly known: true }>;

export interface NotebookMarks extends Disposable {
  set(file: vscode.Uri, place: KnownPlace, text: string): void;
  clear(file: vscode.Uri): void;
}

export function createNotebookMarks(): NotebookMarks {
  const collection = vscode.languages.createDiagnosticCollection('orders-lakehouse-runs');
  /** Of Jupyter the mark is in the document of a cell, and only while it is open. */
  const pending = new Map<string, () => void>();
  const mark = (document: vscode.TextDocument, line: number, text: string): void => {
    const { range } = document.lineAt(Math.min(line, document.lineCount - 1));
    const diagnostic = new vscode.Diagnostic(range, text, vscode.DiagnosticSeverity.Error);
    diagnostic.source = 'Databricks';
    collection.set(document.uri, [diagnostic]);
  };
  const clear = (file: vscode.Uri): void => {
    pending.delete(file.toString());
    for (const [uri] of [...collection]) if (uri.path === file.path) collection.delete(uri);
  };
  const subscriptions = [
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) collection.delete(document.uri);
    }),
    vscode.workspace.onDidOpenNotebookDocument(({ uri }) => {
      pending.get(uri.toString())?.();
    }),
    vscode.workspace.onDidChangeNotebookDocument(({ notebook, contentChanges }) => {
      // Cells came or went: which one is meant is not sure any more.
      if (contentChanges.length > 0) clear(notebook.uri);
    }),
  ];
  return {
    set: (file, { cell, line }, text) => {
      clear(file);
      if (!file.path.endsWith('.ipynb')) {
        void vscode.workspace.openTextDocument(file).then((document) => {
          mark(document, line, text);
        });
        return;
      }
      const show = (): void => {
        const notebook = vscode.workspace.notebookDocuments.find(
          ({ uri }) => uri.toString() === file.toString(),
        );
        if (notebook && cell <= notebook.cellCount) mark(notebook.cellAt(cell - 1).document, line, text);
      };
      pending.set(file.toString(), show);
      show();
    },
    clear,
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
      collection.dispose();
    },
  };
}

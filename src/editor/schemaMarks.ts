/** Marks in schema files: what a check or a rehearsal found, at the field where it can be told. */
import * as vscode from 'vscode';
import { fieldPlace } from '../core/fieldPlaces.ts';
import type { Disposable } from './disposable.ts';

export interface Mark {
  /** Names of fields with points between; empty for the whole. */
  readonly field: string;
  readonly text: string;
  readonly severity: 'error' | 'warning';
}

export interface SchemaMarks extends Disposable {
  /** In the place of those of before. */
  set(document: vscode.TextDocument, marks: readonly Mark[]): void;
}

function rangeOf(document: vscode.TextDocument, field: string): vscode.Range {
  const place = fieldPlace(document.getText(), field);
  return place
    ? new vscode.Range(document.positionAt(place.start), document.positionAt(place.end))
    : document.lineAt(0).range;
}

export function createSchemaMarks(): SchemaMarks {
  const collection = vscode.languages.createDiagnosticCollection('orders-lakehouse-schemas');
  // What was found holds for the text as it was.
  const subscriptions = [
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) collection.delete(document.uri);
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      collection.delete(uri);
    }),
  ];
  return {
    set: (document, marks) => {
      const { Error, Warning } = vscode.DiagnosticSeverity;
      const found = marks.map(({ field, text, severity }) => {
        const level = severity === 'error' ? Error : Warning;
        const diagnostic = new vscode.Diagnostic(rangeOf(document, field), text, level);
        diagnostic.source = 'Orders Lakehouse';
        return diagnostic;
      });
      collection.set(document.uri, found);
    },
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
      collection.dispose();
    },
  };
}

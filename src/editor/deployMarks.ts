/** Marks in the files of a project: what its plan found, and where its update failed. */
import * as vscode from 'vscode';
import type { CloudRunResult } from '../core/bundle/cloudRun.ts';
import type { Finding } from '../core/bundle/findings.ts';
import { DOCUMENTATION } from '../core/parity/documentation.ts';
import type { Disposable } from './disposable.ts';

export interface DeployMarks extends Disposable {
  /** In the place of those of before; of the plan and of the run apart. */
  findings(folder: vscode.Uri, findings: readonly Finding[]): void;
  results(folder: vscode.Uri, results: readonly CloudRunResult[]): void;
}

interface Mark {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
  readonly severity: vscode.DiagnosticSeverity;
}

function toDiagnostic({ line, column, text, severity }: Mark): vscode.Diagnostic {
  // To the end of the line: VS Code cuts it there.
  const range = new vscode.Range(line - 1, column - 1, line - 1, Number.MAX_SAFE_INTEGER);
  const made = new vscode.Diagnostic(range, text, severity);
  made.source = 'Orders Lakehouse';
  return made;
}

export function createDeployMarks(): DeployMarks {
  const collections = ['deploy', 'run'].map((name) =>
    vscode.languages.createDiagnosticCollection(`orders-lakehouse-${name}`),
  );
  const [ofPlan, ofRun] = collections;
  /** Files with marks, by collection and folder. */
  const marked = new Map<string, readonly vscode.Uri[]>();

  const set = (
    collection: vscode.DiagnosticCollection | undefined,
    folder: vscode.Uri,
    marks: readonly Mark[],
  ): void => {
    if (!collection) return;
    const key = `${collection.name} ${folder.toString()}`;
    for (const file of marked.get(key) ?? []) collection.delete(file);
    const files = [...new Set(marks.map(({ file }) => file))].map((file) => {
      const uri = vscode.Uri.joinPath(folder, file);
      collection.set(uri, marks.filter((mark) => mark.file === file).map(toDiagnostic));
      return uri;
    });
    marked.set(key, files);
  };
  // What was found holds for the text as it was.
  const editing = vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
    if (contentChanges.length === 0) return;
    for (const collection of collections) collection.delete(document.uri);
  });

  const { Error, Warning } = vscode.DiagnosticSeverity;
  return {
    findings: (folder, findings) => {
      set(
        ofPlan,
        folder,
        findings.flatMap(({ place, message, hint, level, code }) =>
          // What would not work there has marks of its own.
          place && !(code in DOCUMENTATION)
            ? [
                {
                  ...place,
                  text: hint === undefined ? message : `${message} ${hint}`,
                  severity: level === 'error' ? Error : Warning,
                },
              ]
            : [],
        ),
      );
    },
    results: (folder, results) => {
      set(
        ofRun,
        folder,
        results
          .flatMap(({ errors }) => errors)
          .flatMap(({ file, line = 1, message, dataset }) =>
            file === undefined
              ? []
              : [
                  {
                    ...{ file, line, column: 1, severity: Error },
                    text: dataset === undefined ? message : `${dataset}: ${message}`,
                  },
                ],
          ),
      );
    },
    dispose: () => {
      editing.dispose();
      for (const collection of collections) collection.dispose();
    },
  };
}

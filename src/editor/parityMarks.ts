/** Marks in the files of a lakehouse project: what would not work on Azure Databricks, while it is written. */
import * as vscode from 'vscode';
import { isCancelled, messageOf } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { documentationOf, type Finding } from '../core/parity/finding.ts';
import type { Parity } from '../core/parity/port.ts';
import { isProjectFile, PIPELINE_SIGNS, PROJECT_SIGNS } from '../core/parity/projectFiles.ts';
import type { Disposable } from './disposable.ts';
import { createPauses } from './pauses.ts';
import type { Room } from './room.ts';
import { SECTION } from './settings.ts';

/** Milliseconds after the last key. */
const PAUSE = 400;
const SETTING = 'deploy.check';
const FILES: vscode.DocumentSelector = [
  { scheme: 'file', pattern: '**/*.py' },
  { scheme: 'file', pattern: '**/*.{yml,yaml}' },
];

/** A project that has a file open. */
interface Project {
  readonly folder: vscode.Uri;
  /** By the document's address. */
  findings: ReadonlyMap<string, readonly Finding[]>;
  running: AbortController | undefined;
}

const isThere = async (uri: vscode.Uri): Promise<boolean> =>
  vscode.workspace.fs.stat(uri).then(
    () => true,
    () => false,
  );

const anyThere = async (folder: vscode.Uri, paths: readonly string[]): Promise<boolean> => {
  const found = await Promise.all(paths.map((path) => isThere(vscode.Uri.joinPath(folder, path))));
  return found.includes(true);
};

/** The nearest project around a file, inside of the workspace. */
async function projectOf(file: vscode.Uri): Promise<vscode.Uri | undefined> {
  const workspace = vscode.workspace.getWorkspaceFolder(file)?.uri;
  if (!workspace) return undefined;
  let folder = file;
  while (folder.path !== workspace.path && folder.path.length > workspace.path.length) {
    folder = vscode.Uri.joinPath(folder, '..');
    if ((await anyThere(folder, PROJECT_SIGNS)) && (await anyThere(folder, PIPELINE_SIGNS))) return folder;
  }
  return undefined;
}

const isIn = (folder: vscode.Uri, { uri }: vscode.TextDocument): boolean =>
  uri.scheme === folder.scheme && uri.path.startsWith(`${folder.path}/`);

const rangeOf = ({ range: { start, end } }: Finding): vscode.Range =>
  new vscode.Range(start.line, start.column, end.line, end.column);

function diagnosticOf(finding: Finding): vscode.Diagnostic {
  const { Error, Warning } = vscode.DiagnosticSeverity;
  const level = finding.severity === 'error' ? Error : Warning;
  const mark = new vscode.Diagnostic(rangeOf(finding), `${finding.message}\n${finding.hint}`, level);
  mark.source = 'Orders Lakehouse';
  mark.code = { value: finding.code, target: vscode.Uri.parse(documentationOf(finding)) };
  return mark;
}

export function markParity(room: Room): Disposable {
  const collection = vscode.languages.createDiagnosticCollection('orders-lakehouse-parity');
  const projects = new Map<string, Project>();
  /** By the document's address, before its project is known. */
  const pauses = createPauses();
  let loaded: Promise<Parity> | undefined;

  const isOn = (): boolean => vscode.workspace.getConfiguration(SECTION).get<boolean>(SETTING) ?? true;
  const isMine = (document: vscode.TextDocument): boolean =>
    document.uri.scheme === 'file' && isProjectFile(document.uri.path);

  const show = (project: Project, findings: readonly Finding[]): void => {
    const found = new Map<string, Finding[]>();
    for (const finding of findings) {
      const key = vscode.Uri.joinPath(project.folder, finding.file).toString();
      found.set(key, [...(found.get(key) ?? []), finding]);
    }
    for (const key of project.findings.keys()) if (!found.has(key)) collection.delete(vscode.Uri.parse(key));
    for (const [key, list] of found) collection.set(vscode.Uri.parse(key), list.map(diagnosticOf));
    project.findings = found;
  };
  const forget = (project: Project): void => {
    project.running?.abort();
    show(project, []);
    projects.delete(project.folder.toString());
  };

  const check = async (document: vscode.TextDocument): Promise<void> => {
    const folder = await projectOf(document.uri);
    if (!folder || document.isClosed || !isOn()) return;
    const key = folder.toString();
    const project = projects.get(key) ?? { folder, findings: new Map(), running: undefined };
    projects.set(key, project);
    project.running?.abort();
    const running = new AbortController();
    project.running = running;
    const unsaved = new Map(
      vscode.workspace.textDocuments
        .filter((one) => one.isDirty && isIn(folder, one))
        .map((one) => [one.uri.path.slice(folder.path.length + 1), one.getText()] as const),
    );
    loaded ??= room.outside.parity();
    const findings = await (await loaded).check(folder.fsPath, { unsaved, signal: running.signal });
    if (!running.signal.aborted) show(project, findings);
  };
  const checkSoon = (document: vscode.TextDocument, pause = PAUSE): void => {
    if (!isMine(document) || !isOn()) return;
    const key = document.uri.toString();
    pauses.later(key, pause, () => {
      check(document).catch((error: unknown) => {
        if (!isCancelled(error)) room.log.warn(`parity check of ${key}: ${messageOf(error)}`);
      });
    });
  };
  const checkAll = (): void => {
    for (const document of vscode.workspace.textDocuments) checkSoon(document);
  };
  const closed = (document: vscode.TextDocument): void => {
    pauses.drop(document.uri.toString());
    for (const project of [...projects.values()]) {
      const others = vscode.workspace.textDocuments.some(
        (one) => !one.isClosed && isMine(one) && isIn(project.folder, one),
      );
      if (!others) forget(project);
    }
  };

  const subscriptions = [
    collection,
    vscode.languages.registerCodeActionsProvider(
      FILES,
      {
        provideCodeActions: ({ uri }, range) =>
          [...projects.values()].flatMap(({ findings }) =>
            (findings.get(uri.toString()) ?? []).flatMap((finding) =>
              rangeOf(finding).intersection(range) ? fixesOf(uri, finding) : [],
            ),
          ),
      },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
    vscode.workspace.onDidOpenTextDocument((document) => {
      checkSoon(document, 0);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0) checkSoon(document);
    }),
    vscode.workspace.onDidSaveTextDocument((document) => {
      checkSoon(document);
    }),
    vscode.workspace.onDidCloseTextDocument(closed),
    vscode.workspace.onDidCreateFiles(checkAll),
    vscode.workspace.onDidDeleteFiles(checkAll),
    vscode.workspace.onDidRenameFiles(checkAll),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (!change.affectsConfiguration(`${SECTION}.${SETTING}`)) return;
      for (const project of [...projects.values()]) forget(project);
      checkAll();
    }),
  ];
  checkAll();
  return {
    dispose: () => {
      pauses.dispose();
      for (const { running } of projects.values()) running?.abort();
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

function fixesOf(uri: vscode.Uri, finding: Finding): readonly vscode.CodeAction[] {
  if (finding.replacement === undefined) return [];
  const fix = new vscode.CodeAction(t('Write {0}', finding.replacement), vscode.CodeActionKind.QuickFix);
  fix.edit = new vscode.WorkspaceEdit();
  fix.edit.replace(uri, rangeOf(finding), finding.replacement);
  fix.diagnostics = [diagnosticOf(finding)];
  fix.isPreferred = true;
  return [fix];
}

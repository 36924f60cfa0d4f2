/** The notebook that a command is about, its text, and a line of it. */
import * as vscode from 'vscode';
import type { ErrorPlace } from '../core/databricks/errorPlace.ts';
import { isSourceNotebook, notebookOf, type Notebook } from '../core/databricks/notebooks.ts';
import { Cancelled, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';

type KnownPlace = Extract<ErrorPlace, { readonly known: true }>;

const same = (one: vscode.Uri, other: vscode.Uri): boolean => one.toString() === other.toString();
const openNotebook = (uri: vscode.Uri): vscode.NotebookDocument | undefined =>
  vscode.workspace.notebookDocuments.find((one) => same(one.uri, uri));
const openDocument = (uri: vscode.Uri): vscode.TextDocument | undefined =>
  vscode.workspace.textDocuments.find((one) => same(one.uri, uri));

/** The argument is an address, what the toolbar of a notebook gives, or nothing: then the editor in front. */
export function notebookUri(argument: unknown): vscode.Uri {
  if (argument instanceof vscode.Uri) return argument;
  const { notebookEditor } = (argument ?? {}) as {
    readonly notebookEditor?: { readonly notebookUri?: unknown };
  };
  if (notebookEditor?.notebookUri instanceof vscode.Uri) return notebookEditor.notebookUri;
  const uri =
    vscode.window.activeNotebookEditor?.notebook.uri ?? vscode.window.activeTextEditor?.document.uri;
  if (uri) return uri;
  throw new UserError('no-file', t('Open a notebook first.'));
}

/** Throws UserError `not-a-notebook` and the others of `notebookOf`. */
export async function readNotebook(uri: vscode.Uri): Promise<Notebook> {
  const text =
    openDocument(uri)?.getText() ?? Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('utf8');
  return notebookOf(uri.fsPath, text);
}

/** As it stands in the editor: what is not saved is saved first, as VS Code does before it runs a file. */
export async function savedText(uri: vscode.Uri): Promise<string> {
  const open = openNotebook(uri) ?? openDocument(uri);
  if (open?.isUntitled || uri.scheme === 'untitled') {
    throw new UserError('not-saved', t('Save the notebook as a file first.'));
  }
  if (open?.isDirty && !(await open.save())) throw new Cancelled();
  return Buffer.from(await vscode.workspace.fs.readFile(uri)).toString('utf8');
}

/** Shows the line, and in a Jupyter notebook its cell. */
export async function revealPlace(uri: vscode.Uri, { cell, line }: KnownPlace): Promise<void> {
  const at = (document: vscode.TextDocument): vscode.Range =>
    document.lineAt(Math.min(line, document.lineCount - 1)).range;
  if (!uri.path.endsWith('.ipynb')) {
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { selection: at(document), preview: false });
    return;
  }
  const notebook = await vscode.workspace.openNotebookDocument(uri);
  const editor = await vscode.window.showNotebookDocument(notebook, {
    selections: [new vscode.NotebookRange(cell - 1, cell)],
    preview: false,
  });
  editor.revealRange(new vscode.NotebookRange(cell - 1, cell), vscode.NotebookEditorRevealType.InCenter);
  const { document } = notebook.cellAt(Math.min(cell, notebook.cellCount) - 1);
  const shown = vscode.window.visibleTextEditors.find((one) => same(one.document.uri, document.uri));
  const range = at(document);
  if (shown) shown.selection = new vscode.Selection(range.start, range.end);
}

/** Puts the paths of the source notebooks in sight into a context key: their ending alone does not make them that. */
export function followSourceNotebooks(): vscode.Disposable {
  const isOne = (document: vscode.TextDocument): boolean =>
    isSourceNotebook(document.uri.path, document.lineAt(0).text);
  let told = '';
  const tell = (): void => {
    const paths = vscode.window.visibleTextEditors
      .map(({ document }) => document)
      .filter(isOne)
      .map(({ uri }) => uri.fsPath);
    const now = JSON.stringify(paths);
    if (now === told) return;
    told = now;
    void vscode.commands.executeCommand('setContext', 'ordersLakehouse.sourceNotebooks', paths);
  };
  tell();
  return vscode.Disposable.from(
    vscode.window.onDidChangeVisibleTextEditors(tell),
    vscode.workspace.onDidChangeTextDocument(({ contentChanges }) => {
      if (contentChanges.some(({ range }) => range.start.line === 0)) tell();
    }),
  );
}

/** Tells menus whether there is a bundle here: many a project that has none keeps a `resources/*.yml`. */
import * as vscode from 'vscode';
import { messageOf } from '../core/errors.ts';

const NAMES = ['databricks.yml', 'databricks.yaml'];

const hasBundle = async (folder: vscode.Uri): Promise<boolean> => {
  const found = await Promise.all(
    NAMES.map((name) =>
      vscode.workspace.fs.stat(vscode.Uri.joinPath(folder, name)).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
};

/** A bundle is at the top of a folder of the workspace, or beside the `resources` of a file in sight. */
export function followBundles(log: vscode.LogOutputChannel): vscode.Disposable {
  const around = ({ document: { uri } }: vscode.TextEditor): readonly vscode.Uri[] =>
    uri.scheme === 'file' && /\/resources\/[^/]+\.ya?ml$/.test(uri.path)
      ? [vscode.Uri.joinPath(uri, '..', '..')]
      : [];
  let asked = 0;
  const look = async (): Promise<void> => {
    const mine = ++asked;
    const folders = [
      ...(vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri),
      ...vscode.window.visibleTextEditors.flatMap(around),
    ];
    const found = (await Promise.all(folders.map(hasBundle))).includes(true);
    if (mine !== asked) return;
    await vscode.commands.executeCommand('setContext', 'ordersLakehouse.hasBundle', found);
  };
  const tell = (): void => {
    look().catch((error: unknown) => {
      log.warn(`bundles: ${messageOf(error)}`);
    });
  };
  const watcher = vscode.workspace.createFileSystemWatcher('**/databricks.{yml,yaml}', false, true, false);
  tell();
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(tell),
    watcher.onDidDelete(tell),
    vscode.workspace.onDidChangeWorkspaceFolders(tell),
    vscode.window.onDidChangeVisibleTextEditors(tell),
  );
}

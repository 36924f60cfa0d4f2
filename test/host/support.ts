/** What tests inside VS Code begin with. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { Api } from '../../src/extension.ts';

export async function activated(): Promise<Api> {
  const extension = vscode.extensions.getExtension<Api>('orders-lakehouse.orders-lakehouse');
  assert.ok(extension);
  return extension.activate();
}

/** Writes a file of the workspace, and shows it. */
export async function openFile(name: string, text: string): Promise<vscode.TextDocument> {
  const [workspace] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(workspace);
  const uri = vscode.Uri.joinPath(workspace.uri, name);
  await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return document;
}

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { createLakehouse } from '../../src/adapters/lakehouse.ts';
import { TOPICS } from '../../src/core/orders.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import { until } from '../live/support/until.ts';
import { activated } from './support.ts';

const NAMES = ['.gitignore', 'README.md', 'databricks.yml', 'lakehouse', 'resources'];

describe('a project of the workspace', () => {
  const lakehouse = createLakehouse({ settings: DEFAULT_SETTINGS });
  const told: string[] = [];
  const { showErrorMessage } = vscode.window;
  let root: vscode.Uri;

  const at = (...parts: readonly string[]): vscode.Uri => vscode.Uri.joinPath(root, ...parts);
  const names = async (folder: vscode.Uri): Promise<readonly string[]> =>
    (await vscode.workspace.fs.readDirectory(folder)).map(([name]) => name).toSorted();

  before(async () => {
    await activated();
    const [folder] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(folder);
    root = folder.uri;
    await (await lakehouse.broker()).ensureTopic(TOPICS.avro, 3);
    // What went wrong with a command is told, and not thrown.
    Object.assign(vscode.window, {
      showErrorMessage: (text: string) => {
        told.push(text);
        return Promise.resolve(undefined);
      },
    });
  });
  after(async () => {
    Object.assign(vscode.window, { showErrorMessage });
    await vscode.commands.executeCommand('notifications.clearAll');
    for (const name of ['project', ...NAMES]) await vscode.workspace.fs.delete(at(name), { recursive: true });
    await lakehouse.close();
  });

  it('is made by a command, once', async () => {
    await vscode.commands.executeCommand('ordersLakehouse.createProject', at('project'));
    assert.deepEqual(await names(at('project')), NAMES);
    await vscode.commands.executeCommand('ordersLakehouse.createProject', at('project'));
    const [text = ''] = await until('what is told', () => (told.length > 0 ? told.splice(0) : undefined));
    assert.match(text, /holds already: databricks\.yml, resources, lakehouse Nothing was written\./);
  });

  it('is what runs', async () => {
    await vscode.commands.executeCommand('ordersLakehouse.createProject', root);
    const gold = at('lakehouse', 'transformations', 'gold.py');
    await vscode.workspace.fs.writeFile(gold, Buffer.from('def only_in_this_copy(:\n'));
    await vscode.commands.executeCommand('ordersLakehouse.run');
    const [text = ''] = await until('what is told', () => (told.length > 0 ? told.splice(0) : undefined));
    assert.match(text, /SyntaxError/);
  });
});

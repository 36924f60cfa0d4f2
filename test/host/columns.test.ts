/** The columns of a real table of the sandbox beside those of a fake workspace, from both trees. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { createLakehouse } from '../../src/adapters/lakehouse.ts';
import { allRows } from '../../src/core/catalog.ts';
import { blankWorkspace } from '../../src/core/databricks/workspaces.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import type { Tree, TreeNode } from '../../src/editor/tree.ts';
import type { Api } from '../../src/extension.ts';
import { until } from '../live/support/until.ts';
import { startFakeWorkspace, type FakeWorkspace } from '../support/fakeWorkspace.ts';
import { activated } from './support.ts';

const TOKEN = `dapi-columns-${process.pid}`;
const NAME = 'host_columns';
const { signal } = new AbortController();

describe('the columns of a table here and in a workspace', () => {
  const lakehouse = createLakehouse({ settings: DEFAULT_SETTINGS });
  let api: Api;
  let fake: FakeWorkspace;
  /** What a person is told, with its buttons. */
  const told: (readonly string[])[] = [];
  const { showInformationMessage, showErrorMessage } = vscode.window;
  const sql = async (text: string) => allRows(await lakehouse.tables(), text, signal);
  const put = (fullName: string, columns: readonly (readonly [string, string])[]): void => {
    fake.reading.tables.set(fullName, {
      columns: columns.map(([name, type]) => ({ name, type_text: type })),
    });
  };
  const diff = (): { readonly label: string; readonly input: vscode.TabInputTextDiff } | undefined =>
    vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .flatMap(({ label, input }) => (input instanceof vscode.TabInputTextDiff ? [{ label, input }] : []))[0];
  const textAt = async (uri: vscode.Uri): Promise<string> =>
    (await vscode.workspace.openTextDocument(uri)).getText();
  const nodeAt = async (tree: Pick<Tree, 'children'>, ...labels: string[]): Promise<TreeNode> => {
    let node: TreeNode | undefined;
    for (const label of labels) {
      const children: readonly TreeNode[] = await tree.children(node);
      node = children.find((one) => one.label === label);
      assert.ok(node, `${label} among ${children.map((one) => one.label).join(', ')}`);
    }
    assert.ok(node);
    return node;
  };

  before(async () => {
    api = await activated();
    fake = await startFakeWorkspace({ token: TOKEN, userName: 'ana@example.com' });
    await sql('CREATE SCHEMA IF NOT EXISTS gold');
    await sql(`CREATE OR REPLACE TABLE gold.${NAME} (id bigint, lines array<string>, day date) USING delta`);
    await api.room.workspaces.save({
      profile: {
        ...blankWorkspace('host-columns'),
        name: 'Columns',
        host: fake.host,
        login: { kind: 'token' },
      },
      secret: TOKEN,
    });
    const record = (...texts: readonly string[]): Promise<undefined> => {
      told.push(texts);
      return Promise.resolve(undefined);
    };
    Object.assign(vscode.window, { showInformationMessage: record, showErrorMessage: record });
  });
  beforeEach(() => {
    told.length = 0;
    fake.reset();
  });
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));
  after(async () => {
    Object.assign(vscode.window, { showInformationMessage, showErrorMessage });
    for (const { id } of api.room.workspaces.list()) await api.room.workspaces.remove(id);
    await sql(`DROP TABLE IF EXISTS gold.${NAME}`);
    await lakehouse.close();
    await fake.close();
  });

  it('are shown side by side, one a line, with the catalog that a person chose once', async () => {
    put(`orders_dev.gold.${NAME}`, [
      ['id', 'long'],
      ['lines', 'array<int>'],
      ['old', 'string'],
    ]);
    const node = await nodeAt(api.trees.lakehouse, 'gold', NAME);
    const compare = () => vscode.commands.executeCommand('ordersLakehouse.compareWithDatabricks', node);
    let over = false;
    void compare().then(() => (over = true));
    await until('the end of the command', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return over;
    });
    const shown = diff();
    assert.ok(shown);
    assert.equal(shown.label, `gold.${NAME}: Sandbox ↔ Columns · orders_dev`);
    assert.equal(await textAt(shown.input.original), 'id bigint\nlines array<string>\nday date\n');
    assert.equal(await textAt(shown.input.modified), 'id bigint\nlines array<int>\nold string\n');
    const differs = `gold.${NAME} differs in Columns · orders_dev: 1 only here, 1 only there, 1 of another type.`;
    assert.deepEqual(told.splice(0), [[differs, 'Another catalog…']]);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.equal(diff(), undefined);
    // Nobody answers a question now.
    await compare();
    assert.equal(diff()?.label, shown.label);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    fake.reading.tables.clear();
    told.length = 0;
    await compare();
    const missing = await until('what is told', () => told[0]);
    assert.deepEqual(missing, [`There is no table orders_dev.gold.${NAME}.`, 'Another catalog…']);
    assert.equal(diff(), undefined);
  });

  it('open no editor when they are the same, asked from the table of the workspace', async () => {
    const fullName = `main.gold.${NAME}`;
    put(fullName, [
      ['id', 'bigint'],
      ['lines', 'array<string>'],
      ['day', 'date'],
    ]);
    const node = await nodeAt(api.trees.workspaces, 'Columns', 'Catalogs', 'main', 'gold', NAME);
    const compare = () => vscode.commands.executeCommand('ordersLakehouse.compareWithSandbox', node);
    await compare();
    assert.deepEqual(told, [[`gold.${NAME} has the same 3 columns in the sandbox and in Columns · main.`]]);
    assert.equal(diff(), undefined);
    put(fullName, [['id', 'int']]);
    await compare();
    assert.equal(diff()?.label, `gold.${NAME}: Sandbox ↔ Columns · main`);
  });
});

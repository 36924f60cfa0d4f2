/** A workspace is looked at in its tree, and SQL files run where they are meant to. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { createLakehouse } from '../../src/adapters/lakehouse.ts';
import { allRows } from '../../src/core/catalog.ts';
import type { WorkspaceProfile } from '../../src/core/databricks/workspaces.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import { createWarehouseChoices } from '../../src/editor/warehouses.ts';
import type { TreeNode } from '../../src/editor/tree.ts';
import type { Api } from '../../src/extension.ts';
import { until } from '../live/support/until.ts';
import { startFakeWorkspace, type FakeWorkspace } from '../support/fakeWorkspace.ts';
import { activated, openFile } from './support.ts';

const TOKEN = `dapi-of-reading-${process.pid}`;
const { signal } = new AbortController();
const lakehouse = createLakehouse({ settings: DEFAULT_SETTINGS });

describe('a workspace in the editor', () => {
  let api: Api;
  let fake: FakeWorkspace;
  const profile = (host: string): WorkspaceProfile => ({
    id: 'host-reading',
    name: 'shop',
    host,
    login: { kind: 'token' },
    production: false,
    colour: 'green',
  });

  before(async () => {
    api = await activated();
    fake = await startFakeWorkspace({ token: TOKEN, userName: 'ana@example.com' });
    await api.room.workspaces.save({ profile: profile(fake.host), secret: TOKEN });
    fake.reading.tables.set('main.gold.sales', {
      columns: [
        { name: 'day', type_text: 'date' },
        { name: 'revenue', type_text: 'decimal(18,2)' },
      ],
    });
    fake.reading.tables.set('main.secret.salaries', {});
    fake.reading.forbidden.set('main.secret', true);
    fake.pipelines.pipelines.set('p1', { creator: 'ana@example.com', spec: { name: 'orders' }, runAs: '' });
    fake.pipelines.updates.set('u1', {
      pipelineId: 'p1',
      fullRefresh: true,
      script: [{ state: 'COMPLETED' }],
      step: 0,
    });
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  after(async () => {
    await api.room.workspaces.remove('host-reading');
    await fake.close();
  });

  /** Opens one node after the other, by their labels; gives what is below the last. */
  const below = async (...labels: readonly string[]): Promise<readonly TreeNode[]> => {
    let nodes = await api.trees.workspaces.children();
    for (const label of labels) {
      const found = nodes.find((node) => node.label === label);
      assert.ok(found, `${label} among ${nodes.map((node) => node.label).join(', ')}`);
      nodes = await api.trees.workspaces.children(found);
    }
    return nodes;
  };
  const labels = (nodes: readonly TreeNode[]): string[] => nodes.map(({ label }) => label);
  const titles = (): string[] =>
    vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.map(({ label }) => label));

  it('shows catalogs, schemas, tables and columns with their types', async () => {
    assert.deepEqual(labels(await below('shop')), ['Catalogs', 'Pipelines', 'Jobs']);
    assert.deepEqual(labels(await below('shop', 'Catalogs', 'main')), ['gold', 'secret']);
    assert.deepEqual(
      (await below('shop', 'Catalogs', 'main', 'gold', 'sales')).map(({ label, description }) => [
        label,
        description,
      ]),
      [
        ['day', 'date'],
        ['revenue', 'decimal(18,2)'],
      ],
    );
  });

  it('says in its place what this login may not see', async () => {
    const [failure, ...others] = await below('shop', 'Catalogs', 'main', 'secret');
    assert.match(failure?.label ?? '', /does not allow this login: main\.secret/);
    assert.equal(others.length, 0);
  });

  it('shows pipelines with their updates, and follows one', async () => {
    const [update] = await below('shop', 'Pipelines', 'orders');
    assert.equal(update?.description, 'completed · full refresh');
    await vscode.commands.executeCommand('ordersLakehouse.showUpdate', update);
    await until('the page', () => titles().includes('Update · shop'));
  });

  it('offers the way on where a login fails', async () => {
    const login = { kind: 'microsoft', tenant: 'c0ffee00-0000-4000-8000-000000000000' } as const;
    await api.room.workspaces.save({
      profile: { ...profile(fake.host), id: 'host-out', name: 'out', login },
    });
    try {
      const [failure] = await below('out', 'Jobs');
      assert.match(failure?.label ?? '', /^Sign in: /);
      assert.equal(failure?.command?.command, 'ordersLakehouse.signInWorkspace');
      assert.deepEqual(failure.command.arguments, ['host-out']);
    } finally {
      await api.room.workspaces.remove('host-out');
    }
  });

  it('asks nothing of a workspace again for what happened on the sandbox', async () => {
    let fired = 0;
    const following = api.room.workspaces.onDidChangeThere(() => (fired += 1));
    await vscode.commands.executeCommand('ordersLakehouse.refresh');
    assert.equal(fired, 1);
    following.dispose();
  });

  it('has a page that failed ask again for what happens there, not on the sandbox', async () => {
    const asked = (): number => fake.requests.filter(({ path }) => path.endsWith('/sql/warehouses')).length;
    const before = asked();
    const [table] = await below('shop', 'Catalogs', 'main', 'gold');
    await vscode.commands.executeCommand('ordersLakehouse.openTable', table);
    await until('the page', () => titles().includes('main.gold.sales · shop'));
    await until('the first look', () => asked() === before + 1);
    const document = await openFile('here.sql', 'CREATE SCHEMA IF NOT EXISTS host_sql;\n');
    await vscode.commands.executeCommand('ordersLakehouse.runSql', document.uri);
    const tables = await lakehouse.tables();
    await until(
      'the schema',
      async () => (await allRows(tables, "SHOW SCHEMAS LIKE 'host_sql'", signal)).length === 1,
    );
    await allRows(tables, 'SELECT 1', signal);
    assert.equal(asked(), before + 1);
    api.room.workspaces.changedThere();
    await until('the second look', () => asked() === before + 2);
  });

  it('keeps its SQL session while another workspace, or only a name, is changed', async () => {
    const { workspaces, context, outside } = api.room;
    const kept = { id: 'w1', name: 'small', httpPath: '/sql/1.0/warehouses/w1' };
    const before = context.globalState.get('warehouses');
    await context.globalState.update('warehouses', { 'host-reading': kept });
    let closed = 0;
    const log = vscode.window.createOutputChannel('test', { log: true });
    const choices = createWarehouseChoices({
      context,
      workspaces,
      log,
      outside: {
        ...outside,
        openWarehouse: () =>
          Promise.resolve({
            query: () => Promise.reject(new Error('not asked')),
            close: () => {
              closed += 1;
              return Promise.resolve();
            },
          }),
      },
    });
    try {
      const tables = await choices.tables('host-reading');
      await workspaces.save({ profile: { ...profile(fake.host), id: 'host-other', name: 'other' } });
      await workspaces.save({ profile: { ...profile(fake.host), colour: 'red' } });
      assert.equal(await choices.tables('host-reading'), tables);
      assert.equal(closed, 0);
      await workspaces.save({ profile: { ...profile(fake.host), login: { kind: 'azure-cli', tenant: '' } } });
      assert.notEqual(await choices.tables('host-reading'), tables);
      assert.equal(closed, 1);
    } finally {
      choices.dispose();
      log.dispose();
      await workspaces.remove('host-other');
      await workspaces.save({ profile: profile(fake.host), secret: TOKEN });
      await context.globalState.update('warehouses', before);
    }
  });

  it('asks nothing of a workspace that is not opened', async () => {
    const before = fake.requests.length;
    await below('shop');
    assert.equal(fake.requests.length, before);
  });
});

describe('a SQL file', () => {
  before(async () => {
    await activated();
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('notifications.clearAll');
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  after(async () => {
    await allRows(await lakehouse.tables(), 'DROP SCHEMA IF EXISTS host_sql CASCADE', signal);
    await lakehouse.close();
  });

  it('offers to run each statement, first on the sandbox', async () => {
    const document = await openFile('offers.sql', "-- two\nSELECT ';';\nSELECT 2;\n");
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
    );
    assert.deepEqual(
      lenses.map(({ range, command }) => [range.start.line, command?.title]),
      [
        [1, '$(play) Run on: Sandbox'],
        [1, 'Run elsewhere…'],
        [2, '$(play) Run'],
      ],
    );
  });

  it('offers nothing where the setting says so', async () => {
    const document = await openFile('other.sql', 'SELECT 1;\n');
    const offered = async (): Promise<number> =>
      (
        await vscode.commands.executeCommand<vscode.CodeLens[]>(
          'vscode.executeCodeLensProvider',
          document.uri,
        )
      ).length;
    assert.equal(await offered(), 2);
    const configuration = vscode.workspace.getConfiguration('ordersLakehouse');
    await configuration.update('sql.lenses', false, vscode.ConfigurationTarget.Global);
    try {
      assert.equal(await offered(), 0);
    } finally {
      await configuration.update('sql.lenses', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('that is a notebook is offered as one, and not as statements', async () => {
    const document = await openFile('cells.sql', '-- Databricks notebook source\nSELECT 1\n');
    const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
    );
    assert.deepEqual(
      lenses.map(({ command }) => command?.command),
      ['ordersLakehouse.deployNotebook', 'ordersLakehouse.runNotebook'],
    );
  });

  it('runs the statement at the cursor, there', async () => {
    const text = 'CREATE SCHEMA host_sql;\n\nCREATE TABLE host_sql.made USING delta AS SELECT 7 AS n;\n';
    const document = await openFile('makes.sql', text);
    const tables = await lakehouse.tables();
    const [editor] = vscode.window.visibleTextEditors.filter((one) => one.document === document);
    assert.ok(editor);
    for (const at of [3, text.indexOf('AS SELECT')]) {
      editor.selection = new vscode.Selection(document.positionAt(at), document.positionAt(at));
      await vscode.commands.executeCommand('ordersLakehouse.runSql', document.uri);
      await until('it was made', async () =>
        at === 3
          ? (await allRows(tables, "SHOW SCHEMAS LIKE 'host_sql'", signal)).length === 1
          : (await allRows(tables, 'SHOW TABLES IN host_sql', signal)).length === 1,
      );
    }
    assert.deepEqual(await allRows(tables, 'SELECT n FROM host_sql.made', signal), [[7]]);
  });

  it('marks where Spark says that it is wrong', async () => {
    const text = 'SELECT 1;\n\n  SELECT\n    no_such_column\n  FROM range(3);\n';
    const document = await openFile('wrong.sql', text);
    const start = text.indexOf('SELECT\n');
    await vscode.commands.executeCommand('ordersLakehouse.runSql', document.uri, start);
    const found = await until('the mark', () => vscode.languages.getDiagnostics(document.uri)[0]);
    assert.equal(document.getText(found.range), 'no_such_column');
    assert.match(found.message, /^\[UNRESOLVED_COLUMN/);
  });
});

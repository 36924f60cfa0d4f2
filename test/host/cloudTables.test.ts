/**
 * Tables, SQL and runs of a workspace as a person meets them in VS Code. What the workspace answers by REST is the fake's;
 * its SQL warehouse is the real Thrift server of the sandbox, reached by Databricks' own driver.
 */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { createLakehouse } from '../../src/adapters/lakehouse.ts';
import { createWarehouseTables } from '../../src/adapters/warehouseTables.ts';
import { allRows } from '../../src/core/catalog.ts';
import { notebookRun } from '../../src/core/databricks/notebookRun.ts';
import type { WarehouseAccess } from '../../src/core/databricks/ports.ts';
import { blankWorkspace } from '../../src/core/databricks/workspaces.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import type { TreeNode } from '../../src/editor/tree.ts';
import type { Api } from '../../src/extension.ts';
import type { CloudRunCalls } from '../../src/wire/cloudRun.ts';
import { RemoteError } from '../../src/wire/rpc.ts';
import type { OpenedTable, TableCalls } from '../../src/wire/table.ts';
import { createLongStatement } from '../live/support/longStatement.ts';
import { until } from '../live/support/until.ts';
import { startFakeWorkspace, type FakeWorkspace } from '../support/fakeWorkspace.ts';
import { localClient, localLogin } from '../support/localWarehouse.ts';
import { watchPages, type Page } from './pages.ts';
import { activated, openFile } from './support.ts';

const TOKEN = `dapi-of-the-tables-${process.pid}`;
const ID = 'host-tables';
const NAME = 'host_cloud';
/** Spark has one catalog of this name, so that a name in three parts means the same here as in a workspace. */
const FULL_NAME = `spark_catalog.gold.${NAME}`;
/** The first int64 that no binary float holds. */
const FIRST_ID = 9_007_199_254_740_993n;
const ROWS = 2490;
const STARTING = '/api/2.0/sql/warehouses/w1/start';
const never = new AbortController().signal;

/** By what the SQL says: the n-th row. Neither of the numbers is one that a binary float holds. */
const rowOf = (n: number): readonly unknown[] => [
  String(FIRST_ID + BigInt(n)),
  `12345678901234567.${String(n % 100).padStart(2, '0')}`,
  n % 7 === 0 ? null : `order ${n}`,
];
const expected = Array.from({ length: ROWS }, (_, n) => rowOf(n));

describe('the tables of a workspace in VS Code', () => {
  const lakehouse = createLakehouse({ settings: DEFAULT_SETTINGS });
  const sql = async (text: string) => allRows(await lakehouse.tables(), text, never);
  const long = createLongStatement(async (text) => (await sql(text))[0]?.[0]);
  const { showQuickPick, showWarningMessage, withProgress } = vscode.window;
  let api: Api;
  let fake: FakeWorkspace;
  let outside: Api['room']['outside'];
  let watched: ReturnType<typeof watchPages>;
  /** Each way to a warehouse that was opened. */
  const accesses: WarehouseAccess[] = [];
  /** What a person is asked: the question, then what can be chosen; and what is chosen, by its beginning. */
  const questions: (readonly string[])[] = [];
  let choice: string | undefined;
  /** Modal questions, as one text each; and the button that is pressed. */
  const warnings: string[] = [];
  let button: string | undefined;
  /** What a notification of progress is named, and its button Cancel. */
  const progress: { readonly title: string; readonly cancel: () => void }[] = [];

  before(async () => {
    api = await activated();
    fake = await startFakeWorkspace({ token: TOKEN, userName: 'ana@example.com' });
    await sql('CREATE SCHEMA IF NOT EXISTS gold');
    await sql(`DROP TABLE IF EXISTS gold.${NAME}`);
    await sql(`CREATE TABLE gold.${NAME} USING delta AS
      SELECT ${FIRST_ID} + id AS id,
        CAST(concat('12345678901234567.', lpad(CAST(id % 100 AS string), 2, '0')) AS decimal(19,2)) AS price,
        IF(id % 7 = 0, NULL, concat('order ', id)) AS name
      FROM range(0, 2500, 1, 2)`);
    await sql(`DELETE FROM gold.${NAME} WHERE id >= ${FIRST_ID + BigInt(ROWS)}`);
    const { sparkSql: at } = await lakehouse.endpoints();
    outside = { ...api.room.outside };
    Object.assign(api.room.outside, {
      openWarehouse: (access: WarehouseAccess) => {
        accesses.push(access);
        return Promise.resolve(
          createWarehouseTables(
            {
              ...access,
              host: `http://${at.host}:${at.port}`,
              httpPath: `/${at.path}`,
              authorization: async () => {
                assert.equal(await access.authorization(), `Bearer ${TOKEN}`);
                return localLogin();
              },
            },
            localClient,
          ),
        );
      },
    });
    Object.assign(vscode.window, {
      showQuickPick: async (
        given: readonly vscode.QuickPickItem[] | Thenable<readonly vscode.QuickPickItem[]>,
        { placeHolder = '' }: vscode.QuickPickOptions,
      ) => {
        const items = await given;
        const texts = items.map(({ label, description = '' }) => `${label} ${description}`.trim());
        questions.push([placeHolder, ...texts]);
        return items.find(({ label }) => choice !== undefined && label.startsWith(choice));
      },
      showWarningMessage: (text: string, { detail = '' }: vscode.MessageOptions, ...buttons: string[]) => {
        warnings.push([text, detail].join('\n'));
        return Promise.resolve(buttons.find((one) => one === button));
      },
      withProgress: (...[options, task]: Parameters<typeof withProgress>) =>
        withProgress(options, (report, token) => {
          const source = new vscode.CancellationTokenSource();
          token.onCancellationRequested(() => {
            source.cancel();
          });
          progress.push({
            title: options.title ?? '',
            cancel: () => {
              source.cancel();
            },
          });
          return task(report, source.token);
        }),
    });
    watched = watchPages();
    await save(false);
  });
  beforeEach(() => {
    fake.reset();
    fake.reading.tables.set(FULL_NAME, {
      columns: [
        { name: 'id', type_text: 'bigint' },
        { name: 'price', type_text: 'decimal(19,2)' },
        { name: 'name', type_text: 'string' },
      ],
    });
    fake.reading.warehouses.set('w0', { name: 'large', states: ['RUNNING'] });
    fake.reading.warehouses.set('w1', { name: 'small', states: ['STOPPED'] });
    for (const list of [questions, warnings, progress]) list.length = 0;
    choice = undefined;
    button = undefined;
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('notifications.clearAll');
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  after(async () => {
    watched.stop();
    Object.assign(vscode.window, { showQuickPick, showWarningMessage, withProgress });
    await api.room.workspaces.remove(ID);
    Object.assign(api.room.outside, outside);
    await sql(`DROP TABLE IF EXISTS gold.${NAME}`);
    await lakehouse.close();
    await fake.close();
  });

  const save = (production: boolean): Promise<void> =>
    api.room.workspaces.save({
      profile: {
        ...blankWorkspace(ID),
        name: 'shop',
        host: fake.host,
        login: { kind: 'token' },
        production,
      },
      secret: TOKEN,
    });
  const running = (): void => {
    fake.reading.warehouses.set('w1', { name: 'small', states: ['RUNNING'] });
  };
  const below = async (...labels: readonly string[]): Promise<readonly TreeNode[]> => {
    let nodes = await api.trees.workspaces.children();
    for (const label of labels) {
      const found = nodes.find((node) => node.label === label);
      assert.ok(found, `${label} among ${nodes.map((node) => node.label).join(', ')}`);
      nodes = await api.trees.workspaces.children(found);
    }
    return nodes;
  };
  const tableNode = async (): Promise<TreeNode> => {
    const [node] = await below('shop', 'Catalogs', 'spark_catalog', 'gold');
    assert.equal(node?.label, NAME);
    return node;
  };
  /** The page that a command opens. */
  const opens = async (command: string, ...args: readonly unknown[]): Promise<Page> => {
    const known = watched.pages.length;
    await vscode.commands.executeCommand(`ordersLakehouse.${command}`, ...args);
    return until('the page', () => watched.pages[known]);
  };
  /** What the page itself was given when it asked for its first rows. */
  const grid = (page: Page): Promise<OpenedTable> =>
    until('its rows', () => page.answer<TableCalls, 'open'>('open'));
  const refusal = (page: Page): Promise<RemoteError['failure']> =>
    until('its refusal', () => {
      try {
        page.answer('open');
        return undefined;
      } catch (error) {
        assert.ok(error instanceof RemoteError);
        return error.failure;
      }
    });
  const lenses = async (uri: vscode.Uri): Promise<readonly string[]> =>
    (await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri)).map(
      ({ command }) => command?.title ?? '',
    );
  const starts = (): number => fake.requests.filter(({ path }) => path === STARTING).length;
  const starting = (): typeof progress => progress.filter(({ title }) => title === 'SQL warehouse small');
  const byId = (rows: OpenedTable['rows']): OpenedTable['rows'] =>
    rows.toSorted(([one], [other]) => (BigInt(String(one)) < BigInt(String(other)) ? -1 : 1));

  describe('the first time', () => {
    const CHOICE = [
      'Which SQL warehouse of shop?',
      'large running · serverless',
      'small stopped · serverless',
    ];

    it('ask for a warehouse, and say so when none is chosen', async () => {
      const page = await opens('openTable', await tableNode());
      assert.equal(page.title, `${FULL_NAME} · shop`);
      assert.equal((await refusal(page)).code, 'no-warehouse');
      assert.deepEqual(questions, [CHOICE]);
      assert.equal(accesses.length, 0);
    });

    it('can be waited for no longer while the warehouse starts', async () => {
      choice = 'small';
      const page = await opens('openTable', await tableNode());
      await until('it was asked to start', () => starts() === 1);
      const [waiting, ...others] = starting();
      assert.ok(waiting && others.length === 0);
      waiting.cancel();
      const { code, message } = await refusal(page);
      assert.deepEqual([code, message], ['warehouse-stopped', 'The SQL warehouse small does not run yet.']);
      assert.deepEqual(questions, [CHOICE]);
    });

    it('are shown once the warehouse runs, and nobody is asked again', async () => {
      const page = await opens('openTable', await tableNode());
      assert.deepEqual((await grid(page)).rowCount, String(ROWS));
      assert.equal(starts(), 1);
      const { states } = fake.reading.warehouses.get('w1') ?? {};
      assert.deepEqual(states, ['RUNNING']);
      assert.deepEqual(questions, []);
      assert.deepEqual(
        accesses.map(({ host, httpPath }) => [host, httpPath]),
        [[fake.host, '/sql/1.0/warehouses/w1']],
      );
      // By the session that is open.
      page.close();
      await grid(await opens('openTable', await tableNode()));
      assert.equal(starting().length, 1);
      assert.equal(accesses.length, 1);
    });
  });

  describe('then', () => {
    beforeEach(running);

    it('show every row once, to the last digit, of one version', async () => {
      const page = await opens('openTable', await tableNode());
      const { columns, rowCount, version, reading, rows, done, table } = await grid(page);
      assert.equal(table, FULL_NAME);
      assert.deepEqual(
        columns.map(({ name, type }) => `${name} ${type}`),
        ['id bigint', 'price decimal(19,2)', 'name string'],
      );
      assert.deepEqual([rowCount, version, rows.length, done], [String(ROWS), '1', 1000, false]);
      const all = [...rows];
      for (;;) {
        const next = await page.ask<TableCalls, 'more'>('more', { reading });
        all.push(...next.rows);
        if (next.done) break;
      }
      assert.deepEqual(byId(all), expected);
    });

    it('are put in order by the warehouse, over all rows', async () => {
      const page = await opens('openTable', await tableNode());
      await grid(page);
      const sort = { column: 'price', descending: true };
      const { rows, reading } = await page.ask<TableCalls, 'open'>('open', { sort });
      const { rows: others, done } = await page.ask<TableCalls, 'more'>('more', { reading });
      assert.equal(done, true);
      const cents = (row: readonly unknown[] | undefined): string => String(row?.[1]).slice(-2);
      assert.deepEqual(
        [...rows, ...others],
        expected.toSorted((one, other) => {
          const [a, b] = [cents(one), cents(other)];
          if (a !== b) return a < b ? 1 : -1;
          return BigInt(String(one[0])) < BigInt(String(other[0])) ? -1 : 1;
        }),
      );
    });

    it('tell their history', async () => {
      const page = await opens('tableHistory', await tableNode());
      assert.equal(page.title, `History of ${FULL_NAME} · shop`);
      const { columns, rows } = await grid(page);
      const at = (name: string): number => columns.findIndex((column) => column.name === name);
      const facts = ['version', 'operation', 'rows added', 'rows removed'];
      assert.deepEqual(
        rows.map((row) => facts.map((name) => row[at(name)])),
        [
          ['1', 'DELETE', null, '10'],
          ['0', 'CREATE TABLE AS SELECT', '2500', null],
        ],
      );
    });
  });

  describe('by a SQL file', () => {
    beforeEach(running);
    const placed = async (name: string, text: string): Promise<vscode.TextDocument> => {
      const document = await openFile(name, text);
      choice = 'shop';
      await vscode.commands.executeCommand('ordersLakehouse.chooseSqlPlace', document.uri);
      return document;
    };
    const count = async (): Promise<unknown> => (await sql(`SELECT count(*) FROM gold.${NAME}`))[0]?.[0];

    it('are read where it was placed', async () => {
      const text = `SELECT id, price FROM ${FULL_NAME} ORDER BY id LIMIT 2;\n`;
      const document = await placed('there.sql', text);
      assert.deepEqual(questions, [
        ['Run on what?', 'Sandbox', `shop · small ${fake.host}`, 'shop · another SQL warehouse…'],
      ]);
      assert.deepEqual(await lenses(document.uri), ['$(play) Run on: shop · small', 'Run elsewhere…']);
      const page = await opens('runSql', document.uri, 0);
      assert.equal(page.title, 'there.sql · shop · small');
      const { rows } = await grid(page);
      assert.deepEqual(
        rows,
        expected.slice(0, 2).map((row) => row.slice(0, 2)),
      );
      assert.deepEqual(warnings, []);
    });

    it('are written in production only when a person agrees', async () => {
      await save(true);
      try {
        const statement = `DELETE FROM ${FULL_NAME} WHERE name IS NULL`;
        const document = await placed('writes.sql', `${statement};\nSELECT count(*) FROM ${FULL_NAME};\n`);
        const known = watched.pages.length;
        await vscode.commands.executeCommand('ordersLakehouse.runSql', document.uri, 0);
        assert.equal(warnings.length, 1);
        assert.match(warnings[0] ?? '', /^Run this on shop · small\?\n/);
        assert.ok(warnings[0]?.includes(statement));
        assert.equal(watched.pages.length, known);
        assert.equal(await count(), String(ROWS));
        // What only reads is run unasked.
        const reading = await grid(await opens('runSql', document.uri, statement.length + 2));
        assert.deepEqual([reading.rows, warnings.length], [[[String(ROWS)]], 1]);
        button = 'Run';
        await grid(await opens('runSql', document.uri, 0));
        assert.equal(warnings.length, 2);
        assert.equal(await count(), String(expected.filter(([, , name]) => name !== null).length));
      } finally {
        await save(false);
      }
    });

    for (const [how, end] of [
      [
        'it is cancelled',
        (page: Page) => {
          page.cancel('open');
        },
      ],
      [
        'its page is closed',
        (page: Page) => {
          page.close();
        },
      ],
    ] as const) {
      it(`end a long statement on the server when ${how}`, async () => {
        const document = await placed('long.sql', `${long.sql};\n`);
        await long.prepare();
        const page = await opens('runSql', document.uri, 0);
        await long.runs();
        end(page);
        const last = await long.stands();
        // The next one goes its way.
        const next = await placed('next.sql', 'SELECT 42 AS n;\n');
        assert.deepEqual((await grid(await opens('runSql', next.uri, 0))).rows, [[42]]);
        assert.equal(await long.beat(), last);
      });
    }
  });

  describe('and its jobs', () => {
    /** A run of the job that goes on until it is cancelled. */
    const start = async (): Promise<string> => {
      fake.jobs.set('77', { creator: 'ana@example.com', settings: { name: 'orders' } });
      fake.runs.script({ states: ['RUNNING'] });
      const workspace = await api.room.workspaces.open(ID, () => undefined, never);
      return workspace.runs.submit(
        notebookRun({ path: '/Shared/orders', parameters: {} }),
        crypto.randomUUID(),
      );
    };
    const runNode = async (): Promise<TreeNode> => {
      const [node, ...others] = await below('shop', 'Jobs', 'orders');
      assert.equal(others.length, 0);
      assert.ok(node);
      return node;
    };

    it('show their runs, and the page of one', async () => {
      const id = await start();
      const node = await runNode();
      assert.equal(node.description, 'running');
      const page = await opens('showCloudRun', node);
      const run = await until('its state', () => page.answer<CloudRunCalls, 'look'>('look'));
      assert.deepEqual([run.id, run.kind, run.over], [id, 'running', false]);
      await until('its name', () => page.title === 'orders · shop');
    });

    it('have a run cancelled only when a person agrees', async () => {
      const id = await start();
      const node = await runNode();
      assert.equal(node.target?.kind, 'cloudRun.running');
      const cancel = () => vscode.commands.executeCommand('ordersLakehouse.cancelCloudRun', node);
      await cancel();
      assert.match(warnings[0] ?? '', /^Cancel the run orders on shop\?\n/);
      assert.deepEqual(fake.runs.cancelled, []);
      button = 'Cancel the run';
      await cancel();
      assert.deepEqual(fake.runs.cancelled, [id]);
      const sent = fake.requests.filter(
        ({ method, path }) => method === 'POST' && path.endsWith('/runs/cancel'),
      );
      assert.equal(sent.length, 1);
      const after = await runNode();
      assert.deepEqual([after.description, after.target?.kind], ['cancelled', 'cloudRun']);
    });
  });
});

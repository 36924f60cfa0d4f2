/** The project of the template goes into a fake workspace, from the editor. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { WorkspaceProfile } from '../../src/core/databricks/workspaces.ts';
import { createDeployPages, type DeployPages } from '../../src/editor/deployPanel.ts';
import type { PanelSpec, Panels } from '../../src/editor/panel.ts';
import type { Api } from '../../src/extension.ts';
import type { DeployCalls, DeployState, PlanView } from '../../src/wire/deploy.ts';
import { until } from '../live/support/until.ts';
import { startFakeWorkspace, type FakeWorkspace } from '../support/fakeWorkspace.ts';
import { countedUpdate } from '../support/fakeWorkspace/pipelines.ts';
import { activated } from './support.ts';

const TOKEN = `dapi-of-the-deployment-${process.pid}`;
const USER = 'ana@example.com';
const ROOT = `/Users/${USER}/.bundle/orders_lakehouse/dev`;
const SILVER = 'lakehouse/transformations/silver.py';
/** Of the variables that have no value in the template's target dev. */
const VALUES: Readonly<Record<string, string>> = {
  kafka_bootstrap: 'broker.example.com:9092',
  registry_url: 'https://registry.example.com',
};

describe('the deployment of a lakehouse in VS Code', () => {
  let api: Api;
  let fake: FakeWorkspace;
  let profile: WorkspaceProfile;
  let folder: vscode.Uri;
  let pages: DeployPages;
  let log: vscode.LogOutputChannel;
  let closing: AbortController;
  let handlers: PanelSpec<DeployCalls>['handlers'] | undefined;
  const asked: string[] = [];
  const questions: string[] = [];
  /** What a modal question is answered with: its first button, or nothing. */
  let agrees = true;
  const { showInputBox, showWarningMessage, showQuickPick } = vscode.window;

  const signal = new AbortController().signal;
  const ask = async <K extends keyof DeployCalls>(
    call: K,
    params: DeployCalls[K]['params'],
  ): Promise<DeployCalls[K]['result']> => {
    assert.ok(handlers, 'no page');
    return handlers[call](params, signal);
  };
  const state = (): Promise<DeployState> => ask('state', null);
  const phase = (wanted: DeployState['phase']): Promise<DeployState> =>
    until(`the phase ${wanted}`, async () => {
      const now = await state();
      return now.phase === wanted ? now : undefined;
    });
  const planned = async (): Promise<PlanView> => {
    const { plan, failure } = await phase('planned');
    assert.equal(failure, null);
    const view = await ask('plan', { number: plan ?? 0 });
    assert.ok(view);
    return view;
  };
  const writes = (): readonly string[] =>
    fake.requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);
  const tabs = (): readonly vscode.Tab[] => vscode.window.tabGroups.all.flatMap((group) => group.tabs);

  before(async () => {
    api = await activated();
    fake = await startFakeWorkspace({ token: TOKEN, userName: USER });
    profile = {
      id: 'host-deployment',
      name: 'Azure dev',
      host: fake.host,
      login: { kind: 'token' },
      production: false,
      colour: 'blue',
    };
    const [root] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(root);
    folder = vscode.Uri.joinPath(root.uri, 'shop');
    await vscode.commands.executeCommand('ordersLakehouse.createProject', folder);
    Object.assign(vscode.window, {
      showInputBox: ({ title = '', value = '' }: vscode.InputBoxOptions) => {
        const name = Object.keys(VALUES).find((one) => title.includes(one)) ?? '';
        asked.push(name);
        return Promise.resolve(value === '' ? VALUES[name] : value);
      },
      showWarningMessage: (text: string, { detail = '' }: vscode.MessageOptions, ...buttons: string[]) => {
        questions.push([text, detail].join('\n'));
        return Promise.resolve(agrees ? buttons[0] : undefined);
      },
      // The default target, and the only workspace.
      showQuickPick: (items: readonly vscode.QuickPickItem[]) => Promise.resolve(items[0]),
    });
    log = vscode.window.createOutputChannel('deployment', { log: true });
    const panels: Pick<Panels, 'show' | 'tell'> = {
      show: (_key, spec) => {
        handlers ??= spec(closing.signal).handlers as PanelSpec<DeployCalls>['handlers'];
      },
      tell: () => undefined,
    };
    pages = createDeployPages({ ...api.room, log }, panels);
  });
  beforeEach(async () => {
    fake.reset();
    fake.scopes.set('orders_lakehouse_dev', [
      'kafka-api-key',
      'kafka-api-secret',
      'registry-api-key',
      'registry-api-secret',
    ]);
    asked.length = 0;
    questions.length = 0;
    agrees = true;
    closing = new AbortController();
    handlers = undefined;
    await api.room.workspaces.save({ profile, secret: TOKEN });
  });
  afterEach(async () => {
    closing.abort();
    await vscode.commands.executeCommand('notifications.clearAll');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  after(async () => {
    Object.assign(vscode.window, { showInputBox, showWarningMessage, showQuickPick });
    pages.dispose();
    log.dispose();
    await api.room.workspaces.remove(profile.id);
    await vscode.workspace.fs.delete(folder, { recursive: true });
    await fake.close();
  });

  it('asks once for what has no value, plans without a write, deploys, runs and shows the rules', async () => {
    fake.pipelines.script = countedUpdate(8, 2);
    await pages.deploy(vscode.Uri.joinPath(folder, 'resources', 'job.yml'));
    const view = await planned();
    assert.deepEqual(asked, ['kafka_bootstrap', 'registry_url']);
    assert.deepEqual(writes(), []);
    assert.deepEqual(
      view.groups.flatMap(({ type, actions }) =>
        type === 'file' ? [] : actions.map(({ kind, name }) => `${kind} ${type} ${name}`),
      ),
      [
        'create schema orders_dev.bronze',
        'create schema orders_dev.gold',
        'create schema orders_dev.silver',
        'create volume orders_dev.bronze.files',
        'create pipeline [dev ana] orders_lakehouse',
        'create job [dev ana] orders_lakehouse',
      ],
    );
    const { place } = await state();
    assert.deepEqual(
      { target: place.target, mode: place.mode, workspace: place.workspace.name, variables: place.variables },
      {
        target: 'dev',
        mode: 'development',
        workspace: 'Azure dev',
        variables: Object.entries(VALUES).map(([name, value]) => ({ name, value })),
      },
    );
    assert.equal(await ask('deploy', { plan: view.number, consents: {}, fullRefresh: false }), true);
    const { run, steps } = await phase('finished');
    // In development, and where nothing is production, nobody is asked.
    assert.deepEqual(questions, []);
    assert.ok(Object.values(steps).every((step) => step === 'done'));
    assert.deepEqual(
      run?.results?.map((one) => [one.pipeline, one.state, one.tables, one.rules]),
      [
        [
          'orders',
          'COMPLETED',
          [{ name: 'silver.orders', rows: 8 }],
          [{ name: 'positive_price', dataset: 'silver.orders', passed_records: 8, failed_records: 2 }],
        ],
      ],
    );
    assert.equal(fake.pipelines.pipelines.size, 1);
    assert.equal(fake.jobs.size, 1);
    assert.ok(fake.tree.has(`${ROOT}/files/${SILVER}`));
    // The next time it knows target, workspace and values, and there is nothing to do.
    await pages.deploy(vscode.Uri.joinPath(folder, 'databricks.yml'));
    const again = await planned();
    assert.equal(again.isEmpty, true);
    assert.equal(asked.length, 2);
  });

  it('plans what is saved, and shows what a file is there beside what it is here', async () => {
    await pages.deploy(vscode.Uri.joinPath(folder, 'databricks.yml'));
    const first = await planned();
    await ask('setRunAfter', false);
    await ask('deploy', { plan: first.number, consents: {}, fullRefresh: false });
    await phase('finished');
    const file = vscode.Uri.joinPath(folder, SILVER);
    const before = Buffer.from(await vscode.workspace.fs.readFile(file)).toString();
    try {
      const document = await vscode.workspace.openTextDocument(file);
      const edit = new vscode.WorkspaceEdit();
      edit.insert(file, document.lineAt(document.lineCount - 1).range.end, '# changed here\n');
      await vscode.workspace.applyEdit(edit);
      // Planned is what is saved: that is asked for first.
      assert.equal((await state()).stale, false);
      await ask('planAgain', null);
      assert.equal(questions.length, 1);
      assert.match(questions[0] ?? '', /shop\/lakehouse\/transformations\/silver\.py/);
      assert.equal(document.isDirty, false);
      await planned();
      const more = new vscode.WorkspaceEdit();
      more.insert(file, new vscode.Position(0, 0), '# and here\n');
      await vscode.workspace.applyEdit(more);
      await document.save();
      await until('the news of the file', async () => (await state()).stale || undefined);
      await ask('planAgain', null);
      const view = await planned();
      const changed = view.groups.flatMap(({ actions }) => actions);
      assert.deepEqual(
        changed.map(({ kind, name, hasDiff }) => [kind, name, hasDiff]),
        [['update', SILVER, true]],
      );
      await ask('diff', { id: `file/${SILVER}` });
      const diff = await until('the diff', () =>
        tabs()
          .map(({ input }) => input)
          .find((input) => input instanceof vscode.TabInputTextDiff),
      );
      assert.equal((await vscode.workspace.openTextDocument(diff.original)).getText(), before);
      assert.equal(diff.modified.toString(), file.toString());
      await assert.rejects(ask('openFile', { file: '../outside.txt', line: 1 }), /not of the project/);
      await assert.rejects(ask('browse', { url: 'https://example.com' }), /not of this workspace/);
    } finally {
      await vscode.workspace.fs.writeFile(file, Buffer.from(before));
      await ask('setRunAfter', true);
    }
  });

  it('marks the line here that an update failed at', async () => {
    fake.pipelines.script = [
      { state: 'RUNNING' },
      {
        state: 'FAILED',
        events: [
          {
            event_type: 'flow_progress',
            level: 'ERROR',
            message: 'Failed to resolve flow silver.orders.',
            origin: { dataset_name: 'orders_dev.silver.orders' },
            details: { flow_progress: { status: 'FAILED' } },
            error: {
              exceptions: [
                {
                  class_name: 'AnalysisException',
                  message: `Column prise cannot be resolved.\n  File "/Workspace${ROOT}/files/${SILVER}", line 7, in orders`,
                },
              ],
            },
          },
        ],
      },
    ];
    await pages.deploy(vscode.Uri.joinPath(folder, 'databricks.yml'));
    const view = await planned();
    await ask('deploy', { plan: view.number, consents: {}, fullRefresh: false });
    const { run } = await phase('finished');
    assert.equal(run?.results?.[0]?.state, 'FAILED');
    assert.deepEqual(
      run.messages.filter(({ level }) => level === 'error').map(({ text }) => text.includes(`${SILVER}:7`)),
      [true],
    );
    const [mark] = vscode.languages.getDiagnostics(vscode.Uri.joinPath(folder, SILVER));
    assert.equal(mark?.message, 'silver.orders: Column prise cannot be resolved.');
    assert.equal(mark.range.start.line, 6);
    await ask('openFile', { file: SILVER, line: 7 });
    assert.equal(vscode.window.activeTextEditor?.selection.active.line, 6);
  });

  it('asks before it writes into a production workspace, and writes nothing when that is refused', async () => {
    await api.room.workspaces.save({ profile: { ...profile, production: true } });
    await pages.deploy(vscode.Uri.joinPath(folder, 'databricks.yml'));
    const view = await planned();
    agrees = false;
    assert.equal(await ask('deploy', { plan: view.number, consents: {}, fullRefresh: false }), false);
    assert.deepEqual(writes(), []);
    const [question = ''] = questions;
    assert.match(question, /Azure dev/);
    assert.match(question, /target dev/);
    agrees = true;
    assert.equal(await ask('deploy', { plan: view.number, consents: {}, fullRefresh: true }), true);
    assert.equal(questions.length, 3);
    assert.match(questions[2] ?? '', /bronze, which stays/);
    await phase('finished');
    assert.deepEqual(
      [...fake.pipelines.updates.values()].map(({ fullRefresh }) => fullRefresh),
      [true],
    );
  });

  it('says what failed half-way, and goes on from there', async () => {
    await pages.deploy(vscode.Uri.joinPath(folder, 'databricks.yml'));
    const view = await planned();
    fake.faults(({ method, path }) =>
      method === 'POST' && path === '/api/2.0/pipelines'
        ? { status: 403, body: '{"error_code":"PERMISSION_DENIED","message":"No pipelines for you."}' }
        : undefined,
    );
    await ask('deploy', { plan: view.number, consents: {}, fullRefresh: false });
    const { failure, failedAt, steps } = await phase('stopped');
    assert.equal(failedAt, 'pipeline/orders');
    assert.match(failure?.message ?? '', /No pipelines for you/);
    assert.equal(steps['schema/bronze'], 'done');
    assert.equal(steps['job/orders'], undefined);
    fake.faults(undefined);
    await ask('goOn', null);
    await phase('finished');
    assert.equal(fake.pipelines.pipelines.size, 1);
    assert.equal(fake.jobs.size, 1);
    assert.equal(
      fake.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/schemas')).length,
      3,
    );
  });

  it('marks in the bundle what keeps it from being planned', async () => {
    const file = vscode.Uri.joinPath(folder, 'resources', 'job.yml');
    const before = Buffer.from(await vscode.workspace.fs.readFile(file)).toString();
    try {
      await vscode.workspace.fs.writeFile(file, Buffer.from(before.replace('var.schedule}', 'var.shedule}')));
      await pages.deploy(file);
      const { findings } = await phase('refused');
      assert.deepEqual(
        findings.map(({ place }) => place?.file),
        ['resources/job.yml'],
      );
      const [mark] = vscode.languages.getDiagnostics(file);
      assert.equal(mark?.range.start.line, (findings[0]?.place?.line ?? 0) - 1);
      assert.match(mark.message, /shedule/);
    } finally {
      await vscode.workspace.fs.writeFile(file, Buffer.from(before));
      await ask('planAgain', null);
      await planned();
      assert.deepEqual(vscode.languages.getDiagnostics(file), []);
    }
  });

  it('has one tab for a project, opened by its command', async () => {
    const shown = (): readonly string[] =>
      tabs()
        .filter(
          ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('deployPage'),
        )
        .map(({ label }) => label);
    for (let time = 0; time < 2; time++) {
      await vscode.commands.executeCommand(
        'ordersLakehouse.deployLakehouse',
        vscode.Uri.joinPath(folder, 'databricks.yml'),
      );
      await until('the page', () => shown().length > 0);
      assert.deepEqual(shown(), ['Deploy shop']);
    }
    await until('what it reads there', () => fake.requests.length > 0);
    assert.deepEqual(writes(), []);
  });
});

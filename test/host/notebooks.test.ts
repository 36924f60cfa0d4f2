/** A notebook goes to a fake workspace, and runs there. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { notebookRun } from '../../src/core/databricks/notebookRun.ts';
import type { WorkspaceProfile } from '../../src/core/databricks/workspaces.ts';
import { showCloudRun } from '../../src/editor/cloudRunPanel.ts';
import { createNotebookMarks } from '../../src/editor/notebookMarks.ts';
import type { PanelSpec } from '../../src/editor/panel.ts';
import type { Api } from '../../src/extension.ts';
import type { CloudRunCalls } from '../../src/wire/cloudRun.ts';
import { until } from '../live/support/until.ts';
import { startFakeWorkspace, type FakeWorkspace } from '../support/fakeWorkspace.ts';
import { activated, openFile } from './support.ts';

const TOKEN = `dapi-of-the-host-${process.pid}`;
const HEADER = '# Databricks notebook source\n';
const SOURCE = `${HEADER}dbutils.widgets.text("country", "BR")\nx = 1\n\n# COMMAND ----------\n\nprint(x)\nprint(missing)\n`;
const PATH = '/Users/ana@example.com/notebook';
const FAILS = {
  states: ['PENDING', 'TERMINATED'],
  code: 'RUN_EXECUTION_ERROR',
  output: {
    error: "NameError: name 'missing' is not defined",
    error_trace: 'File <command-12>, line 2\n      1 print(x)\n----> 2 print(missing)',
  },
};

describe('notebooks in the editor', () => {
  let api: Api;
  let fake: FakeWorkspace;
  let profile: WorkspaceProfile;

  before(async () => {
    api = await activated();
    fake = await startFakeWorkspace({ token: TOKEN, userName: 'ana@example.com' });
    profile = {
      id: 'host-workspace',
      name: 'ana',
      host: fake.host,
      login: { kind: 'token' },
      production: false,
      colour: 'blue',
    };
  });
  beforeEach(async () => {
    fake.reset();
    await api.room.workspaces.save({ profile, secret: TOKEN });
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('notifications.clearAll');
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  after(async () => {
    await api.room.workspaces.remove(profile.id);
    await fake.close();
  });

  /** Runs a command and takes what each question offers first. */
  const answered = async (command: string, ...args: readonly unknown[]): Promise<void> => {
    let over = false;
    void vscode.commands.executeCommand(`ordersLakehouse.${command}`, ...args).then(() => {
      over = true;
    });
    await until('the end of the command', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return over;
    });
  };
  const lenses = async (uri: vscode.Uri): Promise<readonly string[]> =>
    (await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri)).map(
      ({ command }) => command?.title ?? '',
    );
  const content = (path = PATH): string | undefined => fake.tree.get(path)?.content;
  const tabs = (): readonly vscode.Tab[] => vscode.window.tabGroups.all.flatMap((group) => group.tabs);
  const diffOf = (): vscode.TabInputTextDiff | undefined =>
    tabs()
      .map(({ input }) => input)
      .find((input) => input instanceof vscode.TabInputTextDiff);
  const insert = async (document: vscode.TextDocument, text: string): Promise<void> => {
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(document.lineCount - 1, 0), text);
    assert.ok(await vscode.workspace.applyEdit(edit));
  };

  it('go where a person says, as they stand in the editor, and there again with one click', async () => {
    const document = await openFile('notebook.py', SOURCE);
    assert.deepEqual(await lenses(document.uri), ['Deploy to Databricks', 'Run on Databricks']);
    await insert(document, 'print("not saved")\n');
    await answered('deployNotebook', document.uri);
    assert.equal(content(), `${SOURCE}print("not saved")\n`);
    assert.equal(document.isDirty, false);
    assert.equal(api.room.notebooks.of(document.uri).target?.path, PATH);
    const [told, ...others] = await lenses(document.uri);
    assert.match(told ?? '', /^Deployed to ana · \/Users\/ana@example\.com\/notebook, \d[^a-z]*([AP]M)?$/);
    assert.deepEqual(others, ['Deploy', 'Run']);
    await insert(document, 'print("two")\n');
    assert.match((await lenses(document.uri))[0] ?? '', /, changed since$/);
    // What is there is what was deployed from here: nothing more is asked.
    await vscode.commands.executeCommand('ordersLakehouse.deployNotebook', document.uri, 'remembered');
    assert.equal(content(), document.getText());
    assert.doesNotMatch((await lenses(document.uri))[0] ?? '', /changed since/);
  });

  it('show what differs there, and overwrite it only when they are told to', async () => {
    const document = await openFile('notebook.py', SOURCE);
    await api.room.notebooks.update(document.uri, { target: { workspace: profile.id, path: PATH } });
    const theirs = { type: 'NOTEBOOK', language: 'PYTHON', format: 'SOURCE' } as const;
    fake.tree.set(PATH, { ...theirs, content: `${HEADER}print("theirs")` });
    const deploy = (): Thenable<unknown> =>
      vscode.commands.executeCommand('ordersLakehouse.deployNotebook', document.uri, 'remembered');
    // The first answer writes nothing.
    const first = deploy();
    const diff = await until('the diff', diffOf);
    assert.equal(diff.original.scheme, 'orders-workspace');
    assert.equal(diff.modified.toString(), document.uri.toString());
    const there = await vscode.workspace.openTextDocument(diff.original);
    assert.equal(there.getText(), `${HEADER}print("theirs")\n`);
    assert.equal(there.languageId, 'python');
    let over = false;
    void first.then(() => (over = true));
    await until('the end', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return over;
    });
    assert.equal(content(), `${HEADER}print("theirs")`);
    const label = tabs().find(({ input }) => input instanceof vscode.TabInputTextDiff)?.label;
    assert.equal(label, 'notebook.py: ana ↔ here');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    // The second one overwrites, and the difference goes away.
    let asking = false;
    await until('the new text', async () => {
      if (!asking && content() !== SOURCE) {
        asking = true;
        void deploy().then(() => (asking = false));
      }
      // A question that came between the two was answered with the first: then it is asked again.
      await vscode.commands.executeCommand('workbench.action.quickOpenSelectNext');
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return content() === SOURCE && !asking;
    });
    assert.equal(content(), SOURCE);
    assert.equal(diffOf(), undefined);
  });

  it('are asked about before each write to production', async () => {
    await api.room.workspaces.save({ profile: { ...profile, production: true } });
    const document = await openFile('production.py', SOURCE);
    const target = { workspace: profile.id, path: '/Shared/production' };
    await api.room.notebooks.update(document.uri, { target });
    await answered('deployNotebook', document.uri, 'remembered');
    assert.equal(content('/Shared/production'), undefined);
    assert.ok(fake.requests.length > 0);
    assert.ok(fake.requests.every(({ method }) => method === 'GET'));
  });

  it('go once when their button is pressed twice', async () => {
    const document = await openFile('twice.py', SOURCE);
    const path = '/Users/ana@example.com/twice';
    await api.room.notebooks.update(document.uri, { target: { workspace: profile.id, path } });
    const press = (): Thenable<unknown> =>
      vscode.commands.executeCommand('ordersLakehouse.deployNotebook', document.uri, 'remembered');
    await Promise.all([press(), press()]);
    assert.equal(content(path), SOURCE);
    const imports = fake.requests.filter((one) => one.path.endsWith('/workspace/import'));
    assert.equal(imports.length, 1);
  });

  it('are refused when they are none, before anybody is asked', async () => {
    const document = await openFile('plain.py', 'print(1)\n');
    assert.deepEqual(await lenses(document.uri), []);
    await vscode.commands.executeCommand('ordersLakehouse.deployNotebook', document.uri);
    assert.deepEqual(fake.requests, []);
  });

  it('run there, and the line that failed is marked until it is edited', async () => {
    fake.runs.script(FAILS);
    const document = await openFile('runs.py', SOURCE);
    const target = { workspace: profile.id, path: '/Shared/runs' };
    await api.room.notebooks.update(document.uri, { target, parameters: { country: 'PT', gone: 'x' } });
    await answered('runNotebook', document.uri, 'remembered');
    // Deployed first, with what the person once gave to what it still takes.
    assert.equal(content('/Shared/runs'), SOURCE);
    assert.deepEqual(fake.runs.submitted, [
      {
        run_name: 'runs',
        tasks: [
          {
            task_key: 'notebook',
            notebook_task: {
              notebook_path: '/Shared/runs',
              source: 'WORKSPACE',
              base_parameters: { country: 'PT' },
            },
          },
        ],
      },
    ]);
    await until('the tab', () => tabs().some(({ label }) => label === 'runs · ana'));
    const [mark] = await until('the mark', () => {
      const found = vscode.languages
        .getDiagnostics(document.uri)
        .filter(({ source }) => source === 'Databricks');
      return found.length > 0 ? found : undefined;
    });
    assert.equal(mark?.range.start.line, SOURCE.split('\n').indexOf('print(missing)'));
    assert.match(mark.message, /name 'missing' is not defined/);
    // It is over: nobody asks any more, and the page can be opened again.
    const asked = fake.requests.length;
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    assert.ok((await lenses(document.uri)).includes('Last run'));
    await vscode.commands.executeCommand('ordersLakehouse.showNotebookRun', document.uri);
    await until('the page asks', () => fake.requests.length > asked);
    await insert(await vscode.workspace.openTextDocument(document.uri), '# edited\n');
    await until(
      'the mark is gone',
      () =>
        vscode.languages.getDiagnostics(document.uri).every(({ source }) => source !== 'Databricks') ||
        undefined,
    );
  });

  it('start nothing twice when no answer came', async () => {
    const document = await openFile('lost.py', SOURCE);
    const target = { workspace: profile.id, path: '/Shared/lost' };
    await api.room.notebooks.update(document.uri, { target });
    fake.faults(({ path }) => (path.endsWith('/runs/submit') ? { cut: 'after' } : undefined));
    await answered('runNotebook', document.uri, 'remembered');
    assert.equal(api.room.notebooks.of(document.uri).run, undefined);
    assert.equal(fake.runs.submitted.length, 1);
    fake.faults(undefined);
    await answered('runNotebook', document.uri, 'remembered');
    assert.equal(fake.runs.submitted.length, 1);
    assert.ok(api.room.notebooks.of(document.uri).run);
  });

  it('keep their place when they are renamed, and lose it with the workspace', async () => {
    const { uri } = await openFile('before.py', SOURCE);
    const renamed = vscode.Uri.joinPath(uri, '..', 'after.py');
    await api.room.notebooks.update(uri, {
      target: { workspace: profile.id, path: PATH },
      deployed: { hash: 'another', atMs: Date.now() },
    });
    const edit = new vscode.WorkspaceEdit();
    edit.renameFile(uri, renamed);
    assert.ok(await vscode.workspace.applyEdit(edit));
    await until('the new name', () => api.room.notebooks.of(renamed).target !== undefined);
    assert.match((await lenses(renamed))[0] ?? '', /^Deployed to ana .*, changed since$/);
    await api.room.workspaces.remove(profile.id);
    assert.deepEqual(await lenses(renamed), ['Deploy to Databricks', 'Run on Databricks']);
    await vscode.workspace.fs.delete(renamed);
  });

  describe('that run', () => {
    const log = vscode.window.createOutputChannel('runs', { log: true });
    const notebookMarks = createNotebookMarks();
    after(() => {
      notebookMarks.dispose();
      log.dispose();
    });
    /** What the page of a run may ask of its host. */
    const follow = async (closed: AbortSignal, file?: vscode.Uri) => {
      const { signal } = new AbortController();
      const workspace = await api.room.workspaces.open(profile.id, () => undefined, signal);
      const id = await workspace.runs.submit(
        notebookRun({ path: PATH, parameters: {} }),
        crypto.randomUUID(),
      );
      let handlers: PanelSpec<CloudRunCalls>['handlers'] | undefined;
      const { workspaces, context } = api.room;
      const panels = {
        show: (_key: string, spec: (signal: AbortSignal) => PanelSpec<never>) => {
          handlers = spec(closed).handlers;
        },
        rename: () => undefined,
      };
      showCloudRun({ workspaces, context, notebookMarks, log }, panels, profile.id, id, file);
      assert.ok(handlers);
      return { id, signal, handlers };
    };

    it('are cancelled in the workspace, and the page sees it at once', async () => {
      fake.runs.script({ states: ['RUNNING'] });
      const { id, signal, handlers } = await follow(new AbortController().signal);
      assert.equal((await handlers.look({ first: true }, signal)).kind, 'running');
      const next = handlers.look({ first: false }, signal);
      await handlers.cancel(null, signal);
      const { kind, over } = await next;
      assert.deepEqual([kind, over], ['cancelled', true]);
      assert.deepEqual(fake.runs.cancelled, [id]);
    });

    it('are cancelled in production only when a person agrees', async () => {
      await api.room.workspaces.save({ profile: { ...profile, production: true } });
      fake.runs.script({ states: ['RUNNING'] });
      const { id, signal, handlers } = await follow(new AbortController().signal);
      await handlers.look({ first: true }, signal);
      const asked: (readonly unknown[])[] = [];
      const { showWarningMessage } = vscode.window;
      const answer = (chosen: string | undefined): void => {
        Object.assign(vscode.window, {
          showWarningMessage: (...args: readonly unknown[]) => {
            asked.push(args);
            return Promise.resolve(chosen);
          },
        });
      };
      try {
        answer(undefined);
        await assert.rejects(Promise.resolve(handlers.cancel(null, signal)), { name: 'Cancelled' });
        assert.deepEqual(fake.runs.cancelled, []);
        answer('Cancel the run');
        await handlers.cancel(null, signal);
      } finally {
        Object.assign(vscode.window, { showWarningMessage });
      }
      assert.deepEqual(fake.runs.cancelled, [id]);
      assert.match(JSON.stringify(asked[0]), /on ana\?.*ana is production/);
    });

    it('are left alone when their page is closed, and asked no more', async () => {
      fake.runs.script({ states: ['RUNNING'] });
      const page = new AbortController();
      const { signal, handlers } = await follow(page.signal);
      await handlers.look({ first: true }, signal);
      const next = handlers.look({ first: false }, signal);
      const asked = fake.requests.length;
      page.abort();
      await assert.rejects(Promise.resolve(next), { name: 'Cancelled' });
      assert.equal(fake.requests.length, asked);
      assert.deepEqual(fake.runs.cancelled, []);
    });

    it('show the line that failed', async () => {
      fake.runs.script({ ...FAILS, states: ['TERMINATED'] });
      const { uri } = await openFile('line.py', SOURCE);
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      const { signal, handlers } = await follow(new AbortController().signal, uri);
      const run = await handlers.look({ first: true }, signal);
      const [task] = run.tasks;
      assert.equal(task?.result?.place?.text, 'line.py, line 8 (cell 2, line 2)');
      assert.equal(task.result.error, "NameError: name 'missing' is not defined");
      await handlers.reveal(task.id, signal);
      const { document, selection } = vscode.window.activeTextEditor ?? {};
      assert.equal(document?.uri.toString(), uri.toString());
      assert.equal(document.getText(selection), 'print(missing)');
    });
  });

  it('of Jupyter go as Jupyter, and are marked in their cell', async () => {
    fake.runs.script(FAILS);
    const cell = (source: string) => ({
      cell_type: 'code',
      metadata: {},
      outputs: [],
      execution_count: null,
      source: source.split(/(?<=\n)/),
    });
    const text = JSON.stringify({
      cells: [cell('x = 1'), cell('print(x)\nprint(missing)')],
      metadata: { language_info: { name: 'python' } },
      nbformat: 4,
      nbformat_minor: 5,
    });
    const [workspace] = vscode.workspace.workspaceFolders ?? [];
    assert.ok(workspace);
    const uri = vscode.Uri.joinPath(workspace.uri, 'jupyter.ipynb');
    await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
    const notebook = await vscode.workspace.openNotebookDocument(uri);
    await vscode.window.showNotebookDocument(notebook);
    await api.room.notebooks.update(uri, { target: { workspace: profile.id, path: '/Shared/jupyter' } });
    // As the toolbar of a notebook calls it.
    await answered('runNotebook', { notebookEditor: { notebookUri: uri } }, 'remembered');
    assert.equal(fake.tree.get('/Shared/jupyter')?.format, 'JUPYTER');
    const [mark] = await until('the mark', () => {
      const found = vscode.languages.getDiagnostics(notebook.cellAt(1).document.uri);
      return found.length > 0 ? found : undefined;
    });
    assert.equal(mark?.range.start.line, 1);
  });
});

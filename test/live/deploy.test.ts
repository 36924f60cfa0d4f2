/** `deploy notebook`, the terminal program against a fake workspace: what it writes, where, and when it does not. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFakeWorkspace, type FakeWorkspace, type Recorded } from '../support/fakeWorkspace.ts';
import { AAD_LOCATION, startFakeEntra, TENANT, writeFakeAz } from '../support/fakeWorkspace/login.ts';
import { PROGRAM, startCli, type Finished } from './support/cli.ts';

const TOKEN = 'dapi0123456789abcdef-of-the-test';
const PRINCIPAL = { clientId: 'app-1', clientSecret: 'dose-secret-of-the-test' };
const USER = 'ana@example.com';
const HEADER = '# Databricks notebook source\n';
const SOURCE = `${HEADER}print("one")\n`;
const TARGET = '/Shared/team/a/orders';

interface Result {
  readonly state: string;
  readonly folders: readonly string[];
  readonly diff?: string;
  readonly path: string;
  readonly url: string;
  readonly user: string;
  readonly ours: boolean;
  readonly written: boolean;
  readonly seen?: boolean;
}
interface Told {
  readonly type: string;
  readonly code?: string;
  readonly message: string;
  readonly hint?: string;
}

describe('deploy notebook', function () {
  this.timeout(60_000);
  let fake: FakeWorkspace;
  let folder: string;
  let home: string;
  /** Everything that the program said in a test. */
  let said: string;
  /** What the target of the test may be, and lie in. */
  let target: string;

  before(async () => {
    fake = await startFakeWorkspace({ token: TOKEN, userName: USER, principal: PRINCIPAL });
  });
  after(() => fake.close());
  beforeEach(() => {
    fake.reset();
    folder = mkdtempSync(join(tmpdir(), 'orders-deploy-'));
    home = join(folder, 'home');
    said = '';
    target = TARGET;
  });
  afterEach(() => {
    try {
      // Nothing is written but the target and the folders above it.
      for (const { body, path, method } of fake.requests.filter(isWrite)) {
        assert.ok(
          `${target}/`.startsWith(`${String(body['path'])}/`),
          `${method} ${path} ${String(body['path'])}`,
        );
      }
      assert.ok(fake.requests.every(({ path }) => !/delete|permissions/.test(path)));
      // No secret is in what it says, or in a file.
      const files = (existsSync(home) ? readdirSync(home, { recursive: true, encoding: 'utf8' }) : [])
        .map((name) => join(home, name))
        .filter((path) => statSync(path).isFile());
      for (const text of [said, ...files.map((path) => readFileSync(path, 'utf8'))]) {
        for (const secret of [TOKEN, PRINCIPAL.clientSecret, `${TOKEN}-of-principal`]) {
          assert.ok(!text.includes(secret), text);
          assert.ok(!text.includes(Buffer.from(secret).toString('base64').slice(0, 20)), text);
        }
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  /** Into the workspace's folders; a run is none. */
  const isWrite = ({ method, path }: Recorded): boolean =>
    method === 'POST' && path !== '/oidc/v1/token' && !path.includes('/jobs/');
  const writes = (): readonly string[] =>
    fake.requests
      .filter(isWrite)
      .map(({ path, body }) => `${path.split('/').at(-1) ?? ''} ${String(body['path'])}`);

  const local = (text: string, name = 'orders.py'): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const login = (): Record<string, string> => ({
    // Of the machine that runs the tests nothing counts.
    HOME: folder,
    DATABRICKS_HOST: fake.host,
    DATABRICKS_TOKEN: TOKEN,
    DATABRICKS_CLIENT_ID: '',
    DATABRICKS_CLIENT_SECRET: '',
    DATABRICKS_AUTH_TYPE: '',
    DATABRICKS_CONFIG_FILE: '',
    DATABRICKS_CONFIG_PROFILE: '',
    ARM_TENANT_ID: '',
    ARM_CLIENT_ID: '',
    ARM_CLIENT_SECRET: '',
  });
  const start = (args: readonly string[], env: Record<string, string> = {}) => {
    const started = startCli(home, ['deploy', 'notebook', ...args], { ...login(), ...env });
    const finished = started.finished.then((end) => {
      said += end.stdout + end.stderr;
      return end;
    });
    return { ...started, finished };
  };
  const run = async (args: readonly string[], env?: Record<string, string>): Promise<Result> => {
    const { code, stdout, stderr } = await start(args, env).finished;
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as Result;
  };
  const told = ({ stderr }: Finished): readonly Told[] =>
    stderr
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Told);
  /** Fails with the code, and writes nothing. */
  const refuses = async (
    code: string,
    args: readonly string[],
    env?: Record<string, string>,
  ): Promise<Told> => {
    const before = new Map(fake.tree);
    const end = await start(args, env).finished;
    const error = told(end).find(({ type }) => type === 'error');
    assert.equal(error?.code, code, end.stderr);
    assert.equal(end.code, 1);
    assert.equal(end.stdout, '');
    assert.deepEqual(fake.tree, before);
    return error;
  };
  const content = (path = target): string | undefined => fake.tree.get(path)?.content;
  const put = (text: string, language = 'PYTHON'): void => {
    for (const path of ['/Shared/team', '/Shared/team/a']) fake.tree.set(path, { type: 'DIRECTORY' });
    fake.tree.set(TARGET, { type: 'NOTEBOOK', language, format: 'SOURCE', content: text });
  };

  it('plans a new one, and writes nothing', async () => {
    const plan = await run([local(SOURCE), '--to', TARGET, '--plan']);
    assert.deepEqual(plan.folders, ['/Shared/team/a', '/Shared/team']);
    assert.deepEqual([plan.state, plan.written, plan.user, plan.path], ['new', false, USER, TARGET]);
    assert.equal(plan.url, `${fake.host}/#workspace/Shared/team/a/orders`);
    assert.ok(fake.requests.every(({ method, login: as }) => method === 'GET' && as === 'right'));
    assert.deepEqual(readdirSync(folder), ['orders.py']);
  });

  it('makes it with the folders that are missing, and then has nothing to do', async () => {
    const file = local(SOURCE);
    const made = await run([file, '--to', TARGET]);
    assert.deepEqual([made.state, made.written, made.seen], ['new', true, true]);
    assert.deepEqual(fake.tree.get(TARGET), {
      type: 'NOTEBOOK',
      language: 'PYTHON',
      format: 'SOURCE',
      content: SOURCE,
    });
    assert.deepEqual(writes(), ['mkdirs /Shared/team/a', `import ${TARGET}`]);
    const again = await run([file, '--to', TARGET]);
    assert.deepEqual([again.state, again.written], ['same', false]);
    assert.equal(writes().length, 2);
  });

  it('takes the home folder of who logged in, and the name of the file', async () => {
    target = `/Users/${USER}/orders`;
    const made = await run([local(SOURCE), '--to', '~/']);
    assert.equal(made.path, target);
    assert.equal(content(), SOURCE);
    assert.deepEqual(writes(), [`import ${target}`]);
  });

  it('shows what differs, and overwrites what another made only when it is told to', async () => {
    put(`${HEADER}print("theirs")`);
    const file = local(SOURCE);
    const plan = await run([file, '--to', TARGET, '--plan']);
    assert.deepEqual([plan.state, plan.ours, plan.folders], ['differs', false, []]);
    assert.match(plan.diff ?? '', /^-print\("theirs"\)\n\+print\("one"\)$/m);
    const error = await refuses('would-overwrite', [file, '--to', TARGET]);
    assert.match(error.hint ?? '', /--yes/);
    assert.equal(content(), `${HEADER}print("theirs")`);
    assert.equal((await run([file, '--to', TARGET, '--yes'])).written, true);
    assert.equal(content(), SOURCE);
    const [request] = fake.requests.filter(isWrite);
    assert.equal(request?.body['overwrite'], true);
  });

  it('overwrites what was deployed from here, and not what was changed there since', async () => {
    await run([local(SOURCE), '--to', TARGET]);
    const edited = `${HEADER}print("two")\n`;
    const second = await run([local(edited), '--to', TARGET]);
    assert.deepEqual([second.state, second.ours, second.written], ['differs', true, true]);
    assert.equal(content(), edited);
    put(`${edited}# by hand`);
    await refuses('would-overwrite', [local(SOURCE), '--to', TARGET]);
  });

  it('keeps its hands off another kind of object', async () => {
    const file = local(SOURCE);
    put('-- Databricks notebook source', 'SQL');
    await refuses('other-language', [file, '--to', TARGET, '--yes']);
    for (const type of ['DIRECTORY', 'FILE', 'REPO'] as const) {
      fake.tree.set(TARGET, { type });
      await refuses('other-kind', [file, '--to', TARGET, '--yes']);
    }
    fake.tree.set('/Shared/file', { type: 'FILE' });
    await refuses('not-a-folder', [file, '--to', '/Shared/file/deep/orders', '--yes']);
    assert.deepEqual(writes(), []);
  });

  it('asks the workspace nothing when the file, the path or the login is wrong', async () => {
    const file = local(SOURCE);
    await refuses('not-a-notebook', [local('print(1)', 'plain.py'), '--to', TARGET]);
    await refuses('no-such-file', [join(folder, 'nothing.py'), '--to', TARGET]);
    for (const to of [`${folder}/orders`, 'Shared/orders', '/Shared/../Users/eva/x']) {
      await refuses('bad-path', [file, '--to', to]);
    }
    await refuses('no-login', [file, '--to', TARGET], { DATABRICKS_HOST: '', DATABRICKS_TOKEN: '' });
    await refuses('no-secret-in-clear', [file, '--to', TARGET], { DATABRICKS_HOST: 'http://example.com' });
    assert.deepEqual(fake.requests, []);
    const wrong = await refuses('login-refused', [file, '--to', TARGET], { DATABRICKS_TOKEN: 'dapi-other' });
    assert.match(wrong.message, /wrong or has expired/);
  });

  it('logs in as a profile, and as a service principal', async () => {
    writeFileSync(
      join(folder, '.databrickscfg'),
      [
        ...['[DEFAULT]', `host = ${fake.host}`, `token = ${TOKEN}`],
        ...[
          '[robot]',
          `host=${fake.host}`,
          `client_id=${PRINCIPAL.clientId}`,
          `client_secret=${PRINCIPAL.clientSecret}`,
        ],
      ].join('\n'),
    );
    const none = { DATABRICKS_HOST: '', DATABRICKS_TOKEN: '' };
    const file = local(SOURCE);
    assert.equal((await run([file, '--to', TARGET, '--plan'], none)).state, 'new');
    assert.equal(
      fake.requests.some(({ path }) => path === '/oidc/v1/token'),
      false,
    );
    assert.equal((await run([file, '--to', TARGET, '--profile', 'robot'], none)).written, true);
    assert.equal(fake.requests.filter(({ path }) => path === '/oidc/v1/token').length, 1);
    assert.ok(fake.requests.every(({ login: as }) => as === 'right'));
  });

  it('logs in by Microsoft Entra, and by the Azure CLI, in the directory that the workspace tells', async () => {
    const entra = await startFakeEntra(TOKEN);
    try {
      fake.faults(({ path }) =>
        path === '/aad/auth' ? { status: 302, body: '', headers: { location: AAD_LOCATION } } : undefined,
      );
      const file = local(SOURCE);
      const without = { DATABRICKS_TOKEN: '', AZURE_AUTHORITY_HOST: entra.url };
      const principal = { ARM_CLIENT_ID: 'az-app', ARM_CLIENT_SECRET: PRINCIPAL.clientSecret };
      assert.equal((await run([file, '--to', TARGET], { ...without, ...principal })).written, true);
      assert.deepEqual(
        entra.asked.map(({ path, form }) => [path, form['client_id']]),
        [[`/${TENANT}/oauth2/v2.0/token`, 'az-app']],
      );
      const bin = join(folder, 'bin');
      mkdirSync(bin);
      writeFakeAz(bin, `echo '{"accessToken":"${TOKEN}","expires_on":4102444800}'`);
      const cli = { DATABRICKS_AUTH_TYPE: 'azure-cli', PATH: `${bin}:${process.env['PATH'] ?? ''}` };
      const again = await run([file, '--to', TARGET], { ...without, ...cli });
      assert.deepEqual([again.user, again.state], [USER, 'same']);
      // One call for the whole of it.
      assert.match(
        readFileSync(join(bin, 'az.log'), 'utf8'),
        new RegExp(`^account .*--tenant ${TENANT}\\n$`),
      );
    } finally {
      await entra.close();
    }
  });

  it('knows a Jupyter notebook again, whatever the workspace keeps beside its cells', async () => {
    const cell = { cell_type: 'code', metadata: {}, outputs: [{ text: 'x' }], execution_count: 3 };
    const notebook = (source: string): string =>
      JSON.stringify({
        nbformat: 4,
        nbformat_minor: 5,
        metadata: {},
        cells: [{ ...cell, source: [source] }],
      });
    await run([local(notebook('print(1)\n'), 'orders.ipynb'), '--to', TARGET]);
    assert.equal(fake.tree.get(TARGET)?.format, 'JUPYTER');
    assert.equal((await run([local(notebook('print(1)'), 'orders.ipynb'), '--to', TARGET])).state, 'same');
    const plan = await run([local(notebook('print(2)'), 'orders.ipynb'), '--to', TARGET, '--plan']);
    assert.match(plan.diff ?? '', /^-print\(1\)\n\+print\(2\)$/m);
  });

  it('writes nothing over what somebody changed or made a moment ago', async () => {
    put(`${HEADER}theirs`);
    let reads = 0;
    fake.faults(({ path }) => {
      if (path.endsWith('/export') && ++reads === 2) put(`${HEADER}theirs, changed`);
      return undefined;
    });
    const file = local(SOURCE);
    const changed = await start([file, '--to', TARGET, '--yes']).finished;
    assert.match(changed.stderr, /changed-meanwhile/);
    assert.equal(content(), `${HEADER}theirs, changed`);
    fake.reset();
    fake.faults(({ path }) => {
      if (path.endsWith('/import')) put(`${HEADER}theirs`);
      return undefined;
    });
    const made = await start([file, '--to', TARGET, '--yes']).finished;
    assert.match(made.stderr, /already-there/);
    assert.equal(content(), `${HEADER}theirs`);
  });

  it('waits until the workspace shows what it took, and says when it does not', async () => {
    const file = local(SOURCE);
    let imported = 0;
    fake.faults(({ path, number }) => {
      if (path.endsWith('/import')) imported = number;
      return imported > 0 && number > imported && number <= imported + 2 ? { stale: true } : undefined;
    });
    const late = await run([file, '--to', TARGET]);
    assert.deepEqual([late.written, late.seen], [true, true]);
    assert.equal(fake.requests.filter(({ path }) => path.endsWith('/export')).length, 3);
    fake.reset();
    fake.faults(({ path }) => (path.endsWith('/export') ? { stale: true } : undefined));
    const end = await start([file, '--to', TARGET]).finished;
    assert.equal(end.code, 0, end.stderr);
    assert.equal((JSON.parse(end.stdout) as Result).seen, false);
    assert.ok(told(end).some(({ type, message }) => type === 'message' && /still shows/.test(message)));
  });

  it('tells a lost answer, and finds at the next run that it was done', async () => {
    fake.faults(({ path }) => (path.endsWith('/import') ? { cut: 'after' } : undefined));
    const file = local(SOURCE);
    const lost = await start([file, '--to', TARGET]).finished;
    assert.match(lost.stderr, /"unsure"/);
    fake.faults(undefined);
    const next = await run([file, '--to', TARGET]);
    assert.deepEqual([next.state, next.written], ['same', false]);
    assert.equal(content(), SOURCE);
  });

  it('ends at Ctrl-C, before anything is written', async () => {
    const asked = new Promise<void>((resolve) => {
      fake.faults(({ path }) => {
        if (!path.endsWith('/get-status')) return undefined;
        resolve();
        return { silent: 'before' };
      });
    });
    const { child, finished } = start([local(SOURCE), '--to', TARGET]);
    await asked;
    child.kill('SIGINT');
    const end = await finished;
    assert.equal(end.code, 1);
    assert.deepEqual(told(end), [{ type: 'cancelled' }]);
    assert.deepEqual(writes(), []);
  });

  describe('--run', () => {
    const FAILS = `${HEADER}x = 1\n\n# COMMAND ----------\n\nprint(x)\nprint(missing)\n`;
    const submitted = (): unknown => fake.runs.submitted.at(-1);

    it('runs what it deployed, with parameters, tells the states and what it gave', async () => {
      fake.runs.script({
        states: ['PENDING', 'RUNNING', 'TERMINATED'],
        output: { notebook_output: { result: '42 rows' } },
      });
      const args = ['--to', TARGET, '--run', '--param', 'country=BR', '--param', 'day=a=b'];
      const end = await start([local(SOURCE), ...args]).finished;
      assert.equal(end.code, 0, end.stderr);
      const { run: ran, written } = JSON.parse(end.stdout) as {
        readonly written: boolean;
        readonly run: Readonly<Record<string, unknown>>;
      };
      assert.deepEqual([written, ran['result'], ran['succeeded']], [true, '42 rows', true]);
      assert.deepEqual(submitted(), {
        run_name: 'orders',
        tasks: [
          {
            task_key: 'notebook',
            notebook_task: {
              notebook_path: TARGET,
              source: 'WORKSPACE',
              base_parameters: { country: 'BR', day: 'a=b' },
            },
          },
        ],
      });
      assert.equal(content(), SOURCE);
      const states = told(end).map(({ message }) => message);
      assert.deepEqual(states.slice(-3), ['waiting for compute', 'running', 'succeeded']);
    });

    it('runs again what is the same, on the compute that is named, and starts nothing twice', async () => {
      const file = local(SOURCE);
      await run([file, '--to', TARGET]);
      fake.faults(({ path }) =>
        path.endsWith('/submit') && fake.runs.submitted.length === 0 ? { cut: 'after' } : undefined,
      );
      const again = await run([file, '--to', TARGET, '--run', '--cluster', '0101-abc']);
      assert.equal(again.written, false);
      assert.equal(fake.runs.submitted.length, 1);
      assert.match(JSON.stringify(submitted()), /"existing_cluster_id":"0101-abc"/);
    });

    it('fails when the run failed, and names the line of the file', async () => {
      fake.runs.script({
        states: ['TERMINATED'],
        code: 'RUN_EXECUTION_ERROR',
        output: {
          error: "NameError: name 'missing' is not defined",
          error_trace:
            '\u001b[0;31mNameError\u001b[0m\nFile <command-12>, line 2\n      1 print(x)\n----> 2 print(missing)',
        },
      });
      const file = local(FAILS);
      const end = await start([file, '--to', TARGET, '--run']).finished;
      assert.equal(end.code, 1);
      const { run: ran } = JSON.parse(end.stdout) as { readonly run: Readonly<Record<string, unknown>> };
      const line = FAILS.split('\n').indexOf('print(missing)') + 1;
      assert.deepEqual([ran['succeeded'], ran['line'], ran['cell']], [false, line, 2]);
      const error = told(end).find(({ type }) => type === 'error');
      assert.equal(error?.code, 'run-failed');
      assert.ok(error.message.includes(`${file}, line ${line}`), error.message);
      assert.ok(error.message.includes("name 'missing' is not defined"), error.message);
    });

    it('leaves the run when the person stops waiting, and says so', async () => {
      fake.runs.script({ states: ['RUNNING'] });
      const looked = new Promise<void>((resolve) => {
        fake.faults(({ path }) => {
          if (path.endsWith('/runs/get')) resolve();
          return undefined;
        });
      });
      const { child, finished } = start([local(SOURCE), '--to', TARGET, '--run']);
      await looked;
      child.kill('SIGINT');
      const end = await finished;
      assert.equal(end.code, 1);
      assert.ok(told(end).some(({ type }) => type === 'cancelled'));
      assert.match(end.stderr, /goes on in the workspace/);
      assert.deepEqual(fake.runs.cancelled, []);
    });

    it('writes nothing when what it should run on cannot run it', async () => {
      const scala = local('// Databricks notebook source\nval x = 1\n', 'orders.scala');
      const error = await refuses('no-cluster', [scala, '--to', TARGET, '--run']);
      assert.match(error.hint ?? '', /--cluster/);
    });

    it('refuses options that do not go together, before it asks anybody', async () => {
      for (const args of [
        ['--param', 'a=b'],
        ['--cluster', 'x'],
        ['--run', '--plan'],
        ['--run', '--param', 'ab'],
      ]) {
        const end = await start([local(SOURCE), '--to', TARGET, ...args]).finished;
        assert.equal(end.code, 2, args.join(' '));
      }
      assert.deepEqual(fake.requests, []);
    });
  });

  /** The program in a terminal of its own, as a person has it; answers its question. */
  const inTerminal = async (
    args: readonly string[],
    reply: string,
  ): Promise<{ code: number; text: string }> => {
    const terminal = 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)';
    const command = [process.execPath, PROGRAM, '--home', home, 'deploy', 'notebook', ...args];
    const child = spawn('python3', ['-c', terminal, ...command], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...login(), LC_ALL: 'C' },
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      if (piece.includes('[y/N]')) child.stdin.write(`${reply}\n`);
    });
    const [code] = (await once(child, 'close')) as [number];
    said += text;
    return { code, text };
  };

  it('asks a person, who has seen the difference, before it overwrites', async () => {
    put(`${HEADER}print("theirs")`);
    const file = local(SOURCE);
    const no = await inTerminal([file, '--to', TARGET], 'n');
    assert.equal(no.code, 1);
    assert.match(
      no.text,
      /-print\("theirs"\)\r\n\+print\("one"\)[^]*was not deployed from here\. Overwrite it\?/,
    );
    assert.equal(content(), `${HEADER}print("theirs")`);
    const yes = await inTerminal([file, '--to', TARGET], 'y');
    assert.equal(yes.code, 0, yes.text);
    assert.ok(yes.text.includes(`Deployed: ${fake.host}/#workspace/Shared/team/a/orders`), yes.text);
    assert.equal(content(), SOURCE);
  });

  /** Kills the program at each of its requests, before and after it was done, and runs it again. */
  const interrupted = async (prepare: () => void, args: () => readonly string[]): Promise<void> => {
    const clean = (): void => {
      rmSync(home, { recursive: true, force: true });
      fake.reset();
      prepare();
    };
    clean();
    await run(args());
    const undisturbed = new Map(fake.tree);
    const requests = [...fake.requests];
    const count = requests.length;
    assert.ok(count >= 5);
    for (const { number, ...request } of requests) {
      // Of a read it makes no difference.
      const moments = isWrite({ number, ...request })
        ? (['before', 'after'] as const)
        : (['before'] as const);
      for (const silent of moments) {
        clean();
        const at = `request ${number} of ${count}, ${silent}`;
        const reached = new Promise<void>((resolve) => {
          fake.faults((asked) => {
            if (asked.number !== number) return undefined;
            resolve();
            return { silent };
          });
        });
        const { child, finished } = start(args());
        await reached;
        child.kill('SIGKILL');
        await finished;
        fake.faults(undefined);
        assert.equal((await run(args())).path, TARGET, at);
        assert.deepEqual(fake.tree, undisturbed, at);
      }
    }
  };

  it('completes a new one that was interrupted at any request', async () => {
    const file = local(SOURCE);
    await interrupted(
      () => undefined,
      () => [file, '--to', TARGET],
    );
  });

  it('completes a change that was interrupted at any request', async () => {
    const file = local(SOURCE);
    await interrupted(
      () => {
        put(`${HEADER}theirs`);
      },
      () => [file, '--to', TARGET, '--yes'],
    );
  });
});

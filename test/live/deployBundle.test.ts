/** `deploy`: the terminal program puts our own bundle into a fake workspace, and only there; killed at each request, it completes. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBundleProject } from '../../src/adapters/bundle.ts';
import { createWorkspace } from '../../src/adapters/databricks/workspace.ts';
import { applyLakehouse } from '../../src/core/bundle/applyLakehouse.ts';
import { planLakehouse } from '../../src/core/bundle/planLakehouse.ts';
import type { DeployParts } from '../../src/core/bundle/ports.ts';
import type { CloudRunResult } from '../../src/core/bundle/cloudRun.ts';
import type { LakehousePlan, PlanAction } from '../../src/core/bundle/plan.ts';
import { copyBundle, SECRETS, VARIABLES, type TestProject } from '../support/bundleProject.ts';
import { startFakeWorkspace, type FakeWorkspace, type Recorded } from '../support/fakeWorkspace.ts';
import type { UpdateScript } from '../support/fakeWorkspace/pipelines.ts';
import { PROGRAM, startCli, type Finished } from './support/cli.ts';

const TOKEN = 'dapi0123456789abcdef-of-the-test';
const USER = 'ana@example.com';
const ROOT = `/Users/${USER}/.bundle/orders_lakehouse/dev`;
const STATE = `${ROOT}/state/orders-lakehouse.json`;
const LOCK = `${ROOT}/state/orders-lakehouse.lock`;
const SCOPE = 'orders_lakehouse_dev';

interface Deployed {
  readonly plan: LakehousePlan;
  readonly written: number;
  readonly pipelines: Readonly<Record<string, string>>;
  readonly runs: readonly CloudRunResult[];
}
interface Told {
  readonly type: string;
  readonly code?: string;
  readonly message: string;
  readonly hint?: string;
  readonly state?: string;
}

describe('deploy, the lakehouse', function () {
  this.timeout(60_000);
  let fake: FakeWorkspace;
  let folder: string;
  let home: string;
  let project: TestProject;
  let said: string;

  before(async () => {
    fake = await startFakeWorkspace({ token: TOKEN, userName: USER });
  });
  after(() => fake.close());

  /** Of others, and to be left alone. */
  const furnish = (): void => {
    fake.reset();
    fake.scopes.set(SCOPE, SECRETS);
    fake.tree.set('/Shared/theirs', { type: 'FILE', content: 'x' });
    fake.jobs.set('7', { creator: 'eva@example.com', settings: { name: 'theirs', tasks: [] } });
    fake.pipelines.pipelines.set('p-theirs', {
      creator: 'eva@example.com',
      spec: { name: 'theirs', id: 'p-theirs' },
      runAs: 'eva@example.com',
    });
    fake.schemas.set('orders_dev.theirs', { full_name: 'orders_dev.theirs', comment: 'not yours' });
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'orders-bundle-'));
    home = join(folder, 'home');
    project = copyBundle(join(folder, 'project'));
    said = '';
    furnish();
  });
  afterEach(() => {
    try {
      for (const { path, body } of fake.requests.filter(isWrite)) {
        if (!path.startsWith('/api/2.0/workspace/')) continue;
        assert.ok(String(body['path']).startsWith(`${ROOT}/`), `${path} ${String(body['path'])}`);
      }
      assert.ok(fake.requests.every(({ path }) => !/permissions|secrets\/(get|put)/.test(path)));
      assert.deepEqual(fake.tree.get('/Shared/theirs'), { type: 'FILE', content: 'x' });
      assert.equal(fake.jobs.get('7')?.settings['name'], 'theirs');
      assert.deepEqual(fake.pipelines.pipelines.get('p-theirs')?.spec, { name: 'theirs', id: 'p-theirs' });
      assert.deepEqual(fake.schemas.get('orders_dev.theirs')?.['comment'], 'not yours');
      // What is secret is in nothing that was said, written here or put there.
      const files = [home, project.folder]
        .flatMap((root) =>
          existsSync(root)
            ? readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => join(root, name))
            : [],
        )
        .filter((path) => statSync(path).isFile());
      const there = [...fake.tree.values()].map(({ content = '' }) => content);
      const texts = [
        said,
        ...files.map((path) => readFileSync(path, 'utf8')),
        ...there,
        ...there.map((content) => Buffer.from(content, 'base64').toString('utf8')),
        JSON.stringify([...fake.jobs, ...fake.pipelines.pipelines, ...fake.schemas, ...fake.volumes]),
      ];
      for (const text of texts) {
        assert.ok(!text.includes(TOKEN));
        assert.ok(!text.includes(Buffer.from(TOKEN).toString('base64').slice(0, 20)));
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  const isWrite = ({ method }: Pick<Recorded, 'method'>): boolean => method !== 'GET';
  const start = (args: readonly string[], env: Record<string, string> = {}) => {
    const started = startCli(home, ['deploy', ...args], {
      HOME: folder,
      LC_ALL: 'C',
      DATABRICKS_HOST: fake.host,
      DATABRICKS_TOKEN: TOKEN,
      DATABRICKS_CLIENT_ID: '',
      DATABRICKS_CLIENT_SECRET: '',
      DATABRICKS_AUTH_TYPE: '',
      DATABRICKS_CONFIG_FILE: '',
      DATABRICKS_CONFIG_PROFILE: '',
      BUNDLE_VAR_notification_email: USER,
      ...VARIABLES,
      ...env,
    });
    const finished = started.finished.then((end) => {
      said += end.stdout + end.stderr;
      return end;
    });
    return { ...started, finished };
  };
  const told = ({ stderr }: Finished): readonly Told[] =>
    stderr
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Told);
  const run = async <T = Deployed>(args: readonly string[], env?: Record<string, string>): Promise<T> => {
    const { code, stdout, stderr } = await start([project.folder, ...args], env).finished;
    assert.equal(code, 0, stderr.slice(-2000));
    return JSON.parse(stdout) as T;
  };
  const plan = (...args: readonly string[]): Promise<LakehousePlan> =>
    run<LakehousePlan>(['--plan', ...args]);
  const deploy = (...args: readonly string[]): Promise<Deployed> => run(['--no-run', ...args]);
  const fails = async (
    code: string,
    args: readonly string[],
    env?: Record<string, string>,
  ): Promise<Told> => {
    const end = await start([project.folder, ...args], env).finished;
    const error = told(end).find(({ type }) => type === 'error');
    assert.equal(error?.code, code, end.stderr.slice(-2000));
    assert.equal(end.code, 1);
    return error;
  };
  const shown = ({ actions }: LakehousePlan): readonly string[] =>
    actions
      .filter(({ kind, type }) => kind !== 'same' && type !== 'folder')
      .map(({ kind, type, key }) => `${kind} ${type} ${key}`);
  const action = ({ actions }: LakehousePlan, type: string, key: string): PlanAction => {
    const found = actions.find((one) => one.type === type && one.key === key);
    assert.ok(found, `no ${type} ${key}`);
    return found;
  };
  const ownJob = () => {
    const [job] = [...fake.jobs].filter(([id]) => id !== '7');
    assert.ok(job);
    return { id: job[0], settings: job[1].settings };
  };
  const ownPipeline = () => {
    const [pipeline] = [...fake.pipelines.pipelines].filter(([id]) => id !== 'p-theirs');
    assert.ok(pipeline);
    return { id: pipeline[0], spec: pipeline[1].spec };
  };

  const FILES = [
    'lakehouse/orders/__init__.py',
    'lakehouse/orders/bronze.py',
    'lakehouse/spark-pipeline.yml',
    'lakehouse/transformations/silver.py',
  ];

  it('plans a new one, and writes nothing', async () => {
    const planned = await plan();
    assert.deepEqual(
      [planned.target, planned.mode, planned.user, planned.rootPath],
      ['dev', 'development', USER, `/Workspace${ROOT}`],
    );
    assert.deepEqual(
      shown(planned).filter((one) => !one.includes(' file ')),
      [
        'create schema bronze',
        'create schema gold',
        'create schema silver',
        'create volume files',
        'create pipeline orders',
        'create job orders',
      ],
    );
    for (const file of FILES) assert.equal(action(planned, 'file', file).kind, 'create');
    assert.deepEqual(planned.findings, []);
    assert.ok(fake.requests.every(({ method, login }) => method === 'GET' && login === 'right'));
    assert.ok(!existsSync(join(folder, 'home')) || readdirSync(home).length === 0);
  });

  it('makes all of it, in the order in which it is needed, and then has nothing to do', async () => {
    const made = await deploy();
    assert.equal(made.pipelines['orders'], ownPipeline().id);
    const { spec } = ownPipeline();
    assert.equal(spec['name'], '[dev ana] orders_lakehouse');
    assert.equal(spec['development'], true);
    assert.equal(spec['root_path'], `/Workspace${ROOT}/files/lakehouse`);
    assert.deepEqual(spec['libraries'], [
      { glob: { include: `/Workspace${ROOT}/files/lakehouse/transformations/**` } },
    ]);
    const configuration = spec['configuration'] as Record<string, string>;
    assert.equal(configuration['orders.kafka.bootstrap'], 'pkc-1.example.com:9092');
    assert.equal(configuration['orders.kafka.sasl.password'], `{{secrets/${SCOPE}/kafka-api-secret}}`);
    const { settings } = ownJob();
    const [task] = settings['tasks'] as readonly Record<string, unknown>[];
    assert.deepEqual((task?.['pipeline_task'] as Record<string, unknown>)['pipeline_id'], ownPipeline().id);
    assert.equal(task?.['max_retries'], 2);
    assert.deepEqual((settings['schedule'] as Record<string, unknown>)['pause_status'], 'PAUSED');
    assert.deepEqual([...fake.schemas.keys()].sort(), [
      'orders_dev.bronze',
      'orders_dev.gold',
      'orders_dev.silver',
      'orders_dev.theirs',
    ]);
    assert.deepEqual([...fake.volumes.keys()], ['orders_dev.bronze.files']);
    for (const file of FILES) {
      const there = fake.tree.get(`${ROOT}/files/${file}`);
      assert.deepEqual(
        [there?.type, there?.content],
        ['FILE', Buffer.from(project.read(file)).toString('base64')],
        file,
      );
    }
    assert.equal(fake.tree.has(LOCK), false);
    const writes = fake.requests.filter(isWrite).length;
    const again = await deploy();
    assert.equal(again.written, 0);
    assert.ok(again.plan.actions.every(({ kind }) => kind === 'same'));
    assert.equal(fake.requests.filter(isWrite).length, writes);
  });

  it('shows what it logs in with in no list of processes, from its first request to its last', async () => {
    const lists: string[] = [];
    fake.faults(() => {
      lists.push(execFileSync('ps', ['-axww', '-o', 'args='], { encoding: 'utf8' }));
      return undefined;
    });
    await run(['--no-run']);
    assert.equal(lists.length, fake.requests.length);
    for (const list of lists) {
      // It is in the list, so that its login could be.
      assert.ok(list.includes(PROGRAM));
      assert.ok(!list.includes(TOKEN));
    }
  });

  it('changes only what was changed, field by field', async () => {
    await deploy();
    project.replace('resources/job.yml', 'max_retries: 2', 'max_retries: 5');
    project.replace('resources/job.yml', '          retry_on_timeout: false\n', '');
    project.replace('resources/schemas.yml', 'Every message of the topic as it came', 'Raw');
    project.write('lakehouse/orders/rules.py', `${project.read('lakehouse/orders/rules.py')}# one more\n`);
    project.write('lakehouse/orders/more.py', 'print(1)\n');
    const planned = await plan();
    assert.deepEqual(shown(planned), [
      'create file lakehouse/orders/more.py',
      'update file lakehouse/orders/rules.py',
      'update schema bronze',
      'update job orders',
    ]);
    assert.deepEqual(action(planned, 'job', 'orders').changes, [
      { path: 'tasks[orders].max_retries', before: 2, after: 5, drift: false },
      { path: 'tasks[orders].retry_on_timeout', before: false, drift: false },
    ]);
    assert.deepEqual(action(planned, 'schema', 'bronze').changes, [
      { path: 'comment', before: 'Every message of the topic as it came', after: 'Raw', drift: false },
    ]);
    const from = fake.requests.length;
    assert.equal((await deploy()).written, 4);
    const changed = fake.requests
      .slice(from)
      .filter(isWrite)
      .map(
        ({ method, path, body }) =>
          `${method} ${path} ${typeof body['path'] === 'string' ? body['path'] : ''}`,
      );
    assert.deepEqual(changed.filter((one) => !one.includes('/state/')).sort(), [
      `PATCH /api/2.1/unity-catalog/schemas/orders_dev.bronze `,
      `POST /api/2.0/workspace/import ${ROOT}/files/lakehouse/orders/more.py`,
      `POST /api/2.0/workspace/import ${ROOT}/files/lakehouse/orders/rules.py`,
      `POST /api/2.2/jobs/reset `,
    ]);
    assert.equal((await deploy()).written, 0);
  });

  it('tells what somebody changed there, and asks before it is overwritten', async () => {
    await deploy();
    const { id, settings } = ownJob();
    const [task] = settings['tasks'] as readonly Record<string, unknown>[];
    fake.jobs.set(id, { creator: USER, settings: { ...settings, tasks: [{ ...task, max_retries: 9 }] } });
    fake.tree.set(`${ROOT}/files/lakehouse/orders/rules.py`, {
      type: 'FILE',
      content: Buffer.from('theirs').toString('base64'),
    });
    const planned = await plan();
    assert.deepEqual(action(planned, 'job', 'orders').changes, [
      { path: 'tasks[orders].max_retries', before: 9, after: 2, drift: true },
    ]);
    assert.deepEqual(action(planned, 'file', 'lakehouse/orders/rules.py').changes, [
      { path: 'content', drift: true },
    ]);
    const before = new Map(fake.tree);
    await fails('not-confirmed', ['--no-run']);
    assert.deepEqual(fake.tree, before);
    await deploy('--yes');
    assert.equal((ownJob().settings['tasks'] as readonly Record<string, unknown>[])[0]?.['max_retries'], 2);
    assert.equal((await deploy()).written, 0);
  });

  it('refuses what has the same name and is not ours, with its place', async () => {
    fake.schemas.set('orders_dev.silver', { full_name: 'orders_dev.silver' });
    fake.jobs.set('8', {
      creator: 'eva@example.com',
      settings: { name: '[dev ana] orders_lakehouse', tasks: [] },
    });
    const error = await fails('not-ours', ['--no-run', '--yes']);
    assert.match(error.message, /resources\/schemas\.yml:7:\d+: orders_dev\.silver/);
    assert.match(error.message, /resources\/job\.yml:3:\d+: \[dev ana\] orders_lakehouse/);
    assert.ok(fake.requests.every(({ method }) => method === 'GET'));
  });

  it('deletes a pipeline only when that is said, lets schemas go, and removes only its own files', async () => {
    await deploy();
    fake.tree.set(`${ROOT}/files/lakehouse/orders/theirs.py`, { type: 'FILE', content: 'eA==' });
    project.write('resources/job.yml', 'resources: {}\n');
    project.write('resources/pipeline.yml', 'resources: {}\n');
    project.write('resources/volumes.yml', 'resources: {}\n');
    rmSync(join(project.folder, 'lakehouse', 'transformations'), { recursive: true });
    const planned = await plan();
    assert.deepEqual(
      shown(planned).filter((one) => !one.startsWith('delete file')),
      ['delete job orders', 'delete pipeline orders', 'release volume files'],
    );
    assert.match(action(planned, 'pipeline', 'orders').loses ?? '', /tables/);
    const refused = await fails('would-delete', ['--no-run', '--yes']);
    assert.match(refused.hint ?? '', /--allow-delete/);
    assert.equal(ownPipeline().spec['name'], '[dev ana] orders_lakehouse');
    await deploy('--allow-delete');
    assert.deepEqual([...fake.pipelines.pipelines.keys()], ['p-theirs']);
    assert.deepEqual([...fake.jobs.keys()], ['7']);
    assert.ok(fake.volumes.has('orders_dev.bronze.files'));
    assert.ok(!fake.tree.has(`${ROOT}/files/lakehouse/transformations`));
    assert.ok(fake.tree.has(`${ROOT}/files/lakehouse/orders/theirs.py`));
    assert.equal((await deploy()).written, 0);
  });

  it('applies a saved plan only while nothing has moved', async () => {
    const file = join(folder, 'plan.json');
    const planned = await plan('--out', file);
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), planned);
    project.write('lakehouse/orders/more.py', 'print(1)\n');
    await fails('changed-meanwhile', ['--no-run', '--from', file]);
    rmSync(join(project.folder, 'lakehouse/orders/more.py'));
    assert.ok(fake.requests.every(({ method }) => method === 'GET'));
    await deploy('--from', file);
    assert.equal(ownPipeline().spec['name'], '[dev ana] orders_lakehouse');
    await fails('changed-meanwhile', ['--no-run', '--from', file]);
    await fails('not-a-plan', ['--from', join(project.folder, 'databricks.yml')]);
  });

  it('asks before production, even when nothing is lost', async () => {
    fake.scopes.set('orders_lakehouse_prod', SECRETS);
    const env = { BUNDLE_VAR_production_owner: USER };
    await fails('not-confirmed', ['--no-run', '--target', 'prod'], env);
    assert.ok(fake.requests.every(({ method }) => method === 'GET'));
  });

  it('sends nothing to a workspace that the target does not name', async () => {
    project.replace(
      'databricks.yml',
      '    mode: development\n',
      '    mode: development\n    workspace:\n      host: https://adb-1.7.azuredatabricks.net\n',
    );
    await fails('other-workspace', ['--no-run']);
    assert.deepEqual(fake.requests, []);
  });

  it('says which secrets are missing, and asks for no value of one', async () => {
    fake.scopes.set(SCOPE, SECRETS.slice(1));
    const planned = await plan();
    assert.deepEqual(
      planned.findings.map(({ code, message }) => [code, message]),
      [['no-secret', `The secret scope ${SCOPE} holds no kafka-api-key.`]],
    );
    fake.scopes.delete(SCOPE);
    assert.deepEqual(
      (await plan()).findings.map(({ code }) => code),
      ['no-scope'],
    );
  });

  it('waits for nobody who is gone, and refuses beside who is at it', async () => {
    await deploy();
    project.write('lakehouse/orders/more.py', 'print(1)\n');
    const lock = (held: object): void => {
      fake.tree.set(LOCK, { type: 'FILE', content: Buffer.from(JSON.stringify(held)).toString('base64') });
    };
    lock({
      id: 'x',
      machine: 'another-machine',
      pid: 1,
      startTime: '1',
      since: '2026-01-31T12:00:00Z',
      user: 'eva@example.com',
    });
    const error = await fails('locked', ['--no-run']);
    assert.match(error.message, /eva@example\.com .*another-machine .*2026-01-31/);
    assert.match(error.hint ?? '', /--force-lock/);
    assert.ok(!fake.tree.has(`${ROOT}/files/lakehouse/orders/more.py`));
    await deploy('--force-lock');
    assert.ok(fake.tree.has(`${ROOT}/files/lakehouse/orders/more.py`));
    assert.ok(!fake.tree.has(LOCK));
  });

  it('says how far it came when the workspace refuses, and goes on from there', async () => {
    fake.faults(({ path, method }) =>
      method === 'POST' && path === '/api/2.0/pipelines'
        ? { status: 403, body: JSON.stringify({ error_code: 'PERMISSION_DENIED', message: 'no' }) }
        : undefined,
    );
    const error = await fails('not-allowed', ['--no-run']);
    assert.match(
      error.hint ?? '',
      /\d+ of \d+ steps are done, the last one: volume orders_dev\.bronze\.files is new/,
    );
    assert.ok(!fake.tree.has(LOCK));
    fake.faults(undefined);
    const next = await deploy();
    assert.deepEqual(shown(next.plan), ['create pipeline orders', 'create job orders']);
  });

  const quality = (name: string, passed: number, failed: number): object => ({
    name,
    dataset: 'orders_dev.silver.orders_checked',
    passed_records: passed,
    failed_records: failed,
  });
  const flow = (dataset: string, status: string, more: object = {}): Record<string, unknown> => ({
    event_type: 'flow_progress',
    message: `Flow '${dataset}' is ${status}.`,
    origin: { dataset_name: `orders_dev.${dataset}`, flow_name: `orders_dev.${dataset}` },
    details: { flow_progress: { status, ...more } },
  });
  const batch = (rows: number, passed: number, failed: number): Record<string, unknown> =>
    flow('silver.orders_checked', 'RUNNING', {
      metrics: { num_output_rows: rows },
      data_quality: {
        dropped_records: 0,
        expectations: [quality('valid_price', passed, failed), quality('known_product', rows, 0)],
      },
    });
  const GOOD: UpdateScript = [
    { state: 'QUEUED' },
    {
      state: 'RUNNING',
      events: [flow('silver.orders_checked', 'STARTING'), batch(100, 90, 10), batch(50, 49, 1)],
    },
    { state: 'COMPLETED', events: [flow('silver.orders_checked', 'COMPLETED')] },
  ];

  it('starts the update, follows it to its end, and tells what the rules counted', async () => {
    fake.pipelines.script = GOOD;
    const end = await start([project.folder]).finished;
    assert.equal(end.code, 0, end.stderr);
    const { runs } = JSON.parse(end.stdout) as Deployed;
    assert.deepEqual(
      runs.map(({ state, rules, tables, errors }) => ({ state, rules, tables, errors })),
      [
        {
          state: 'COMPLETED',
          rules: [
            {
              name: 'valid_price',
              dataset: 'silver.orders_checked',
              passed_records: 139,
              failed_records: 11,
            },
            {
              name: 'known_product',
              dataset: 'silver.orders_checked',
              passed_records: 150,
              failed_records: 0,
            },
          ],
          tables: [{ name: 'silver.orders_checked', rows: 150 }],
          errors: [],
        },
      ],
    );
    assert.deepEqual(
      told(end)
        .filter(({ type }) => type === 'update')
        .map(({ state }) => state),
      ['QUEUED', 'RUNNING', 'COMPLETED'],
    );
    // The same is told once, over pages and looks.
    assert.deepEqual(
      told(end)
        .filter(({ type }) => type === 'dataset')
        .map(({ state }) => state),
      ['running', 'completed'],
    );
  });

  it('tells why an update failed, with the line of the project', async () => {
    const message = 'Column price not found';
    const trace = `Traceback (most recent call last):\n  File "/Workspace${ROOT}/files/lakehouse/orders/silver.py", line 12, in checked\n    x`;
    fake.pipelines.script = [
      { state: 'RUNNING' },
      {
        state: 'FAILED',
        events: [
          {
            ...flow('silver.orders', 'FAILED'),
            level: 'ERROR',
            error: {
              fatal: true,
              exceptions: [{ class_name: 'AnalysisException', message: `${message}\n${trace}` }],
            },
          },
        ],
      },
    ];
    const end = await start([project.folder]).finished;
    assert.equal(end.code, 1);
    assert.deepEqual((JSON.parse(end.stdout) as Deployed).runs[0]?.errors, [
      { message, dataset: 'silver.orders', file: 'lakehouse/orders/silver.py', line: 12 },
    ]);
    const error = told(end).find(({ type }) => type === 'error');
    assert.deepEqual(
      [error?.code, error?.message],
      ['update-failed', `silver.orders, lakehouse/orders/silver.py:12: ${message}`],
    );
  });

  it('leaves the update at Ctrl-C, or stops it when that is said', async () => {
    for (const [flags, state] of [
      [[], 'RUNNING'],
      [['--stop-on-cancel'], 'CANCELED'],
    ] as const) {
      furnish();
      fake.pipelines.script = [{ state: 'RUNNING' }];
      const { child, finished } = start([project.folder, ...flags]);
      await new Promise<void>((resolve) => {
        fake.faults(({ path }) => {
          if (path.endsWith('/events')) resolve();
          return undefined;
        });
      });
      child.kill('SIGINT');
      const end = await finished;
      assert.equal(end.code, 1, end.stderr);
      const [update] = fake.pipelines.updates.values();
      assert.equal(update?.script[update.step]?.state, state);
      assert.ok(!fake.tree.has(LOCK));
    }
  });

  /** All that is there, without what time and chance decide. */
  const isThere = (): unknown => {
    const ids = new Map([
      ...[...fake.jobs].map(([id, { settings }]) => [id, `job ${String(settings['name'])}`] as const),
      ...[...fake.pipelines.pipelines].map(
        ([id, { spec }]) => [id, `pipeline ${String(spec['name'])}`] as const,
      ),
    ]);
    const tree = [...fake.tree].map(([path, object]) => {
      const content = Buffer.from(object.content ?? '', 'base64').toString('utf8');
      return [
        path,
        object.type,
        path === STATE ? content.replace(/,\s*"modifiedMs": \d+|(?<="[^"]+_id": )"\w+"/g, '') : content,
      ];
    });
    let text = JSON.stringify([
      tree.sort(),
      [...fake.jobs].sort(),
      [...fake.pipelines.pipelines].sort(),
      [...fake.schemas].sort(),
      [...fake.volumes].sort(),
      [...fake.scopes].sort(),
    ]);
    for (const [id, name] of ids) if (id.length > 3) text = text.replaceAll(id, name);
    // The order of the two jobs, or pipelines, is that of their ids.
    return JSON.parse(text) as unknown;
  };

  /** The same without a program of its own, which takes longest to start. */
  const deployHere = async (): Promise<void> => {
    const open = () =>
      createWorkspace(
        { host: fake.host, as: { kind: 'token', token: TOKEN } },
        { onEvent: () => undefined, signal: new AbortController().signal },
      );
    const parts: DeployParts = {
      project: createBundleProject(project.folder, { ...VARIABLES, BUNDLE_VAR_notification_email: USER }),
      workspace: open(),
      closing: open,
      onEvent: () => undefined,
      signal: new AbortController().signal,
    };
    const prepared = await planLakehouse(parts, {});
    await applyLakehouse(parts, prepared, { allowDelete: true, forceLock: false });
  };

  /** Kills the program at each of its requests, before and after it was done; the next deployment completes it. */
  const interrupted = async (prepare: () => Promise<void>, args: readonly string[]): Promise<void> => {
    await prepare();
    const from = fake.requests.length;
    await run(args);
    const undisturbed = isThere();
    const requests = fake.requests.slice(from);
    assert.ok(requests.length >= 20);
    for (const [index, request] of requests.entries()) {
      for (const silent of isWrite(request) ? (['before', 'after'] as const) : (['before'] as const)) {
        await prepare();
        const number = fake.requests.length + index + 1;
        const at = `request ${index + 1} of ${requests.length}, ${request.method} ${request.path}, ${silent}`;
        const reached = new Promise<void>((resolve) => {
          fake.faults((asked) => {
            if (asked.number !== number) return undefined;
            resolve();
            return { silent };
          });
        });
        const { child, finished } = start([project.folder, ...args]);
        await reached;
        child.kill('SIGKILL');
        await finished;
        fake.faults(undefined);
        await deployHere();
        assert.deepEqual(isThere(), undisturbed, at);
        assert.equal(fake.jobs.size, 2, at);
        assert.equal(fake.pipelines.pipelines.size, 2, at);
      }
    }
  };

  it('completes a new one that was interrupted at any request', async function () {
    this.timeout(600_000);
    await interrupted(() => {
      furnish();
      return Promise.resolve();
    }, ['--no-run']);
  });

  it('completes a change that was interrupted at any request', async function () {
    this.timeout(600_000);
    const change = async (): Promise<void> => {
      furnish();
      rmSync(project.folder, { recursive: true });
      copyBundle(project.folder);
      project.write(
        'resources/more.yml',
        'resources:\n  jobs:\n    gone:\n      name: gone\n      tasks:\n        - task_key: a\n          notebook_task: {notebook_path: ../lakehouse/gone.py}\n',
      );
      project.write('lakehouse/gone.py', '# Databricks notebook source\nprint(1)\n');
      await deployHere();
      rmSync(join(project.folder, 'resources/more.yml'));
      rmSync(join(project.folder, 'lakehouse/gone.py'));
      project.replace('resources/job.yml', 'max_retries: 2', 'max_retries: 5');
      project.replace('resources/pipeline.yml', 'edition: ADVANCED', 'edition: PRO');
      project.replace('resources/schemas.yml', 'Every message of the topic as it came', 'Raw');
      project.write('lakehouse/orders/rules.py', `${project.read('lakehouse/orders/rules.py')}# more\n`);
    };
    await interrupted(change, ['--no-run', '--allow-delete']);
  });
});

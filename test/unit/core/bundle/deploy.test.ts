/** Plan and apply over the fake workspace: each branch that a person meets. */
import assert from 'node:assert/strict';
import { createWorkspace } from '../../../../src/adapters/databricks/workspace.ts';
import { applyLakehouse } from '../../../../src/core/bundle/applyLakehouse.ts';
import type { Finding } from '../../../../src/core/bundle/findings.ts';
import { countsOf, overwritten, parsePlan } from '../../../../src/core/bundle/plan.ts';
import { planLakehouse, type PreparedDeploy } from '../../../../src/core/bundle/planLakehouse.ts';
import { planText, summaryText } from '../../../../src/core/bundle/planText.ts';
import type { DeployParts } from '../../../../src/core/bundle/ports.ts';
import { runPipelines } from '../../../../src/core/bundle/runPipelines.ts';
import type { Event } from '../../../../src/core/events.ts';
import { startFakeWorkspace, type FakeWorkspace } from '../../../support/fakeWorkspace.ts';
import { memoryProject } from './support.ts';

const TOKEN = 'dapi-of-the-test';
const USER = 'ana@example.com';
const ROOT = `/Users/${USER}/.bundle/b/t`;
const NOTEBOOK = '# Databricks notebook source\nprint(1)\n';

const bundle = (resources = ''): string =>
  `bundle: {name: b}\ntargets: {t: {}}\nresources:\n  schemas: {s: {catalog_name: main, name: s, comment: c}}\n${resources}`;
const PIPELINE = '  pipelines: {p: {name: p}}\n';

describe('a deployment', () => {
  let fake: FakeWorkspace;
  let events: Event[];
  before(async () => {
    fake = await startFakeWorkspace({ token: TOKEN, userName: USER });
  });
  after(() => fake.close());
  beforeEach(() => {
    fake.reset();
    events = [];
  });

  const partsOf = (files: Readonly<Record<string, string>>, more: Partial<DeployParts> = {}): DeployParts => {
    const open = () =>
      createWorkspace(
        { host: fake.host, as: { kind: 'token', token: TOKEN } },
        {
          onEvent: () => undefined,
          signal: more.signal ?? new AbortController().signal,
          clock: { sleep: () => Promise.resolve() },
        },
      );
    return {
      project: memoryProject(files),
      workspace: open(),
      closing: () =>
        createWorkspace(
          { host: fake.host, as: { kind: 'token', token: TOKEN } },
          { onEvent: () => undefined, signal: new AbortController().signal },
        ),
      onEvent: (event) => events.push(event),
      signal: new AbortController().signal,
      clock: { now: () => 0, sleep: () => Promise.resolve() },
      ...more,
    };
  };
  const plan = (files: Readonly<Record<string, string>>): Promise<PreparedDeploy> =>
    planLakehouse(partsOf(files), {});
  const deploy = async (files: Readonly<Record<string, string>>, more: Partial<DeployParts> = {}) => {
    const parts = partsOf(files, more);
    const prepared = await planLakehouse(parts, {});
    const applied = await applyLakehouse(parts, prepared, { allowDelete: false, forceLock: false });
    return { parts, prepared, applied };
  };
  const shown = ({ plan: { actions } }: PreparedDeploy): readonly string[] =>
    actions
      .filter(({ kind, type }) => kind !== 'same' && type !== 'folder')
      .map(({ kind, type, key }) => `${kind} ${type} ${key}`);
  const code = (wanted: string) => (error: { readonly code?: string }) => {
    assert.equal(error.code, wanted);
    return true;
  };

  it('puts notebooks there as notebooks, and knows them again whatever the workspace keeps beside', async () => {
    const files = { 'databricks.yml': bundle(), 'src/nb.py': NOTEBOOK, 'src/plain.py': 'x' };
    await deploy(files);
    assert.deepEqual(fake.tree.get(`${ROOT}/files/src/nb`), {
      type: 'NOTEBOOK',
      language: 'PYTHON',
      format: 'SOURCE',
      content: NOTEBOOK,
    });
    assert.equal(fake.tree.get(`${ROOT}/files/src/plain.py`)?.type, 'FILE');
    assert.deepEqual(shown(await plan(files)), []);
    // Saved there once more without a change: its moment is another, it says the same.
    fake.tree.set(`${ROOT}/files/src/nb`, {
      type: 'NOTEBOOK',
      language: 'PYTHON',
      format: 'SOURCE',
      content: `${NOTEBOOK}\n\n`,
    });
    assert.deepEqual(shown(await plan(files)), []);
    fake.tree.set(`${ROOT}/files/src/nb`, {
      type: 'NOTEBOOK',
      language: 'PYTHON',
      format: 'SOURCE',
      content: `${NOTEBOOK}theirs`,
    });
    const { plan: changed } = await plan(files);
    assert.deepEqual(
      overwritten(changed).map(({ key }) => key),
      ['src/nb.py'],
    );
  });

  it('looks at a folder once, not at each of its files', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [`src/n${index}.py`, NOTEBOOK]),
    );
    await deploy({ 'databricks.yml': bundle(), ...files });
    const from = fake.requests.length;
    await plan({ 'databricks.yml': bundle(), ...files });
    assert.ok(fake.requests.length - from <= 6, String(fake.requests.length - from));
  });

  it('overwrites a file that it did not put there only as such', async () => {
    const at = `${ROOT}/files/a.txt`;
    for (const folder of [`/Users/${USER}/.bundle`, `/Users/${USER}/.bundle/b`, ROOT, `${ROOT}/files`]) {
      fake.tree.set(folder, { type: 'DIRECTORY' });
    }
    fake.tree.set(at, { type: 'FILE', content: Buffer.from('same').toString('base64') });
    assert.deepEqual(overwritten((await plan({ 'databricks.yml': bundle(), 'a.txt': 'same' })).plan), []);
    const { plan: other } = await plan({ 'databricks.yml': bundle(), 'a.txt': 'other' });
    assert.deepEqual(
      overwritten(other).map(({ key }) => key),
      ['a.txt'],
    );
    fake.tree.set(at, { type: 'DIRECTORY' });
    await assert.rejects(plan({ 'databricks.yml': bundle(), 'a.txt': 'x' }), code('other-kind'));
  });

  it('lets a file of ours become a notebook', async () => {
    await deploy({ 'databricks.yml': bundle(), 'a.sql': 'select 1' });
    const next = { 'databricks.yml': bundle(), 'a.sql': '-- Databricks notebook source\nselect 1\n' };
    await deploy(next);
    assert.equal(fake.tree.get(`${ROOT}/files/a`)?.type, 'NOTEBOOK');
    assert.equal(fake.tree.has(`${ROOT}/files/a.sql`), false);
    await assert.rejects(plan({ ...next, 'a.py': NOTEBOOK }), code('same-name'));
  });

  it('lets a schema go that has another name now, and makes the new one', async () => {
    await deploy({ 'databricks.yml': bundle() });
    const next = { 'databricks.yml': bundle().replace('name: s,', 'name: s2,') };
    assert.deepEqual(shown(await plan(next)), [
      'update file databricks.yml',
      'create schema s',
      'release schema s',
    ]);
    await deploy(next);
    assert.deepEqual([...fake.schemas.keys()], ['main.s', 'main.s2']);
    assert.deepEqual(shown(await plan(next)), []);
  });

  it('does not try what cannot be changed', async () => {
    const at = (root: string): string =>
      bundle().replace('comment: c', `comment: c, storage_root: "${root}"`);
    await deploy({ 'databricks.yml': at('abfss://a@x/1') });
    await assert.rejects(plan({ 'databricks.yml': at('abfss://a@x/2') }), code('cannot-change'));
  });

  it('keeps what others put beside the properties of a schema', async () => {
    await deploy({ 'databricks.yml': bundle() });
    const schema = fake.schemas.get('main.s') ?? {};
    fake.schemas.set('main.s', {
      ...schema,
      properties: { ...(schema['properties'] as object), theirs: 'x' },
    });
    await deploy({ 'databricks.yml': bundle().replace('comment: c', 'comment: d') });
    const { properties, comment } = fake.schemas.get('main.s') ?? {};
    assert.deepEqual([comment, (properties as Record<string, string>)['theirs']], ['d', 'x']);
  });

  it('writes to a schema only what the plan tells', async () => {
    const of = (more: string): Readonly<Record<string, string>> => ({
      'databricks.yml': bundle().replace('comment: c', more),
    });
    await deploy(of('properties: {a: "1", b: "1"}'));
    fake.schemas.set('main.s', { ...fake.schemas.get('main.s'), comment: 'of somebody else' });
    await deploy(of('properties: {b: "2"}'));
    const { properties, comment } = fake.schemas.get('main.s') ?? {};
    const { orders_lakehouse: _, ...others } = properties as Record<string, string>;
    assert.deepEqual([comment, others], ['of somebody else', { b: '2' }]);
  });

  it('sees no change in what a workspace gives back in another form', async () => {
    const principal = '01234567-89ab-cdef-0123-456789abcdef';
    const files = {
      'databricks.yml': bundle(
        [
          '  pipelines: {p: {name: p, catalog: Main, edition: advanced, continuous: false}}',
          `  jobs: {j: {name: j, run_as: {service_principal_name: ${principal}}}, k: {name: k, run_as: {user_name: Ana@example.com}}}`,
          '',
        ].join('\n'),
      ).replace('comment: c', 'storage_root: "abfss://a@x/1/"'),
    };
    await deploy(files);
    fake.schemas.set('main.s', { ...fake.schemas.get('main.s'), storage_root: 'abfss://a@x/1' });
    for (const [id, pipeline] of fake.pipelines.pipelines) {
      const { edition: _, continuous: __, ...spec } = pipeline.spec;
      fake.pipelines.pipelines.set(id, { ...pipeline, spec: { ...spec, catalog: 'main' } });
    }
    assert.deepEqual(shown(await plan(files)), []);
  });

  it('shows no secret that somebody typed there, in clear', async () => {
    const files = {
      'databricks.yml': bundle(
        '  pipelines: {p: {name: p, configuration: {a.password: "{{secrets/s/k}}", a.topic: orders}}}\n',
      ),
    };
    await deploy(files);
    for (const [id, pipeline] of fake.pipelines.pipelines) {
      const configuration = { 'a.password': 'hunter2', 'a.topic': 'other', 'b.token': 'hunter3' };
      fake.pipelines.pipelines.set(id, { ...pipeline, spec: { ...pipeline.spec, configuration } });
    }
    const { plan: next } = await plan(files);
    assert.doesNotMatch(JSON.stringify(next), /hunter/);
    const text = planText(next);
    assert.match(text, /"a\.password"\]: "\*\*\*" -> "{{secrets\/s\/k}}"/);
    assert.match(text, /"a\.topic"\]: "other" -> "orders"/);
  });

  it('says that a catalog must be there first', async () => {
    await assert.rejects(
      deploy({ 'databricks.yml': bundle().replace('catalog_name: main', 'catalog_name: none') }),
      code('no-catalog'),
    );
  });

  it('is done also when its lock cannot be given back, and says so', async () => {
    fake.faults(({ path, body }) =>
      path.endsWith('/workspace/delete') && String(body['path']).endsWith('.lock')
        ? { status: 403, body: '{"error_code": "PERMISSION_DENIED", "message": "no"}' }
        : undefined,
    );
    const { applied } = await deploy({ 'databricks.yml': bundle() });
    // A folder, a file, a schema.
    assert.equal(applied.written, 3);
    assert.ok(events.some((event) => event.type === 'message' && /--force-lock/.test(event.message)));
  });

  it('leaves no lock when it is cancelled while it takes it', async () => {
    const controller = new AbortController();
    fake.faults(({ body }) => {
      if (!String(body['path']).endsWith('.lock') || body['overwrite'] !== false) return undefined;
      controller.abort();
      return { silent: 'after' };
    });
    await assert.rejects(
      deploy({ 'databricks.yml': bundle() }, { signal: controller.signal }),
      (error: Error) => error.name === 'Cancelled',
    );
    assert.equal(fake.tree.has(`${ROOT}/state/orders-lakehouse.lock`), false);
  });

  it('finds what was made and is not in the state by its mark, and makes it once', async () => {
    const files = { 'databricks.yml': bundle(`${PIPELINE}  jobs: {j: {name: j}}\n`) };
    await deploy(files);
    fake.tree.delete(`${ROOT}/state/orders-lakehouse.json`);
    assert.deepEqual(shown(await plan(files)), []);
    await deploy(files);
    assert.deepEqual([fake.pipelines.pipelines.size, fake.jobs.size], [1, 1]);
    assert.ok(fake.tree.has(`${ROOT}/state/orders-lakehouse.json`));
  });

  it('makes again what somebody deleted there', async () => {
    const files = { 'databricks.yml': bundle(PIPELINE) };
    await deploy(files);
    fake.pipelines.pipelines.clear();
    assert.deepEqual(shown(await plan(files)), ['create pipeline p']);
    await deploy(files);
    assert.deepEqual(shown(await plan(files)), []);
  });

  it('gives a job the id of another that it needs, whatever their order', async () => {
    await deploy({
      'databricks.yml': bundle(
        '  jobs:\n    a: {name: a, tasks: [{task_key: t, run_job_task: {job_id: "${resources.jobs.z.id}"}}]}\n    z: {name: z}\n',
      ),
    });
    const byName = new Map([...fake.jobs].map(([id, { settings }]) => [settings['name'], { id, settings }]));
    const [task] = byName.get('a')?.settings['tasks'] as readonly Record<string, unknown>[];
    assert.deepEqual(task?.['run_job_task'], { job_id: Number(byName.get('z')?.id) });
  });

  it('refuses a state that a newer version wrote, or that is none', async () => {
    const files = { 'databricks.yml': bundle() };
    await deploy(files);
    const put = (text: string): void => {
      fake.tree.set(`${ROOT}/state/orders-lakehouse.json`, {
        type: 'FILE',
        content: Buffer.from(text).toString('base64'),
      });
    };
    put('{"version": 2}');
    await assert.rejects(plan(files), code('newer-state'));
    put('half of');
    await assert.rejects(plan(files), code('bad-state'));
  });

  it('writes nothing when another deployment ended between plan and apply', async () => {
    const files = { 'databricks.yml': bundle() };
    await deploy(files);
    const parts = partsOf({ ...files, 'a.txt': 'x' });
    const prepared = await planLakehouse(parts, {});
    await deploy({ ...files, 'b.txt': 'y' });
    await assert.rejects(
      applyLakehouse(parts, prepared, { allowDelete: false, forceLock: false }),
      code('changed-meanwhile'),
    );
    assert.equal(fake.tree.has(`${ROOT}/files/a.txt`), false);
    assert.equal(fake.tree.has(`${ROOT}/state/orders-lakehouse.lock`), false);
  });

  it('holds the lock when the answer to it was lost', async () => {
    fake.faults(({ body }) =>
      String(body['path']).endsWith('.lock') && body['overwrite'] === false ? { cut: 'after' } : undefined,
    );
    await deploy({ 'databricks.yml': bundle() });
    assert.ok(fake.schemas.has('main.s'));
  });

  it('gives back the lock when it is cancelled, and goes on the next time', async () => {
    const files = { 'databricks.yml': bundle(PIPELINE), 'a.txt': 'x' };
    const controller = new AbortController();
    fake.faults(({ method, path }) => {
      if (method === 'POST' && path.endsWith('/schemas')) controller.abort();
      return undefined;
    });
    await assert.rejects(
      deploy(files, { signal: controller.signal }),
      (error: Error) => error.name === 'Cancelled',
    );
    assert.equal(fake.tree.has(`${ROOT}/state/orders-lakehouse.lock`), false);
    assert.ok(events.some((event) => event.type === 'message' && /steps are done/.test(event.message)));
    fake.faults(undefined);
    await deploy(files);
    assert.deepEqual(shown(await plan(files)), []);
  });

  it('asks the gate first, and the workspace nothing when it says no', async () => {
    const finding: Finding = {
      code: 'x',
      level: 'error',
      message: 'no',
      place: { file: 'a.py', line: 3, column: 1 },
    };
    const files = { 'databricks.yml': bundle() };
    await assert.rejects(deploy(files, { gate: () => Promise.resolve([finding]) }), code('x'));
    assert.deepEqual(fake.requests, []);
    const { prepared } = await deploy(files, {
      gate: () => Promise.resolve([{ ...finding, level: 'warning' }]),
    });
    assert.deepEqual(
      prepared.plan.findings.map(({ message }) => message),
      ['no'],
    );
  });

  it('has one fingerprint for one plan, and another when anything moved', async () => {
    const files = { 'databricks.yml': bundle(), 'a.txt': 'x' };
    const first = (await plan(files)).plan;
    assert.equal((await plan(files)).plan.fingerprint, first.fingerprint);
    assert.notEqual((await plan({ ...files, 'a.txt': 'y' })).plan.fingerprint, first.fingerprint);
    assert.deepEqual(parsePlan(JSON.stringify(first)), first);
    assert.throws(() => parsePlan('{}'), SyntaxError);
    await deploy(files);
    assert.notEqual((await plan(files)).plan.fingerprint, first.fingerprint);
  });

  it('says it in lines', async () => {
    const { prepared } = await deploy({ 'databricks.yml': bundle(PIPELINE) });
    assert.deepEqual(planText(prepared.plan).split('\n').slice(1), [
      `below /Workspace${ROOT}`,
      `+ file /Workspace${ROOT}/files/databricks.yml is new`,
      '+ schema main.s is new',
      '+ pipeline p is new',
      '3 created',
    ]);
    const next = await plan({ 'databricks.yml': bundle(PIPELINE).replace('comment: c', 'comment: d') });
    assert.equal(summaryText(next.plan), '2 changed, 1 the same');
    assert.ok(planText(next.plan).includes('~ schema main.s is changed\n    comment: "c" -> "d"'));
    assert.deepEqual(countsOf(next.plan), { create: 0, update: 2, delete: 0, release: 0, same: 1 });
  });

  it('follows the update that runs already, but starts no full refresh beside it', async () => {
    const { parts, prepared, applied } = await deploy({ 'databricks.yml': bundle(PIPELINE) });
    const id = applied.pipelines['p'] ?? '';
    fake.pipelines.script = [{ state: 'RUNNING' }, { state: 'RUNNING' }, { state: 'COMPLETED' }];
    const update = await parts.workspace.pipelines.start(id, { fullRefresh: false });
    await assert.rejects(
      runPipelines(parts, prepared, applied, { fullRefresh: true, atCancel: 'leave' }),
      code('update-runs'),
    );
    const [run] = await runPipelines(parts, prepared, applied, { fullRefresh: false, atCancel: 'leave' });
    assert.deepEqual([run?.updateId, run?.state], [update, 'COMPLETED']);
    assert.equal(fake.pipelines.updates.size, 1);
  });

  it('goes on following when the workspace fails for a while', async () => {
    const { parts, prepared, applied } = await deploy({ 'databricks.yml': bundle(PIPELINE) });
    fake.pipelines.script = [{ state: 'RUNNING' }, { state: 'COMPLETED' }];
    let failures = 12;
    fake.faults(({ method, path }) =>
      method === 'GET' && path.includes('/updates/') && (failures -= 1) >= 0
        ? { status: 503, body: '{"error_code": "TEMPORARILY_UNAVAILABLE", "message": "later"}' }
        : undefined,
    );
    const [run] = await runPipelines(parts, prepared, applied, { fullRefresh: false, atCancel: 'leave' });
    assert.equal(run?.state, 'COMPLETED');
  });

  it('stops at a cancel what it started, and nothing that another started', async () => {
    for (const isOurs of [true, false]) {
      fake.reset();
      const controller = new AbortController();
      const { parts, prepared, applied } = await deploy(
        { 'databricks.yml': bundle(PIPELINE) },
        { signal: controller.signal },
      );
      const id = applied.pipelines['p'] ?? '';
      fake.pipelines.script = [{ state: 'RUNNING' }];
      if (!isOurs) await parts.workspace.pipelines.start(id, { fullRefresh: false });
      const clock = {
        now: () => 0,
        sleep: () => {
          controller.abort();
          return Promise.resolve();
        },
      };
      const [run] = await runPipelines({ ...parts, clock }, prepared, applied, {
        fullRefresh: false,
        atCancel: 'stop',
      });
      assert.equal(run?.state, isOurs ? 'CANCELED' : 'LEFT');
      assert.equal(
        fake.requests.some(({ path }) => path.endsWith('/stop')),
        isOurs,
      );
    }
  });
});

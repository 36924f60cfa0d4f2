/** Runs and compute over REST, against a fake workspace. */
import assert from 'node:assert/strict';
import { notebookRun } from '../../../../src/core/databricks/notebookRun.ts';
import { startFakeWorkspace, type FakeWorkspace } from '../../../support/fakeWorkspace.ts';
import { openWorkspace } from '../../../support/openWorkspace.ts';

const TOKEN = 'dapi-of-the-test';

describe('runs over REST', () => {
  let fake: FakeWorkspace;
  before(async () => {
    fake = await startFakeWorkspace({ token: TOKEN, userName: 'ana@example.com' });
  });
  after(() => fake.close());
  beforeEach(() => {
    fake.reset();
  });
  const open = () => openWorkspace(fake, TOKEN);
  const request = notebookRun({ path: '/Shared/orders', parameters: { country: 'BR' } });

  it('starts a notebook without compute of its own, and one on a cluster', async () => {
    const { runs } = open();
    await runs.submit(request, 'token-1');
    await runs.submit(notebookRun({ path: '/Shared/orders', clusterId: '1-2-x', parameters: {} }), 'token-2');
    const [sent] = fake.requests;
    assert.equal(`${sent?.method} ${sent?.path}`, 'POST /api/2.2/jobs/runs/submit');
    assert.deepEqual(sent?.body, {
      run_name: 'orders',
      tasks: [
        {
          task_key: 'notebook',
          notebook_task: {
            notebook_path: '/Shared/orders',
            source: 'WORKSPACE',
            base_parameters: { country: 'BR' },
          },
        },
      ],
      idempotency_token: 'token-1',
    });
    assert.match(JSON.stringify(fake.requests[1]?.body), /"existing_cluster_id":"1-2-x"/);
  });

  it('starts nothing twice when an answer is lost, and keeps an id that no number holds', async () => {
    const { runs } = open();
    fake.faults(({ number }) => (number === 1 ? { cut: 'after' } : undefined));
    const id = await runs.submit(request, 'token-1');
    assert.equal(fake.requests.length, 2);
    assert.equal(fake.runs.submitted.length, 1);
    assert.equal(id, '9007199254741010');
    assert.equal((await runs.get(id))?.id, id);
  });

  it('tells the states of a run, its tasks and what it gave', async () => {
    const { runs } = open();
    fake.runs.script({
      states: ['QUEUED', 'PENDING', 'RUNNING', 'TERMINATED'],
      output: { notebook_output: { result: '{"rows": 3}', truncated: true } },
    });
    const id = await runs.submit(request, 'token-1');
    const queued = await runs.get(id);
    assert.deepEqual(queued?.state, { life: 'QUEUED', code: '', type: '', message: 'no room' });
    assert.equal(queued.endedMs, 0);
    for (const life of ['PENDING', 'RUNNING']) assert.equal((await runs.get(id))?.state.life, life);
    const over = await runs.get(id);
    assert.deepEqual(over?.state, { life: 'TERMINATED', code: 'SUCCESS', type: 'SUCCESS', message: '' });
    assert.equal(over.endedMs - over.startedMs, 4000);
    const [task] = over.tasks;
    assert.deepEqual(task?.notebook, { path: '/Shared/orders', parameters: { country: 'BR' } });
    assert.equal(task.id, '9007199254741011');
    assert.deepEqual(await runs.output(task.id), { result: '{"rows": 3}', truncated: true });
    assert.equal(await runs.get('5'), undefined);
  });

  it('tells an error with its trace, and what the notebook looked like', async () => {
    const { runs } = open();
    fake.runs.script({
      states: ['TERMINATED'],
      code: 'RUN_EXECUTION_ERROR',
      message: 'Task notebook failed.',
      output: { error: 'NameError: x', error_trace: '\u001b[0;31mNameError\u001b[0m: x' },
      commands: [{ command: 'x', state: 'error' }],
    });
    const id = await runs.submit(request, 'token-1');
    const run = await runs.get(id);
    assert.deepEqual(run?.state, {
      life: 'TERMINATED',
      code: 'RUN_EXECUTION_ERROR',
      type: 'CLIENT_ERROR',
      message: 'Task notebook failed.',
    });
    const task = run.tasks[0]?.id ?? '';
    assert.deepEqual(await runs.output(task), {
      error: 'NameError: x',
      trace: '\u001b[0;31mNameError\u001b[0m: x',
    });
    const [view] = await runs.views(task);
    assert.match(view?.content ?? '', /__DATABRICKS_NOTEBOOK_MODEL/);
    assert.deepEqual(fake.requests.at(-1)?.query, { run_id: task, views_to_export: 'CODE' });
  });

  it('knows a run that has no status yet', async () => {
    fake.faults(() => ({
      status: 200,
      body: JSON.stringify({
        run_id: 5,
        state: { life_cycle_state: 'TERMINATED', result_state: 'FAILED', state_message: 'no' },
      }),
    }));
    const run = await open().runs.get('5');
    assert.deepEqual(run?.state, { life: 'TERMINATED', code: 'FAILED', type: 'CLIENT_ERROR', message: 'no' });
  });

  it('cancels, and lists the newest first over its pages', async () => {
    const { runs } = open();
    const ids: string[] = [];
    for (const token of ['1', '2', '3']) ids.push(await runs.submit(request, token));
    await runs.cancel(ids[1] ?? '');
    assert.deepEqual(fake.runs.cancelled, [ids[1]]);
    const listed: string[] = [];
    for await (const page of runs.list()) listed.push(...page.map(({ id }) => id));
    assert.deepEqual(listed, ids.toReversed());
    // The reference: more than 0 and less than 25.
    assert.ok(Number(fake.requests.at(-1)?.query['limit']) < 25);
  });

  it('lists the compute that people may use, over its pages', async () => {
    for (const id of ['a', 'b', 'c']) {
      fake.runs.clusters.set(id, {
        cluster_id: id,
        cluster_name: `Cluster ${id}`,
        state: 'RUNNING',
        spark_version: '16.4.x-scala2.12',
      });
    }
    const clusters = await open().clusters();
    assert.deepEqual(clusters[2], {
      id: 'c',
      name: 'Cluster c',
      state: 'RUNNING',
      runtime: '16.4.x-scala2.12',
    });
    assert.equal(clusters.length, 3);
  });
});

/** What a deployment asks of a workspace: jobs, pipelines, schemas, volumes, scopes and files, as the REST reference has them. */
import assert from 'node:assert/strict';
import type { PipelineEvent } from '../../../../src/core/databricks/ports.ts';
import { startFakeWorkspace, type FakeWorkspace } from '../../../support/fakeWorkspace.ts';
import { all, openWorkspace } from '../../../support/openWorkspace.ts';

const TOKEN = 'dapi-of-the-test';
const USER = 'ana@example.com';

const PRINCIPAL = '01234567-89ab-cdef-0123-456789abcdef';

describe('what a deployment asks of a workspace', () => {
  let fake: FakeWorkspace;
  before(async () => {
    fake = await startFakeWorkspace({ token: TOKEN, userName: USER });
  });
  after(() => fake.close());
  beforeEach(() => {
    fake.reset();
  });
  const open = () => openWorkspace(fake, TOKEN);
  const last = () => {
    const { method, path, query, body } = fake.requests.at(-1) ?? assert.fail('nothing was asked');
    return { asked: `${method} ${path}`, query, body };
  };
  const code = (wanted: string) => (error: { readonly code?: string }) => {
    assert.equal(error.code, wanted);
    return true;
  };

  it('makes a job, reads it with all its tasks, puts others in their place, deletes it', async () => {
    const { jobs } = open();
    const tasks = Array.from({ length: 250 }, (_, index) => ({ task_key: `t${index}` }));
    const id = await jobs.create({ name: 'j', tasks, tags: { a: 'b' } });
    assert.deepEqual(last().body, { name: 'j', tasks, tags: { a: 'b' } });
    const found = await jobs.get(id);
    assert.deepEqual([found?.name, found?.creator, found?.settings['tags']], ['j', USER, { a: 'b' }]);
    assert.deepEqual(
      (found?.settings['tasks'] as readonly { task_key: string }[]).map(({ task_key: key }) => key),
      tasks.map(({ task_key: key }) => key),
    );
    await jobs.reset(id, { name: 'k' });
    assert.deepEqual(last().body, { job_id: Number(id), new_settings: { name: 'k' } });
    assert.deepEqual((await jobs.get(id))?.settings['tasks'], []);
    await jobs.remove(id);
    await jobs.remove(id);
    assert.equal(await jobs.get(id), undefined);
  });

  it('lists jobs of a name over pages', async () => {
    const { jobs } = open();
    for (const name of ['a', 'b', 'a', 'a']) await jobs.create({ name });
    assert.deepEqual(
      (await all(jobs.list('a'))).map(({ name }) => name),
      ['a', 'a', 'a'],
    );
    assert.equal((await all(jobs.list())).length, 4);
  });

  it('makes a pipeline, knows whom it runs as, edits and deletes it', async () => {
    const { pipelines } = open();
    const id = await pipelines.create({ name: 'p', run_as: { user_name: 'eva@example.com' } });
    const found = await pipelines.get(id);
    assert.deepEqual(found?.spec['run_as'], { user_name: 'eva@example.com' });
    assert.deepEqual([found.name, found.spec['edition']], ['p', 'ADVANCED']);
    await assert.rejects(pipelines.create({ name: 'p' }), code('already-there'));
    await pipelines.edit(id, { name: 'q', run_as: { service_principal_name: PRINCIPAL } });
    assert.deepEqual(last(), {
      asked: `PUT /api/2.0/pipelines/${id}`,
      query: {},
      body: { name: 'q', run_as: { service_principal_name: PRINCIPAL }, id },
    });
    assert.deepEqual((await pipelines.get(id))?.spec['run_as'], { service_principal_name: PRINCIPAL });
    await pipelines.remove(id);
    await pipelines.remove(id);
    assert.equal(await pipelines.get(id), undefined);
  });

  it('finds a pipeline by its exact name, wildcards or not, over pages', async () => {
    const { pipelines } = open();
    for (const name of ["a_b's", "axb's", 'other']) await pipelines.create({ name });
    assert.deepEqual(
      (await all(pipelines.list("a_b's"))).map(({ name }) => name),
      ["a_b's"],
    );
    assert.deepEqual((await all(pipelines.list())).length, 3);
  });

  it('reads events in order, from a moment on, over pages whose token goes alone', async () => {
    const { pipelines } = open();
    const event = (message: string) => ({ event_type: 'x', message, origin: { dataset_name: 'c.s.t' } });
    fake.pipelines.script = [
      { state: 'RUNNING', events: [event('1'), event('2'), event('3')] },
      { state: 'COMPLETED', events: [event('4')] },
    ];
    const id = await pipelines.create({ name: 'p' });
    const update = await pipelines.start(id, { fullRefresh: true });
    assert.deepEqual(last().body, { full_refresh: true });
    assert.equal((await pipelines.update(id, update))?.state, 'RUNNING');
    assert.deepEqual(await pipelines.update(id, update), {
      id: update,
      state: 'COMPLETED',
      createdMs: 1_769_860_800_000,
      fullRefresh: true,
    });
    const events: readonly PipelineEvent[] = await all(pipelines.events(id));
    assert.deepEqual(
      events.map(({ message, updateId, dataset }) => [message, updateId === update, dataset]),
      ['1', '2', '3', '4'].map((message) => [message, true, 'c.s.t']),
    );
    assert.deepEqual(Object.keys(last().query).sort(), ['max_results', 'page_token']);
    const since = events[3]?.timestamp ?? '';
    assert.deepEqual(
      (await all(pipelines.events(id, since))).map(({ message }) => message),
      ['4'],
    );
    assert.equal((await all(pipelines.updates(id)))[0]?.id, update);
  });

  it('knows that an update runs already, and stops it', async () => {
    const { pipelines } = open();
    fake.pipelines.script = [{ state: 'RUNNING' }];
    const id = await pipelines.create({ name: 'p' });
    const update = await pipelines.start(id, { fullRefresh: false });
    await assert.rejects(pipelines.start(id, { fullRefresh: false }), code('already-there'));
    await pipelines.stop(id);
    assert.equal((await pipelines.update(id, update))?.state, 'CANCELED');
  });

  it('makes schemas and volumes, and says what is in the way', async () => {
    const { securables } = open();
    const schema = { catalog_name: 'orders_dev', name: 's', comment: 'c' };
    assert.equal(await securables.get('schemas', 'orders_dev.s'), undefined);
    assert.equal(await securables.get('schemas', 'nowhere.s'), undefined);
    await securables.create('schemas', schema);
    await assert.rejects(securables.create('schemas', schema), code('already-there'));
    await assert.rejects(
      securables.create('schemas', { ...schema, catalog_name: 'nowhere' }),
      code('nothing-there'),
    );
    await securables.update('schemas', 'orders_dev.s', { comment: 'd' });
    assert.equal((await securables.get('schemas', 'orders_dev.s'))?.['comment'], 'd');
    const volume = { catalog_name: 'orders_dev', schema_name: 's', name: 'v', volume_type: 'MANAGED' };
    await securables.create('volumes', volume);
    assert.equal(last().asked, 'POST /api/2.1/unity-catalog/volumes');
    assert.equal((await securables.get('volumes', 'orders_dev.s.v'))?.['created_by'], USER);
    await securables.remove('volumes', 'orders_dev.s.v');
    await securables.remove('volumes', 'orders_dev.s.v');
    assert.equal(await securables.get('volumes', 'orders_dev.s.v'), undefined);
  });

  it('sees names of scopes and secrets, and makes a scope', async () => {
    const { secretScopes } = open();
    assert.deepEqual(await secretScopes.list(), []);
    assert.equal(await secretScopes.keys('s'), undefined);
    await secretScopes.create('s');
    await assert.rejects(secretScopes.create('s'), code('already-there'));
    fake.scopes.set('s', ['a', 'b']);
    assert.deepEqual([await secretScopes.list(), await secretScopes.keys('s')], [['s'], ['a', 'b']]);
  });

  it('writes a file that looks like a notebook as a file, and creates one only once where that is asked', async () => {
    const { files } = open();
    const bytes = Buffer.from('# Databricks notebook source\n\xff', 'latin1');
    await files.writeFile('/Shared/a.py', bytes);
    assert.deepEqual(Buffer.from((await files.readFile('/Shared/a.py')) ?? []), bytes);
    await assert.rejects(files.writeFile('/Shared/a.py', bytes, { overwrite: false }), code('already-there'));
    await assert.rejects(files.writeFile('/Shared/none/a.py', bytes), code('nothing-there'));
    const [listed] = (await files.list('/Shared')) ?? [];
    assert.deepEqual([listed?.path, listed?.type], ['/Shared/a.py', 'FILE']);
    const before = listed?.modifiedMs ?? NaN;
    await files.writeFile('/Shared/a.py', bytes);
    assert.ok(((await files.list('/Shared'))?.[0]?.modifiedMs ?? NaN) > before);
    await files.remove('/Shared/a.py');
    await files.remove('/Shared/a.py');
    assert.deepEqual(await files.list('/Shared'), []);
    assert.equal(await files.list('/Shared/none'), undefined);
  });

  it('loses nothing when the answer to a new one is lost: it says that it is unsure', async () => {
    fake.faults(({ method }) => (method === 'POST' ? { cut: 'after' } : undefined));
    const { jobs, pipelines, securables, files } = open();
    await assert.rejects(jobs.create({ name: 'j' }), code('unsure'));
    await assert.rejects(pipelines.create({ name: 'p' }), code('unsure'));
    await assert.rejects(
      securables.create('schemas', { catalog_name: 'orders_dev', name: 's' }),
      code('unsure'),
    );
    await assert.rejects(
      files.writeFile('/Shared/l', new Uint8Array(), { overwrite: false }),
      code('unsure'),
    );
    assert.deepEqual([fake.jobs.size, fake.pipelines.pipelines.size, fake.schemas.size], [1, 1, 1]);
  });
});

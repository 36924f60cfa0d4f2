import assert from 'node:assert/strict';
import { UserError } from '../../../src/core/errors.ts';
import type { ResourceType } from '../../../src/core/bundle/plan.ts';
import { action, deploying, planOf, type Deploying } from '../../pages/support/deploying.ts';
import { until } from '../../live/support/until.ts';

const WISHES = { consents: {}, fullRefresh: false, runAfter: true };
const plan = planOf([
  action('create', 'schema', 'gold'),
  action('create', 'file', 'a.py'),
  action('create', 'file', 'b.py'),
]);

describe('a deployment', () => {
  const planned = async (first = plan): Promise<Deploying> => {
    const made = deploying(first);
    await made.session.startPlan();
    return made;
  };
  const applying = (made: Deploying) => until('it applies', () => made.applying);
  const running = (made: Deploying) => until('it runs', () => made.running);
  const tell = (
    made: Deploying,
    resource: ResourceType,
    key: string,
    state: 'running' | 'completed',
  ): void => {
    const of = { kind: 'create', resource, key, name: key, state } as const;
    made.applying?.onEvent({ type: 'step', ...of, done: 0, total: 3 });
  };

  it('does one thing at a time', async () => {
    const made = await planned();
    const deployed = made.session.startDeploy(WISHES);
    assert.throws(() => made.session.startDeploy(WISHES), { code: 'busy' });
    const before = made.session.state().plan;
    await made.session.startPlan();
    assert.equal(made.session.state().plan, before);
    (await applying(made)).fail(new Error('over'));
    await deployed;
    assert.equal(made.session.busy, false);
  });

  it('deletes nothing that was not agreed to, whoever asks', async () => {
    const made = await planned(planOf([action('delete', 'job', 'nightly')]));
    assert.throws(() => made.session.startDeploy(WISHES), { code: 'not-agreed' });
    assert.equal(made.applying, undefined);
  });

  it('blames the action that was at work, and none where several were', async () => {
    const one = await planned();
    const first = one.session.startDeploy(WISHES);
    await applying(one);
    tell(one, 'file', 'a.py', 'running');
    tell(one, 'file', 'a.py', 'completed');
    tell(one, 'schema', 'gold', 'running');
    one.applying?.fail(new UserError('workspace-refused', 'No.'));
    await first;
    assert.equal(one.session.state().failedAt, 'schema/gold');
    assert.deepEqual(one.session.state().steps, { 'file/a.py': 'done', 'schema/gold': 'failed' });

    const several = await planned();
    const second = several.session.startDeploy(WISHES);
    await applying(several);
    tell(several, 'file', 'a.py', 'running');
    tell(several, 'file', 'b.py', 'running');
    several.applying?.fail(new UserError('workspace-refused', 'No.'));
    await second;
    assert.equal(several.session.state().failedAt, null);
    assert.equal(several.session.state().failure?.message, 'No.');
    assert.deepEqual(several.session.state().steps, {});
  });

  it('says how far a cancelled one came', async () => {
    const made = await planned();
    const deployed = made.session.startDeploy(WISHES);
    (await applying(made)).onEvent({ type: 'message', level: 'warning', message: '1 of 3 steps are done.' });
    made.session.cancel('leave');
    await deployed;
    const { phase, failure } = made.session.state();
    assert.deepEqual(
      [phase, failure?.code, failure?.hint],
      ['stopped', 'cancelled', '1 of 3 steps are done.'],
    );
  });

  it('goes on by itself only when files here are as they were planned', async () => {
    const made = await planned();
    const deployed = made.session.startDeploy(WISHES);
    (await applying(made)).fail(new Error('cut off'));
    await deployed;
    made.applying = undefined;
    made.session.changedHere();
    await made.session.goOn();
    assert.equal(made.session.state().phase, 'planned');
    assert.equal(made.applying, undefined);
  });

  it('ends at once where nothing is left and nothing is to run', async () => {
    const made = await planned();
    const deployed = made.session.startDeploy({ ...WISHES, runAfter: false });
    (await applying(made)).fail(new Error('cut off after the last one'));
    await deployed;
    made.next = planOf(plan.actions.map((one) => ({ ...one, kind: 'same' })));
    await made.session.goOn();
    assert.equal(made.session.state().phase, 'finished');
  });

  it('keeps the last messages of a run, and tells who waits when it is over', async () => {
    const made = await planned();
    const deployed = made.session.startDeploy(WISHES);
    (await applying(made)).end(null);
    const run = await running(made);
    const heard: string[] = [];
    const idle = made.session.whenIdle((text) => heard.push(text));
    for (let at = 0; at < 1200; at++) run.onEvent({ type: 'message', level: 'info', message: `m${at}` });
    run.onEvent({ type: 'update', pipeline: 'orders', updateId: 'u', state: 'RUNNING', url: 'u' });
    run.end([]);
    await Promise.all([deployed, idle]);
    const { messages } = made.session.state().run ?? assert.fail();
    assert.deepEqual([messages.length, messages[0]?.text, messages.at(-1)?.text], [500, 'm700', 'm1199']);
    assert.equal(heard.at(-1), 'orders: RUNNING');
  });
});

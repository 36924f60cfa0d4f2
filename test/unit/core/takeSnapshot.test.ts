import assert from 'node:assert/strict';
import { Cancelled, UserError } from '../../../src/core/errors.ts';
import type { Lakehouse, SandboxRuntime, Snapshots } from '../../../src/core/ports.ts';
import type { RuntimeName, SandboxState } from '../../../src/core/sandbox.ts';
import type { Manifest } from '../../../src/core/snapshot.ts';
import { restoreSnapshot, takeSnapshot } from '../../../src/core/takeSnapshot.ts';

const MANIFEST: Manifest = {
  format: 1,
  created: '2026-01-15T12:00:00.000Z',
  product: '0.1.0',
  runtime: 'embedded',
  versions: {},
  warehouse: '/data/warehouse',
  bytes: 0,
};
const nothing = (): void => undefined;

/** A home with a sandbox of which every step is noted; `failing` names the step that throws. */
function homeWith(state: SandboxState, failing: Readonly<Record<string, Error>> = {}) {
  const steps: string[] = [];
  let now: { state: SandboxState; runtime: RuntimeName } = { state, runtime: 'embedded' };
  const step = (name: string): Promise<void> => {
    steps.push(name);
    const error = failing[name];
    return error ? Promise.reject(error) : Promise.resolve();
  };
  const status = () => Promise.resolve({ home: '/home', parts: [], ...now });
  const runtime: Partial<SandboxRuntime> = {
    status,
    down: async () => {
      await step('down');
      now = { ...now, state: 'stopped' };
    },
    up: async (_onEvent, signal, which) => {
      signal.throwIfAborted();
      await step(`up ${which ?? ''}`);
      now = { state: 'running', runtime: which === 'docker' ? 'docker' : 'embedded' };
      return status();
    },
  };
  const snapshots: Snapshots = {
    lesson: '/home/lesson',
    hasLesson: () => false,
    holdsData: () => true,
    mustBeIdle: () => step('idle'),
    mayWrite: (file) => {
      steps.push(`may write ${file}`);
    },
    inspect: () => Promise.resolve(MANIFEST),
    write: async () => {
      await step('write');
      return { manifest: MANIFEST, fileBytes: 1 };
    },
    unpack: async () => {
      await step('unpack');
      return { runtime: 'docker', moveIn: () => step('move in'), discard: () => step('discard') };
    },
  };
  const lakehouse = { home: '/home', runtime, snapshots: () => Promise.resolve(snapshots) };
  return { lakehouse: lakehouse as unknown as Lakehouse, steps };
}

const coded = (code: string) => (error: unknown) => error instanceof UserError && error.code === code;

describe('taking a snapshot', () => {
  const { signal } = new AbortController();
  const take = (lakehouse: Lakehouse, stop = signal) =>
    takeSnapshot(lakehouse, { file: '/f', force: false }, nothing, stop);

  it('stops a sandbox that does not answer to all, and starts it again', async () => {
    const { lakehouse, steps } = homeWith('degraded');
    assert.equal((await take(lakehouse)).status.state, 'running');
    assert.deepEqual(steps, ['may write /f', 'idle', 'down', 'write', 'up embedded']);
  });

  it('leaves a stopped one stopped', async () => {
    const { lakehouse, steps } = homeWith('stopped');
    assert.equal((await take(lakehouse)).status.state, 'stopped');
    assert.deepEqual(steps, ['may write /f', 'write']);
  });

  it('starts the sandbox again after a cancel', async () => {
    const { lakehouse, steps } = homeWith('degraded', { write: new Cancelled() });
    const stop = new AbortController();
    stop.abort();
    await assert.rejects(take(lakehouse, stop.signal), { name: 'Cancelled' });
    assert.equal(steps.at(-1), 'up embedded');
  });

  it('does not stop a sandbox in which a run goes on', async () => {
    const { lakehouse, steps } = homeWith('degraded', { idle: new UserError('run-in-progress', 'busy') });
    await assert.rejects(take(lakehouse), coded('run-in-progress'));
    assert.ok(!steps.includes('down'));
  });
});

describe('restoring a snapshot', () => {
  const { signal } = new AbortController();
  const restore = (lakehouse: Lakehouse, replace = true) =>
    restoreSnapshot(lakehouse, { file: '/f', replace }, nothing, signal);

  it('unpacks while the sandbox runs, then starts it with the runtime that holds the data', async () => {
    const { lakehouse, steps } = homeWith('running');
    const { status } = await restore(lakehouse);
    assert.deepEqual([status.state, status.runtime], ['running', 'docker']);
    assert.deepEqual(steps, ['idle', 'unpack', 'down', 'move in', 'up docker', 'discard']);
  });

  it('starts the sandbox as it was when the data cannot be put in place', async () => {
    const { lakehouse, steps } = homeWith('running', { 'move in': new Error('no') });
    await assert.rejects(restore(lakehouse), /^Error: no$/);
    assert.deepEqual(steps.slice(-3), ['move in', 'up embedded', 'discard']);
  });

  it('disturbs nothing when the file is damaged, or the data is not to be given up', async () => {
    const damaged = homeWith('running', { unpack: new UserError('snapshot-damaged', 'cut') });
    await assert.rejects(restore(damaged.lakehouse), coded('snapshot-damaged'));
    assert.deepEqual(damaged.steps, ['idle', 'unpack']);
    const kept = homeWith('running');
    await assert.rejects(restore(kept.lakehouse, false), coded('home-holds-data'));
    assert.deepEqual(kept.steps, []);
  });

  it('needs a start of the lesson when it is given no file', async () => {
    const { lakehouse } = homeWith('stopped');
    await assert.rejects(restoreSnapshot(lakehouse, { replace: true }, nothing, signal), coded('no-lesson'));
  });
});

import assert from 'node:assert/strict';
import { statusOf, type Probe } from '../../../../src/adapters/embedded/status.ts';
import type { StateFile } from '../../../../src/adapters/supervisor/stateFile.ts';
import type { PartState } from '../../../../src/core/sandbox.ts';

const endpoints = {
  bootstrap: '127.0.0.1:1',
  registryUrl: 'http://127.0.0.1:2',
  sparkConnect: 'sc://127.0.0.1:3',
  sparkSql: { host: '127.0.0.1', port: 4, path: 'p' },
};
const SUPERVISOR = 1;
const PIDS = { kafka: 2, registry: 3, spark: 4 };

function fileWith(phase: StateFile['phase'], states: Record<keyof typeof PIDS, PartState>): StateFile {
  return {
    supervisor: { pid: SUPERVISOR, startTime: 's' },
    phase,
    endpoints,
    parts: (['kafka', 'registry', 'spark'] as const).map((name) => ({
      name,
      state: states[name],
      ports: {},
      since: '2026-01-01T00:00:00.000Z',
      restarts: 0,
      process: { pid: PIDS[name], startTime: 's' },
    })),
  };
}
const alive = (...pids: number[]): Probe => ({
  isAlive: ({ pid }) => pids.includes(pid),
  memoryOf: (pid) => pid * 1000,
});
const RUNNING = { kafka: 'running', registry: 'running', spark: 'running' } as const;

describe('the status of a sandbox', () => {
  it('that was never started is stopped', () => {
    const status = statusOf('/h', undefined);
    assert.equal(status.state, 'stopped');
    assert.equal(status.endpoints, undefined);
    assert.deepEqual(
      status.parts.map((part) => [part.name, part.state]),
      [
        ['kafka', 'stopped'],
        ['registry', 'stopped'],
        ['spark', 'stopped'],
      ],
    );
  });

  it('in which all runs is running, with the memory of each', () => {
    const status = statusOf('/h', fileWith('running', RUNNING), alive(1, 2, 3, 4));
    assert.equal(status.state, 'running');
    assert.deepEqual(
      status.parts.map((part) => part.memoryBytes),
      [2000, 3000, 4000],
    );
    assert.deepEqual(status.supervisor, { pid: 1, memoryBytes: 1000 });
    assert.deepEqual(status.endpoints, endpoints);
  });

  it('is starting while a part starts for the first time', () => {
    const file = fileWith('starting', { ...RUNNING, spark: 'starting' });
    assert.equal(statusOf('/h', file, alive(1, 2, 3, 4)).state, 'starting');
  });

  it('is degraded, and the part restarting, before the supervisor has noticed', () => {
    const status = statusOf('/h', fileWith('running', RUNNING), alive(1, 3, 4));
    assert.equal(status.state, 'degraded');
    assert.equal(status.parts[0]?.state, 'restarting');
    assert.equal(status.parts[0].pid, undefined);
  });

  it('is degraded when a part has failed', () => {
    const file = fileWith('running', { ...RUNNING, spark: 'failed' });
    assert.equal(statusOf('/h', file, alive(1, 2, 3)).state, 'degraded');
  });

  it('whose supervisor was killed is degraded, and says so', () => {
    const status = statusOf('/h', fileWith('running', RUNNING), alive(2, 3));
    assert.equal(status.state, 'degraded');
    assert.equal(status.supervisor, undefined);
    assert.deepEqual(
      status.parts.map((part) => part.state),
      ['running', 'running', 'stopped'],
    );
    assert.ok(status.parts.every((part) => part.message));
  });

  it('of which nothing lives any more is stopped, whatever its file says', () => {
    assert.equal(statusOf('/h', fileWith('running', RUNNING), alive()).state, 'stopped');
  });
});

import assert from 'node:assert/strict';
import type { ContainerView } from '../../../../src/adapters/docker/engine.ts';
import { engineGone, statusOf } from '../../../../src/adapters/docker/status.ts';
import { PARTS, type PartName } from '../../../../src/core/sandbox.ts';

const place = {
  ports: { kafka: { broker: 1 }, registry: { http: 2 }, spark: { connect: 3, sql: 4 } },
  endpoints: {
    bootstrap: '127.0.0.1:1',
    registryUrl: 'http://127.0.0.1:2/apis/ccompat/v7',
    sparkConnect: 'sc://127.0.0.1:3',
    sparkSql: { host: '127.0.0.1', port: 4, path: 'cliservice' },
  },
};

const running = (part: PartName, change: Partial<ContainerView> = {}): ContainerView => ({
  id: part,
  part,
  state: 'running',
  health: 'healthy',
  healthOutput: '',
  exitCode: 0,
  outOfMemory: false,
  error: '',
  logEnd: '',
  since: '2026-01-01T00:00:00Z',
  startedAt: '2026-01-01T00:00:00Z',
  restarts: 0,
  memoryBytes: 100,
  ...change,
});

/** All three run, but for what is changed of Kafka. */
const withKafka = (change: Partial<ContainerView>) =>
  statusOf(
    '/home',
    place,
    PARTS.map((part) => running(part, part === 'kafka' ? change : {})),
  );
const kafkaOf = (change: Partial<ContainerView>) => withKafka(change).parts[0];

describe('the status of containers', () => {
  it('is running when every part answers its health check', () => {
    const now = withKafka({});
    assert.equal(now.state, 'running');
    assert.deepEqual(now.endpoints, place.endpoints);
    const [kafka] = now.parts;
    assert.deepEqual([kafka?.ports, kafka?.memoryBytes], [{ broker: 1 }, 100]);
  });

  it('is starting until the first check passed, and restarting after a death', () => {
    assert.equal(withKafka({ health: 'starting' }).state, 'starting');
    assert.equal(kafkaOf({ health: 'starting' })?.state, 'starting');
    assert.equal(withKafka({ health: 'starting', restarts: 1 }).state, 'degraded');
    assert.equal(kafkaOf({ health: 'starting', restarts: 1 })?.state, 'restarting');
  });

  it('tells why a part does not run', () => {
    for (const [change, message] of [
      [{ state: 'exited', exitCode: 137 }, 'ended with exit code 137'],
      [{ state: 'exited', exitCode: 137, outOfMemory: true }, 'it needed more memory than its container has'],
      [
        { state: 'exited', exitCode: 1, logEnd: 'ERROR no such topic\n\tat x\n' },
        'ended with exit code 1: ERROR no such topic',
      ],
      [{ state: 'paused' }, 'its container is paused'],
      [{ state: 'created', error: 'port is already allocated' }, 'port is already allocated'],
      [{ health: 'unhealthy', healthOutput: 'a\nconnection refused\n' }, 'connection refused'],
      [{ health: 'unhealthy' }, 'it does not answer'],
    ] as const) {
      assert.equal(kafkaOf(change)?.message, message);
      assert.equal(
        withKafka(change).state,
        'state' in change && change.state === 'created' ? 'starting' : 'degraded',
      );
    }
  });

  it('knows a full disk by the log of a part that ended or comes back', () => {
    const logEnd = 'java.io.IOException: No space left on device';
    const mapped = 'java.lang.InternalError: a fault occurred in an unsafe memory access operation';
    for (const change of [
      { state: 'exited', exitCode: 1, logEnd },
      { state: 'exited', exitCode: 1, logEnd: mapped },
      { health: 'starting', restarts: 2, logEnd },
    ] as const) {
      assert.equal(kafkaOf(change)?.problem, 'disk-full');
      assert.equal(kafkaOf(change)?.message, 'its disk is full');
    }
    assert.equal(kafkaOf({ state: 'exited', exitCode: 1 })?.problem, undefined);
  });

  it('is degraded when a container is gone, and stopped when all are', () => {
    assert.equal(statusOf('/home', place, [running('kafka'), running('spark')]).state, 'degraded');
    const stopped = statusOf('/home', place, []);
    assert.equal(stopped.state, 'stopped');
    assert.equal(stopped.endpoints, undefined);
  });

  it('is degraded, with the reason at each part, when the engine stopped', () => {
    const now = engineGone('/home', place, 'no answer');
    assert.equal(now.state, 'degraded');
    assert.deepEqual(
      now.parts.map(({ state, message }) => [state, message]),
      PARTS.map(() => ['failed', 'no answer']),
    );
  });
});

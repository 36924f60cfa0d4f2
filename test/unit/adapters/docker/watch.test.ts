import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContainerView, Engine, Measurement } from '../../../../src/adapters/docker/engine.ts';
import { writeRecord, type DockerRecord } from '../../../../src/adapters/docker/record.ts';
import { watchDocker } from '../../../../src/adapters/docker/watch.ts';
import { UserError } from '../../../../src/core/errors.ts';
import { PARTS, type SandboxStatus } from '../../../../src/core/sandbox.ts';
import { until } from '../../../live/support/until.ts';

const record = (wanted: boolean): DockerRecord => ({
  project: 'orders-test',
  engine: { host: 'unix:///nowhere', from: 'test' },
  wanted,
  ports: { kafka: { broker: 1 }, registry: { http: 2 }, spark: { connect: 3, sql: 4 } },
  endpoints: {
    bootstrap: '127.0.0.1:1',
    registryUrl: 'http://127.0.0.1:2',
    sparkConnect: 'sc://127.0.0.1:3',
    sparkSql: { host: '127.0.0.1', port: 4, path: 'x' },
  },
});

/** An engine that the test plays: three containers that run, events and measurements when it says so. */
function played() {
  let reachable = true;
  let kafka: Partial<ContainerView> = {};
  let looks = 0;
  let hangs = false;
  const listening = new Set<{ readonly event: () => void; readonly cut: () => void }>();
  const measuring = new Map<string, (measured: Measurement) => void>();
  const silent = new Set<() => void>();
  const gone = (): UserError => new UserError('docker-unreachable', 'the engine does not answer');
  const engine: Engine = {
    name: 'Played',
    host: 'unix:///nowhere',
    memoryBytes: 1,
    containers: () => {
      looks++;
      if (hangs) return Promise.reject(gone());
      return Promise.resolve(
        PARTS.map((part) => ({
          id: part,
          part,
          state: 'running',
          health: 'healthy',
          healthOutput: '',
          logEnd: '',
          exitCode: 0,
          outOfMemory: false,
          error: '',
          since: '2026-01-01T00:00:00Z',
          startedAt: '2026-01-01T00:00:00Z',
          restarts: 0,
          ...(part === 'kafka' ? kafka : {}),
        })),
      );
    },
    events: (_project, onEvent, signal) =>
      new Promise((resolve, reject) => {
        if (!reachable) {
          reject(gone());
          return;
        }
        const listener = {
          event: onEvent,
          cut: () => {
            reject(gone());
          },
        };
        listening.add(listener);
        signal.addEventListener('abort', () => {
          listening.delete(listener);
          resolve();
        });
        onEvent();
      }),
    measure: (id, onMeasure, signal) =>
      new Promise((resolve) => {
        measuring.set(id, onMeasure);
        silent.add(resolve);
        signal.addEventListener('abort', () => {
          measuring.delete(id);
          resolve();
        });
      }),
    hasImage: () => Promise.resolve(true),
    // eslint-disable-next-line @typescript-eslint/require-await -- it says nothing
    logs: async function* () {
      yield* [];
    },
    copyIn: () => Promise.resolve(),
    copyOut: () => Promise.resolve(false),
  };
  return {
    connect: () => (reachable ? Promise.resolve(engine) : Promise.reject(gone())),
    kafkaBecomes: (change: Partial<ContainerView>) => {
      kafka = change;
      for (const { event } of listening) event();
    },
    measures: (id: string, measured: Measurement) => measuring.get(id)?.(measured),
    measured: () => [...measuring.keys()].sort(),
    stops: () => {
      reachable = false;
      for (const { cut } of [...listening]) cut();
      listening.clear();
    },
    hangs: (does: boolean) => {
      hangs = does;
      for (const end of silent) end();
      silent.clear();
    },
    cut: () => {
      for (const { cut } of [...listening]) cut();
      listening.clear();
    },
    comesBack: () => {
      reachable = true;
    },
    looks: () => looks,
  };
}

describe('the watch over containers', () => {
  let folder: string;
  let end: AbortController;
  let over: Promise<void>;
  let told: SandboxStatus[];
  let engine: ReturnType<typeof played>;
  const path = () => join(folder, 'docker.json');
  const last = () => told.at(-1);
  const kafka = () => last()?.parts[0];

  const watch = (wanted = true): void => {
    writeRecord(path(), record(wanted));
    over = watchDocker(
      {
        home: '/home',
        recordPath: path(),
        connect: () => engine.connect(),
        onStatus: (status) => told.push(status),
        pausesMs: [0, 5],
      },
      end.signal,
    );
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'orders-docker-watch-'));
    end = new AbortController();
    told = [];
    engine = played();
  });
  afterEach(async () => {
    end.abort();
    await over;
    rmSync(folder, { recursive: true });
  });

  it('tells what is, then each change by its event, and looks only then', async () => {
    watch();
    await until('the first status', () => last()?.state === 'running');
    const looks = engine.looks();
    engine.kafkaBecomes({ state: 'exited', exitCode: 137 });
    await until('the death', () => kafka()?.state === 'failed');
    assert.equal(last()?.state, 'degraded');
    assert.equal(engine.looks(), looks + 1);
  });

  it('measures the containers that run, and only those', async () => {
    watch();
    await until('three streams', () => engine.measured().length === 3);
    engine.measures('kafka', { memoryBytes: 100, cpuPercent: 12.5 });
    await until('the measurement', () => kafka()?.cpuPercent === 12.5);
    assert.equal(kafka()?.memoryBytes, 100);
    engine.kafkaBecomes({ state: 'exited' });
    await until('two streams', () => engine.measured().length === 2);
    assert.deepEqual(engine.measured(), ['registry', 'spark']);
    assert.equal(kafka()?.cpuPercent, undefined);
  });

  it('says that the engine stopped, and that it is back', async () => {
    watch();
    await until('the first status', () => last()?.state === 'running');
    engine.stops();
    await until('the loss', () => last()?.state === 'degraded');
    assert.deepEqual(
      last()?.parts.map(({ state, message }) => [state, message]),
      PARTS.map(() => ['failed', 'the engine does not answer']),
    );
    engine.comesBack();
    await until('the return', () => last()?.state === 'running');
  });

  it('takes up a stream that was cut, without an alarm', async () => {
    watch();
    await until('the first status', () => last()?.state === 'running');
    const looks = engine.looks();
    engine.cut();
    await until('the next look', () => engine.looks() > looks);
    assert.deepEqual([...new Set(told.map(({ state }) => state))], ['running']);
  });

  it('says that the engine hangs, which ends nothing but answers no more', async () => {
    watch();
    await until('three streams', () => engine.measured().length === 3);
    engine.hangs(true);
    await until('the loss', () => last()?.state === 'degraded');
    engine.hangs(false);
    await until('the return', () => last()?.state === 'running');
  });

  it('follows starts and stops by anyone', async () => {
    watch(false);
    await until('stopped', () => last()?.state === 'stopped');
    assert.equal(engine.looks(), 0);
    writeRecord(path(), record(true));
    await until('the start', () => last()?.state === 'running');
    writeRecord(path(), record(false));
    await until('the stop', () => last()?.state === 'stopped');
  });
});

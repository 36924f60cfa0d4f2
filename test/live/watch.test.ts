/** The embedded sandbox, watched: what happens is told at once, with what each part uses, and why one does not start. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLakehouse } from '../../src/adapters/lakehouse.ts';
import type { PartName } from '../../src/core/sandbox.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';
import { cli, cliJson, startCli } from './support/cli.ts';
import { until } from './support/until.ts';
import { watchSandbox, type Watched } from './support/watched.ts';

const env = { ORDERS_LAKEHOUSE_RUNTIME: 'embedded' };

describe('the embedded sandbox, watched', function () {
  this.timeout(600_000);
  let folder: string;
  let home: string;
  let watched: Watched;

  const up = (more: Readonly<Record<string, string>> = {}) =>
    startCli(home, ['up'], { ...env, ...more }).finished;
  const hintOf = (stderr: string): string => {
    const { hint } = JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as { hint: string };
    assert.ok(hint.split('\n').length <= 12, hint);
    assert.ok(!/^\s*at /m.test(hint), hint);
    return hint;
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'orders-lakehouse-watch-'));
    home = join(folder, 'home');
    watched = watchSandbox(home);
    await watched.until('that nothing runs', ({ state }) => state === 'stopped');
    const { code, stderr } = await up();
    assert.equal(code, 0, stderr);
  });
  after(async () => {
    await watched.end();
    await cli(home, 'down');
    await rm(folder, { recursive: true, force: true });
  });

  it('is told of, from its start on, which another process made', async () => {
    await watched.until('that it runs', ({ state }) => state === 'running');
    assert.ok(watched.told.some(({ state }) => state === 'starting'));
    await watched.until('what each part uses', ({ parts }) =>
      parts.every(({ memoryBytes = 0, cpuPercent = -1 }) => memoryBytes > 50e6 && cpuPercent >= 0),
    );
  });

  it('tells that a part died and came back, and its log goes on with the new start', async () => {
    const lakehouse = createLakehouse({ home, settings: DEFAULT_SETTINGS });
    const controller = new AbortController();
    const since: string[] = [];
    const before = watched.part('kafka');
    process.kill(before?.pid ?? 0, 'SIGKILL');
    await watched.until('the loss', ({ state }) => state === 'degraded', 5000);
    await watched.until('the return', ({ state }) => state === 'running');
    const after = watched.part('kafka');
    assert.notEqual(after?.startedAt, before?.startedAt);
    const options = { lines: Infinity, follow: true, sinceStart: true };
    const reading = (async () => {
      for await (const line of lakehouse.runtime.logs('kafka', options, controller.signal)) since.push(line);
    })();
    await until('the new start', () => since.some((line) => line.includes('Kafka Server started')));
    controller.abort();
    await reading;
    // The file holds both starts.
    const starts = (lines: readonly string[]) =>
      lines.filter((line) => line.includes('Kafka Server started')).length;
    const file = readFileSync(join(home, 'logs', 'kafka.log'), 'utf8').split('\n');
    assert.deepEqual([starts(since), starts(file)], [1, 2]);
    await lakehouse.close();
  });

  it('tells that it was stopped', async () => {
    await cliJson(home, 'down');
    await watched.until('that it is stopped', ({ state }) => state === 'stopped', 10_000);
  });

  for (const [part, file, broken, tells] of [
    [
      'kafka',
      join('kafka', 'log', 'meta.properties'),
      (whole: string) => whole.replace(/^node\.id=.*$/m, 'node.id=77'),
      /ERROR Exiting Kafka[^\n]*\n[^\n]*Stored node id 77 doesn't match/,
    ],
    [
      'spark',
      join('metastore', 'service.properties'),
      () => '',
      /ERROR Failed initialising database[\s\S]*Caused by: [^\n]*'derby\.serviceProtocol' has not been set/,
    ],
  ] as const satisfies readonly (readonly [PartName, string, (whole: string) => string, RegExp])[]) {
    it(`says with the lines of its log why ${part} does not take what lies on the disk`, async () => {
      await cliJson(home, 'down');
      const path = join(home, 'data', file);
      const whole = readFileSync(path, 'utf8');
      writeFileSync(path, broken(whole));
      const { code, stderr } = await up();
      writeFileSync(path, whole);
      assert.equal(code, 1);
      assert.match(hintOf(stderr), tells);
      await watched.until('that nothing runs', ({ state }) => state === 'stopped');
    });
  }

  it('says what the JVM said that could not begin', async () => {
    await cliJson(home, 'down');
    const { code, stderr } = await up({ ORDERS_LAKEHOUSE_MEMORY: 'spark=8' });
    assert.equal(code, 1);
    assert.match(hintOf(stderr), /Error occurred during initialization of VM\n.*heap/i);
  });
});

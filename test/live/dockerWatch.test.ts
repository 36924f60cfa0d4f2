/** The sandbox in Docker, watched by the engine's events: a container that dies, an engine that goes and comes back. */
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DockerRecord } from '../../src/adapters/docker/record.ts';
import { writeAtomically } from '../../src/adapters/files.ts';
import { cli, cliJson, startCli } from './support/cli.ts';
import { containers, docker } from './support/docker.ts';
import { watchSandbox, type Watched } from './support/watched.ts';

/** Stands between the product and its engine, and can be cut. */
function createLink(path: string, engine: string) {
  const open = new Set<Socket>();
  let server: Server | undefined;
  return {
    begin: () =>
      new Promise<void>((resolve) => {
        server = createServer((near) => {
          const far = connect(engine);
          for (const [one, other] of [
            [near, far],
            [far, near],
          ] as const) {
            open.add(one);
            one
              .on('error', () => other.destroy())
              .on('close', () => {
                open.delete(one);
                other.destroy();
              });
            one.pipe(other);
          }
        }).listen(path, resolve);
      }),
    cut: () => {
      server?.close();
      for (const socket of open) socket.destroy();
      rmSync(path, { force: true });
    },
  };
}

describe('the sandbox in Docker, watched', function () {
  this.timeout(900_000);
  let folder: string;
  let home: string;
  let watched: Watched;
  let link: ReturnType<typeof createLink> | undefined;

  const up = (env: Readonly<Record<string, string>> = {}) =>
    startCli(home, ['up', '--runtime', 'docker'], env).finished;
  const recordPath = () => join(home, 'run', 'docker.json');
  const record = () => JSON.parse(readFileSync(recordPath(), 'utf8')) as DockerRecord;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'orders-lakehouse-docker-watch-'));
    home = join(folder, 'home');
    watched = watchSandbox(home);
    const { code, stderr } = await up();
    assert.equal(code, 0, stderr);
  });
  after(async () => {
    await watched.end();
    link?.cut();
    await cli(home, 'reset', '--yes');
    await rm(folder, { recursive: true, force: true });
  });

  it('is told of, with what each part uses', async () => {
    await watched.until('that it runs', ({ state }) => state === 'running');
    await watched.until('what each part uses', ({ parts }) =>
      parts.every(({ memoryBytes = 0, cpuPercent = -1 }) => memoryBytes > 50e6 && cpuPercent >= 0),
    );
  });

  it('tells within 5 s that a container was killed, and that the next start mended it', async () => {
    const [kafka = ''] = containers(record().project, 'kafka');
    docker('kill', kafka);
    await watched.until('the loss', ({ state }) => state === 'degraded', 5000);
    assert.equal(watched.part('kafka')?.state, 'failed');
    assert.equal((await up()).code, 0);
    await watched.until('the return', ({ state }) => state === 'running', 5000);
  });

  it('tells within 5 s that its engine is gone, and that it is back', async () => {
    const engine = record().engine.host.replace(/^unix:\/\//, '');
    const socket = join(folder, 'engine.sock');
    link = createLink(socket, engine);
    await link.begin();
    // What a start through that address would have written.
    const before = readFileSync(recordPath(), 'utf8');
    writeAtomically(
      recordPath(),
      JSON.stringify({ ...record(), engine: { host: `unix://${socket}`, from: 'link' } }),
    );
    await watched.until('a measurement', () => watched.told.length > 0);
    const told = watched.told.length;
    await watched.until(
      'that it runs, through the link',
      ({ state }) => state === 'running' && watched.told.length > told,
    );
    link.cut();
    const lost = await watched.until('the loss', ({ state }) => state === 'degraded', 5000);
    for (const { state, message } of lost.parts) {
      assert.equal(state, 'failed');
      assert.match(message ?? '', /engine.sock/);
    }
    await link.begin();
    await watched.until('the return', ({ state }) => state === 'running', 10_000);
    writeFileSync(recordPath(), before);
  });

  it('says with the lines of its log why a part did not start, and keeps that log', async () => {
    await cliJson(home, 'down');
    const { code, stderr } = await up({ ORDERS_LAKEHOUSE_MEMORY: 'registry=8' });
    assert.equal(code, 1);
    const { hint } = JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as { hint: string };
    assert.match(hint, /Error occurred during initialization of VM\n.*heap/i);
    assert.deepEqual(containers(record().project), []);
    const { lines } = await cliJson<{ lines: readonly string[] }>(home, 'logs', 'registry');
    assert.ok(lines.includes('Error occurred during initialization of VM'));
  });
});

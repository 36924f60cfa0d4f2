/** What happens to containers, their disks, ports and engine: told within 5 s, nothing lost, nothing left behind. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectName } from '../../src/adapters/docker/record.ts';
import type { RunResult } from '../../src/core/pipeline.ts';
import { PARTS, type PartName, type SandboxStatus } from '../../src/core/sandbox.ts';
import { cli, cliJson, startCli, type Finished } from './support/cli.ts';
import { smallDisks, type SmallDisk, type SmallDisks } from './support/disk.ts';
import { containers, docker, inventory, projectOf } from './support/docker.ts';
import { ownEngine, wayToEngine, type Way } from './support/engine.ts';
import { containersGround as ground } from './support/runtimeDocker.ts';
import { until } from './support/until.ts';

const SENT = 60_000;
/** As soon as a person would look again. */
const SHOWN_MS = 5000;

interface Contents {
  readonly messages: number;
  readonly subjects: unknown;
  readonly days: unknown;
}

describe('the sandbox in Docker, when something happens to it', function () {
  this.timeout(600_000);
  let folder: string;
  let home: string;
  let full: string;
  let disks: SmallDisks | undefined;
  /** The product reaches the engine by it. */
  let way: Way;
  const dockerHost = process.env['DOCKER_HOST'];
  let initial: ReturnType<typeof inventory>;

  const up = (of = home, env: Readonly<Record<string, string>> = {}): Promise<Finished> =>
    startCli(of, ['up', '--runtime', 'docker'], env).finished;
  const upWell = async (of = home, env: Readonly<Record<string, string>> = {}): Promise<void> => {
    const { code, stderr } = await up(of, env);
    assert.equal(code, 0, stderr);
  };
  const status = (of = home): Promise<SandboxStatus> => cliJson<SandboxStatus>(of, 'status');
  const stateOf = (now: SandboxStatus, name: PartName) => now.parts.find((part) => part.name === name);
  const shown = (what: string, check: (now: SandboxStatus) => boolean, of = home): Promise<true> =>
    until(what, async () => check(await status(of)) || undefined, SHOWN_MS);
  const messages = async (of = home): Promise<number> =>
    (await cliJson<{ topics: readonly { name: string; messages: number }[] }>(of, 'topics')).topics.find(
      (topic) => topic.name === 'orders',
    )?.messages ?? 0;
  const query = async (sql: string, of = home): Promise<readonly unknown[]> =>
    (await cliJson<{ rows: readonly unknown[] }>(of, 'query', sql)).rows;
  const contents = async (): Promise<Contents> => {
    const { endpoints } = await status();
    const subjects = await fetch(`${endpoints?.registryUrl ?? ''}/subjects`);
    return {
      messages: await messages(),
      subjects: await subjects.json(),
      days: await query('SELECT * FROM gold.sales_daily ORDER BY ALL'),
    };
  };
  const container = (part: PartName): string =>
    containers(projectOf(home) ?? '', part)[0] ?? assert.fail(`no container of ${part}`);
  const errorOf = ({ stderr }: Finished): { code: string; message: string; hint?: string } =>
    JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as { code: string; message: string; hint?: string };

  const disk = (volume: string): SmallDisk => disks?.disk(volume) ?? assert.fail('no small disks');
  /** A second home, whose volumes are small from its first start on. */
  const startOnSmallDisks = async (): Promise<void> => {
    const [image = ''] = docker('inspect', '--format', '{{.Config.Image}}', container('kafka'));
    disks = smallDisks(projectName(full), image, {
      kafka: { mib: 64, user: 1000 },
      lakehouse: { mib: 200, user: 185 },
    });
    await cliJson(home, 'down');
    await upWell(full);
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'orders-lakehouse-faults-'));
    home = join(folder, 'avarias');
    full = join(folder, 'disk');
    way = await wayToEngine(folder);
    process.env['DOCKER_HOST'] = way.host;
    initial = inventory();
    await upWell();
    await cliJson(home, 'produce', '--count', '400', '--seed', '5', '--faults', 'duplicate=5%,bad-price=3%');
    assert.ok((await cliJson<RunResult>(home, 'run')).equationHolds);
  });
  after(async () => {
    disks?.remove();
    for (const name of ['avarias', 'disk', 'other']) await cli(join(folder, name), 'reset', '--yes');
    if (dockerHost === undefined) delete process.env['DOCKER_HOST'];
    else process.env['DOCKER_HOST'] = dockerHost;
    await way.close();
    await rm(folder, { recursive: true, force: true });
  });

  for (const [what, harm, state] of [
    ['killed', 'kill', 'failed'],
    ['paused', 'pause', 'unresponsive'],
  ] as const) {
    it(`shows that every container was ${what}, and the next start mends them`, async () => {
      const before = await contents();
      docker(harm, ...PARTS.map(container));
      await shown(
        'the loss',
        (now) => now.state === 'degraded' && now.parts.every((part) => part.state === state),
      );
      await upWell();
      assert.equal((await status()).state, 'running');
      assert.deepEqual(await contents(), before);
    });
  }

  it('shows by its health check that a part hangs whose container runs', async () => {
    const hang = (signal: string) =>
      docker('exec', container('registry'), 'bash', '-c', `kill -${signal} -1`);
    hang('STOP');
    try {
      await until('the silence', async () => stateOf(await status(), 'registry')?.state === 'unresponsive');
      const refused = errorOf(await cli(home, 'produce', '--count', '10'));
      assert.equal(refused.code, 'registry-unreachable');
    } finally {
      hang('CONT');
    }
    await until('an answer', async () => (await status()).state === 'running' || undefined);
  });

  it('takes another port for a part whose own was taken while it was down, and has lost nothing', async () => {
    const before = await contents();
    const port = stateOf(await status(), 'kafka')?.ports['broker'] ?? 0;
    const others = await Promise.all((['registry', 'spark'] as const).map((one) => ground.lifeOf(home, one)));
    docker('kill', container('kafka'));
    const thief = createServer();
    const listens = (): Promise<true | undefined> =>
      new Promise((resolve) => {
        thief.once('error', () => {
          resolve(undefined);
        });
        thief.listen(port, '127.0.0.1', () => {
          resolve(true);
        });
      });
    await until('the port to be free', listens);
    try {
      const { code, stderr } = await up();
      assert.equal(code, 0, stderr);
      assert.match(
        stderr,
        new RegExp(`Port ${port} of kafka.broker is now held by .*process ${process.pid}`),
      );
      assert.notEqual(stateOf(await status(), 'kafka')?.ports['broker'], port);
      assert.deepEqual(await contents(), before);
      // What ran goes on.
      assert.ok(others.every(ground.isAlive));
    } finally {
      thief.close();
    }
  });

  it('ends in one state when it is started and stopped at once', async () => {
    await cliJson(home, 'down');
    const [started, stopped] = await Promise.all([up(), cli(home, 'down')]);
    assert.equal(stopped.code, 0, stopped.stderr);
    const runs = started.code === 0;
    if (!runs) assert.equal(errorOf(started).code, 'stopped-while-starting');
    assert.equal((await status()).state, runs ? 'running' : 'stopped');
    assert.equal(containers(projectOf(home) ?? '').length, runs ? 3 : 0);
    await upWell();
    assert.equal(containers(projectOf(home) ?? '').length, 3);
  });

  it('leaves nothing when it is cancelled while it fetches an image', async () => {
    const other = join(folder, 'other');
    const there = inventory();
    const asked: Socket[] = [];
    // A registry that never answers.
    const registry = createServer((socket) => {
      asked.push(socket.on('error', () => socket.destroy()));
    });
    await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
    try {
      const image = `127.0.0.1:${(registry.address() as AddressInfo).port}/kafka:1`;
      const env = { ORDERS_LAKEHOUSE_KAFKA_IMAGE: image };
      const { child, finished } = startCli(other, ['up', '--runtime', 'docker'], env);
      await until('the question for the image', () => asked.length > 0);
      child.kill('SIGINT');
      const { code, stderr } = await finished;
      assert.equal(code, 1);
      assert.match(stderr, /"cancelled"/);
    } finally {
      for (const socket of asked) socket.destroy();
      registry.close();
    }
    assert.deepEqual(inventory(), there);
    assert.equal((await status(other)).state, 'stopped');
  });

  it('says within 5 s that the engine hangs, and goes on when it answers', async () => {
    const before = await contents();
    await way.hang();
    await shown('the silence', (now) => {
      return now.state === 'degraded' && /does not answer/.test(now.parts[0]?.message ?? '');
    });
    await way.start();
    assert.equal((await status()).state, 'running');
    assert.deepEqual(await contents(), before);
  });

  it('says within 5 s that the engine has ended and what to do, and comes back whole with it', async () => {
    const before = await contents();
    const engine = ownEngine(containers(projectOf(home) ?? '')) ?? way;
    await engine.stop();
    try {
      await shown('the loss', (now) => {
        const said = now.parts.map(({ state, message = '' }) => `${state} ${message}`);
        return now.state === 'degraded' && said.every((one) => /^failed .*engine/.test(one));
      });
      const refused = errorOf(await cli(home, 'topics'));
      assert.equal(refused.code, 'sandbox-unreachable');
      assert.match(refused.hint ?? '', /Start Docker/);
      const start = errorOf(await up());
      assert.match(start.code, /^docker-(missing|unreachable)$/);
      assert.match(start.hint ?? '', /start Docker/i);
    } finally {
      await engine.start();
    }
    await upWell();
    assert.equal((await status()).state, 'running');
    assert.deepEqual(await contents(), before);
  });

  it('says that the disk of Kafka is full, what was sent until then, and keeps that', async () => {
    await startOnSmallDisks();
    disk('kafka').fill(3000);
    const { code, stdout, stderr } = await cli(full, 'produce', '--count', String(SENT), '--seed', '3');
    assert.equal(code, 1, stdout);
    const { sent } = JSON.parse(stdout) as { sent: number };
    assert.ok(sent < SENT, String(sent));
    const { code: error, message, hint = '' } = errorOf({ code, stdout, stderr });
    assert.equal(error, 'disk-full', stderr.slice(-2000));
    assert.match(message, /kafka/);
    assert.match(hint, /room/);
    await shown('the reason', (now) => stateOf(now, 'kafka')?.problem === 'disk-full', full);
    disk('kafka').makeRoom();
    await upWell(full);
    const kept = await messages(full);
    assert.ok(sent <= kept && kept < SENT, `${sent} ${kept}`);
    await cliJson(full, 'produce', '--count', '300', '--seed', '4', '--faults', 'duplicate=5%');
    assert.equal(await messages(full), kept + 300);
  });

  it('says that the disk of Spark is full, and the next run makes up for it', async () => {
    // The first run, which leaves tables half made.
    await cliJson(full, 'produce', '--count', '300', '--seed', '5');
    disk('lakehouse').fill(64);
    const run = await cli(full, 'run');
    assert.equal(run.code, 1, run.stdout);
    const { code, message, hint = '' } = errorOf(run);
    assert.equal(code, 'disk-full', run.stderr.slice(-3000));
    assert.match(message, /Spark/);
    assert.match(hint, /room/);
    disk('lakehouse').makeRoom();
    await upWell(full);
    const { totals, equationHolds } = await cliJson<RunResult>(full, 'run');
    assert.ok(equationHolds);
    assert.equal(totals.bronze, await messages(full));
  });

  it('leaves nothing behind after a reset', async () => {
    disks?.remove();
    await cliJson(full, 'reset', '--yes');
    await cliJson(home, 'reset', '--yes');
    assert.deepEqual(inventory(), initial);
  });
});

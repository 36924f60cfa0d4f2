/** The sandbox on the real parts, on either runtime: it starts, is found again, is mended, and ends what it started. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PARTS, type PartName, type SandboxStatus } from '../../src/core/sandbox.ts';
import { cli, cliJson, startCli } from './support/cli.ts';
import { ground, type Life } from './support/runtime.ts';
import { until } from './support/until.ts';

type Status = SandboxStatus & { readonly totalMemoryBytes: number };

/** Nothing can be fetched: proxies that nobody answers, and package managers that are told to go nowhere. */
const NO_NETWORK = {
  http_proxy: 'http://127.0.0.1:9',
  https_proxy: 'http://127.0.0.1:9',
  HTTP_PROXY: 'http://127.0.0.1:9',
  HTTPS_PROXY: 'http://127.0.0.1:9',
  PIP_INDEX_URL: 'http://127.0.0.1:9/simple',
  MAVEN_OPTS: '-Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=9 -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=9',
};

const GIB = 1024 ** 3;

describe(`the sandbox (${ground.name})`, function () {
  this.timeout(600_000);
  let folder: string;
  let home: string;
  let other: string;
  let initial: unknown;

  const status = (of = home): Promise<Status> => cliJson<Status>(of, 'status');
  const partOf = (now: Status, name: PartName) => {
    const part = now.parts.find((one) => one.name === name);
    assert.ok(part);
    return part;
  };
  const lives = (of = home): Promise<readonly Life[]> => ground.lives(of);
  const lifeOfEach = async (): Promise<Readonly<Record<string, Life>>> =>
    Object.fromEntries(
      await Promise.all(PARTS.map(async (name) => [name, await ground.lifeOf(home, name)] as const)),
    );
  const running = (of = home) =>
    until(
      'the sandbox to run',
      async () => {
        const now = await status(of);
        return now.state === 'running' ? now : undefined;
      },
      240_000,
    );
  const query = async (sql: string): Promise<readonly unknown[]> =>
    (await cliJson<{ rows: readonly unknown[] }>(home, 'query', sql)).rows;
  const messages = async (): Promise<number | undefined> =>
    (await cliJson<{ topics: readonly { name: string; messages: number }[] }>(home, 'topics')).topics.find(
      (topic) => topic.name === 'orders',
    )?.messages;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'orders-lakehouse-sandbox-'));
    home = join(folder, 'área de testes');
    other = join(folder, 'other');
    initial = ground.inventory(folder);
    await cliJson(home, 'up');
  });
  after(async () => {
    await cli(home, 'reset', '--yes');
    await cli(other, 'reset', '--yes');
    await rm(folder, { recursive: true, force: true });
  });

  it('runs in a folder with blanks and accents, within 4 GiB, and answers', async () => {
    const now = await status();
    assert.equal(now.state, 'running');
    assert.equal(now.runtime, ground.name);
    assert.equal((await lives()).length, ground.size);
    assert.ok(now.parts.every((part) => (part.memoryBytes ?? 0) > 50e6));
    assert.ok(now.totalMemoryBytes < 4 * GIB);
    await cliJson(home, 'produce', '--count', '30', '--seed', '1');
    assert.ok(((await messages()) ?? 0) >= 30);
    await query('CREATE TABLE default.kept AS SELECT 42 AS answer');
    assert.deepEqual(await query('SELECT answer FROM default.kept'), [{ answer: 42 }]);
    const config = await fetch(`${now.endpoints?.registryUrl ?? ''}/config`);
    assert.deepEqual(await config.json(), { compatibilityLevel: 'BACKWARD' });
  });

  it('is found again by the next start, which changes nothing', async () => {
    const before = await lives();
    await cliJson(home, 'up');
    assert.deepEqual(await lives(), before);
  });

  it('listens on the loopback address only', async () => {
    const addresses = await ground.addresses(home);
    const ports = (await status()).parts.flatMap((part) => Object.values(part.ports));
    assert.ok(addresses.length >= ports.length, `only ${addresses.length} sockets were seen`);
    assert.deepEqual([...new Set(addresses)], ['127.0.0.1']);
  });

  for (const name of PARTS) {
    it(`notices that ${name} was killed, shows it, mends it, and has lost nothing`, async () => {
      const before = await status();
      const count = await messages();
      const subjects = await (await fetch(`${before.endpoints?.registryUrl ?? ''}/subjects`)).json();
      const livesBefore = await lifeOfEach();
      await ground.kill(home, name);
      await until('the loss to be shown', async () => {
        const now = await status();
        return now.state === 'degraded' && partOf(now, name).state === 'restarting' ? true : undefined;
      });
      const after = await running();
      assert.equal(partOf(after, name).restarts, 1);
      const livesAfter = await lifeOfEach();
      assert.deepEqual(
        PARTS.filter((one) => livesAfter[one] !== livesBefore[one]),
        [name],
      );
      assert.deepEqual(after.endpoints, before.endpoints);
      assert.equal(await messages(), count);
      assert.deepEqual(
        await (await fetch(`${after.endpoints?.registryUrl ?? ''}/subjects`)).json(),
        subjects,
      );
      assert.deepEqual(await query('SELECT answer FROM default.kept'), [{ answer: 42 }]);
    });
  }

  it('shows each part that hangs, and that it answers again', async () => {
    const before = await status();
    const livesBefore = await lifeOfEach();
    for (const name of PARTS) await ground.pause(home, name);
    try {
      await until('the silence to be shown', async () => {
        const now = await status();
        const silent = PARTS.every((name) => partOf(now, name).state === 'unresponsive');
        return now.state === 'degraded' && silent ? true : undefined;
      });
    } finally {
      for (const name of PARTS) await ground.resume(home, name);
    }
    const after = await running();
    assert.deepEqual(await lifeOfEach(), livesBefore);
    for (const name of PARTS) assert.equal(partOf(after, name).restarts, partOf(before, name).restarts);
  });

  it('gives the log of a part, and refuses another name', async () => {
    const { lines } = await cliJson<{ lines: readonly string[] }>(home, 'logs', 'kafka', '--lines', '1000');
    assert.ok(lines.some((line) => line.includes('Kafka Server started')));
    assert.equal((await cli(home, 'logs', 'nothing')).code, 2);
  });

  it('lets a second one run beside it, started twice at once and without a network', async () => {
    const before = await status();
    const livesBefore = await lives();
    const both = [startCli(other, ['up'], NO_NETWORK), startCli(other, ['up'], NO_NETWORK)];
    const [first, second] = await Promise.all(both.map((one) => one.finished));
    assert.equal(first?.code, 0, first?.stderr);
    assert.equal(second?.code, 0, second?.stderr);
    const theirs = await status(other);
    assert.equal(theirs.state, 'running');
    const ports = [before, theirs].flatMap((one) => one.parts.flatMap((part) => Object.values(part.ports)));
    assert.equal(new Set(ports).size, ports.length);
    assert.equal((await lives(other)).length, ground.size);
    assert.deepEqual(await lives(), livesBefore);
  });

  it('says honestly that its supervisor was killed, and is put right by the next start', async () => {
    const before = await status(other);
    const orphans = await Promise.all(PARTS.map((name) => ground.lifeOf(other, name)));
    process.kill(before.supervisor?.pid ?? 0, 'SIGKILL');
    await until('the loss to be shown', async () =>
      (await status(other)).state === 'degraded' ? true : undefined,
    );
    assert.ok(orphans.every(ground.isAlive), 'the parts go on');
    const after = await cliJson<Status>(other, 'up');
    assert.equal(after.state, 'running');
    assert.deepEqual(orphans.filter(ground.isAlive), []);
  });

  it('ends all that it started, and only that', async () => {
    const [mine, theirs] = [await lives(other), await lives()];
    assert.equal(mine.length, ground.size);
    await cliJson(other, 'down');
    assert.deepEqual(mine.filter(ground.isAlive), []);
    assert.equal(theirs.filter(ground.isAlive).length, ground.size);
    assert.equal((await status(other)).state, 'stopped');
    await cliJson(other, 'down');
  });

  for (const [how, stop] of [
    ['cancelled', (child: { kill(signal: NodeJS.Signals): boolean }) => void child.kill('SIGINT')],
    ['stopped from elsewhere', () => cliJson(other, 'down')],
  ] as const) {
    it(`leaves nothing running when a start is ${how}`, async () => {
      const starting = startCli(other, ['up']);
      const seen = await until('all of it to live', async () => {
        const found = await lives(other);
        return found.length === ground.size ? found : undefined;
      });
      await stop(starting.child);
      assert.equal((await starting.finished).code, 1);
      await until('the end', () => seen.every((one) => !ground.isAlive(one)) || undefined);
      assert.deepEqual(await lives(other), []);
      assert.equal((await status(other)).state, 'stopped');
    });
  }

  it('leaves nothing running when a part cannot start, and says why', async () => {
    const { finished } = startCli(other, ['up'], { ORDERS_LAKEHOUSE_MEMORY: 'spark=8' });
    const { code, stderr } = await finished;
    assert.equal(code, 1);
    const error = JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as { code: string; message: string };
    assert.equal(error.code, 'part-failed');
    assert.match(error.message, /^spark /);
    assert.match(stderr, /heap/i);
    assert.deepEqual(await lives(other), []);
    assert.equal((await status(other)).state, 'stopped');
  });

  it('names the program that holds a pinned port', async () => {
    const { parts } = await status();
    const port = parts.find((part) => part.name === 'kafka')?.ports['broker'] ?? 0;
    const { code, stderr } = await startCli(other, ['up'], {
      ORDERS_LAKEHOUSE_PORTS: `kafka.broker=${port}`,
    }).finished;
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`port-taken.*${port}.*${ground.portHolder.source}`));
  });

  it('keeps its data over a stop, and wipes it when told twice', async () => {
    const count = await messages();
    await cliJson(home, 'down');
    await cliJson(home, 'up');
    assert.equal(await messages(), count);
    assert.deepEqual(await query('SELECT answer FROM default.kept'), [{ answer: 42 }]);
    assert.equal((await cli(home, 'reset')).code, 2);
    assert.equal((await status()).state, 'running');
    await cliJson(home, 'reset', '--yes');
    assert.equal((await status()).state, 'stopped');
    await cliJson(other, 'reset', '--yes');
    assert.deepEqual(ground.inventory(folder), initial);
  });
});

/** The embedded sandbox on the real parts: it starts, is found again, is mended, and ends what it started. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identityOf, isAlive, type ProcessIdentity } from '../../src/adapters/processIdentity.ts';
import type { PartName, SandboxStatus } from '../../src/core/sandbox.ts';
import { cli, cliJson, startCli } from './support/cli.ts';
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

describe('the embedded sandbox', function () {
  this.timeout(600_000);
  let folder: string;
  let home: string;
  let other: string;

  const status = (of = home): Promise<Status> => cliJson<Status>(of, 'status');
  const partOf = (now: Status, name: PartName) => {
    const part = now.parts.find((one) => one.name === name);
    assert.ok(part);
    return part;
  };
  const identities = (now: Status): readonly ProcessIdentity[] =>
    [now.supervisor, ...now.parts].flatMap((one) => identityOf(one?.pid ?? 0) ?? []);
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
    await cliJson(home, 'up');
  });
  after(async () => {
    await cli(home, 'down');
    await cli(other, 'down');
    await rm(folder, { recursive: true, force: true });
  });

  it('runs in a folder with blanks and accents, within 4 GiB, and answers', async () => {
    const now = await status();
    assert.equal(now.state, 'running');
    assert.equal(identities(now).length, 4);
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
    const before = await status();
    const again = await cliJson<Status>(home, 'up');
    assert.deepEqual(identities(again), identities(before));
  });

  it('listens on the loopback address only', async () => {
    const addresses = identities(await status()).flatMap(({ pid }) => listeningAddresses(pid));
    assert.ok(addresses.length >= 6, `only ${addresses.length} sockets were seen`);
    assert.deepEqual(
      addresses.filter((address) => !LOOPBACK.includes(address)),
      [],
    );
  });

  for (const name of ['kafka', 'registry', 'spark'] as const) {
    it(`notices that ${name} was killed, shows it, mends it, and has lost nothing`, async () => {
      const before = await status();
      const count = await messages();
      const subjects = await (await fetch(`${before.endpoints?.registryUrl ?? ''}/subjects`)).json();
      const { pid = 0 } = partOf(before, name);
      process.kill(pid, 'SIGKILL');
      await until('the loss to be shown', async () => {
        const now = await status();
        return now.state === 'degraded' && partOf(now, name).state === 'restarting' ? true : undefined;
      });
      const after = await running();
      assert.notEqual(partOf(after, name).pid, pid);
      assert.equal(partOf(after, name).restarts, 1);
      for (const untouched of (['kafka', 'registry', 'spark'] as const).filter((one) => one !== name)) {
        assert.equal(partOf(after, untouched).pid, partOf(before, untouched).pid);
      }
      assert.deepEqual(after.endpoints, before.endpoints);
      assert.equal(await messages(), count);
      assert.deepEqual(
        await (await fetch(`${after.endpoints?.registryUrl ?? ''}/subjects`)).json(),
        subjects,
      );
      assert.deepEqual(await query('SELECT answer FROM default.kept'), [{ answer: 42 }]);
    });
  }

  for (const name of ['kafka', 'registry', 'spark'] as const) {
    it(`shows that ${name} hangs, and that it answers again`, async () => {
      const { pid = 0, restarts } = partOf(await status(), name);
      process.kill(pid, 'SIGSTOP');
      try {
        await until('the silence to be shown', async () => {
          const now = await status();
          return now.state === 'degraded' && partOf(now, name).state === 'unresponsive' ? true : undefined;
        });
      } finally {
        process.kill(pid, 'SIGCONT');
      }
      const after = await running();
      assert.equal(partOf(after, name).pid, pid);
      assert.equal(partOf(after, name).restarts, restarts);
    });
  }

  it('gives the log of a part, and refuses another name', async () => {
    const { lines } = await cliJson<{ lines: readonly string[] }>(home, 'logs', 'kafka', '--lines', '1000');
    assert.ok(lines.some((line) => line.includes('Kafka Server started')));
    assert.equal((await cli(home, 'logs', 'nothing')).code, 2);
  });

  it('lets a second one run beside it, started twice at once and without a network', async () => {
    const before = await status();
    const both = [startCli(other, ['up'], NO_NETWORK), startCli(other, ['up'], NO_NETWORK)];
    const [first, second] = await Promise.all(both.map((one) => one.finished));
    assert.equal(first?.code, 0, first?.stderr);
    assert.equal(second?.code, 0, second?.stderr);
    const theirs = await status(other);
    assert.equal(theirs.state, 'running');
    const ports = [before, theirs].flatMap((one) => one.parts.flatMap((part) => Object.values(part.ports)));
    assert.equal(new Set(ports).size, ports.length);
    assert.deepEqual(identities(await status()), identities(before));
  });

  it('says honestly that its supervisor was killed, and is put right by the next start', async () => {
    const before = await status(other);
    process.kill(before.supervisor?.pid ?? 0, 'SIGKILL');
    await until('the loss to be shown', async () =>
      (await status(other)).state === 'degraded' ? true : undefined,
    );
    const orphans = before.parts.flatMap((part) => identityOf(part.pid ?? 0) ?? []);
    assert.equal(orphans.length, 3, 'the parts go on');
    const after = await cliJson<Status>(other, 'up');
    assert.equal(after.state, 'running');
    assert.deepEqual(orphans.filter(isAlive), []);
  });

  it('ends all that it started, and only that', async () => {
    const mine = identities(await status(other));
    const theirs = identities(await status());
    assert.equal(mine.length, 4);
    await cliJson(other, 'down');
    assert.deepEqual(mine.filter(isAlive), []);
    assert.equal(theirs.filter(isAlive).length, 4);
    assert.equal((await status(other)).state, 'stopped');
    await cliJson(other, 'down');
  });

  for (const [how, stop] of [
    ['cancelled', (child: { kill(signal: NodeJS.Signals): boolean }) => void child.kill('SIGINT')],
    ['stopped from elsewhere', () => cliJson(other, 'down')],
  ] as const) {
    it(`leaves nothing running when a start is ${how}`, async () => {
      const starting = startCli(other, ['up']);
      const seen = await until('three processes', async () => {
        const found = identities(await status(other));
        return found.length === 4 ? found : undefined;
      });
      await stop(starting.child);
      assert.equal((await starting.finished).code, 1);
      await until('the end', () => seen.every((one) => !isAlive(one)) || undefined);
      assert.equal((await status(other)).state, 'stopped');
    });
  }

  it('leaves nothing running when a part cannot start, and says why', async () => {
    const { finished } = startCli(other, ['up'], { ORDERS_LAKEHOUSE_MEMORY: 'spark=8' });
    const { code, stderr } = await finished;
    assert.equal(code, 1);
    const error = JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as { code: string; message: string };
    assert.equal(error.code, 'part-failed');
    assert.match(error.message, /spark.*heap/i);
    assert.equal((await status(other)).state, 'stopped');
  });

  it('names the program that holds a pinned port', async () => {
    const { parts } = await status();
    const port = parts.find((part) => part.name === 'kafka')?.ports['broker'] ?? 0;
    const { code, stderr } = await startCli(other, ['up'], {
      ORDERS_LAKEHOUSE_PORTS: `kafka.broker=${port}`,
    }).finished;
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`port-taken.*${port}.*java \\(process \\d+\\)`));
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
    assert.equal(existsSync(join(home, 'data')), false);
  });
});

/** As /proc/net/tcp and tcp6 write 127.0.0.1, ::ffff:127.0.0.1 and ::1. */
const LOOPBACK = ['0100007F', '0000000000000000FFFF00000100007F', '00000000000000000000000001000000'];

function listeningAddresses(pid: number): readonly string[] {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((name) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${name}`))?.[1] ?? [];
      } catch {
        // Closed since it was listed.
        return [];
      }
    }),
  );
  return ['tcp', 'tcp6'].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === '0A' && sockets.has(fields[9] ?? ''))
      .map((fields) => fields[1]?.split(':')[0] ?? ''),
  );
}

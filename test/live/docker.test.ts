/** The sandbox in real containers: equal to the embedded one, honest about what happens to it, and gone when it ends. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunResult } from '../../src/core/pipeline.ts';
import { PARTS, type PartName, type SandboxStatus } from '../../src/core/sandbox.ts';
import { cli, cliJson, startCli, type Finished } from './support/cli.ts';
import { containers, docker, inventory } from './support/docker.ts';
import { until } from './support/until.ts';

type Status = SandboxStatus & { readonly totalMemoryBytes: number };

/** The same stream in both: no Kafka time is in it, for `late` depends on when it is sent. */
const ORDERS = ['--count', '300', '--seed', '11', '--clock', '2026-01-15T12:00:00Z'];
const FAULTS = 'duplicate=5%,bad-price=3%,undecodable=2%';
const TABLES: Readonly<Record<string, string>> = {
  'silver.orders': '* EXCEPT (kafka_timestamp)',
  'silver.orders_quarantine': '* EXCEPT (kafka_timestamp)',
  'gold.sales_daily': '*',
  'gold.product_performance': '*',
  'gold.customer_value': '*',
  'gold.finance_monthly': '*',
};

interface Outcome {
  readonly run: Pick<RunResult, 'totals' | 'rules' | 'equationHolds'>;
  readonly tables: Readonly<Record<string, readonly string[]>>;
}

/** Sends the orders, runs the pipeline, and reads every table. */
async function outcomeIn(home: string): Promise<Outcome> {
  await cliJson(home, 'produce', ...ORDERS, '--faults', FAULTS);
  const { totals, rules, equationHolds } = await cliJson<RunResult>(home, 'run');
  const tables: Record<string, readonly string[]> = {};
  for (const [name, columns] of Object.entries(TABLES)) {
    const { rows } = await cliJson<{ rows: readonly unknown[] }>(
      home,
      'query',
      `SELECT ${columns} FROM ${name}`,
    );
    tables[name] = rows.map((row) => JSON.stringify(row)).sort();
  }
  return { run: { totals, rules, equationHolds }, tables };
}

const failure = ({ stderr }: Finished): { code: string; message: string; hint: string } =>
  JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as { code: string; message: string; hint: string };

describe('the sandbox in Docker', function () {
  this.timeout(900_000);
  let folder: string;
  let home: string;
  let initial: ReturnType<typeof inventory>;

  const up = (of = home, env: Readonly<Record<string, string>> = {}) =>
    startCli(of, ['up', '--runtime', 'docker'], env).finished;
  const status = (of = home) => cliJson<Status>(of, 'status');
  const partOf = (now: Status, name: PartName) => {
    const part = now.parts.find((one) => one.name === name);
    assert.ok(part);
    return part;
  };
  const project = (of = home): string =>
    (JSON.parse(readFileSync(join(of, 'run', 'docker.json'), 'utf8')) as { project: string }).project;
  const messages = async (): Promise<number | undefined> =>
    (await cliJson<{ topics: readonly { name: string; messages: number }[] }>(home, 'topics')).topics.find(
      (topic) => topic.name === 'orders',
    )?.messages;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'orders-lakehouse-docker-'));
    home = join(folder, 'área de testes');
    initial = inventory();
  });
  after(async () => {
    for (const name of ['área de testes', 'other', 'embedded'])
      await cli(join(folder, name), 'reset', '--yes');
    await rm(folder, { recursive: true, force: true });
  });

  for (const [what, env, code] of [
    ['no engine', { DOCKER_HOST: 'unix:///nowhere/docker.sock' }, 'docker-missing'],
    ['an engine that does not answer', { DOCKER_HOST: 'tcp://127.0.0.1:9' }, 'docker-unreachable'],
    ['an engine on another machine', { DOCKER_HOST: 'tcp://engine.example.com:2375' }, 'docker-remote'],
    ['no Compose', { PATH: '/nowhere' }, 'compose-missing'],
  ] as const) {
    it(`says what to do about ${what}, and "auto" does without`, async () => {
      const other = join(folder, 'other');
      const done = await up(other, env);
      assert.equal(done.code, 1);
      const { code: found, hint } = failure(done);
      assert.equal(found, code);
      assert.match(hint, /--runtime embedded/);
      const auto = startCli(other, ['up'], { ...env, ORDERS_LAKEHOUSE_RUNTIME: 'auto' });
      let said = '';
      auto.child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
      await until('the choice', () => said.includes('\n'));
      auto.child.kill('SIGINT');
      await auto.finished;
      assert.match(said.split('\n')[0] ?? '', /embedded \(\\"auto\\": /);
    });
  }

  it('gives the same tables, totals and rules as the embedded one', async () => {
    const embedded = join(folder, 'embedded');
    await cliJson(embedded, 'up', '--runtime', 'embedded');
    const expected = await outcomeIn(embedded);
    await cliJson(embedded, 'reset', '--yes');
    assert.ok((expected.tables['gold.sales_daily'] ?? []).length > 0);

    // A new home, and an engine that answers.
    const { code, stderr } = await startCli(home, ['up'], { ORDERS_LAKEHOUSE_RUNTIME: 'auto' }).finished;
    assert.equal(code, 0, stderr);
    assert.match(stderr.split('\n')[0] ?? '', /Docker \(\\"auto\\": (Docker|Podman) \S+, /);
    const found = await outcomeIn(home);
    assert.deepEqual(found, expected);
    assert.ok(found.run.equationHolds);
  });

  it('runs nothing when nothing is new', async () => {
    const again = await cliJson<RunResult>(home, 'run');
    assert.equal(again.upToDate, true);
  });

  it('stays within 4 GiB and on the loopback address, and nothing in it is root', async () => {
    const now = await status();
    assert.equal(now.state, 'running');
    assert.equal(now.runtime, 'docker');
    assert.ok(now.parts.every((part) => (part.memoryBytes ?? 0) > 50e6));
    assert.ok(now.totalMemoryBytes < 4 * 1024 ** 3);
    for (const name of PARTS) {
      const [id = ''] = containers(project(), name);
      const addresses = docker('port', id).map((line) => line.split(' -> ')[1] ?? '');
      assert.deepEqual(
        addresses.map((address) => Number(address.replace(/^127\.0\.0\.1:/, ''))).sort(),
        Object.values(partOf(now, name).ports).sort(),
      );
      assert.deepEqual(
        docker('exec', id, 'id', '-u').filter((user) => user === '0'),
        [],
      );
    }
    const config = await fetch(`${now.endpoints?.registryUrl ?? ''}/config`);
    assert.deepEqual(await config.json(), { compatibilityLevel: 'BACKWARD' });
  });

  it('gives the log of a part', async () => {
    const { lines } = await cliJson<{ lines: readonly string[] }>(home, 'logs', 'kafka', '--lines', '1000');
    assert.ok(lines.some((line) => line.includes('Kafka Server started')));
  });

  for (const [what, harm, state] of [
    ['killed', 'kill', 'failed'],
    ['paused', 'pause', 'unresponsive'],
  ] as const) {
    it(`shows within 5 s that Kafka was ${what}, and the next start mends it with nothing lost`, async () => {
      const count = await messages();
      const [kafka = ''] = containers(project(), 'kafka');
      docker(harm, kafka);
      await until(
        'the loss to be shown',
        async () => {
          const now = await status();
          return now.state === 'degraded' && partOf(now, 'kafka').state === state ? true : undefined;
        },
        5000,
      );
      assert.equal((await up()).code, 0);
      assert.equal((await status()).state, 'running');
      assert.equal(await messages(), count);
    });
  }

  it('keeps its data over a stop that leaves no container and no network', async () => {
    const count = await messages();
    const name = project();
    await cliJson(home, 'down');
    assert.deepEqual(containers(name), []);
    const { networks, volumes } = inventory();
    assert.deepEqual(networks, initial['networks']);
    assert.equal((volumes ?? []).length, (initial['volumes'] ?? []).length + 3);
    assert.equal((await status()).state, 'stopped');
    assert.equal((await up()).code, 0);
    assert.equal(await messages(), count);
    const { rows } = await cliJson<{ rows: readonly unknown[] }>(
      home,
      'query',
      'SELECT * FROM gold.sales_daily',
    );
    assert.ok(rows.length > 0);
  });

  it('leaves nothing running when a start is cancelled', async () => {
    await cliJson(home, 'down');
    const { child, finished } = startCli(home, ['up', '--runtime', 'docker']);
    await until('three containers', () => containers(project()).length === 3);
    child.kill('SIGINT');
    assert.equal((await finished).code, 1);
    assert.deepEqual(containers(project()), []);
    assert.equal((await status()).state, 'stopped');
  });

  it('leaves nothing running when a part cannot start, and says why', async () => {
    const done = await up(home, { ORDERS_LAKEHOUSE_MEMORY: 'registry=8' });
    assert.equal(done.code, 1);
    const { code, message } = failure(done);
    assert.equal(code, 'part-failed');
    assert.match(message, /^registry /);
    assert.deepEqual(containers(project()), []);
  });

  it('leaves nothing behind after a reset', async () => {
    await cliJson(home, 'reset', '--yes');
    assert.deepEqual(inventory(), initial);
    assert.equal((await status()).state, 'stopped');
  });
});

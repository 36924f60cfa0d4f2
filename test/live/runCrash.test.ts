/** A run that is killed, or whose ground is: afterwards nothing is lost and nothing stands twice. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli, cliJson, startCli } from './support/cli.ts';
import { expectedOf, type ReadMessage } from './support/oracle.ts';
import { ground } from './support/runtime.ts';
import { until } from './support/until.ts';

interface Status {
  readonly state: string;
  readonly parts: readonly { name: string; state: string; restarts: number }[];
}
interface Totals {
  readonly totals: { bronze: number; silver: number; quarantine: number; duplicates: number };
  readonly equationHolds: boolean;
}

describe(`a run that is killed (${ground.name})`, function () {
  this.timeout(600_000);
  let folder: string;
  let home: string;

  const status = (): Promise<Status> => cliJson<Status>(home, 'status');
  const part = async (name: string) => {
    const found = (await status()).parts.find((candidate) => candidate.name === name);
    assert.ok(found, name);
    return found;
  };
  const orders = (seed: number): Promise<unknown> =>
    cliJson(
      home,
      'produce',
      '--count',
      '8000',
      '--seed',
      String(seed),
      '--faults',
      'duplicate=2%,bad-price=1%',
    );

  /** Starts a run and calls `strike` once the given dataset runs. */
  const struckAt = async (
    dataset: string,
    strike: (run: ReturnType<typeof startCli>) => Promise<void> | void,
  ) => {
    const run = startCli(home, ['run']);
    let events = '';
    run.child.stderr?.on('data', (chunk: Buffer) => (events += chunk.toString()));
    await until(
      `${dataset} to run`,
      () => {
        const running = events
          .split('\n')
          .some((line) => line.includes(`"${dataset}"`) && line.includes('"running"'));
        return running || run.child.exitCode !== null || undefined;
      },
      300_000,
    );
    await strike(run);
    return run.finished;
  };

  const healthy = (): Promise<true> =>
    until(
      'every part to run again',
      async () => ((await status()).state === 'running' ? true : undefined),
      120_000,
    );

  /** The next run ends with the tables that the messages promise. */
  const runHoldsTheEquation = async (): Promise<void> => {
    // A runner whose terminal was killed ends by itself, and holds the lock until it has.
    const result = await until(
      'the lock to be free',
      async () => {
        const { code, stdout, stderr } = await cli(home, 'run');
        if (stderr.includes('"run-in-progress"')) return undefined;
        assert.equal(code, 0, stderr.slice(-2000));
        return JSON.parse(stdout) as Totals;
      },
      300_000,
    );
    const { messages } = await cliJson<{ messages: ReadMessage[] }>(home, 'read', 'orders');
    const { bronze, silver, quarantine, duplicates } = expectedOf(messages);
    assert.deepEqual(result.totals, { bronze, silver: silver.length, quarantine, duplicates });
    assert.equal(result.equationHolds, true);
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'orders-lakehouse-crash-'));
    home = join(folder, 'home');
    await cliJson(home, 'up');
  });
  after(async () => {
    await cliJson(home, 'reset', '--yes');
    await rm(folder, { recursive: true, force: true });
  });

  it('is finished by the next run, when the terminal was killed', async () => {
    await orders(1);
    await struckAt('bronze.orders_raw', ({ child }) => void child.kill('SIGKILL'));
    await runHoldsTheEquation();
  });

  it('refuses a second run beside it, stops when it is cancelled, and is finished by the next', async () => {
    await orders(2);
    const cancelled = await struckAt('silver.orders_checked', async ({ child }) => {
      const second = await cli(home, 'run');
      assert.equal(second.code, 1);
      assert.equal(second.stdout, '');
      const error = JSON.parse(second.stderr.trim().split('\n').at(-1) ?? '') as { code: string };
      assert.equal(error.code, 'run-in-progress');
      child.kill('SIGINT');
    });
    assert.equal(cancelled.code, 1);
    assert.match(cancelled.stderr, /"cancelled"/);
    await runHoldsTheEquation();
  });

  it('is finished by the next run, when Spark was killed', async () => {
    await orders(4);
    const { restarts } = await part('spark');
    const failed = await struckAt('silver.orders_checked', () => ground.kill(home, 'spark'));
    assert.equal(failed.code, 1);
    assert.match(failed.stderr, /"code":"spark-unreachable"/);
    await until('the restart to be seen', async () =>
      (await part('spark')).restarts > restarts ? true : undefined,
    );
    await healthy();
    await runHoldsTheEquation();
  });

  it('is finished by the next run, when Kafka was killed', async () => {
    await orders(5);
    const { restarts } = await part('kafka');
    await struckAt('bronze.orders_raw', () => ground.kill(home, 'kafka'));
    await until('the restart to be seen', async () =>
      (await part('kafka')).restarts > restarts ? true : undefined,
    );
    await healthy();
    await runHoldsTheEquation();
  });

  it('is finished by the next run, when the sandbox was stopped under it', async () => {
    await orders(6);
    const stopped = await struckAt('silver.orders_checked', async () => {
      await cliJson(home, 'down');
    });
    assert.equal(stopped.code, 1);
    assert.match(stopped.stderr, /"code":"spark-unreachable"/);
    assert.equal((await status()).state, 'stopped');
    await cliJson(home, 'up');
    await runHoldsTheEquation();
  });
});

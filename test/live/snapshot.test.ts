/** A sandbox moves: out of one runtime into a file, into the other, and back, with all that it holds. */
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readdirSync, readFileSync, truncateSync } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunResult } from '../../src/core/pipeline.ts';
import type { SandboxStatus } from '../../src/core/sandbox.ts';
import type { Restored, Taken } from '../../src/core/takeSnapshot.ts';
import { cli, cliJson, startCli, type Finished } from './support/cli.ts';
import { inventory } from './support/docker.ts';
import { commitOffsets, everythingIn } from './support/everything.ts';
import { until } from './support/until.ts';

const SENT = 300;

const codeOf = ({ code, stderr }: Finished): string => {
  assert.equal(code, 1, stderr);
  return (JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as { code: string }).code;
};
const stateOf = async (home: string): Promise<string> => {
  const { state, runtime } = await cliJson<SandboxStatus>(home, 'status');
  return `${state} ${runtime}`;
};
const messagesIn = async (home: string): Promise<number | undefined> =>
  (await cliJson<{ topics: readonly { name: string; messages: number }[] }>(home, 'topics')).topics.find(
    ({ name }) => name === 'orders',
  )?.messages;

describe('a snapshot', function () {
  this.timeout(900_000);
  let folder: string;
  /** Embedded, in Docker, embedded. */
  let first: string;
  let second: string;
  let third: string;
  let file: string;
  let back: string;
  let initial: ReturnType<typeof inventory>;
  let original: Awaited<ReturnType<typeof everythingIn>>;
  let grown: typeof original;

  /** Nothing is left beside the data of a home. */
  const assertTidy = (home: string): void => {
    const left = readdirSync(join(home, 'run')).filter((name) =>
      /^(restoring|replaced|collected)/.test(name),
    );
    assert.deepEqual(left, []);
    const parts = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.part'),
    );
    assert.deepEqual(parts, []);
  };

  /** What a home holds decides here, as for a person who set nothing. */
  const { ORDERS_LAKEHOUSE_RUNTIME: meant } = process.env;

  before(async () => {
    process.env['ORDERS_LAKEHOUSE_RUNTIME'] = 'auto';
    folder = await mkdtemp(join(tmpdir(), 'orders-lakehouse-snapshot-'));
    first = join(folder, 'área de testes');
    second = join(folder, 'in docker');
    third = join(folder, 'de volta à embutida');
    file = join(folder, 'um instantâneo.orders-snapshot.tar.gz');
    back = join(folder, 'back.tar.gz');
    initial = inventory();
    await cliJson(first, 'up', '--runtime', 'embedded');
    const faults = 'duplicate=5%,bad-price=3%,undecodable=2%';
    await cliJson(first, 'produce', '--count', String(SENT), '--seed', '11', '--faults', faults);
    await commitOffsets(first, 'orders', '42');
  });
  after(async () => {
    for (const home of [first, second, third]) await cli(home, 'reset', '--yes');
    if (meant === undefined) delete process.env['ORDERS_LAKEHOUSE_RUNTIME'];
    else process.env['ORDERS_LAKEHOUSE_RUNTIME'] = meant;
    await rm(folder, { recursive: true, force: true });
  });

  it('is refused while a run goes on, which goes on', async () => {
    const run = startCli(first, ['run']);
    const lock = join(first, 'run', 'pipeline.lock');
    await until('the run to begin', () => existsSync(lock) && readFileSync(lock, 'utf8').includes('pid'));
    assert.equal(codeOf(await cli(first, 'snapshot', file)), 'run-in-progress');
    assert.equal((await run.finished).code, 0);
    assert.ok(!existsSync(file));
    original = await everythingIn(first);
    assert.equal(original.messages.length, SENT);
    assert.ok(Object.keys(original.tables).length >= 8);
  });

  it('leaves no file when it is cancelled, and the sandbox runs again', async () => {
    const { child, finished } = startCli(first, ['snapshot', file]);
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await until('the stop to begin', () => said.includes('"state":"stopping"'));
    child.kill('SIGINT');
    assert.equal((await finished).code, 1);
    assert.equal(await stateOf(first), 'running embedded');
    assert.ok(!existsSync(file));
    assertTidy(first);
  });

  it('is one file that says what it holds; the sandbox runs again as it was', async () => {
    const taken = await cliJson<Taken>(first, 'snapshot', file);
    assert.equal(taken.fileBytes, (await stat(file)).size);
    assert.equal(taken.status.state, 'running');
    const { contents, runtime } = taken.manifest;
    assert.equal(runtime, 'embedded');
    assert.deepEqual(contents?.topics, [{ name: 'orders', messages: SENT }]);
    assert.deepEqual(contents.subjects, ['orders-value']);
    assert.deepEqual(
      contents.tables.map(({ name, rows }) => [name, Number(rows)]).sort(),
      Object.entries(original.tables)
        .map(([name, rows]) => [name, rows.length])
        .sort(),
    );
    assert.equal(codeOf(await cli(first, 'snapshot', file)), 'file-exists');
    assert.deepEqual(await everythingIn(first), original);
    await cliJson(first, 'down');
  });

  it('moves into Docker: messages, offsets, groups, schemas and tables are the same', async () => {
    const { status } = await cliJson<Restored>(second, 'restore', file, '--runtime', 'docker');
    assert.deepEqual([status.state, status.runtime], ['stopped', 'docker']);
    assertTidy(second);
    const { containers, networks } = inventory();
    assert.deepEqual(
      { containers, networks },
      { containers: initial['containers'], networks: initial['networks'] },
    );
    await cliJson(second, 'up');
    assert.equal(await stateOf(second), 'running docker');
    assert.deepEqual(await everythingIn(second), original);
  });

  it('goes on there: nothing is new, no row changes, and new orders come once', async () => {
    assert.equal((await cliJson<RunResult>(second, 'run')).upToDate, true);
    await cliJson(second, 'produce', '--count', '5', '--seed', '12');
    const more = await cliJson<RunResult>(second, 'run');
    assert.equal(more.thisRun.bronze, 5);
    assert.equal(more.totals.bronze, SENT + 5);
    assert.ok(more.equationHolds);
    grown = await everythingIn(second);
    const rows = grown.tables['bronze.orders_raw'] ?? [];
    assert.equal(new Set(rows).size, SENT + 5);
    assert.ok((original.tables['bronze.orders_raw'] ?? []).every((row) => rows.includes(row)));
  });

  it('moves back out of Docker, into another home', async () => {
    await cliJson(second, 'down');
    const taken = await cliJson<Taken>(second, 'snapshot', back);
    assert.equal(taken.manifest.runtime, 'docker');
    assertTidy(second);
    await cliJson(third, 'restore', back, '--runtime', 'embedded');
    await cliJson(third, 'up');
    assert.equal(await stateOf(third), 'running embedded');
    assert.deepEqual(await everythingIn(third), grown);
    assert.equal((await cliJson<RunResult>(third, 'run')).upToDate, true);
  });

  it('keeps the start of a lesson, to which the sandbox goes back', async () => {
    assert.equal(codeOf(await cli(first, 'restore')), 'no-lesson');
    const { file: lesson } = await cliJson<Taken>(third, 'snapshot');
    await cliJson(third, 'produce', '--count', '7', '--seed', '13');
    assert.equal(await messagesIn(third), SENT + 12);
    const { status } = await cliJson<Restored>(third, 'restore', '--yes');
    assert.equal(status.state, 'running');
    assert.deepEqual(await everythingIn(third), grown);
    assertTidy(third);
    await cliJson(third, 'reset', '--yes');
    assert.ok(existsSync(lesson));
  });

  it('is not restored over data without a word, nor from a file that is not whole', async () => {
    await cliJson(first, 'up');
    assert.equal(codeOf(await cli(first, 'restore', back)), 'home-holds-data');
    const cut = join(folder, 'cut.tar.gz');
    copyFileSync(back, cut);
    truncateSync(cut, (await stat(cut)).size - 100);
    assert.equal(codeOf(await cli(first, 'restore', cut, '--yes')), 'snapshot-damaged');
    assert.equal(
      codeOf(await cli(first, 'restore', join(first, 'run', 'ports.json'), '--yes')),
      'not-a-snapshot',
    );
    assert.equal(codeOf(await cli(first, 'restore', join(folder, 'none'), '--yes')), 'no-such-file');
    assert.equal(await stateOf(first), 'running embedded');
    assert.deepEqual(await everythingIn(first), original);
    assertTidy(first);
  });

  it('may change the runtime of a home; what was in the other one is gone', async () => {
    await cliJson(second, 'restore', file, '--yes', '--runtime', 'embedded');
    assert.deepEqual(inventory(), initial);
    await cliJson(second, 'up');
    assert.equal(await stateOf(second), 'running embedded');
    assert.equal(await messagesIn(second), SENT);
    assertTidy(second);
  });

  it('leaves nothing behind', async () => {
    for (const home of [first, second, third]) await cliJson(home, 'reset', '--yes');
    assert.deepEqual(inventory(), initial);
  });
});

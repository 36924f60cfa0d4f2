/** The sandbox in real containers: chosen when it can be had, and gone when it ends. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SandboxStatus } from '../../src/core/sandbox.ts';
import { cli, cliJson, startCli, type Finished } from './support/cli.ts';
import { containers, docker, inventory, projectOf } from './support/docker.ts';
import { until } from './support/until.ts';

const failure = ({ stderr }: Finished): { code: string; message: string; hint: string } =>
  JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as { code: string; message: string; hint: string };

describe('the sandbox in Docker', function () {
  this.timeout(900_000);
  let folder: string;
  let home: string;
  let initial: ReturnType<typeof inventory>;

  const up = (of = home, env: Readonly<Record<string, string>> = {}) =>
    startCli(of, ['up', '--runtime', 'docker'], env).finished;
  const project = (): string => projectOf(home) ?? assert.fail('never started');

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'orders-lakehouse-docker-'));
    home = join(folder, 'área de testes');
    initial = inventory();
  });
  after(async () => {
    for (const name of ['área de testes', 'other']) await cli(join(folder, name), 'reset', '--yes');
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

  it('is what "auto" takes for a new home, when an engine answers', async () => {
    const { code, stderr } = await startCli(home, ['up'], { ORDERS_LAKEHOUSE_RUNTIME: 'auto' }).finished;
    assert.equal(code, 0, stderr);
    assert.match(stderr.split('\n')[0] ?? '', /Docker \(\\"auto\\": (Docker|Podman) \S+, /);
  });

  it('runs nothing in a container as root', () => {
    for (const id of containers(project())) assert.notDeepEqual(docker('exec', id, 'id', '-u'), ['0']);
  });

  it('keeps only volumes over a stop', async () => {
    await cliJson(home, 'down');
    const { networks, volumes } = inventory();
    assert.deepEqual(containers(project()), []);
    assert.deepEqual(networks, initial['networks']);
    assert.equal((volumes ?? []).length, (initial['volumes'] ?? []).length + 3);
  });

  it('leaves nothing behind after a reset', async () => {
    await cliJson(home, 'reset', '--yes');
    assert.deepEqual(inventory(), initial);
    assert.equal((await cliJson<SandboxStatus>(home, 'status')).state, 'stopped');
  });
});

/** The doctor on the real machine: what is in the way is named with its evidence, and mended without losing data. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding } from '../../src/core/doctor.ts';
import type { SandboxStatus } from '../../src/core/sandbox.ts';
import { identityOf } from '../../src/adapters/processIdentity.ts';
import { cli, cliJson, startCli, type Finished } from './support/cli.ts';
import { until } from './support/until.ts';

interface Looked {
  readonly findings: readonly Finding[];
  readonly mended?: readonly string[];
}

const EMBEDDED = { ORDERS_LAKEHOUSE_RUNTIME: 'embedded' };
const DEAD_MIRROR = { PIP_INDEX_URL: 'http://maria:geheim@127.0.0.1:9/simple' };

const lastLine = ({ stderr }: Finished): string => stderr.trim().split('\n').at(-1) ?? '';
const named = ({ findings }: Looked, id: string): Finding => {
  const found = findings.find((one) => one.id === id);
  assert.ok(found, `${id} among ${findings.map((one) => one.id).join(', ')}`);
  return found;
};

describe('the doctor', function () {
  this.timeout(600_000);
  let folder: string;
  let home: string;
  const children: ChildProcess[] = [];

  const look = async (env: Readonly<Record<string, string>> = {}, ...args: readonly string[]) => {
    const done = await startCli(home, ['doctor', ...args], { ...EMBEDDED, ...env }).finished;
    assert.notEqual(done.stdout, '', done.stderr);
    return { ...done, looked: JSON.parse(done.stdout) as Looked };
  };
  /** A program of somebody's that listens on a port, and the port. */
  const holder = async (): Promise<{ pid: number; port: number }> => {
    const script =
      "const s = require('net').createServer().listen(0, '127.0.0.1', () => console.log(s.address().port))";
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    return { pid: child.pid ?? 0, port: Number(said.toString()) };
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'orders-lakehouse-doctor-'));
    home = join(folder, 'área de testes');
  });
  after(async () => {
    for (const child of children) child.kill('SIGKILL');
    await cli(home, 'down');
    await rm(folder, { recursive: true, force: true });
  });

  it('names the program that holds a pinned port, and fails', async () => {
    const { pid, port } = await holder();
    const { code, looked, stderr } = await look({ ORDERS_LAKEHOUSE_PORTS: `spark.sql=${port}` });
    const { status, evidence, mend } = named(looked, 'ports');
    assert.equal(status, 'problem');
    assert.equal(evidence, `Port ${port}, set for spark.sql, is held by node (process ${pid}).`);
    assert.deepEqual(mend, { kind: 'setting', name: 'ports.sparkSql', label: 'Set another port' });
    assert.equal(code, 1);
    assert.equal(
      (JSON.parse(lastLine({ code, stderr, stdout: '' })) as { code: string }).code,
      'problems-found',
    );
  });

  it('names a mirror that cannot be reached, without its password: a problem while something is missing', async () => {
    const cache = join(folder, 'empty cache');
    const { looked, stdout } = await look({ ...DEAD_MIRROR, ORDERS_LAKEHOUSE_CACHE: cache });
    const { status, evidence } = named(looked, 'network');
    assert.equal(status, 'problem');
    assert.match(evidence, /^http:\/\/127\.0\.0\.1:9\/simple \(Python packages\) cannot be reached/);
    assert.ok(!stdout.includes('geheim'));
    assert.equal(existsSync(cache), false);
  });

  it('deletes downloads of other versions when it is told to, but what runs from one, and what is not ours', async () => {
    const cache = join(folder, 'cache');
    for (const name of ['kafka-0.1-aaaaaaaaaaaa', 'registry-0.1-bbbbbbbbbbbb', 'photos']) {
      mkdirSync(join(cache, name), { recursive: true });
    }
    const busy = join(cache, 'registry-0.1-bbbbbbbbbbbb');
    children.push(spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)', join(busy, 'x.jar')]));
    const env = { ORDERS_LAKEHOUSE_CACHE: cache };
    const before = named((await look(env)).looked, 'cache');
    assert.match(before.evidence, /kafka-0\.1-aaaaaaaaaaaa$/);
    assert.deepEqual((await look(env, '--mend')).looked.mended, []);
    assert.equal(readdirSync(cache).length, 3);
    assert.deepEqual((await look(env, '--mend', 'cache')).looked.mended, ['cache']);
    assert.deepEqual(readdirSync(cache).sort(), ['photos', 'registry-0.1-bbbbbbbbbbbb']);
  });

  it('is asked by a start that fails, which stays one line of JSON', async () => {
    const { port } = await holder();
    const env = { ...EMBEDDED, ...DEAD_MIRROR, ORDERS_LAKEHOUSE_PORTS: `kafka.broker=${port}` };
    const done = await startCli(home, ['up'], env).finished;
    assert.equal(done.code, 1);
    const error = JSON.parse(lastLine(done)) as Looked & { type: string; code: string };
    assert.equal(error.type, 'error');
    assert.equal(error.code, 'port-taken');
    assert.deepEqual(
      error.findings
        .filter(({ id }) => id === 'ports' || id === 'network')
        .map(({ id, status }) => [id, status]),
      [
        ['ports', 'problem'],
        ['network', 'warning'],
      ],
    );
    assert.ok(error.findings.every(({ status }) => status !== 'ok'));
    assert.ok(!done.stderr.includes('geheim'));
  });

  it('finds the parts of a supervisor that was killed, and ends them; the data stays', async () => {
    await cliJson(home, 'up', '--runtime', 'embedded');
    const { supervisor, parts } = await cliJson<SandboxStatus>(home, 'status');
    assert.ok(supervisor);
    process.kill(supervisor.pid, 'SIGKILL');
    await until('its end', () => identityOf(supervisor.pid) === undefined);
    const { looked } = await look();
    const left = named(looked, 'leftovers');
    assert.equal(left.status, 'warning');
    assert.equal(parts.length, 3);
    for (const { name, pid } of parts) assert.ok(left.evidence.includes(`${name} (process ${pid ?? ''})`));
    assert.equal(named(looked, 'sandbox').status, 'problem');

    const mended = await look({}, '--mend');
    assert.deepEqual(mended.looked.mended, ['leftovers']);
    assert.deepEqual(
      parts.filter(({ pid }) => identityOf(pid ?? 0) !== undefined),
      [],
    );
    assert.equal(named(mended.looked, 'leftovers').status, 'ok');
    assert.equal((await cliJson<SandboxStatus>(home, 'status')).state, 'stopped');
    assert.ok(readdirSync(join(home, 'data', 'kafka')).length > 0);
  });
});

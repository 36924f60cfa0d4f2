import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PartSpec } from '../../../../src/adapters/supervisor/launch.ts';
import { supervisePart, type Part } from '../../../../src/adapters/supervisor/part.ts';
import { identityOf } from '../../../../src/adapters/processIdentity.ts';
import { until } from '../../../live/support/until.ts';

const POLICY = { backoffMs: [0, 10, 10], steadyMs: 60_000, checkMs: 50 };

describe('a supervised part', () => {
  let folder: string;
  let part: Part | undefined;
  const states: string[] = [];

  const supervise = (script: string, change: Partial<PartSpec> = {}): Part => {
    const spec: PartSpec = {
      name: 'kafka',
      command: process.execPath,
      args: ['-e', script],
      ports: { broker: 1 },
      logFile: join(folder, 'kafka.log'),
      ready: [{ kind: 'log', text: 'started' }],
      readyTimeoutMs: 5000,
      stopGraceMs: 5000,
      ...change,
    };
    states.length = 0;
    const made = supervisePart(
      spec,
      () => {
        if (part) states.push(part.record.state);
      },
      POLICY,
    );
    part = made;
    return made;
  };
  const reaches = (state: string) =>
    until(`the state ${state}`, () => part?.record.state === state || undefined, 9000);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'orders-part-'));
  });
  afterEach(async () => {
    await part?.stop();
    part = undefined;
    rmSync(folder, { recursive: true });
  });

  const SERVER = "console.log('started'); setInterval(() => 0, 1000);";

  it('runs once it answers, and is gone after a stop', async () => {
    const made = supervise(SERVER);
    assert.equal(made.record.state, 'starting');
    await reaches('running');
    const pid = made.record.process?.pid ?? 0;
    assert.ok(identityOf(pid));
    await made.stop();
    assert.equal(made.record.state, 'stopped');
    assert.equal(identityOf(pid), undefined);
    assert.deepEqual(states, ['running', 'stopping', 'stopped']);
  });

  it('is restarted after kill -9, and tells why', async () => {
    const made = supervise(SERVER);
    await reaches('running');
    const before = made.record.process?.pid ?? 0;
    process.kill(before, 'SIGKILL');
    await until('the restart', () => made.record.restarts === 1 || undefined);
    assert.match(made.record.message ?? '', /SIGKILL/);
    await reaches('running');
    assert.notEqual(made.record.process?.pid, before);
    assert.deepEqual(states.slice(1), ['restarting', 'restarting', 'running']);
  });

  it('that hangs is shown, left to itself, and runs again once it answers', async () => {
    // It lives on and gives no answer while the file is there.
    const hang = join(folder, 'hang');
    const server = `require('net').createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (bytes) => socket.end(require('fs').existsSync(${JSON.stringify(hang)}) ? '' : bytes));
    }).listen(0, '127.0.0.1', function () { require('fs').writeFileSync(${JSON.stringify(join(folder, 'port'))}, String(this.address().port)); console.log('started'); })`;
    const alive = {
      kind: 'reply',
      get port() {
        return Number(readFileSync(join(folder, 'port'), 'utf8'));
      },
      send: '\n',
    } as const;
    const made = supervise(server, { alive });
    await reaches('running');
    const pid = made.record.process?.pid;
    writeFileSync(hang, '');
    await reaches('unresponsive');
    assert.match(made.record.message ?? '', /not answered for \d+ s/);
    rmSync(hang);
    await reaches('running');
    assert.equal(made.record.message, undefined);
    assert.equal(made.record.process?.pid, pid);
    assert.equal(made.record.restarts, 0);
    writeFileSync(hang, '');
    await reaches('unresponsive');
    process.kill(pid ?? 0, 'SIGKILL');
    rmSync(hang);
    await until('the restart', () => made.record.restarts === 1 || undefined);
    await reaches('running');
  });

  it('that never came up has failed at once, with the reason of its log', async () => {
    const made = supervise(
      "console.error('java.net.BindException: Address already in use'); process.exit(1)",
    );
    await reaches('failed');
    assert.equal(made.record.restarts, 0);
    assert.match(made.record.message ?? '', /1: java\.net\.BindException: Address already in use/);
    assert.equal(made.record.problem, undefined);
  });

  it('tells that its disk is full, whatever the last line of its log is', async () => {
    const made = supervise(
      "console.error('java.io.IOException: No space left on device\\nERROR gave up'); process.exit(1)",
    );
    await reaches('failed');
    assert.equal(made.record.problem, 'disk-full');
    assert.match(made.record.message ?? '', /ERROR gave up/);
  });

  it('that ends again and again is given up', async () => {
    const made = supervise("console.log('started'); setTimeout(() => process.exit(2), 300)");
    await reaches('failed');
    assert.equal(made.record.restarts, POLICY.backoffMs.length);
    assert.equal(made.record.process, undefined);
  });

  it('that does not answer in time is ended', async () => {
    const made = supervise('setInterval(() => 0, 1000)', { readyTimeoutMs: 300 });
    await until('a process', () => made.record.process);
    const pid = made.record.process?.pid ?? 0;
    await reaches('failed');
    assert.equal(identityOf(pid), undefined);
  });

  it('takes what it started with it', async () => {
    const made = supervise(
      "const {spawn} = require('child_process'); const c = spawn('sleep', ['1000']); console.log('child', c.pid); console.log('started'); setInterval(() => 0, 1000)",
    );
    await reaches('running');
    const child = Number(/child (\d+)/.exec(readFileSync(join(folder, 'kafka.log'), 'utf8'))?.[1]);
    assert.ok(identityOf(child));
    await made.stop();
    await until('the child to be gone', () => identityOf(child) === undefined || undefined);
  });

  it('keeps what it wrote as it ended, unless it was ended by force', async () => {
    const archive = { made: join(folder, 'made'), kept: join(folder, 'kept') };
    const write = `process.on('SIGTERM', () => { require('fs').writeFileSync(${JSON.stringify(archive.made)}, 'x');`;
    supervise(`${write} process.exit(143); }); ${SERVER}`, { archive });
    await reaches('running');
    await part?.stop();
    assert.deepEqual(readdirSync(folder).sort(), ['kafka.log', 'kept']);
    rmSync(archive.kept);
    supervise(`${write} }); ${SERVER}`, { archive, stopGraceMs: 500 });
    await reaches('running');
    await part?.stop();
    assert.deepEqual(readdirSync(folder), ['kafka.log']);
  });

  it('is stopped in the middle of its start', async () => {
    const made = supervise('setInterval(() => 0, 1000)');
    const pid = made.record.process?.pid ?? 0;
    await made.stop();
    assert.equal(made.record.state, 'stopped');
    assert.equal(identityOf(pid), undefined);
  });

  it('whose program is not there has failed', async () => {
    const made = supervise('', { command: '/no/such/java' });
    await reaches('failed');
    assert.match(made.record.message ?? '', /ENOENT/);
  });
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  endProcess,
  identityOf,
  isAlive,
  memoryOf,
  signalProcess,
  startTimeOfStat,
} from '../../../src/adapters/processIdentity.ts';

const sleeper = () => spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' });

describe('the identity of a process', () => {
  it('reads the start time behind a name with blanks and brackets', () => {
    const fields = Array.from({ length: 40 }, (_, index) => String(index + 3));
    fields[0] = 'S';
    // Field 22 of the manual page; the third field is the state.
    assert.equal(startTimeOfStat(`7 (a (b) c) ${fields.join(' ')}`), '22');
  });

  it('takes one that only waits for its parent as gone', () => {
    assert.equal(startTimeOfStat(`7 (x) Z ${'1 '.repeat(30)}`), undefined);
  });

  it('knows this process, and its memory', () => {
    const me = identityOf(process.pid);
    assert.ok(me && isAlive(me));
    const mine = memoryOf(process.pid) ?? 0;
    assert.ok(Math.abs(mine - process.memoryUsage.rss()) < 0.5 * process.memoryUsage.rss());
  });

  it('never signals another process that has the same id', async () => {
    const child = sleeper();
    await once(child, 'spawn');
    const real = identityOf(child.pid ?? 0);
    assert.ok(real);
    assert.equal(signalProcess({ ...real, startTime: 'another' }, 'SIGKILL'), false);
    assert.ok(isAlive(real));
    assert.equal(signalProcess(real, 'SIGKILL'), true);
    await once(child, 'exit');
    assert.equal(isAlive(real), false);
    assert.equal(identityOf(real.pid), undefined);
  });

  it('ends one that does not listen to SIGTERM by force', async () => {
    const child = spawn(
      process.execPath,
      ['-e', "process.on('SIGTERM', () => 0); setInterval(() => 0, 1000); console.log('up')"],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    await once(child.stdout, 'data');
    const identity = identityOf(child.pid ?? 0);
    assert.ok(identity);
    const exited = once(child, 'exit');
    await endProcess(identity, 100);
    assert.deepEqual(await exited, [null, 'SIGKILL']);
  });
});

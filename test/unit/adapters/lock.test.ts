import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isCancelled } from '../../../src/core/errors.ts';
import { lock, lockHolder, tryLock } from '../../../src/adapters/lock.ts';

describe('a lock', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'orders-lock-'));
    path = join(folder, 'deeper', 'the.lock');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('is held by one, and free afterwards', () => {
    const held = tryLock(path);
    assert.ok(held);
    assert.equal(lockHolder(path)?.pid, process.pid);
    assert.equal(tryLock(path), undefined);
    held.release();
    assert.equal(lockHolder(path), undefined);
    tryLock(path)?.release();
    assert.deepEqual(readdirSync(join(folder, 'deeper')), [], 'nothing is left behind');
  });

  it('of a process that is gone counts for nothing', () => {
    tryLock(path)?.release();
    writeFileSync(path, JSON.stringify({ pid: process.pid, startTime: 'of another process' }));
    const held = tryLock(path);
    assert.ok(held);
    held.release();
    assert.equal(existsSync(path), false);
  });

  it('is waited for, in order, and says so once', async () => {
    const first = await lock(path);
    let waits = 0;
    const second = lock(path, undefined, () => (waits += 1));
    first.release();
    (await second).release();
    assert.equal(waits, 1);
  });

  it('can be given up waiting for', async () => {
    const held = await lock(path);
    const controller = new AbortController();
    const waiting = lock(path, controller.signal, () => {
      controller.abort();
    });
    await assert.rejects(waiting, isCancelled);
    held.release();
  });
});

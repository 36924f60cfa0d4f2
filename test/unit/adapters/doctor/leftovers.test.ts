import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lookWith } from '../../../../src/adapters/doctor/check.ts';
import { endLeftovers, orphans, staleFiles } from '../../../../src/adapters/doctor/leftovers.ts';
import { homeLayout, type HomeLayout } from '../../../../src/adapters/home.ts';
import { identityOf } from '../../../../src/adapters/processIdentity.ts';

const me = identityOf(process.pid);
const dead = { pid: 2 ** 22 + 1, startTime: '1' };

describe('what a dead sandbox left', () => {
  let layout: HomeLayout;
  const state = (supervisor: unknown, part: unknown) => {
    const record = { name: 'kafka', state: 'running', process: part, ports: {}, since: '', restarts: 0 };
    writeFileSync(
      layout.state,
      JSON.stringify({ supervisor, phase: 'running', endpoints: {}, parts: [record] }),
    );
  };
  beforeEach(() => {
    layout = homeLayout(mkdtempSync(join(tmpdir(), 'orders-lakehouse-left-')));
    mkdirSync(layout.run);
  });
  afterEach(() => {
    rmSync(layout.home, { recursive: true });
  });

  it('is nothing in a new home, and nothing while it is watched over', () => {
    assert.deepEqual([orphans(layout), staleFiles(layout)], [[], []]);
    state(me, me);
    assert.deepEqual([orphans(layout), staleFiles(layout)], [[], []]);
  });

  it('is a part that lives without its supervisor; it is ended, and the record with it', async () => {
    const child = spawn('sleep', ['600']);
    const exited = once(child, 'exit');
    const pid = child.pid ?? 0;
    state(dead, identityOf(pid));
    assert.deepEqual(orphans(layout), [{ name: 'kafka', pid }]);
    await endLeftovers(layout, () => undefined);
    assert.deepEqual(await exited, [null, 'SIGTERM']);
    assert.equal(existsSync(layout.state), false);
  });

  it('is a lock whose holder is gone; the lock of one who lives stays', async () => {
    state(dead, dead);
    writeFileSync(layout.pipelineLock, JSON.stringify(dead));
    assert.deepEqual(staleFiles(layout), [layout.state, layout.pipelineLock]);
    await endLeftovers(layout, () => undefined);
    assert.deepEqual([existsSync(layout.state), existsSync(layout.pipelineLock)], [false, false]);
    writeFileSync(layout.pipelineLock, JSON.stringify(me));
    await endLeftovers(layout, () => undefined);
    assert.ok(existsSync(layout.pipelineLock));
  });
});

describe('a check', () => {
  it('that fails by itself is a finding that says so', async () => {
    const check = {
      id: 'x',
      title: 'X',
      look: () => {
        throw new Error('broken');
      },
    };
    assert.deepEqual(await lookWith(check, {} as never), [
      { id: 'x', title: 'X', status: 'warning', evidence: 'This could not be looked at: broken' },
    ]);
  });
});

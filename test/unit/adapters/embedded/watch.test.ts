import assert from 'node:assert/strict';
import { createCpuMeter } from '../../../../src/adapters/embedded/watch.ts';
import { identityOf, millisecondsOfTime, processorTimeOf } from '../../../../src/adapters/processIdentity.ts';
import type { SandboxStatus } from '../../../../src/core/sandbox.ts';

const status = (pid?: number): SandboxStatus => ({
  home: '/home',
  runtime: 'embedded',
  state: 'running',
  parts: [{ name: 'kafka', state: 'running', ports: {}, restarts: 0, ...(pid === undefined ? {} : { pid }) }],
});

describe('what a part uses of the processor', () => {
  it('is the time it worked between two looks, 100 for one core', () => {
    let used = 5000;
    let now = 0;
    const meter = createCpuMeter(
      () => used,
      () => now,
    );
    const look = (pid?: number) => meter.measure(status(pid)).parts[0]?.cpuPercent;
    assert.equal(look(7), undefined);
    [now, used] = [3000, 5600];
    assert.equal(look(7), 20);
    // A change of state a moment later measures nothing new.
    [now, used] = [3001, 5610];
    assert.equal(look(7), 20);
    [now, used] = [6000, 11_600];
    assert.equal(look(7), 200);
    // Another process is another one.
    [now, used] = [9000, 50];
    assert.equal(look(8), undefined);
    assert.equal(look(undefined), undefined);
  });

  it('is read of a real process', () => {
    const before = processorTimeOf(process.pid) ?? 0;
    const busyUntil = process.cpuUsage().user + 60_000;
    while (process.cpuUsage().user < busyUntil) identityOf(process.pid);
    const used = (processorTimeOf(process.pid) ?? 0) - before;
    assert.ok(used >= 30, `${used} ms`);
    assert.equal(processorTimeOf(2 ** 22 - 3), undefined);
  });

  it('is read as ps writes it', () => {
    for (const [text, milliseconds] of [
      ['0:01.50', 1500],
      ['12:03', 723_000],
      ['01:00:00', 3_600_000],
      ['2-03:04:05', 183_845_000],
    ] as const) {
      assert.equal(millisecondsOfTime(text), milliseconds);
    }
    assert.equal(millisecondsOfTime(undefined), undefined);
  });
});

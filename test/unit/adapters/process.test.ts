import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isCancelled } from '../../../src/core/errors.ts';
import { run } from '../../../src/adapters/process.ts';
import { identityOf } from '../../../src/adapters/processIdentity.ts';
import { until } from '../../live/support/until.ts';

const node = (script: string, env: Record<string, string | null> = {}) => ({
  command: process.execPath,
  args: ['-e', script],
  env,
});

describe('running a program', () => {
  it('gives the exit code, the output and its end', async () => {
    const done = await run(node("console.log('out'); console.error('why'); process.exitCode = 3"));
    assert.equal(done.code, 3);
    assert.equal(done.stdout, 'out\n');
    assert.deepEqual([...done.tail].sort(), ['out', 'why']);
  });

  it('hands on each line, those that overwrite each other too', async () => {
    const lines: string[] = [];
    await run(node("process.stdout.write('1 of 2\\r2 of 2\\r\\nend')"), {
      onLine: (line) => lines.push(line),
    });
    assert.deepEqual(lines, ['1 of 2', '2 of 2', 'end']);
  });

  it('tells a program that is not there by its code', async () => {
    const done = await run({ command: '/no/such/program', args: [] });
    assert.equal(done.spawnError?.code, 'ENOENT');
  });

  it('adds to the environment, and removes from it', async () => {
    process.env['ORDERS_TEST_GONE'] = 'x';
    const script = 'console.log(process.env.ORDERS_TEST_NEW, process.env.ORDERS_TEST_GONE)';
    const { stdout } = await run(node(script, { ORDERS_TEST_NEW: 'a b', ORDERS_TEST_GONE: null }));
    delete process.env['ORDERS_TEST_GONE'];
    assert.equal(stdout, 'a b undefined\n');
  });

  it('ends the whole tree when it is cancelled', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'orders-process-'));
    const pidFile = join(folder, 'pid');
    // The grandchild takes no notice of SIGTERM.
    const grandchild = `process.on('SIGTERM', () => 0); require('fs').writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); setInterval(() => 0, 1000)`;
    const script = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(grandchild)}], { stdio: 'ignore' }); setInterval(() => 0, 1000)`;
    const controller = new AbortController();
    const running = run(node(script), { signal: controller.signal });
    const pid = await until('the grandchild', () =>
      existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) || undefined : undefined,
    );
    controller.abort();
    await assert.rejects(running, isCancelled);
    await until('the grandchild to be gone', () => identityOf(pid) === undefined || undefined);
    rmSync(folder, { recursive: true });
  });
});

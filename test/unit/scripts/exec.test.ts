import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { identityOf } from '../../../src/adapters/processIdentity.ts';

const EXEC = pathToFileURL(join(import.meta.dirname, '..', '..', '..', 'scripts', 'exec.mjs')).href;
/** A command with a child of its own, one that follows, and one that cleans up. */
const SCRIPT = `
  const { exec } = await import(${JSON.stringify(EXEC)});
  const child = "console.log('pid', process.pid); setInterval(() => 0, 1000)";
  const parent = "require('child_process').spawn(process.execPath, ['-e', process.argv[1]], { stdio: 'inherit' })";
  const first = await exec(process.execPath, ['-e', parent, child]);
  await exec(process.execPath, ['-e', "console.log('not reached')"]);
  await exec(process.execPath, ['-e', "console.log('cleaned up')"], { always: true });
  console.log('code', first.code);
`;

describe('a script that is interrupted', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`ends the trees of its commands at ${signal}, and then cleans up`, async () => {
      const script = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const exited = once(script, 'exit');
      const lines: string[] = [];
      for await (const line of createInterface({ input: script.stdout })) {
        lines.push(line);
        if (line.startsWith('pid')) script.kill(signal);
      }
      await exited;
      const [first = '', ...rest] = lines;
      assert.equal(identityOf(Number(first.split(' ')[1])), undefined);
      assert.deepEqual(rest, ['cleaned up', 'code 1']);
    });
  }
});

// Runs commands for the other scripts, and ends them when the script is interrupted.
import { spawn } from 'node:child_process';
import { root } from './setup.mjs';

/** What runs now; each has a process group of its own, so that its whole tree can be ended. */
const running = new Set();
const GRACE_MS = 60_000;
let interrupted = false;

/** From the first SIGINT, SIGTERM or SIGHUP on, only commands that must run `always` are started. */
export const wasInterrupted = () => interrupted;

function signalAll(signal) {
  for (const { pid } of running) {
    try {
      process.kill(-pid, signal);
    } catch (error) {
      // It ended a moment ago.
      if (error.code !== 'ESRCH') throw error;
    }
  }
}

function interrupt() {
  // Who asks again will not wait.
  signalAll(interrupted ? 'SIGKILL' : 'SIGTERM');
  interrupted = true;
  setTimeout(() => signalAll('SIGKILL'), GRACE_MS).unref();
}
process.on('SIGINT', interrupt).on('SIGTERM', interrupt).on('SIGHUP', interrupt);

/**
 * Runs to the end; resolves {code, output}. With `echo` what it prints is shown as it comes; `always` is for what
 * cleans up, which an interruption does not end.
 */
export function exec(command, args, { env = {}, echo = true, cwd = root, always = false } = {}) {
  if (interrupted && !always) return Promise.resolve({ code: 130, output: '' });
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    if (child.pid !== undefined && !always) running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
        if (echo) process.stdout.write(chunk);
      });
    }
    child.on('error', (error) => resolve({ code: 127, output: `${output}${error.message}\n` }));
    child.on('close', (code) => {
      running.delete(child);
      resolve({ code: code ?? 1, output });
    });
  });
}

/** A program of node_modules/.bin. */
export const tool = (name) => `${root}node_modules/.bin/${name}`;

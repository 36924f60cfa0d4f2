// Runs commands for the other scripts.
import { spawn } from 'node:child_process';
import { root } from './setup.mjs';

/** Runs to the end; resolves {code, output}. With `echo` what it prints is shown as it comes. */
export function exec(command, args, { env = {}, echo = true, cwd = root } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
        if (echo) process.stdout.write(chunk);
      });
    }
    child.on('error', (error) => resolve({ code: 127, output: `${output}${error.message}\n` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** A program of node_modules/.bin. */
export const tool = (name) => `${root}node_modules/.bin/${name}`;

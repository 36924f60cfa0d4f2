/** The terminal program as a person runs it: a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** The build of this checkout, or the program that ORDERS_LAKEHOUSE_PROGRAM names. */
export const PROGRAM =
  process.env['ORDERS_LAKEHOUSE_PROGRAM'] ?? join(import.meta.dirname, '..', '..', '..', 'dist', 'cli.js');

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts a verb; the caller waits, or kills it. `through` is a command that runs the one it is given. */
export function startCli(
  home: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  through: readonly string[] = [],
): { child: ChildProcess; finished: Promise<Finished> } {
  const [command = '', ...rest] = [...through, process.execPath, PROGRAM, '--home', home, '--json', ...args];
  const child = spawn(command, rest, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ORDERS_LAKEHOUSE_RUNTIME: 'embedded', ...process.env, ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const finished = once(child, 'close').then(([code, signal]) => ({
    code: (code as number | null) ?? (signal === null ? 0 : 128),
    stdout,
    stderr,
  }));
  return { child, finished };
}

/** Runs a verb to its end with --json. */
export function cli(home: string, ...args: string[]): Promise<Finished> {
  return startCli(home, args).finished;
}

/** The document of a verb that must succeed. */
export async function cliJson<T>(home: string, ...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await cli(home, ...args);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr.slice(-3000)}`);
  return JSON.parse(stdout) as T;
}

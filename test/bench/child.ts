/** Programs as processes of their own, timed from their start to their end. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { resourceFolder } from '../../src/adapters/resources.ts';

export interface Ended {
  readonly seconds: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The lines of standard error, each with the seconds since the start. */
  readonly told: readonly (readonly [number, string])[];
}

export interface ChildOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly onStart?: (pid: number) => void;
}

/** Runs a program to its end; one that fails throws with the end of what it said. */
export async function runProgram(
  command: string,
  args: readonly string[],
  { env = {}, onStart }: ChildOptions = {},
): Promise<Ended> {
  const started = performance.now();
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  const told: [number, string][] = [];
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  createInterface({ input: child.stderr }).on('line', (line) => {
    stderr += `${line}\n`;
    told.push([(performance.now() - started) / 1000, line]);
  });
  if (child.pid !== undefined) onStart?.(child.pid);
  const [code] = (await once(child, 'close')) as [number | null];
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0)
    throw new Error(`${command} ${args.join(' ')} ended with ${String(code)}: ${stderr.slice(-4000)}`);
  return { seconds, stdout, stderr, told };
}

/** The terminal program as a person runs it, with --json. */
export function cli(home: string, args: readonly string[], options?: ChildOptions): Promise<Ended> {
  const program = join(resourceFolder(), 'dist', 'cli.js');
  return runProgram(process.execPath, [program, '--home', home, '--json', ...args], options);
}

/** Another program of this folder, built beside this one; prints one JSON document. */
export async function sibling<T>(name: string, args: readonly string[]): Promise<T> {
  const { stdout } = await runProgram(process.execPath, [join(__dirname, `${name}.js`), ...args]);
  return JSON.parse(stdout) as T;
}

/** The one place that spawns programs. Each gets its own process group, so that its whole tree can be ended. */
import { spawn, type ChildProcess } from 'node:child_process';
import { Cancelled, throwIfCancelled } from '../core/errors.ts';

/** An external command as a value. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Added to the environment; `null` removes a variable. */
  readonly env?: Readonly<Record<string, string | null>>;
}

export interface Finished {
  /** Exit code; -1 when a signal ended it or it could not be started. */
  readonly code: number;
  readonly stdout: string;
  /** The last lines of both streams, for messages. */
  readonly tail: readonly string[];
  /** Why it could not be started, e.g. ENOENT. */
  readonly spawnError?: NodeJS.ErrnoException;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** Every line of both streams; `\r` ends a line too, as progress bars use it. */
  readonly onLine?: (line: string) => void;
  /** Milliseconds; the tree is ended after that. */
  readonly timeoutMs?: number;
}

const TAIL = 40;
const KEPT_BYTES = 4 * 1024 * 1024;

export function mergedEnvironment(extra: Command['env'] = {}): NodeJS.ProcessEnv {
  const environment = { ...process.env };
  for (const [name, value] of Object.entries(extra)) {
    if (value === null) Reflect.deleteProperty(environment, name);
    else environment[name] = value;
  }
  return environment;
}

/** Signals a whole process group; one that is already gone is fine. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function splitter(onLine: (line: string) => void): { push(text: string): void; end(): void } {
  let rest = '';
  return {
    push(text) {
      const lines = (rest + text).split(/\r\n|\r|\n/);
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
    },
    end() {
      if (rest) onLine(rest);
    },
  };
}

/** Ends the tree: SIGTERM, and SIGKILL after `graceMs` to what is left. */
function endTree(child: ChildProcess, graceMs: number): void {
  const { pid } = child;
  if (pid === undefined) return;
  signalGroup(pid, 'SIGTERM');
  const timer = setTimeout(() => {
    signalGroup(pid, 'SIGKILL');
  }, graceMs);
  child.once('close', () => {
    clearTimeout(timer);
    signalGroup(pid, 'SIGKILL');
  });
}

/**
 * Runs a command to its end. A failing command is a result, not an exception.
 * Throws {@link Cancelled} after the whole tree has ended when the signal aborts.
 */
export async function run(command: Command, options: RunOptions = {}): Promise<Finished> {
  const { signal, onLine, timeoutMs } = options;
  throwIfCancelled(signal);
  const child = spawn(command.command, [...command.args], {
    cwd: command.cwd,
    env: mergedEnvironment(command.env),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const end = (): void => {
    endTree(child, 5000);
  };
  signal?.addEventListener('abort', end, { once: true });
  const timer = timeoutMs === undefined ? undefined : setTimeout(end, timeoutMs);

  let stdout = '';
  const tail: string[] = [];
  const take = (line: string): void => {
    if (line.trim()) tail.push(line);
    if (tail.length > TAIL) tail.shift();
    onLine?.(line);
  };
  const lines = [splitter(take), splitter(take)] as const;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (stdout.length < KEPT_BYTES) stdout += text;
    lines[0].push(text);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    lines[1].push(text);
  });

  const finished = await new Promise<Finished>((resolve) => {
    child.once('error', (spawnError: NodeJS.ErrnoException) => {
      resolve({ code: -1, stdout, tail, spawnError });
    });
    child.once('close', (code) => {
      for (const one of lines) one.end();
      resolve({ code: code ?? -1, stdout, tail });
    });
  });
  clearTimeout(timer);
  signal?.removeEventListener('abort', end);
  if (signal?.aborted) throw new Cancelled();
  return finished;
}

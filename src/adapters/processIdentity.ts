/** A process is its id and its start time together: an id alone may have been given to another program. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; equal for the same process only. */
  readonly startTime: string;
}

/** Field 22 of /proc/PID/stat, counted after the name, which may hold blanks and brackets. */
export function startTimeOfStat(stat: string): string | undefined {
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .trim()
    .split(' ');
  // Z and X: it has ended and only waits for its parent to notice.
  return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
}

function ps(pid: number, field: string): string | undefined {
  try {
    return (
      execFileSync('ps', ['-o', `${field}=`, '-p', String(pid)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim() || undefined
    );
  } catch (error) {
    // ps exits with 1 when there is no such process.
    if ((error as { status?: number }).status === 1) return undefined;
    throw error;
  }
}

function proc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}

/** Undefined when there is no such process. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  let startTime: string | undefined;
  if (process.platform === 'linux') {
    const stat = proc(pid, 'stat');
    startTime = stat === undefined ? undefined : startTimeOfStat(stat);
  } else {
    startTime = ps(pid, 'lstart');
  }
  return startTime === undefined ? undefined : { pid, startTime };
}

export function isAlive(identity: ProcessIdentity): boolean {
  return identityOf(identity.pid)?.startTime === identity.startTime;
}

/** Resident bytes; undefined when it is gone. */
export function memoryOf(pid: number): number | undefined {
  const kibibytes =
    process.platform === 'linux' ? /^VmRSS:\s+(\d+)/m.exec(proc(pid, 'status') ?? '')?.[1] : ps(pid, 'rss');
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}

/** Milliseconds of processor time since it started; undefined when it is gone. */
export function processorTimeOf(pid: number): number | undefined {
  if (process.platform !== 'linux') return millisecondsOfTime(ps(pid, 'time'));
  const stat = proc(pid, 'stat');
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  // utime and stime, fields 14 and 15, in hundredths of a second on every Linux there is.
  return fields && (Number(fields[11]) + Number(fields[12])) * 10;
}

/** `[[dd-]hh:]mm:ss[.cc]`, as ps writes it. */
export function millisecondsOfTime(text: string | undefined): number | undefined {
  const match = /^(?:(?:(\d+)-)?(\d+):)?(\d+):(\d+(?:\.\d+)?)$/.exec(text ?? '');
  if (!match) return undefined;
  // What is not there is no part of the time.
  const [days = 0, hours = 0, minutes = 0, seconds = 0] = match.slice(1).map((part) => Number(part || 0));
  return Math.round((((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000);
}

/** Signals exactly this process, never another that got its id. Returns whether it was there. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isAlive(identity)) return false;
  try {
    process.kill(identity.pid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Ends a process: SIGTERM, SIGKILL after the grace, and resolves when it is gone. */
export async function endProcess(identity: ProcessIdentity, graceMs: number): Promise<void> {
  if (!signalProcess(identity, 'SIGTERM')) return;
  const killAt = Date.now() + graceMs;
  let killed = false;
  while (isAlive(identity)) {
    if (!killed && Date.now() > killAt) {
      signalProcess(identity, 'SIGKILL');
      killed = true;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

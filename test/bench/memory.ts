/** Resident memory of the sandbox's parts and of the programs that work with them, sampled. */
import { runProgram } from './child.ts';
import { mebibytes } from './report.ts';
import type { Sandbox } from './sandbox.ts';

const EVERY_MS = 500;

export interface Memory {
  /** From now on, the process and all its children count as `name`. */
  follow(name: string, pid: number): void;
  /** Bytes by name: the largest seen; `total` is the largest sum of one moment. */
  stop(): Promise<ReadonlyMap<string, number>>;
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly bytes: number;
}

async function processes(): Promise<readonly Process[]> {
  const { stdout } = await runProgram('ps', ['-A', '-o', 'pid=,ppid=,rss=']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .map(([pid = 0, parent = 0, kibibytes = 0]) => ({ pid, parent, bytes: kibibytes * 1024 }));
}

function treeBytes(all: readonly Process[], root: number): number {
  const own = all.find(({ pid }) => pid === root)?.bytes ?? 0;
  return all
    .filter(({ parent, pid }) => parent === root && pid !== root)
    .reduce((sum, { pid }) => sum + treeBytes(all, pid), own);
}

/** Parts by name, and the supervisor; children of the supervisor are the parts and are not counted twice. */
async function partPids(sandbox: Sandbox): Promise<Map<string, number>> {
  const { parts, supervisor } = await sandbox.status();
  const pids = new Map(parts.flatMap(({ name, pid }) => (pid === undefined ? [] : [[name as string, pid]])));
  if (supervisor) pids.set('supervisor', supervisor.pid);
  return pids;
}

async function sample(parts: ReadonlyMap<string, number>, followed: ReadonlyMap<string, number>) {
  const all = await processes();
  const now = new Map<string, number>();
  for (const [name, pid] of parts) now.set(name, all.find((one) => one.pid === pid)?.bytes ?? 0);
  for (const [name, pid] of followed) now.set(name, treeBytes(all, pid));
  now.set(
    'total',
    [...now.values()].reduce((sum, bytes) => sum + bytes, 0),
  );
  return now;
}

/** Bytes of processes with all their children. */
export async function residentBytes(pids: readonly number[]): Promise<number> {
  const all = await processes();
  return pids.reduce((sum, pid) => sum + treeBytes(all, pid), 0);
}

/** One look. */
export async function memoryNow(sandbox: Sandbox): Promise<ReadonlyMap<string, number>> {
  return sample(await partPids(sandbox), new Map());
}

export async function watchMemory(sandbox: Sandbox): Promise<Memory> {
  const parts = await partPids(sandbox);
  const followed = new Map<string, number>();
  const peak = new Map<string, number>();
  const look = async (): Promise<void> => {
    for (const [name, bytes] of await sample(parts, followed)) {
      peak.set(name, Math.max(peak.get(name) ?? 0, bytes));
    }
  };
  const stopped = new AbortController();
  const looking = (async () => {
    while (!stopped.signal.aborted) {
      await look();
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  })();
  return {
    follow: (name, pid) => followed.set(name, pid),
    stop: async () => {
      stopped.abort();
      await looking;
      return peak;
    },
  };
}

/** Rows of a table: name, then the bytes of each look in MiB. */
export function memoryRows(looks: readonly ReadonlyMap<string, number>[]): string[][] {
  const names = [...new Set(looks.flatMap((look) => [...look.keys()]))].filter((name) => name !== 'total');
  return [...names, 'total'].map((name) => [
    name === 'total' ? '**at one moment, in all**' : name,
    ...looks.map((look) => (look.has(name) ? mebibytes(look.get(name) ?? 0) : '–')),
  ]);
}

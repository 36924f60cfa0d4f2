/** A lock is a file that names its holder; the lock of a process that died counts for nothing. */
import { linkSync, mkdirSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { throwIfCancelled } from '../core/errors.ts';
import { readJson } from './files.ts';
import { identityOf, isAlive, type ProcessIdentity } from './processIdentity.ts';

export interface Lock {
  release(): void;
}

/** Who holds it now; undefined when nobody who lives does. */
export function lockHolder(path: string): ProcessIdentity | undefined {
  const holder = readJson(path) as ProcessIdentity | undefined;
  return holder && isAlive(holder) ? holder : undefined;
}

/** Moves a dead holder's lock away; if a living one came in between, theirs is put back. */
function removeStale(path: string, aside: string): void {
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (lockHolder(aside)) linkSync(aside, path);
  rmSync(aside);
}

/** Undefined when someone else holds it. */
export function tryLock(path: string): Lock | undefined {
  mkdirSync(dirname(path), { recursive: true });
  const me = identityOf(process.pid);
  if (!me) throw new Error('this process does not see itself');
  const own = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(own, JSON.stringify(me));
  try {
    // A link appears with its content, so that no reader meets an empty lock.
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        linkSync(own, path);
        return {
          release: () => {
            rmSync(path, { force: true });
          },
        };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
        if (lockHolder(path)) return undefined;
        removeStale(path, `${own}.stale`);
      }
    }
    return undefined;
  } finally {
    unlinkSync(own);
  }
}

/** Waits for the lock; `onWait` is called once when someone else holds it. */
export async function lock(path: string, signal?: AbortSignal, onWait?: () => void): Promise<Lock> {
  let told = false;
  for (;;) {
    throwIfCancelled(signal);
    const taken = tryLock(path);
    if (taken) return taken;
    if (!told) onWait?.();
    told = true;
    await sleep(200);
  }
}

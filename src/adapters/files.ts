/** Files written whole or not at all. */
import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Readers see the old content or the new one, never a part. */
export function writeAtomically(path: string, content: string): void {
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(temporary, content);
  renameSync(temporary, path);
}

/** The parsed content; undefined when there is no such file. */
export function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Throws what a write into this folder would throw. */
export function tryWrite(folder: string): void {
  const path = join(folder, `.write-${process.pid}`);
  writeFileSync(path, 'x');
  rmSync(path);
}

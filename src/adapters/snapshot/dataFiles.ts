/** The files of a sandbox's data that belong into a snapshot. */
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SNAPSHOT_FOLDERS, SNAPSHOT_STAMP } from '../../core/snapshot.ts';

export interface DataFile {
  /** With `/` between its parts, whatever the system. */
  readonly name: string;
  readonly type: 'file' | 'directory';
  readonly bytes: number;
  readonly mtime: Date;
}

/** Held by a process that runs; the stamp of the last class of files is H2's own notebook. */
const LOCKS = /(^|\/)(\.lock|db\.lck|dbex\.lck|[^/]*\.trace\.db)$/;

function* below(folder: string, name: string): Generator<DataFile> {
  const found = lstatSync(join(folder, name), { throwIfNoEntry: false });
  if (!found || LOCKS.test(name)) return;
  const { mtime } = found;
  if (found.isFile()) yield { name, type: 'file', bytes: found.size, mtime };
  if (!found.isDirectory()) return;
  // Derby misses empty folders too.
  yield { name, type: 'directory', bytes: 0, mtime };
  for (const child of readdirSync(join(folder, name)).sort()) yield* below(folder, `${name}/${child}`);
}

/** Of a folder that is laid out as a home's `data`. */
export function dataFiles(folder: string): readonly DataFile[] {
  return [...SNAPSHOT_FOLDERS, SNAPSHOT_STAMP].flatMap((name) => [...below(folder, name)]);
}

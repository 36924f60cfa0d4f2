/** What the last good run had seen, so that a run with nothing new need not start. */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RunResult } from '../core/pipeline.ts';

export interface Stamp {
  /** Where the tables lie, see RunnerPlace. */
  readonly place: string;
  /** Hash of the pipeline's files. */
  readonly project: string;
  readonly dedupWindow: string;
  readonly endOffsets: Readonly<Record<string, string>>;
  /** Delta version of each table, by `schema.table`. */
  readonly versions: Readonly<Record<string, number>>;
  readonly result: RunResult;
}

/** Undefined when there was none, or it cannot be read: then the run goes its whole way. */
export async function readStamp(file: string): Promise<Stamp | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Stamp;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Written beside and renamed, so that no reader sees half of it. */
export async function writeStamp(file: string, stamp: Stamp): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const part = `${file}.${process.pid}.part`;
  await writeFile(part, JSON.stringify(stamp));
  await rename(part, file);
}

/** SHA-256 over the names and contents of a folder's files, Python's caches left out. */
export async function fingerprint(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !/__pycache__|\.pyc$/.test(join(entry.parentPath, entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files)
    hash
      .update(file.slice(folder.length))
      .update('\0')
      .update(await readFile(file));
  return hash.digest('hex');
}

/** Newest version in the transaction log of each of the tables; -1 for one that is gone. */
export async function tableVersions(
  warehouse: string,
  tables: readonly string[],
): Promise<Record<string, number>> {
  const found = await Promise.all(
    tables.map(async (name) => {
      const [schema = '', table = ''] = name.split('.');
      return [name, await newestVersion(join(warehouse, `${schema}.db`, table, '_delta_log'))] as const;
    }),
  );
  return Object.fromEntries(found);
}

/** Delta names its commits `%020d.json` (protocol: "Delta Log Entries"). */
async function newestVersion(log: string): Promise<number> {
  try {
    const versions = (await readdir(log))
      .filter((name) => /^\d{20}\.json$/.test(name))
      .map((name) => Number(name.slice(0, 20)));
    return Math.max(-1, ...versions);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return -1;
    throw error;
  }
}

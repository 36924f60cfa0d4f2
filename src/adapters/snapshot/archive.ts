/**
 * The file of a snapshot: a tar archive under gzip. First its manifest, then the data, last a seal, without which it is
 * not whole.
 */
import { createHash, type Hash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, createGzip } from 'node:zlib';
import { extract, pack, type Pack } from 'tar-stream';
import { Cancelled, isUserError } from '../../core/errors.ts';
import { damaged, isSafeEntry, notASnapshot, type Manifest } from '../../core/snapshot.ts';
import type { DataFile } from './dataFiles.ts';

const MANIFEST = 'manifest.json';
const SEAL = 'seal.json';
/** A manifest or seal is small; whatever is longer is none. */
const LONGEST_NOTE = 1 << 20;

/** Counts bytes as they pass, and takes them into the seal. */
const passing = (hash: Hash, onBytes: (bytes: number) => void): Transform =>
  new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      onBytes(chunk.length);
      done(null, chunk);
    },
  });

const begin = (hash: Hash, name: string, size: number): void => {
  hash.update(`\0${name}\0${size}\0`);
};

async function fill(
  archive: Pack,
  folder: string,
  manifest: Manifest,
  files: readonly DataFile[],
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const hash = createHash('sha256');
  const note = JSON.stringify(manifest);
  begin(hash, MANIFEST, 0);
  hash.update(note);
  archive.entry({ name: MANIFEST }, note);
  for (const { name, type, bytes: size, mtime } of files) {
    begin(hash, name, size);
    const mode = type === 'directory' ? 0o755 : 0o644;
    const entry = archive.entry({ name, type, size, mode, mtime });
    if (type === 'directory') continue;
    // A file that grows meanwhile is not one at rest: tar-stream refuses it.
    await pipeline(createReadStream(join(folder, name)), passing(hash, onBytes), entry, { signal });
  }
  archive.entry({ name: SEAL }, JSON.stringify({ entries: files.length, sha256: hash.digest('hex') }));
  archive.finalize();
}

/** Returns the bytes of the file, which appears when it is whole and on the disk. */
export async function writeArchive(
  file: string,
  source: { readonly folder: string; readonly manifest: Manifest; readonly files: readonly DataFile[] },
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<number> {
  const part = `${file}.part`;
  const archive = pack();
  try {
    const written = pipeline(
      archive,
      // What fills the disk is Parquet, which is packed already, and the zeros of Kafka's indexes.
      createGzip({ level: constants.Z_BEST_SPEED }),
      // It holds what the topics hold.
      createWriteStream(part, { flush: true, mode: 0o600 }),
      { signal },
    );
    const filled = fill(archive, source.folder, source.manifest, source.files, onBytes, signal).catch(
      (error: unknown) => {
        archive.destroy(error as Error);
        throw error;
      },
    );
    // The first to fail tells why; the other then only ends.
    await Promise.all([filled, written]).finally(() => Promise.allSettled([filled, written]));
    await rename(part, file);
    return (await stat(file)).size;
  } catch (error) {
    await rm(part, { force: true });
    if (signal.aborted) throw new Cancelled();
    throw error;
  }
}

async function noteOf({ body, size }: Entry): Promise<string> {
  if (size > LONGEST_NOTE) throw new Error('this note is too long');
  const chunks: Buffer[] = [];
  // No `for await`: that would end the whole archive with its entry.
  body.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(body, 'end');
  return Buffer.concat(chunks).toString('utf8');
}

interface Entry {
  readonly name: string;
  readonly type: string;
  readonly size: number;
  readonly mtime: Date;
  readonly body: Readable;
}

/** Calls `onEntry` for each entry in turn; `false` ends the reading. Throws what gunzip, tar or `onEntry` throw. */
async function eachEntry(
  file: string,
  onEntry: (entry: Entry) => Promise<boolean>,
  signal?: AbortSignal,
): Promise<void> {
  const archive = extract();
  const ended = new AbortController();
  let failure: { readonly error: unknown } | undefined;
  archive.on('entry', ({ name, type, size, mtime }, body, next) => {
    onEntry({ name, type, size, mtime, body }).then(
      (more) => {
        if (more) next();
        else ended.abort();
      },
      (error: unknown) => {
        failure = { error };
        ended.abort();
      },
    );
  });
  try {
    await pipeline(createReadStream(file), createGunzip(), archive, {
      signal: signal ? AbortSignal.any([signal, ended.signal]) : ended.signal,
    });
  } catch (error) {
    if (signal?.aborted) throw new Cancelled();
    if (failure) throw failure.error;
    if (!ended.signal.aborted) throw error;
  }
}

/** The text of the first entry. Throws UserError `not-a-snapshot`. */
export async function readManifestText(file: string): Promise<string> {
  let text: string | undefined;
  try {
    await eachEntry(file, async (entry) => {
      if (entry.name !== MANIFEST) throw notASnapshot(file);
      text = await noteOf(entry);
      return false;
    });
  } catch (error) {
    if (isUserError(error) || isOfFileSystem(error)) throw error;
    throw notASnapshot(file, error);
  }
  if (text === undefined) throw notASnapshot(file);
  return text;
}

/** Of the disk (ENOENT, ENOSPC …), as opposed to zlib's and tar's. */
const isOfFileSystem = (error: unknown): boolean =>
  (error as NodeJS.ErrnoException | undefined)?.syscall !== undefined;

/** Unpacks the data into a new folder, and compares it with the seal. Throws UserError `snapshot-damaged`. */
export async function unpackArchive(
  file: string,
  folder: string,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const hash = createHash('sha256');
  let entries = 0;
  let seal: string | undefined;
  const unpack = async (entry: Entry): Promise<boolean> => {
    const { name, type, size, body, mtime } = entry;
    if (seal !== undefined) throw damaged(file);
    if (name === SEAL) {
      seal = await noteOf(entry);
      return true;
    }
    begin(hash, name.replace(/\/$/, ''), name === MANIFEST ? 0 : size);
    if (name === MANIFEST) {
      hash.update(await noteOf(entry));
      return true;
    }
    if (!isSafeEntry(name, type)) throw damaged(file, new Error(`it holds ${type} ${name}`));
    entries += 1;
    const path = join(folder, name);
    await mkdir(type === 'directory' ? path : dirname(path), { recursive: true });
    if (type === 'directory') {
      body.resume();
      return true;
    }
    await pipeline(body, passing(hash, onBytes), createWriteStream(path), { signal });
    // Delta tells the time of a commit by it.
    await utimes(path, mtime, mtime);
    return true;
  };
  try {
    await eachEntry(file, unpack, signal);
  } catch (error) {
    if (isUserError(error) || error instanceof Cancelled || isOfFileSystem(error)) throw error;
    throw damaged(file, error);
  }
  if (seal !== JSON.stringify({ entries, sha256: hash.digest('hex') })) throw damaged(file);
}

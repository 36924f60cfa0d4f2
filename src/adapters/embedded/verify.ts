/** Holds downloaded files to their hashes. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { coordinatesOf, type PinnedFile } from './versions.ts';

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Whether the file is there and is what it must be. */
export async function isVerified(folder: string, file: PinnedFile): Promise<boolean> {
  const path = join(folder, coordinatesOf(file.artifact).fileName);
  return hasSize(path, file.bytes) && (await sha256Of(path)) === file.sha256;
}

export function hasSize(path: string, bytes: number): boolean {
  return existsSync(path) && statSync(path).size === bytes;
}

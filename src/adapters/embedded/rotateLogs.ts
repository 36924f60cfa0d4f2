/** Keeps each log small: one that has grown is moved aside at a start, over the one before. */
import { mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

const LARGEST_BYTES = 5_000_000;

export function rotateLogs(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.log'))) {
    const path = join(folder, name);
    if (statSync(path).size > LARGEST_BYTES) renameSync(path, `${path}.1`);
  }
}

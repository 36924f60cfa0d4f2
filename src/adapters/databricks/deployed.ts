/** What was last deployed to each path: a hash, so that nothing of a notebook is kept. */
import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DeployedNotebooks } from '../../core/databricks/ports.ts';
import { readJson, writeAtomically } from '../files.ts';

/** Host → path → SHA-256. */
type Kept = Readonly<Record<string, Readonly<Record<string, string>>>>;

const hashOf = (content: string): string => createHash('sha256').update(content).digest('hex');

export function createDeployed(file: string): DeployedNotebooks {
  const kept = (): Kept => {
    try {
      return (readJson(file) ?? {}) as Kept;
    } catch {
      // Broken, or not readable: then nothing is known, and a person is asked.
      return {};
    }
  };
  return {
    isLast: (host, path, content) => kept()[host]?.[path] === hashOf(content),
    remember: (host, path, content) => {
      const before = kept();
      const after: Kept = { ...before, [host]: { ...before[host], [path]: hashOf(content) } };
      try {
        mkdirSync(dirname(file), { recursive: true });
        writeAtomically(file, `${JSON.stringify(after, undefined, 2)}\n`);
      } catch (error) {
        // A home that cannot be written, in CI: the notebook is deployed, and the next time a person is asked.
        if (!['EACCES', 'EPERM', 'EROFS', 'ENOSPC'].includes((error as NodeJS.ErrnoException).code ?? ''))
          throw error;
      }
    },
  };
}

/** The folder of a Databricks bundle. */
import { createHash, randomUUID } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import type { Json } from '../core/databricks/ports.ts';
import { BundleError } from '../core/bundle/findings.ts';
import type { BundleProject } from '../core/bundle/ports.ts';
import { t } from '../core/l10n.ts';
import { globFiles, syncFiles } from './bundle/projectFiles.ts';
import { parseYaml } from './bundle/yamlTree.ts';
import { asFileError } from './fileErrors.ts';
import { identityOf, isAlive } from './processIdentity.ts';

/** `besides`: files that may lie in the folder, and are not the project's. */
export function createBundleProject(
  given: string,
  environment: NodeJS.ProcessEnv = process.env,
  besides: readonly string[] = [],
): BundleProject {
  const folder = resolve(given);
  const left = new Set(besides.map((path) => resolve(path)));
  const text = async (file: string): Promise<string | undefined> => {
    try {
      return await readFile(join(folder, file), 'utf8');
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      throw asFileError(error, join(folder, file));
    }
  };
  return {
    folder,
    environment,
    yaml: async (file) => {
      const found = await text(file);
      return found === undefined ? undefined : parseYaml(found, file);
    },
    json: async (file) => {
      const found = await text(file);
      if (found === undefined) return undefined;
      try {
        return JSON.parse(found) as Json;
      } catch (cause) {
        const place = { file, line: 1, column: 1 };
        const message = t(
          '{0} is no JSON: {1}',
          file,
          cause instanceof Error ? cause.message : String(cause),
        );
        throw new BundleError([{ code: 'bad-json', level: 'error', message, place }]);
      }
    },
    glob: (pattern) => globFiles(folder, pattern),
    syncFiles: async (rules) =>
      (await syncFiles(folder, rules)).filter((path) => !left.has(join(folder, path))),
    exists: async (path) => {
      try {
        const found = await stat(join(folder, path));
        return found.isDirectory() ? 'folder' : 'file';
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw asFileError(error, join(folder, path));
      }
    },
    read: async (path) => {
      try {
        return await readFile(join(folder, path));
      } catch (error) {
        throw asFileError(error, join(folder, path));
      }
    },
    hash: (content) => createHash('sha256').update(content).digest('hex'),
    holder: () => {
      const startTime = identityOf(process.pid)?.startTime ?? '';
      return Promise.resolve({
        id: randomUUID(),
        machine: hostname(),
        pid: process.pid,
        startTime,
        since: new Date().toISOString(),
      });
    },
    isGone: ({ machine, pid, startTime }) =>
      Promise.resolve(machine === hostname() && !isAlive({ pid, startTime })),
  };
}

/** A bundle in memory. */
import { createHash } from 'node:crypto';
import { parseYaml } from '../../../../src/adapters/bundle/yamlTree.ts';
import type { BundleProject } from '../../../../src/core/bundle/ports.ts';
import type { Json } from '../../../../src/core/databricks/ports.ts';

/** `glob` knows `folder/*.yml` only; every file is synced. */
export function memoryProject(
  files: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
): BundleProject {
  const paths = Object.keys(files).sort();
  return {
    folder: '/project',
    environment,
    yaml: (file) => Promise.resolve(files[file] === undefined ? undefined : parseYaml(files[file], file)),
    json: (file) =>
      Promise.resolve(files[file] === undefined ? undefined : (JSON.parse(files[file]) as Json)),
    glob: (pattern) => {
      const folder = pattern.replace(/\*\.yml$/, '');
      return Promise.resolve(paths.filter((path) => path.startsWith(folder) && path.endsWith('.yml')));
    },
    syncFiles: () => Promise.resolve(paths),
    exists: (path) =>
      Promise.resolve(
        files[path] !== undefined
          ? 'file'
          : paths.some((one) => one.startsWith(`${path}/`))
            ? 'folder'
            : undefined,
      ),
    read: (path) => Promise.resolve(new TextEncoder().encode(files[path] ?? '')),
    hash: (content) => createHash('sha256').update(content).digest('hex'),
    holder: () =>
      Promise.resolve({ id: '1', machine: 'm', pid: 1, startTime: '1', since: '2026-01-31T12:00:00Z' }),
    isGone: () => Promise.resolve(false),
  };
}

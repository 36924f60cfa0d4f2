/** What a person downloads, and what each bundle weighs. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { resourceFolder } from '../../src/adapters/resources.ts';
import { grouped, markdownTable } from './report.ts';

export function benchSizes(): Promise<string> {
  const root = resourceFolder();
  const dist = join(root, 'dist');
  const bundles = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const packed = readdirSync(root).filter((name) => name.endsWith('.vsix'));
  const rows = [...packed.map((name) => join(root, name)), ...bundles]
    .filter((path) => existsSync(path))
    .map((path) => [`\`${relative(root, path)}\``, grouped(statSync(path).size / 1000)]);
  return Promise.resolve(markdownTable(['file', 'kB'], rows));
}

/** What a person downloads, and what each bundle weighs. */
import { readdirSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { resourceFolder } from '../../src/adapters/resources.ts';
import { runProgram } from './child.ts';
import { grouped, markdownTable } from './report.ts';

export async function benchSizes(): Promise<string> {
  const root = resourceFolder();
  await runProgram(process.execPath, [join(root, 'scripts', 'package.mjs')]);
  const dist = join(root, 'dist');
  const bundles = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const rows = [join(root, 'orders-lakehouse.vsix'), ...bundles].map((path) => [
    `\`${relative(root, path)}\``,
    grouped(statSync(path).size / 1000),
  ]);
  return markdownTable(['file', 'kB'], rows);
}

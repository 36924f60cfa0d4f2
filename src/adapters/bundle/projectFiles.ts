/** Which files of a folder belong to a bundle: those that .gitignore files and `sync` leave. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ignore, { type Ignore } from 'ignore';
import type { SyncRules } from '../../core/bundle/ports.ts';

/** Never of a bundle: what the official command line keeps, and what Git keeps. */
const NEVER = ['.git', '.databricks'];

interface Rule {
  /** Folder of the .gitignore, with `/` at its end; empty: the whole. */
  readonly below: string;
  readonly matcher: Ignore;
}

/** Whether the rules, of which the deepest counts first, leave a path out; a folder's ends in `/`. */
function isIgnored(rules: readonly Rule[], path: string): boolean {
  for (const { below, matcher } of [...rules].reverse()) {
    const { ignored, unignored } = matcher.test(path.slice(below.length));
    if (ignored || unignored) return ignored;
  }
  return false;
}

const inOrder = (paths: readonly string[]): readonly string[] => [...paths].sort((a, b) => (a < b ? -1 : 1));

/** All files, links not followed; `enters` says which folders are looked into. */
async function* walk(
  root: string,
  enters: (folder: string, rules: readonly Rule[]) => boolean,
  folder = '',
  above: readonly Rule[] = [],
): AsyncGenerator<{ readonly path: string; readonly rules: readonly Rule[] }> {
  const found = await readdir(join(root, folder), { withFileTypes: true });
  let rules = above;
  if (found.some((one) => one.name === '.gitignore' && one.isFile())) {
    const text = await readFile(join(root, folder, '.gitignore'), 'utf8');
    rules = [...above, { below: folder, matcher: ignore().add(text) }];
  }
  for (const one of found) {
    const path = `${folder}${one.name}`;
    if (one.isDirectory()) {
      if (!NEVER.includes(one.name) && enters(`${path}/`, rules))
        yield* walk(root, enters, `${path}/`, rules);
    } else if (one.isFile()) yield { path, rules };
  }
}

/** Files that a pattern of `include` finds: a glob from the folder down. */
export async function globFiles(root: string, pattern: string): Promise<readonly string[]> {
  const plain = pattern.replace(/^\.?\//, '');
  const matcher = ignore().add(`/${plain}`);
  // Not into folders such as .venv, which no pattern means.
  const fixed = /^(?:[^*?[\]{}!\\]*\/)?/.exec(plain)?.[0] ?? '';
  const enters = (folder: string): boolean => folder.startsWith(fixed) || fixed.startsWith(folder);
  const found: string[] = [];
  for await (const { path } of walk(root, enters)) if (matcher.ignores(path)) found.push(path);
  return inOrder(found);
}

export async function syncFiles(
  root: string,
  { paths, include, exclude }: SyncRules,
): Promise<readonly string[]> {
  const wanted = paths
    .map((path) => path.replace(/^\.\//, '').replace(/\/+$/, ''))
    .filter((path) => path !== '.');
  const all = paths.length === 0 || wanted.length < paths.length;
  const isBelow = (path: string): boolean =>
    all || wanted.some((one) => path === one || path.startsWith(`${one}/`) || `${one}/`.startsWith(path));
  const included = ignore().add([...include]);
  const excluded = ignore().add([...exclude]);
  const found: string[] = [];
  // What is ignored may hold what is included all the same.
  const enters = (folder: string, rules: readonly Rule[]): boolean =>
    include.length > 0 || (isBelow(folder) && !isIgnored(rules, folder));
  for await (const { path, rules } of walk(root, enters)) {
    const parents = path.split('/').map((_, index, parts) => `${parts.slice(0, index + 1).join('/')}/`);
    const ignored = isIgnored(rules, path) || parents.slice(0, -1).some((folder) => isIgnored(rules, folder));
    const isIn = (isBelow(path) && !ignored) || included.ignores(path);
    if (isIn && !excluded.ignores(path)) found.push(path);
  }
  return inOrder(found);
}

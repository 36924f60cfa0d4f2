// What the Python tests need beyond the sandbox's own environment, in a folder of the cache that stands on PYTHONPATH.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { exec } from '../scripts/exec.mjs';
import { root } from '../scripts/setup.mjs';

/** The same folder as src/adapters/home.ts on Linux, where the tests run in CI. */
export const cache =
  process.env.ORDERS_LAKEHOUSE_CACHE ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'orders-lakehouse');

/** `name==version` with its hashes, by name. */
function requirements(file) {
  const text = readFileSync(join(root, 'sandbox', file), 'utf8').replace(/^\s*#.*\n/gm, '');
  const blocks = text.split(/\n(?=\S)/).filter((block) => block.includes('=='));
  return new Map(blocks.map((block) => [block.split('==')[0].trim(), block.replace(/^\s+#.*\n?/gm, '')]));
}

/** Installs the test packages for the given Python, once; returns their folder. */
export async function testPackages(python) {
  const own = requirements('requirements.txt');
  const wanted = [...requirements('requirements-test.txt')].filter(([name]) => !own.has(name));
  const list = wanted.map(([, block]) => block).join('\n');
  const name = createHash('sha256').update(list).update(python).digest('hex').slice(0, 12);
  const target = join(cache, `test-python-${name}`);
  if (existsSync(target)) return target;
  mkdirSync(cache, { recursive: true });
  const staged = mkdtempSync(join(cache, 'test-python-part-'));
  const file = join(staged, 'requirements.txt');
  writeFileSync(file, list);
  const pip = ['-m', 'pip', 'install', '-q', '--no-deps', '--require-hashes', '--target', staged, '-r', file];
  const { code } = await exec(python, pip);
  if (code !== 0) {
    rmSync(staged, { recursive: true, force: true });
    throw new Error('The packages of the Python tests could not be installed.');
  }
  if (existsSync(target)) rmSync(staged, { recursive: true, force: true });
  else renameSync(staged, target);
  return target;
}

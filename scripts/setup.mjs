// Brings node_modules and dist/ up to date; silent on standard output. Used by every command of package.json.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Stamps and locks of this checkout; git ignores it. */
const work = join(root, '.work');

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 12)) {
  console.error(`Node ${process.versions.node} is too old: install Node 20.12 or newer.`);
  process.exit(1);
}

function hashOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths) hash.update(path).update(readFileSync(join(root, path)));
  return hash.digest('hex');
}

function sources(folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) =>
      entry.isDirectory() ? sources(join(folder, entry.name)) : [join(folder, entry.name)],
    )
    .sort();
}

/** Runs `make` under a lock when `stamp` does not hold `wanted`; a process that died leaves no lock behind. */
async function once(stamp, wanted, make) {
  const current = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  const lock = `${stamp}.lock`;
  mkdirSync(work, { recursive: true });
  while (!current()) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
    } catch {
      if (holderGone(lock)) rmSync(lock, { force: true });
      else await new Promise((resolve) => setTimeout(resolve, 200));
      continue;
    }
    try {
      if (!current()) {
        await make();
        writeFileSync(stamp, wanted);
      }
    } finally {
      rmSync(lock, { force: true });
    }
  }
}

function holderGone(lock) {
  try {
    const pid = Number(readFileSync(lock, 'utf8'));
    if (!pid) return Date.now() - statSync(lock).mtimeMs > 5000;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === 'ESRCH' || error.code === 'ENOENT';
  }
}

/** Whether node_modules holds what the lockfile names: npm writes what it installed into a lockfile of its own. */
function packagesAreThere() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const packagesOf = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;
  const have = packagesOf(installed);
  return Object.entries(packagesOf(join(root, 'package-lock.json'))).every(
    ([path, { version, optional }]) => path === '' || optional || have[path]?.version === version,
  );
}

/** `npm ci` when node_modules is not what the lockfile says. */
export async function setUpPackages() {
  const stamp = join(work, 'packages');
  if (packagesAreThere()) return;
  rmSync(stamp, { force: true });
  await once(stamp, hashOf(['package-lock.json']), () => {
    console.error('Installing npm packages…');
    const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
    const args = ['ci', '--loglevel=error', '--no-audit', '--no-fund', '--ignore-scripts'];
    const done = spawnSync(npm[0], [...npm.slice(1), ...args], { cwd: root, stdio: ['ignore', 2, 2] });
    if (done.status !== 0) {
      console.error('npm ci failed: check the network, the proxy and the registry in your npm settings.');
      process.exit(1);
    }
  });
}

/** Bundles dist/ when a source moved. */
export async function setUpBuild() {
  const stamp = join(work, 'build');
  if (!existsSync(join(root, 'dist', 'cli.js'))) rmSync(stamp, { force: true });
  await once(stamp, hashOf([...sources('src'), 'package-lock.json', 'scripts/build.mjs']), async () => {
    const { build } = await import('./build.mjs');
    await build();
  });
}

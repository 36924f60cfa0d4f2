// `npm run package`, `node scripts/package.mjs FILE.vsix`: makes the VSIX, everything bundled, and says how large it and its parts are.
import { createVSIX, listFiles } from '@vscode/vsce';
import { statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { root, setUpBuild, setUpPackages } from './setup.mjs';

const vsix = process.argv[2] ? resolve(process.argv[2]) : join(root, 'orders-lakehouse.vsix');

/** All that may go to people; .vscodeignore names what stays behind. */
const SHIPPED = [
  /^(dist|l10n|media|sandbox\/(lakehouse|project|resources|runner|runtime|schemas|spark))\//,
  /^sandbox\/(databricks\.yml|requirements\.txt|versions\.json)$/,
  /^(docker-compose\.yml|sandbox\/images\/(install\.py|(.+\/)?README\.md|(kafka|registry|spark)\/[^/]+))$/,
  /^(README\.md|CHANGELOG\.md|LICENSE|package(\.nls(\.pt-br)?)?\.json)$/,
];

/** Makes the VSIX at the given path from an up-to-date dist/. */
async function makePackage() {
  const stray = (await listFiles({ cwd: root, dependencies: false })).filter(
    (file) => !SHIPPED.some((pattern) => pattern.test(file)),
  );
  if (stray.length > 0) throw new Error(`.vscodeignore lets through: ${stray.join(', ')}`);
  await createVSIX({ cwd: root, packagePath: vsix, dependencies: false, rewriteRelativeLinks: false });
}

await setUpPackages();
await setUpBuild();
await makePackage();
const files = await listFiles({ cwd: root, dependencies: false });
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(0).padStart(7)} kB`;
const size = (path) => statSync(join(root, path)).size;
for (const path of files.filter((file) => file.startsWith('dist/')).sort((a, b) => size(b) - size(a))) {
  console.log(`${kilobytes(size(path))}  ${path}`);
}
console.log(`${kilobytes(statSync(vsix).size)}  ${basename(vsix)}, ${files.length} files`);

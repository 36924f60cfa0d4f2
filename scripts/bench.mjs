// `npm run bench [-- NAME…]`: sets up, measures on a sandbox of its own, and rewrites docs/benchmarks.md.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root, setUpBuild, setUpPackages } from './setup.mjs';

// Whatever Docker this machine has: what is held here is the embedded sandbox, unless a test says otherwise.
process.env.ORDERS_LAKEHOUSE_RUNTIME = 'embedded';
await setUpPackages();
await setUpBuild();
const { default: esbuild } = await import('esbuild');
const bench = (name) => join(root, 'test', 'bench', name);
const outdir = join(root, '.work', 'bench');
// Bundled as the product is, so that no loader stands between what is measured and Node.
await esbuild.build({
  entryPoints: ['main.ts', 'produceOnce.ts', 'viewOnce.ts', 'topicOnce.ts', 'activationProbe.ts'].map(bench),
  outdir,
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['vscode', 'playwright-core'],
  logLevel: 'warning',
});
const child = spawn(process.execPath, [join(outdir, 'main.js'), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
// Ctrl-C reaches the child by itself; this process waits for it to clean up.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));

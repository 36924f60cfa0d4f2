// `npm run cli -- VERB` and `npm run demo`: set up what is missing, then the terminal program itself.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { root, setUpBuild, setUpPackages } from './setup.mjs';

await setUpPackages();
await setUpBuild();
const child = spawn(process.execPath, [join(root, 'dist', 'cli.js'), ...process.argv.slice(2)], {
  stdio: 'inherit',
});
// Ctrl-C reaches the child by itself; this process waits for it to clean up.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));

// `npm test`: sets up all that the tests need, runs every suite, and ends with the line `N passed, N failed`.
// `npm test -- NAME …` runs only the suites named. Interrupted, it leaves no process and no folder behind.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setUpBuild, setUpPackages } from './setup.mjs';

// Whatever Docker this machine has: what is held here is the embedded sandbox, unless a test says otherwise.
process.env.ORDERS_LAKEHOUSE_RUNTIME = 'embedded';
await setUpPackages();
const { CannotRun, SUITES, cleanUp, prepare } = await import('../test/suites.mjs');
const { wasInterrupted } = await import('./exec.mjs');
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !SUITES.some((suite) => suite.name === name));
if (unknown.length > 0) {
  console.error(`No suite ${unknown.join(', ')}. There are: ${SUITES.map((suite) => suite.name).join(', ')}`);
  process.exit(2);
}
await setUpBuild();

const suites = SUITES.filter((suite) => wanted.length === 0 || wanted.includes(suite.name));
// Short, and on a Mac not the long default: sockets below it may have about 100 characters.
const folder = mkdtempSync(join(process.platform === 'darwin' ? '/tmp' : tmpdir(), 'orders-test-'));
// Whatever the suites make is below it.
process.env.TMPDIR = folder;
let passed = 0;
let failed = 0;
let notRun = 0;
const summary = [];
const context = await prepare(suites, folder);
try {
  for (const suite of suites) {
    if (wasInterrupted()) break;
    const started = Date.now();
    console.log(`\n━━ ${suite.name}`);
    const result = await suite.run(context).catch((error) => {
      if (error instanceof CannotRun) return { notRun: error.message };
      console.error(error);
      return { passed: 0, failed: 1 };
    });
    if (result.notRun) {
      notRun += 1;
      summary.push(`${suite.name}: NOT RUN, ${result.notRun}`);
      continue;
    }
    passed += result.passed;
    failed += result.failed;
    summary.push(`${suite.name}: ${result.passed} passed, ${result.failed} failed, ${seconds(started)} s`);
  }
} finally {
  await cleanUp(context);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
if (wasInterrupted()) {
  console.log('\nInterrupted.');
  process.exit(130);
}
console.log(`\n${summary.map((line) => `  ${line}`).join('\n')}`);
if (notRun > 0) console.log(`${notRun} of ${suites.length} suites could not be run on this machine`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function seconds(started) {
  return ((Date.now() - started) / 1000).toFixed(0);
}

// `npm run check`: types, lint, format and unit tests, side by side. After the first time in under a minute, because what
// did not change is remembered below .work/. Lint then looks at changed files only, although its rules know types of others:
// `--whole`, which `npm test` says, looks at all of them.
import { join } from 'node:path';
import { exec, tool } from './exec.mjs';
import { setUpPackages } from './setup.mjs';

await setUpPackages();

const whole = process.argv.includes('--whole');
const kept = (name) => join('.work', 'check', name);
const types = (name) => ['--incremental', '--tsBuildInfoFile', kept(`${name}.tsbuildinfo`)];
const lintCache = ['--cache', '--cache-strategy', 'content', '--cache-location', kept('eslint')];
const formatCache = ['--cache', '--cache-strategy', 'content', '--cache-location', kept('prettier')];

/** Each row runs its commands one after the other; the rows run at the same time. */
const rows = [
  [
    ['types', tool('tsc'), types('main')],
    ['types of pages', tool('tsc'), ['-p', 'src/webviews', ...types('pages')]],
    ['types of browser tests', tool('tsc'), ['-p', 'test/tsconfig.browser.json', ...types('browser')]],
    ['unit', tool('mocha'), ['--config', 'test/unit/.mocharc.json', '--reporter', 'dot']],
  ],
  [
    ['format', tool('prettier'), ['--check', '--log-level', 'warn', ...formatCache, '.']],
    ['arrows', tool('depcruise'), ['src', '--config', '.dependency-cruiser.cjs']],
    ['lint', tool('eslint'), [...(whole ? [] : lintCache), '.']],
  ],
];

const started = Date.now();
const failed = [];
let unit = '';
await Promise.all(
  rows.map(async (row) => {
    for (const [name, command, args] of row) {
      const { code, output } = await exec(command, args, { echo: false });
      console.log(`${code === 0 ? '✔' : '✖'} ${name}${code === 0 ? '' : `\n${output}`}`);
      if (code !== 0) failed.push(name);
      if (name === 'unit') unit = output;
    }
  }),
);
const passing = /(\d+) passing/.exec(unit)?.[1] ?? '0';
console.log(`${passing} unit tests passed; ${((Date.now() - started) / 1000).toFixed(0)} s`);
if (failed.length > 0) {
  console.log(`failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}

/**
 * Runs the tests of this folder inside a real VS Code: `tsx test/host/run.ts`. ORDERS_LAKEHOUSE_HOME names the home of a
 * sandbox to use (it is started when it does not run); without it, one of its own is started and wiped. OL_VSCODE names
 * a desktop VS Code; without it a VS Code server and Chromium serve.
 */
import { runTests } from '@vscode/test-electron';
import esbuild from 'esbuild';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format } from 'node:util';
import { cli, cliJson } from '../live/support/cli.ts';
import { openProfile } from '../support/browser.ts';
import { startServer } from '../support/vscodeServer.ts';

const root = join(import.meta.dirname, '..', '..');
const built = join(root, '.work', 'host');
/** Milliseconds for all tests together. */
const LIMIT = 600_000;
/** What VS Code says about itself while it serves an extension under development. */
const NOISE =
  /^\[(AgentHost|AccountPolicyGate|reconnection-grace|Service Worker)|^(Creat|Resolv|Ignoring|No extension|Timed out waiting for auth|Updating additional)/;

function build(): void {
  rmSync(built, { recursive: true, force: true });
  const tests = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.test.ts'));
  esbuild.buildSync({
    entryPoints: ['index.ts', ...tests].map((name) => join(import.meta.dirname, name)),
    outdir: built,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    // As scripts/build.mjs has it.
    alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
    // Native helpers of ssh2 and of Databricks' driver, which go on without them.
    external: [
      ...['vscode', 'mocha', '*.node', 'cpu-features', 'kerberos'],
      ...['@databricks/databricks-sql-kernel-*', '@antoniomuso/*'],
    ],
    sourcemap: 'inline',
  });
}

async function inServer(env: Readonly<Record<string, string>>, workspace: string): Promise<number> {
  const server = await startServer({ driver: true, env });
  try {
    const context = await openProfile(join(server.folder, 'browser'));
    const page = context.pages()[0] ?? (await context.newPage());
    const ended = new Promise<number>((resolve, reject) => {
      setTimeout(() => {
        reject(new Error('the tests did not end in time'));
      }, LIMIT).unref();
      page.on('crash', () => {
        reject(new Error('the browser crashed'));
      });
      void page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
        const text = format(...args);
        if (!NOISE.test(text)) (type === 'error' ? console.error : console.log)(text);
      });
      void page.exposeFunction('codeAutomationExit', resolve);
    });
    const remote = (path: string): string => `vscode-remote://${server.host}${encodeURI(path)}`;
    const payload = [
      ['extensionDevelopmentPath', remote(root)],
      ['extensionTestsPath', remote(join(built, 'index.cjs'))],
    ];
    await page.goto(server.url({ folder: workspace, payload: JSON.stringify(payload) }));
    const code = await ended;
    await context.close();
    return code;
  } finally {
    await server.stop();
  }
}

async function main(): Promise<number> {
  build();
  const given = process.env['ORDERS_LAKEHOUSE_HOME'];
  const temporary = mkdtempSync(join(tmpdir(), 'orders-lakehouse-host-'));
  const home = given ?? join(temporary, 'home');
  try {
    await cliJson(home, 'up');
    const env = { ORDERS_LAKEHOUSE_HOME: home };
    const desktop = process.env['OL_VSCODE'];
    if (desktop === undefined) return await inServer(env, temporary);
    return await runTests({
      vscodeExecutablePath: desktop,
      extensionDevelopmentPath: root,
      extensionTestsPath: join(built, 'index.cjs'),
      extensionTestsEnv: env,
      launchArgs: [temporary, '--disable-extensions', `--user-data-dir=${join(temporary, 'user')}`],
    });
  } finally {
    if (given === undefined) await cli(home, 'reset', '--yes');
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  }
}

void main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);

/** Activation inside a real VS Code against an extension that does nothing. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext } from 'playwright-core';
import { resourceFolder } from '../../src/adapters/resources.ts';
import { openProfile } from '../support/browser.ts';
import { startServer, type Server } from '../support/vscodeServer.ts';
import { interleaved, median, spread } from './measure.ts';
import { markdownTable, verdict } from './report.ts';

const ROUNDS = 9;
const DEADLINE_MS = 180_000;
const OURS = 'orders-lakehouse.orders-lakehouse';
const EMPTY = 'bench.empty';

function emptyExtension(folder: string, id: string): string {
  const [publisher, name] = id.split('.');
  const root = join(folder, id);
  mkdirSync(root);
  const manifest = { publisher, name, version: '1.0.0', engines: { vscode: '^1.100.0' }, main: './main.js' };
  writeFileSync(join(root, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(root, 'main.js'), 'exports.activate = () => undefined;');
  return root;
}

/** Ours as it is, except that nothing but the probe activates it. */
function ownExtension(folder: string): string {
  const root = join(folder, OURS);
  mkdirSync(root);
  for (const name of ['dist', 'media', 'l10n', 'sandbox', 'package.nls.json', 'package.nls.pt-br.json']) {
    symlinkSync(join(resourceFolder(), name), join(root, name));
  }
  const manifest = JSON.parse(readFileSync(join(resourceFolder(), 'package.json'), 'utf8')) as object;
  writeFileSync(join(root, 'package.json'), JSON.stringify({ ...manifest, activationEvents: [] }));
  return root;
}

/** Milliseconds of one activation; one page is one new extension host. */
async function activate(browser: BrowserContext, server: Server, extension: string): Promise<number> {
  const remote = (path: string): string => `vscode-remote://${server.host}${path}`;
  const payload = [
    ['extensionDevelopmentPath', remote(extension)],
    ['extensionTestsPath', remote(join(__dirname, 'activationProbe.js'))],
  ];
  const page = await browser.newPage();
  try {
    return await new Promise<number>((resolve, reject) => {
      const said: string[] = [];
      const timer = setTimeout(() => {
        reject(new Error(`VS Code did not answer: ${said.join('\n')} ${server.log().slice(-2000)}`));
      }, DEADLINE_MS);
      const log = (_type: string, args: readonly unknown[]): void => {
        said.push(args.map(String).join(' '));
      };
      const exit = (code: number): void => {
        clearTimeout(timer);
        const answer = /activated in ([\d.]+) ms/.exec(said.join('\n'))?.[1];
        if (code === 0 && answer !== undefined) resolve(Number(answer));
        else reject(new Error(`the probe ended with ${code}: ${said.join('\n')}`));
      };
      void (async () => {
        await page.exposeFunction('codeAutomationLog', log);
        await page.exposeFunction('codeAutomationExit', exit);
        await page.goto(server.url({ ew: 'true', payload: JSON.stringify(payload) }));
      })().catch(reject);
    });
  } finally {
    await page.close();
  }
}

export async function benchActivation(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'orders-lakehouse-bench-extensions-'));
  const [own, empty] = [ownExtension(folder), emptyExtension(folder, EMPTY)];
  const server = await startServer({
    driver: true,
    env: { ORDERS_LAKEHOUSE_HOME: join(folder, 'home') },
  });
  const browser = await openProfile(join(server.folder, 'browser'));
  try {
    await activate(browser, server, empty);
    const measured = await interleaved(ROUNDS, {
      own: () => activate(browser, server, own),
      empty: () => activate(browser, server, empty),
    });
    const more = measured.own.map((value, round) => value - (measured.empty[round] ?? Number.NaN));
    return [
      markdownTable(
        ['activation', 'ms'],
        [
          ['Orders Lakehouse', spread(measured.own, 1)],
          ['an extension that does nothing', spread(measured.empty, 1)],
          ['difference', spread(more, 1)],
        ],
      ),
      '',
      `Goal: ${verdict(median(more), { atMost: 20 })} ms more. Loading the code and \`activate()\` inside VS Code's own ` +
        `extension host, ${ROUNDS} rounds in turns, each in a new window that has come to rest.`,
    ].join('\n');
  } finally {
    await browser.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

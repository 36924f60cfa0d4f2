/** Starts a VS Code server with an empty profile on a free port of 127.0.0.1, and stops it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installVscode } from './installVscode.ts';

/** Milliseconds. */
const START = 120_000;
const STOP = 5000;

export interface ServerOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Lets the page's address carry an extension under development and its tests; hides notifications. */
  readonly driver?: boolean;
  /** `pt-br`: the server and its extensions speak it. */
  readonly locale?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** A VSIX to install first. */
  readonly vsix?: string;
}

export interface Server {
  readonly host: string;
  /** Where the browser's profile may go; it is removed with the server. */
  readonly folder: string;
  url(parameters: Readonly<Record<string, string>>): string;
  log(): string;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** VS Code's own variables of an outer terminal would make this one open its files there. */
function environment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('VSCODE_'));
  return { ...Object.fromEntries(inherited), EXTENSIONS_GALLERY: '{}', ...extra };
}

/** The server installs language packs but does not register them; a register with an empty one is enough. */
function registerLanguage(user: string, locale: string): void {
  const main = join(user, 'main.i18n.json');
  writeFileSync(main, JSON.stringify({ version: '1.0.0', contents: {} }));
  const pack = {
    hash: `test-${locale}`,
    label: locale,
    extensions: [{ extensionIdentifier: { id: `test.language-${locale}` }, version: '1.0.0' }],
    translations: { vscode: main },
  };
  writeFileSync(join(user, 'languagepacks.json'), JSON.stringify({ [locale]: pack }));
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const gone = once(child, 'exit');
  // The server runs in a group of its own, with its extension hosts.
  process.kill(-child.pid, 'SIGTERM');
  const stopped = await Promise.race([gone.then(() => true), sleep(STOP, false, { ref: false })]);
  if (stopped) return;
  process.kill(-child.pid, 'SIGKILL');
  await gone;
}

export async function startServer(options: ServerOptions = {}): Promise<Server> {
  const { node, main } = await installVscode();
  const folder = mkdtempSync(join(tmpdir(), 'orders-lakehouse-vscode-'));
  const user = join(folder, 'user');
  mkdirSync(join(user, 'User'), { recursive: true });
  writeFileSync(
    join(user, 'User', 'settings.json'),
    JSON.stringify({
      'workbench.startupEditor': 'none',
      'workbench.enableExperiments': false,
      'telemetry.telemetryLevel': 'off',
      'extensions.autoUpdate': false,
      'extensions.ignoreRecommendations': true,
      'chat.disableAIFeatures': true,
      ...options.settings,
    }),
  );
  if (options.locale) registerLanguage(user, options.locale);
  const env = environment(options.env ?? {});
  const profile = [
    '--accept-server-license-terms',
    '--server-data-dir',
    folder,
    '--user-data-dir',
    user,
    '--extensions-dir',
    join(folder, 'extensions'),
  ];
  const output: string[] = [];
  const run = (args: readonly string[], detached: boolean): ChildProcess => {
    const child = spawn(node, [main, ...profile, ...args], {
      env,
      detached,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output.push(chunk.toString());
        if (process.env['OL_VERBOSE']) process.stderr.write(chunk);
      });
    }
    return child;
  };
  const fail = (what: string): Error => new Error(`${what}:\n${output.join('')}`);

  if (options.vsix !== undefined) {
    const [code] = (await once(run(['--install-extension', options.vsix], false), 'exit')) as [number | null];
    if (code !== 0) throw fail('the VSIX could not be installed');
  }
  const port = await freePort();
  const child = run(
    [
      '--host',
      '127.0.0.1',
      '--port',
      String(port),
      '--without-connection-token',
      '--disable-telemetry',
      '--disable-workspace-trust',
      ...(options.driver ? ['--enable-smoke-test-driver'] : []),
      ...(options.locale ? ['--locale', options.locale] : []),
    ],
    true,
  );
  const host = `127.0.0.1:${port}`;
  // A test runner that ends without stopping it leaves nothing behind either.
  const abandon = (): void => {
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  };
  const leave = (): void => process.exit(143);
  process.once('exit', abandon).once('SIGTERM', leave);
  const stop = async (): Promise<void> => {
    await stopChild(child);
    process.off('exit', abandon).off('SIGTERM', leave);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  const deadline = Date.now() + START;
  const answers = (): Promise<boolean> =>
    fetch(`http://${host}/version`).then(
      (response) => response.ok,
      () => false,
    );
  while (!(await answers())) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop();
      throw fail('VS Code did not start');
    }
    await sleep(100);
  }
  return {
    host,
    folder,
    url: (parameters) => `http://${host}/?${new URLSearchParams(parameters).toString()}`,
    log: () => output.join(''),
    stop,
  };
}

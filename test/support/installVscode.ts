/**
 * A real VS Code for tests, where the desktop one cannot be downloaded: the npm package code-server carries VS Code's
 * server and web workbench, node-PLATFORM the Node it wants. No install script runs; two native modules that tests do
 * not need are replaced, so that no compiler is needed either. About 370 MB, a minute or two, once.
 */
import { spawn } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../../src/adapters/home.ts';
import { lock } from '../../src/adapters/lock.ts';

const CODE_SERVER = '4.139.1';
const NODE = '24.21.0';
const RECIPE = 1;

export interface VscodeServer {
  readonly node: string;
  /** VS Code's own server program, without the shell that code-server puts around it. */
  readonly main: string;
}

function platform(): string {
  const name = `${process.platform}-${process.arch}`;
  if (['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'].includes(name)) return name;
  throw new Error(`no VS Code server for ${name}: name a desktop VS Code in OL_VSCODE`);
}

function npm(cwd: string, path: string, args: readonly string[]): Promise<void> {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--no-update-notifier', '--prefer-offline'];
  return new Promise((resolve, reject) => {
    const child = spawn('npm', ['install', ...quiet, '--ignore-scripts', ...args], {
      cwd,
      env: { ...process.env, PATH: path },
      stdio: ['ignore', 2, 2],
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`npm install ${args.join(' ')} ended with ${code}`));
    });
  });
}

/** Stands in for the native logger: the same calls, plain file writes. */
const LOGGER = `
const fs = require('fs'), path = require('path');
let globalLevel = 2;
class Logger {
  constructor(name, file) {
    this.name = name; this.level = globalLevel; this.raw = false;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    this.fd = fs.openSync(file, 'a');
  }
  write(level, label, text) {
    if (level < this.level || this.fd === undefined) return;
    fs.writeSync(this.fd, this.raw ? text : new Date().toISOString() + ' [' + label + '] ' + text + '\\n');
  }
  trace(text) { this.write(0, 'trace', text); } debug(text) { this.write(1, 'debug', text); }
  info(text) { this.write(2, 'info', text); } warn(text) { this.write(3, 'warning', text); }
  error(text) { this.write(4, 'error', text); } critical(text) { this.write(5, 'critical', text); }
  getLevel() { return this.level; } setLevel(level) { this.level = level; }
  setPattern(pattern) { this.raw = pattern === '%v'; } clearFormatters() { this.raw = true; } flush() {}
  drop() { if (this.fd !== undefined) { fs.closeSync(this.fd); this.fd = undefined; } }
}
exports.version = 1; exports.Logger = Logger;
exports.setLevel = (level) => { globalLevel = level; }; exports.setFlushOn = () => {}; exports.shutdown = () => {};
exports.createRotatingLogger = exports.createAsyncRotatingLogger = async (name, file) => new Logger(name, file);
`;
const WATCHDOG = `
exports.start = (pid) => {
  setInterval(() => { try { process.kill(pid, 0); } catch { process.exit(87); } }, 3000).unref();
};
`;

async function keepOnly(folder: string, wanted: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name !== wanted) await rm(join(folder, name), { recursive: true, force: true });
  }
}

async function install(folder: string): Promise<void> {
  const target = platform();
  const path = process.env['PATH'] ?? '';
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"private":true}');
  process.stderr.write(`Installing VS Code for the tests (code-server ${CODE_SERVER}) into ${folder}…\n`);
  await npm(folder, path, [`node-${target}@${NODE}`, `code-server@${CODE_SERVER}`]);
  const bin = join(folder, 'node_modules', `node-${target}`, 'bin');
  await chmod(join(bin, 'node'), 0o755);
  const vscode = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  await npm(vscode, `${bin}:${path}`, ['--omit=dev']);
  const modules = join(vscode, 'node_modules');
  await writeFile(join(modules, '@vscode', 'spdlog', 'index.js'), LOGGER);
  await writeFile(join(modules, '@vscode', 'native-watchdog', 'index.js'), WATCHDOG);
  const system = process.platform === 'darwin' ? 'darwin' : 'linux';
  await rm(join(vscode, 'bin', 'helpers', 'browser.sh'), { force: true });
  await symlink(`browser-${system}.sh`, join(vscode, 'bin', 'helpers', 'browser.sh'));
  await keepOnly(join(modules, '@vscode', 'ripgrep-universal', 'bin'), target);
  await keepOnly(join(modules, 'node-pty', 'prebuilds'), target);
  for (const unused of [join(vscode, 'extensions', 'copilot'), join(modules, 'node-pty', 'third_party')]) {
    await rm(unused, { recursive: true, force: true });
  }
}

/** Installed once into the user's cache folder; a half-done install is done again. */
export async function installVscode(): Promise<VscodeServer> {
  const stamp = `${RECIPE} ${CODE_SERVER} ${NODE} ${platform()}`;
  const folder = join(cacheFolder(), `vscode-server-${CODE_SERVER}`);
  const stampFile = join(folder, '.stamp');
  const ready = async (): Promise<boolean> => (await readFile(stampFile, 'utf8').catch(() => '')) === stamp;
  if (!(await ready())) {
    await mkdir(cacheFolder(), { recursive: true });
    const held = await lock(`${folder}.lock`);
    try {
      if (!(await ready())) {
        const part = `${folder}.part`;
        await install(part);
        await writeFile(join(part, '.stamp'), stamp);
        await rm(folder, { recursive: true, force: true });
        await rename(part, folder);
      }
    } finally {
      held.release();
    }
  }
  const modules = join(folder, 'node_modules');
  return {
    node: join(modules, `node-${platform()}`, 'bin', 'node'),
    main: join(modules, 'code-server', 'lib', 'vscode', 'out', 'server-main.js'),
  };
}

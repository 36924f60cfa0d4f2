/** Brings everything the sandbox needs into the cache: pip and Maven side by side, each component moved in whole. */
import { mkdirSync, renameSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { isCancelled, UserError } from '../../core/errors.ts';
import type { OnEvent } from '../../core/events.ts';
import { t } from '../../core/l10n.ts';
import { lock } from '../lock.ts';
import { run } from '../process.ts';
import { fetchMaven } from './ivy.ts';
import type { Installed } from './installed.ts';
import { archiveClasses, javaFor, packagedJava } from './java.ts';
import { fetchWithMaven } from './maven.ts';
import { findMaven, type Maven } from './mavenProgram.ts';
import {
  createEnvironment,
  installJava,
  installPackages,
  isMusl,
  sitePackages,
  type Python,
} from './python.ts';
import { compileSparkServer } from './sparkServer.ts';
import { bytesNeeded, missingOf, pythonIsThere, targetsIn, type Missing, type Targets } from './targets.ts';
import { isVerified } from './verify.ts';
import { coordinatesOf, type JarComponent, type Versions } from './versions.ts';

export interface InstallOptions {
  readonly cache: string;
  readonly python: Python;
  readonly versions: Versions;
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
}

const isComplete = (missing: Missing): boolean => !missing.python && missing.jars.length === 0;

const megabytes = (bytes: number): string => String(Math.ceil(bytes / 1e6));

/** Throws UserError `disk-full`. */
function requireSpace(cache: string, missing: Missing, versions: Versions): void {
  const needed = bytesNeeded(missing, versions);
  const { bavail, bsize } = statfsSync(cache);
  if (bavail * bsize >= needed) return;
  throw new UserError(
    'disk-full',
    t(
      'The folder {0} has {1} MB free; the download needs {2} MB.',
      cache,
      megabytes(bavail * bsize),
      megabytes(needed),
    ),
    { hint: t('Free some space, or name another folder in ORDERS_LAKEHOUSE_CACHE.') },
  );
}

/** Everything in place; nothing is asked from the network when it already is. */
export async function install(options: InstallOptions): Promise<Installed> {
  const { cache, python, versions, signal, onEvent } = options;
  const targets = targetsIn(cache, python, versions);
  if (!isComplete(missingOf(targets, versions))) {
    mkdirSync(cache, { recursive: true });
    const held = await lock(join(cache, 'install.lock'), signal, () => {
      onEvent({ type: 'message', level: 'info', message: t('Waiting for another download to finish.') });
    });
    try {
      const missing = missingOf(targets, versions);
      if (!isComplete(missing)) {
        requireSpace(cache, missing, versions);
        await installMissing(missing, targets, options);
      }
    } finally {
      held.release();
    }
  }
  mkdirSync(targets.archives, { recursive: true });
  const java = await javaFor(targets.python, versions);
  if (packagedJava(targets.python)) await archiveClasses(java, signal);
  const sparkHome = join(sitePackages(targets.python), 'pyspark');
  await compileSparkServer(targets.sparkServer, sparkHome, java, signal);
  return {
    python: join(targets.python, 'bin', 'python'),
    sparkHome,
    sparkServer: targets.sparkServer,
    java,
    kafka: targets.jars.kafka,
    registry: targets.jars.registry,
    sparkJars: targets.jars.sparkJars,
    archives: targets.archives,
  };
}

/** Its own for each process: pip of a start that was killed may still write into the one before. */
const PYTHON_STAGING = `python-${process.pid}`;

async function installMissing(missing: Missing, targets: Targets, options: InstallOptions): Promise<void> {
  const { cache, versions } = options;
  const staging = join(cache, 'staging');
  mkdirSync(staging, { recursive: true });
  // When one side fails, the other is ended too, and both have ended before the error is told.
  const controller = new AbortController();
  const signal = AbortSignal.any([options.signal, controller.signal]);
  const tied = { ...options, signal };
  const maven = missing.jars.length > 0 ? await findMaven(cache, versions, signal) : undefined;

  const python = missing.python
    ? installPython(join(staging, PYTHON_STAGING), targets.python, tied)
    : { java: Promise.resolve(), all: Promise.resolve() };
  const jars = async (): Promise<void> => {
    if (missing.jars.length === 0) return;
    await installJars(missing.jars, targets, staging, maven, python, tied);
  };
  const outcomes = await Promise.allSettled(
    [python.java, python.all, jars()].map((work) =>
      work.catch((error: unknown) => {
        controller.abort();
        throw error;
      }),
    ),
  );
  options.signal.throwIfAborted();
  const failed = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));
  const first = failed.find((reason) => !isCancelled(reason)) ?? failed[0];
  if (first) throw first;
  rmSync(staging, { recursive: true, force: true });
}

interface PythonInstall {
  /** Done when the packaged Java can be used. */
  readonly java: Promise<void>;
  readonly all: Promise<void>;
}

function installPython(staged: string, target: string, options: InstallOptions): PythonInstall {
  const { python, versions, onEvent, signal } = options;
  const pip = { onEvent, signal };
  const java = (async () => {
    onEvent({ type: 'phase', phase: t('Making the Python environment') });
    await createEnvironment(python, staged, versions, pip);
    if (!isMusl()) await installJava(staged, pip);
  })();
  const all = java.then(async () => {
    await installPackages(staged, pip);
    moveIn(staged, target);
  });
  return { java, all };
}

/** One rename; what lay there before was incomplete. */
function moveIn(staged: string, target: string): void {
  rmSync(target, { recursive: true, force: true });
  renameSync(staged, target);
}

async function installJars(
  names: readonly JarComponent[],
  targets: Targets,
  staging: string,
  found: Maven | undefined,
  python: PythonInstall,
  options: InstallOptions,
): Promise<void> {
  const { versions, onEvent, signal } = options;
  const folderOf = (name: JarComponent): string => join(staging, name);
  const all = names.flatMap((name) =>
    versions.components[name].files.map((file) => ({ file, folder: folderOf(name) })),
  );
  // Files of an earlier attempt stay when they are sound.
  const wanted = [];
  for (const one of all) if (!(await isVerified(one.folder, one.file))) wanted.push(one);

  if (wanted.length > 0) {
    const maven = found ?? (await mavenOnPackagedJava(python, targets, staging, options));
    await fetchWithMaven(wanted, join(staging, 'maven'), {
      ...maven,
      pluginVersion: versions.maven.dependencyPlugin,
      onEvent,
      signal,
    });
    for (const { file, folder } of wanted) {
      if (await isVerified(folder, file)) continue;
      const { fileName } = coordinatesOf(file.artifact);
      rmSync(join(folder, fileName), { force: true });
      throw new UserError('bad-download', t('{0} is not the file that was published (SHA-256).', fileName), {
        hint: t('Delete it from your Maven repository (~/.m2/repository), check the mirror, then try again.'),
      });
    }
  }
  for (const name of names) {
    const staged = folderOf(name);
    moveIn(name === 'registry' ? await unpacked(staged, options) : staged, targets.jars[name]);
  }
}

async function unpacked(folder: string, { versions, signal, onEvent }: InstallOptions): Promise<string> {
  onEvent({ type: 'phase', phase: t('Unpacking the schema registry') });
  const [file] = versions.components.registry.files;
  if (!file) throw new Error('versions.json names no file for the registry');
  const app = join(folder, 'app');
  rmSync(app, { recursive: true, force: true });
  mkdirSync(app);
  const archive = join(folder, coordinatesOf(file.artifact).fileName);
  const done = await run({ command: 'tar', args: ['-xzf', archive, '-C', app] }, { signal });
  if (done.code !== 0) throw new Error(`tar: ${done.tail.join(' ')}`);
  return app;
}

/** No Maven that runs: on the Java that pip brings, and fetched when there is none at all. */
async function mavenOnPackagedJava(
  python: PythonInstall,
  targets: Targets,
  staging: string,
  options: InstallOptions,
): Promise<Maven> {
  const { cache, versions, signal, onEvent } = options;
  await python.java;
  const current = (): string => (pythonIsThere(targets.python) ? targets.python : join(staging, 'python'));
  const java = packagedJava(current()) ?? (await javaFor(current(), versions));
  const own = await findMaven(cache, versions, signal, java);
  if (own) return own;
  // Ivy comes with Spark.
  await python.all;
  return fetchMaven(targets.python, cache, await javaFor(targets.python, versions), {
    versions,
    signal,
    onEvent,
  });
}

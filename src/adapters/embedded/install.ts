/** Brings everything the sandbox needs into the cache: pip and Maven side by side, each component moved in whole. */
import { mkdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { isCancelled } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';
import { lock } from '../lock.ts';
import type { Installed } from './installed.ts';
import { nearestFolder } from './homeFolder.ts';
import { installJars } from './installJars.ts';
import type { InstallOptions } from './installOptions.ts';
import { installPython } from './installPython.ts';
import { archiveClasses, javaFor, packagedJava } from './java.ts';
import { findMaven } from './mavenProgram.ts';
import { sitePackages } from './python.ts';
import { compileSparkServer } from './sparkServer.ts';
import {
  bytesNeeded,
  downloadPlan,
  isComplete,
  missingOf,
  targetsIn,
  type Missing,
  type Targets,
} from './targets.ts';
import { diskFull, userErrorOf, type Place } from './writable.ts';

const megabytes = (bytes: number): string => String(Math.ceil(bytes / 1e6));

const placeOf = (cache: string, bytes: number): Place => ({
  folder: cache,
  bytes,
  hint: t('Free some space, or name another folder in ORDERS_LAKEHOUSE_CACHE.'),
});

/** Says what is about to be downloaded, and how much. */
function announce(targets: Targets, { cache, versions, onEvent }: InstallOptions): void {
  const items = downloadPlan(targets, versions).filter((item) => !item.present);
  const total = items.reduce((sum, item) => sum + item.bytes, 0);
  const list = items.map(({ name, version, bytes }) =>
    `${name} ${version} (${megabytes(bytes)} MB)`.replace('  ', ' '),
  );
  const message = t('Downloading {0} MB to {1}: {2}', megabytes(total), cache, list.join(', '));
  onEvent({ type: 'message', level: 'info', message });
}

/**
 * Everything in place; nothing is asked from the network when it already is.
 * Throws UserError `disk-full`, `no-permission`, and what pip and Maven fail with.
 */
export async function install(options: InstallOptions): Promise<Installed> {
  const { cache, python, versions, signal, onEvent } = options;
  const targets = targetsIn(cache, python, versions);
  const first = missingOf(targets, versions);
  if (!isComplete(first)) {
    const place = placeOf(cache, bytesNeeded(first, versions));
    const { bavail, bsize } = statfsSync(nearestFolder(cache));
    if (bavail * bsize < place.bytes) throw diskFull(place, bavail * bsize);
    try {
      mkdirSync(cache, { recursive: true });
      const held = await lock(join(cache, 'install.lock'), signal, () => {
        onEvent({ type: 'message', level: 'info', message: t('Waiting for another download to finish.') });
      });
      try {
        await installMissing(missingOf(targets, versions), targets, options);
      } finally {
        held.release();
      }
    } catch (error) {
      throw userErrorOf(error, place) ?? error;
    }
  }
  return {
    python: join(targets.python, 'bin', 'python'),
    sparkHome: sparkHomeIn(targets),
    sparkServer: targets.sparkServer,
    java: await javaFor(targets.python, versions),
    kafka: targets.jars.kafka,
    registry: targets.jars.registry,
    sparkJars: targets.jars.sparkJars,
    archives: targets.archives,
  };
}

const sparkHomeIn = (targets: Targets): string => join(sitePackages(targets.python), 'pyspark');

async function installMissing(missing: Missing, targets: Targets, options: InstallOptions): Promise<void> {
  const { versions, signal } = options;
  if (bytesNeeded(missing, versions) > 0) {
    announce(targets, options);
    // They hold for the files that they were made from.
    rmSync(targets.archives, { recursive: true, force: true });
    await download(missing, targets, options);
  }
  const java = await javaFor(targets.python, versions);
  if (packagedJava(targets.python)) await archiveClasses(java, signal);
  await compileSparkServer(targets.sparkServer, sparkHomeIn(targets), java, signal);
  mkdirSync(targets.archives, { recursive: true });
}

async function download(missing: Missing, targets: Targets, options: InstallOptions): Promise<void> {
  const { cache, versions } = options;
  const staging = join(cache, 'staging');
  mkdirSync(staging, { recursive: true });
  // When one side fails, the other is ended too, and both have ended before the error is told.
  const controller = new AbortController();
  const signal = AbortSignal.any([options.signal, controller.signal]);
  const tied = { ...options, signal };
  const maven = missing.jars.length > 0 ? await findMaven(cache, versions, signal) : undefined;

  const python = missing.python
    ? installPython(staging, targets.python, tied)
    : Promise.resolve(targets.python);
  const jars = async (): Promise<void> => {
    if (missing.jars.length === 0) return;
    await installJars(missing.jars, targets, staging, maven, python, tied);
  };
  const outcomes = await Promise.allSettled(
    [python, jars()].map((work) =>
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

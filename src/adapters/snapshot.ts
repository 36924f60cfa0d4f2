/** Snapshots of a home, whichever runtime holds its data. A file of its own in dist/, loaded at first use. */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { throwIfCancelled, UserError } from '../core/errors.ts';
import type { OnEvent } from '../core/events.ts';
import { t } from '../core/l10n.ts';
import type { SandboxRuntime, Snapshots } from '../core/ports.ts';
import { createProgress, type Progress } from '../core/progress.ts';
import { chooseRuntime } from '../core/runtimes.ts';
import type { RuntimeName } from '../core/sandbox.ts';
import type { Settings } from '../core/settings.ts';
import {
  notASnapshot,
  parseManifest,
  SNAPSHOT_EXTENSION,
  SNAPSHOT_FORMAT,
  SNAPSHOT_STAMP,
  type Manifest,
} from '../core/snapshot.ts';
import { nothingToKeep, runInProgress } from '../core/takeSnapshot.ts';
import { readVersions } from './embedded/versions.ts';
import { asFileError } from './fileErrors.ts';
import { readJson, writeAtomically } from './files.ts';
import { homeLayout } from './home.ts';
import { inTurn } from './homeLock.ts';
import { resourceFolder } from './resources.ts';
import { lookForDocker, meant, runtimeOf } from './runtime.ts';
import { readManifestText, unpackArchive, writeArchive } from './snapshot/archive.ts';
import { dataFiles } from './snapshot/dataFiles.ts';
import type { DataPlace } from './snapshot/dataPlace.ts';

/** Versions of what writes the data, here. */
function partVersions(): Readonly<Record<string, string>> {
  const { components, python } = readVersions();
  const spark = python.packages.find(({ name }) => /spark/i.test(name));
  return {
    kafka: components.kafka.version,
    registry: components.registry.version,
    delta: components.sparkJars.version,
    ...(spark ? { spark: spark.version } : {}),
  };
}

const productVersion = (): string =>
  (JSON.parse(readFileSync(join(resourceFolder(), 'package.json'), 'utf8')) as { version: string }).version;

/** Told in kB: a person sees it move, and reads it. */
function counting(progress: Progress): (bytes: number) => void {
  let bytes = 0;
  return (more) => {
    bytes += more;
    progress(Math.ceil(bytes / 1000));
  };
}

export function createSnapshots(
  home: string,
  settings: Settings,
  sandbox: Pick<SandboxRuntime, 'status'>,
): Snapshots {
  const layout = homeLayout(home);
  const lesson = join(home, `lesson.${SNAPSHOT_EXTENSION}`);

  const placeOf = async (runtime: RuntimeName): Promise<DataPlace> =>
    runtime === 'docker'
      ? (await import('./docker.ts')).dockerData(layout, settings)
      : (await import('./embedded.ts')).embeddedData(layout, settings);

  /** Under the lock of the home, with nothing running. */
  const alone = <T>(onEvent: OnEvent, signal: AbortSignal, work: () => Promise<T>): Promise<T> =>
    inTurn(layout, onEvent, signal, async () => {
      if ((await sandbox.status()).state !== 'stopped') {
        throw new UserError('sandbox-running', t('The sandbox was started meanwhile.'), {
          hint: t('Stop it first: orders-lakehouse down'),
        });
      }
      return work();
    });

  const read = async (file: string): Promise<Manifest> => {
    try {
      return parseManifest(await readManifestText(file), file, partVersions());
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EISDIR') throw notASnapshot(file, error);
      throw asFileError(error, file);
    }
  };

  return {
    lesson,
    hasLesson: () => existsSync(lesson),
    holdsData: () => runtimeOf(layout) !== undefined,
    async mustBeIdle() {
      const runtime = runtimeOf(layout);
      if (runtime && (await (await placeOf(runtime)).hasRun())) throw runInProgress();
    },
    mayWrite(file, force) {
      const path = resolve(file);
      if (!existsSync(dirname(path))) {
        throw new UserError('no-such-folder', t('There is no folder {0}.', dirname(path)));
      }
      const there = statSync(path, { throwIfNoEntry: false });
      if (there && (!force || !there.isFile())) {
        throw new UserError('file-exists', t('There is already a file {0}.', path), {
          hint: t('Name another one, or say --force to replace it.'),
        });
      }
    },
    inspect: read,
    write: (file, contents, onEvent, signal) =>
      alone(onEvent, signal, async () => {
        const runtime = runtimeOf(layout);
        if (!runtime) throw nothingToKeep(home);
        const place = await placeOf(runtime);
        const { folder, release } = await place.collect(onEvent, signal);
        try {
          const files = dataFiles(folder);
          const bytes = files.reduce((sum, one) => sum + one.bytes, 0);
          const manifest: Manifest = {
            format: SNAPSHOT_FORMAT,
            created: new Date().toISOString(),
            product: productVersion(),
            runtime,
            versions: partVersions(),
            warehouse: place.warehouse,
            bytes,
            ...(contents ? { contents } : {}),
          };
          const progress = createProgress(onEvent, t('Writing the snapshot'), 'kB', Math.ceil(bytes / 1000));
          const fileBytes = await writeArchive(
            file,
            { folder, manifest, files },
            counting(progress),
            signal,
          ).catch((error: unknown) => {
            throw asFileError(error, file);
          });
          return { manifest, fileBytes };
        } finally {
          release();
        }
      }),
    async unpack(file, asked, onEvent, signal) {
      const before = runtimeOf(layout);
      const { runtime } = await chooseRuntime(meant(asked ?? settings.runtime), before, lookForDocker);
      const manifest = await read(file);
      const place = await placeOf(runtime);
      await place.prepare(onEvent, signal);
      const folder = join(layout.run, `restoring-${Date.now()}`);
      const discard = (): Promise<void> => {
        rmSync(folder, { recursive: true, force: true });
        return Promise.resolve();
      };
      try {
        mkdirSync(folder, { recursive: true });
        const total = Math.ceil(manifest.bytes / 1000);
        const progress = createProgress(onEvent, t('Reading the snapshot'), 'kB', total);
        await unpackArchive(file, folder, counting(progress), signal);
        renameStamp(join(folder, SNAPSHOT_STAMP), place.name);
      } catch (error) {
        await discard();
        throw asFileError(error, (error as NodeJS.ErrnoException).path ?? file);
      }
      return {
        runtime,
        moveIn: (tell, cancel) =>
          alone(tell, cancel, async () => {
            throwIfCancelled(cancel);
            tell({ type: 'phase', phase: t('Putting the data in place') });
            await place.replace(folder, manifest.warehouse, tell, cancel);
            if (before && before !== runtime) await (await placeOf(before)).clear();
          }),
        discard,
      };
    },
  };
}

/** The stamp of the last run names its place; the tables, their versions and the offsets are the same here. */
function renameStamp(file: string, place: string): void {
  const stamp = readJson(file);
  if (stamp !== undefined) writeAtomically(file, JSON.stringify({ ...(stamp as object), place }));
}

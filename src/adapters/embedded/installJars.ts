/** Brings Kafka, the registry and Spark's jars through Maven, checks them, and moves each in whole. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';
import { run } from '../process.ts';
import { failure } from './failure.ts';
import type { InstallOptions } from './installOptions.ts';
import { fetchMaven } from './ivy.ts';
import { javaFor } from './java.ts';
import { fetchWithMaven } from './maven.ts';
import { findMaven, type Maven } from './mavenProgram.ts';
import { moveIn } from './moveIn.ts';
import type { Targets } from './targets.ts';
import { isVerified } from './verify.ts';
import { coordinatesOf, type JarComponent } from './versions.ts';

export async function installJars(
  names: readonly JarComponent[],
  targets: Targets,
  staging: string,
  found: Maven | undefined,
  python: Promise<string>,
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
    const maven = found ?? (await mavenOnPackagedJava(python, options));
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
  if (done.code !== 0) throw failure('unpack-failed', t('{0} could not be unpacked.', archive), done);
  return app;
}

/** No Maven runs with what the person has: on the Java that pip brings, and fetched when there is none at all. */
async function mavenOnPackagedJava(
  python: Promise<string>,
  { cache, versions, signal, onEvent }: InstallOptions,
): Promise<Maven> {
  // When all of it is in its place: a Java whose folder moves while it runs may fail.
  const environment = await python;
  const java = await javaFor(environment, versions);
  return (
    (await findMaven(cache, versions, signal, java)) ??
    (await fetchMaven(environment, cache, java, { versions, signal, onEvent }))
  );
}

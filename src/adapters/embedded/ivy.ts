/** Fetches Maven's own published archive with Apache Ivy, which Spark brings along. */
import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import type { OnEvent } from '../../core/events.ts';
import { t } from '../../core/l10n.ts';
import { run } from '../process.ts';
import { failure } from './failure.ts';
import { fetchedMaven, mavenEnvironment, type Maven } from './mavenProgram.ts';
import { ownRepositorySettings, proxyOptions } from './mavenSettings.ts';
import type { JavaRuntime } from './parts/java.ts';
import { sitePackages } from './python.ts';
import { trustOptions } from './trust.ts';
import { sha256Of } from './verify.ts';
import { coordinatesOf, type Versions } from './versions.ts';

function ivyFile(artifact: string): string {
  const { group, artifact: name, version, type, classifier } = coordinatesOf(artifact);
  return `<ivy-module version="2.0" xmlns:m="http://ant.apache.org/ivy/maven">
  <info organisation="orders-lakehouse" module="tools" revision="1"/>
  <dependencies>
    <dependency org="${group}" name="${name}" rev="${version}" transitive="false">
      <artifact name="${name}" type="${type}" ext="${type}" m:classifier="${classifier}"/>
    </dependency>
  </dependencies>
</ivy-module>
`;
}

/** Ivy's own settings know the central repository; a mirror takes its place. */
function ivySettings(mirror: string): string {
  const root = mirror.endsWith('/') ? mirror : `${mirror}/`;
  return `<ivysettings>
  <settings defaultResolver="mirror"/>
  <resolvers><ibiblio name="mirror" m2compatible="true" root="${root.replace(/&/g, '&amp;')}"/></resolvers>
</ivysettings>
`;
}

interface FetchOptions {
  readonly versions: Versions;
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
}

/** Throws UserError `no-maven`. */
export async function fetchMaven(
  environment: string,
  cache: string,
  java: JavaRuntime,
  { versions, onEvent, signal }: FetchOptions,
): Promise<Maven> {
  const { maven } = versions;
  const work = join(cache, 'staging', 'ivy');
  mkdirSync(work, { recursive: true });
  const ivy = join(work, 'ivy.xml');
  writeFileSync(ivy, ivyFile(maven.artifact));
  const jars = join(sitePackages(environment), 'pyspark', 'jars');
  const jar = readdirSync(jars).find((name) => /^ivy-.*\.jar$/.test(name));
  if (jar === undefined) throw new Error('pyspark holds no Ivy');
  const name = `Apache Maven ${maven.version}`;
  onEvent({ type: 'download', name, done: 0, total: maven.bytes });
  const settings = ownRepositorySettings();
  const settingsFile = join(work, 'ivysettings.xml');
  if (settings.mirror !== undefined) writeFileSync(settingsFile, ivySettings(settings.mirror));
  const done = await run(
    {
      command: java.java,
      args: [
        ...(await trustOptions(cache)),
        ...proxyOptions(settings),
        ...['-jar', join(jars, jar), '-cache', join(work, 'cache'), '-ivy', ivy],
        ...['-retrieve', join(work, 'out', '[artifact].[ext]')],
        ...(settings.mirror === undefined ? [] : ['-settings', settingsFile]),
      ],
      cwd: work,
    },
    { signal },
  );
  const hint = t('Install Maven, or check the network and the proxy, then try again.');
  if (done.code !== 0)
    throw failure('no-maven', t('Maven was not found and could not be fetched.'), done, { hint });
  const { artifact, type } = coordinatesOf(maven.artifact);
  const archive = join(work, 'out', `${artifact}.${type}`);
  if ((await sha256Of(archive)) !== maven.sha256) {
    rmSync(work, { recursive: true, force: true });
    throw new UserError('bad-download', t('{0} is not the file that was published (SHA-256).', name), {
      hint,
    });
  }
  onEvent({ type: 'download', name, done: maven.bytes, total: maven.bytes });
  const unpacked = join(work, 'unpacked');
  mkdirSync(unpacked, { recursive: true });
  const tar = await run(
    { command: 'tar', args: ['-xzf', archive, '-C', unpacked, '--strip-components=1'] },
    { signal },
  );
  if (tar.code !== 0) throw new Error(`tar: ${tar.tail.join(' ')}`);
  const target = join(cache, `maven-${maven.version}`);
  rmSync(target, { recursive: true, force: true });
  renameSync(unpacked, target);
  return { maven: fetchedMaven(cache, versions), env: await mavenEnvironment(cache, java) };
}

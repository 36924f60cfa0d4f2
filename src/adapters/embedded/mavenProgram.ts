/** A Maven that runs: the person's, else one that was fetched before. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run, type Command } from '../process.ts';
import type { JavaRuntime } from './parts/java.ts';
import { trustOptions } from './trust.ts';
import type { Versions } from './versions.ts';

export interface Maven {
  readonly maven: string;
  readonly env: NonNullable<Command['env']>;
}

export const fetchedMaven = (cache: string, versions: Versions): string =>
  join(cache, `maven-${versions.maven.version}`, 'bin', 'mvn');

/** With the person's own Java, or with the given one. Undefined when none runs. */
export async function findMaven(
  cache: string,
  versions: Versions,
  signal: AbortSignal,
  java?: JavaRuntime,
): Promise<Maven | undefined> {
  const env = java ? await mavenEnvironment(cache, java) : {};
  const homes = [process.env['MAVEN_HOME'], process.env['M2_HOME']].filter((home) => home);
  const fetched = fetchedMaven(cache, versions);
  const candidates = ['mvn', ...homes.map((home) => join(home ?? '', 'bin', 'mvn'))];
  if (existsSync(fetched)) candidates.push(fetched);
  for (const maven of candidates) {
    const { code } = await run({ command: maven, args: ['-v'], env }, { signal, timeoutMs: 30_000 });
    if (code === 0) return { maven, env };
  }
  return undefined;
}

export async function mavenEnvironment(
  cache: string,
  java: JavaRuntime,
): Promise<NonNullable<Command['env']>> {
  const options = await trustOptions(cache);
  // Unlike MAVEN_OPTS this variable of Java's own takes quotes, and so paths with blanks.
  const quoted = [process.env['JDK_JAVA_OPTIONS'] ?? '', ...options.map((option) => `"${option}"`)];
  return { JAVA_HOME: java.home, JDK_JAVA_OPTIONS: quoted.join(' ').trim() };
}

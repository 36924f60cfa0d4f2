/** Options that every Java program of the sandbox gets. */
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { resourceFolder } from '../../resources.ts';

export interface JavaRuntime {
  /** The `java` program. */
  readonly java: string;
  /** Its JAVA_HOME. */
  readonly home: string;
  readonly major: number;
}

export const NATIVE_ACCESS = '--enable-native-access=ALL-UNNAMED';

/** The first stop takes its time: it writes the archive of classes. */
export const STOP_GRACE_MS = 60_000;

/** Where a part's archive of loaded classes is made, and where it is kept for the next starts. */
export interface ClassArchive {
  readonly made: string;
  readonly kept: string;
}

/** One for each part; it holds for one class path only. Made beside, so that no reader meets an unfinished one. */
export const classArchive = (folder: string, part: string): ClassArchive => ({
  made: join(folder, `${part}.${process.pid}.jsa`),
  kept: join(folder, `${part}.jsa`),
});

/** Quiet, small, and quick to start: classes are archived at a first stop and mapped at the next starts. */
export function javaOptions(java: JavaRuntime, heapMiB: number, archive?: ClassArchive): readonly string[] {
  const archiving =
    archive &&
    (existsSync(archive.kept)
      ? `-XX:SharedArchiveFile=${archive.kept}`
      : `-XX:ArchiveClassesAtExit=${archive.made}`);
  return [
    '-Xms64m',
    `-Xmx${heapMiB}m`,
    '-XX:+IgnoreUnrecognizedVMOptions',
    ...(archiving ? [archiving] : []),
    '-Xlog:disable',
    '-Djava.awt.headless=true',
    '-Duser.timezone=UTC',
    // Java 24 and later warn about what these libraries have always done.
    ...(java.major >= 24 ? ['--sun-misc-unsafe-memory-access=allow', NATIVE_ACCESS] : []),
  ];
}

/** File names with accents need a UTF-8 locale; Java itself must take no options meant for other programs. */
export const javaEnvironment = (java: JavaRuntime): Readonly<Record<string, string | null>> => ({
  LC_ALL: process.platform === 'linux' ? 'C.UTF-8' : (process.env['LC_ALL'] ?? null),
  JAVA_HOME: java.home,
  CLASSPATH: null,
});

/** One line `key=value` of a Java properties file. */
export function property(key: string, value: string | number | boolean): string {
  // Properties files are read as Latin-1 by some programs: everything else is written as \uXXXX.
  const escaped = String(value)
    .replace(/\\/g, '\\\\')
    .replace(/^ /, '\\ ')
    .replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `${key}=${escaped}`;
}

/** The jars of folders in one order, without wildcards: an archive of classes holds for one class path only. */
export function classPath(...places: readonly string[]): string {
  const jarsOf = (place: string): readonly string[] =>
    place.endsWith('.jar')
      ? [place]
      : readdirSync(place)
          .filter((name) => name.endsWith('.jar'))
          .sort()
          .map((name) => join(place, name));
  return places.flatMap(jarsOf).join(delimiter);
}

/** Log4j's settings for a part, by URL: a folder on the class path would forbid the archive of classes. */
export const logSettings = (part: string): string =>
  `-Dlog4j2.configurationFile=${pathToFileURL(join(resourceFolder(), 'sandbox', 'runtime', part, 'log4j2.properties')).href}`;

/** Where each downloaded component belongs in the cache, and whether it is there. */
import { existsSync, lstatSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { DownloadItem } from '../../core/sandbox.ts';
import { packagedJava } from './java.ts';
import { isMusl, sitePackages, type Python } from './python.ts';
import { sparkServerSource } from './sparkServer.ts';
import { hasSize } from './verify.ts';
import {
  coordinatesOf,
  JAR_COMPONENTS,
  requirementsFile,
  stampOf,
  type JarComponent,
  type Versions,
} from './versions.ts';

export interface Targets {
  readonly python: string;
  readonly jars: Readonly<Record<JarComponent, string>>;
  /** The compiled main class of the Spark server. */
  readonly sparkServer: string;
  readonly archives: string;
}

/** A folder's name changes with its content's versions: two versions of the product share a cache. */
export function targetsIn(cache: string, python: Python, versions: Versions): Targets {
  const { components } = versions;
  const short = python.version.split('.').slice(0, 2).join('.');
  const pythonStamp = stampOf(
    readFileSync(requirementsFile(), 'utf8'),
    ...versions.python.tools,
    short,
    python.prefix,
    process.arch,
  );
  const folderOf = (name: JarComponent): string => {
    const { version, files } = components[name];
    return join(cache, `${name}-${version}-${stampOf(JSON.stringify(files))}`);
  };
  const jars = Object.fromEntries(JAR_COMPONENTS.map((name) => [name, folderOf(name)])) as Targets['jars'];
  return {
    python: join(cache, `python-${short}-${pythonStamp}`),
    jars,
    sparkServer: join(cache, `spark-server-${stampOf(pythonStamp, sparkServerSource())}`, 'server.jar'),
    archives: join(cache, `archives-${stampOf(pythonStamp, ...Object.values(jars))}`),
  };
}

export function pythonIsThere(environment: string): boolean {
  const spark = join(sitePackages(environment), 'pyspark', 'jars');
  return (
    existsSync(join(environment, 'bin', 'python')) &&
    existsSync(spark) &&
    readdirSync(spark).length > 0 &&
    (isMusl() || packagedJava(environment) !== undefined)
  );
}

/** Sizes only: hashes were held when it was installed. */
export function jarsAreThere(name: JarComponent, folder: string, versions: Versions): boolean {
  if (name === 'registry') return existsSync(join(folder, 'quarkus-run.jar'));
  return versions.components[name].files.every((file) =>
    hasSize(join(folder, coordinatesOf(file.artifact).fileName), file.bytes),
  );
}

export function downloadPlan(targets: Targets, versions: Versions): readonly DownloadItem[] {
  const python = pythonIsThere(targets.python);
  return [
    ...versions.python.packages.map((item) => ({ ...item, present: python })),
    ...JAR_COMPONENTS.map((name) => {
      const { title, version, files } = versions.components[name];
      return {
        name: title,
        version,
        bytes: files.reduce((sum, file) => sum + file.bytes, 0),
        present: jarsAreThere(name, targets.jars[name], versions),
      };
    }),
  ];
}

export interface Missing {
  readonly python: boolean;
  readonly jars: readonly JarComponent[];
  /** What is made here from the others. */
  readonly sparkServer: boolean;
}

export const isComplete = ({ python, jars, sparkServer }: Missing): boolean =>
  !python && jars.length === 0 && !sparkServer;

export const missingOf = (targets: Targets, versions: Versions): Missing => ({
  python: !pythonIsThere(targets.python),
  jars: JAR_COMPONENTS.filter((name) => !jarsAreThere(name, targets.jars[name], versions)),
  sparkServer: !existsSync(targets.sparkServer),
});

/** What pip keeps in its own cache, and unpacks on the way. */
const PIP_BYTES = 500e6;

/** Disk space for what is missing, its downloads included. */
export function bytesNeeded(missing: Missing, versions: Versions): number {
  const python = missing.python ? versions.python.installedBytes + PIP_BYTES : 0;
  return missing.jars.reduce((sum, name) => {
    const { installedBytes, files } = versions.components[name];
    return sum + installedBytes + files.reduce((bytes, file) => bytes + file.bytes, 0);
  }, python);
}

const OWN_FOLDER = /^(python|kafka|registry|sparkJars|spark-server|archives)-/;

/** Folders of the cache that another version of the product, or of Python, made; bytes on disk. */
export function otherVersions(
  cache: string,
  targets: Targets,
): readonly { readonly folder: string; readonly bytes: number }[] {
  if (!existsSync(cache)) return [];
  const { python, jars, sparkServer, archives } = targets;
  const current = [python, ...Object.values(jars), dirname(sparkServer), archives];
  return readdirSync(cache)
    .filter((name) => OWN_FOLDER.test(name) && !current.includes(join(cache, name)))
    .sort()
    .map((name) => ({ folder: join(cache, name), bytes: bytesIn(join(cache, name)) }));
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce(
    // One that an installation renames at this moment counts for nothing.
    (sum, path) => sum + (lstatSync(join(folder, path), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

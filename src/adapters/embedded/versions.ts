/** sandbox/versions.json: every version of the sandbox, and what its files must be. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { resourceFolder } from '../resources.ts';

export interface PinnedFile {
  /** `group:artifact:version[:type[:classifier]]` */
  readonly artifact: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Component {
  readonly title: string;
  readonly version: string;
  /** Bytes on disk when unpacked. */
  readonly installedBytes: number;
  readonly files: readonly PinnedFile[];
}

export const JAR_COMPONENTS = ['kafka', 'registry', 'sparkJars'] as const;
export type JarComponent = (typeof JAR_COMPONENTS)[number];

export interface Versions {
  readonly python: {
    readonly oldest: string;
    /** Requirement lines, installed first: a pip that shows progress, and what builds Spark's package. */
    readonly tools: readonly string[];
    /** The large ones, for the announcement before a download; pip itself holds them to their hashes. */
    readonly packages: readonly { readonly name: string; readonly version: string; readonly bytes: number }[];
    readonly installedBytes: number;
  };
  readonly java: { readonly oldest: number };
  readonly maven: PinnedFile & { readonly version: string; readonly dependencyPlugin: string };
  readonly components: Readonly<Record<JarComponent, Component>>;
}

export function readVersions(): Versions {
  return JSON.parse(readFileSync(join(resourceFolder(), 'sandbox', 'versions.json'), 'utf8')) as Versions;
}

export const requirementsFile = (): string => join(resourceFolder(), 'sandbox', 'requirements.txt');

/** Changes when what is to be installed changes. */
export function stampOf(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex').slice(0, 12);
}

export interface Coordinates {
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
  readonly type: string;
  readonly classifier: string;
  readonly fileName: string;
}

export function coordinatesOf(text: string): Coordinates {
  const [group = '', artifact = '', version = '', type = 'jar', classifier = ''] = text.split(':');
  const fileName = `${artifact}-${version}${classifier && `-${classifier}`}.${type}`;
  return { group, artifact, version, type, classifier, fileName };
}

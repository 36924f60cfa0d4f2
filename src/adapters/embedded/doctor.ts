/** Looks at what the sandbox needs of this machine, without changing anything. */
import { readFileSync, statfsSync } from 'node:fs';
import { freemem } from 'node:os';
import type { Finding } from '../../core/doctor.ts';
import { isUserError } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';
import type { SandboxStatus } from '../../core/sandbox.ts';
import type { Settings } from '../../core/settings.ts';
import type { HomeLayout } from '../home.ts';
import { isAlive } from '../processIdentity.ts';
import { readState } from '../supervisor/stateFile.ts';
import { checkHome, nearestFolder } from './homeFolder.ts';
import { findOwnJava, packagedJava } from './java.ts';
import { findMaven } from './mavenProgram.ts';
import { portHolder } from './portHolder.ts';
import { isFree } from './ports.ts';
import { findPython, isMusl, type Python } from './python.ts';
import { bytesNeeded, missingOf, otherVersions, targetsIn } from './targets.ts';
import { JAR_COMPONENTS, type Versions } from './versions.ts';

export interface Examined {
  readonly layout: HomeLayout;
  readonly cache: string;
  readonly settings: Settings;
  readonly versions: Versions;
  readonly status: SandboxStatus;
}

/** In the order in which a start needs them. */
export async function diagnose(examined: Examined): Promise<readonly Finding[]> {
  const python = await found('python', () => findPython(examined.settings.python, examined.versions));
  const pythonFinding: Finding =
    'finding' in python
      ? python.finding
      : {
          id: 'python',
          status: 'ok',
          evidence: t('Python {0} ({1})', python.value.version, python.value.command),
        };
  const usable = 'finding' in python ? undefined : python.value;
  return [
    homeFinding(examined),
    pythonFinding,
    await javaFinding(examined, usable),
    await mavenFinding(examined),
    ...(await portFindings(examined)),
    diskFinding(examined, usable),
    ...cacheFindings(examined, usable),
    memoryFinding(examined),
  ];
}

/** A UserError is a finding; anything else is a fault. */
async function found<T>(id: string, look: () => Promise<T>): Promise<{ value: T } | { finding: Finding }> {
  try {
    return { value: await look() };
  } catch (error) {
    if (!isUserError(error)) throw error;
    const fix = error.hint === undefined ? {} : { fix: error.hint };
    return { finding: { id, status: 'problem', evidence: error.message, ...fix } };
  }
}

function homeFinding({ layout }: Examined): Finding {
  try {
    checkHome(layout);
    return { id: 'home', status: 'ok', evidence: t('{0} can be written to', layout.home) };
  } catch (error) {
    if (!isUserError(error)) throw error;
    return {
      id: 'home',
      status: 'problem',
      evidence: error.message,
      ...(error.hint === undefined ? {} : { fix: error.hint }),
    };
  }
}

async function javaFinding({ cache, versions }: Examined, python: Python | undefined): Promise<Finding> {
  const packaged = python && packagedJava(targetsIn(cache, python, versions).python);
  if (packaged) {
    return { id: 'java', status: 'ok', evidence: t('Java {0}, installed with the sandbox', packaged.major) };
  }
  if (!isMusl()) {
    return {
      id: 'java',
      status: 'ok',
      evidence: t('Java comes with the download; none needs to be installed'),
    };
  }
  const own = await findOwnJava();
  if (own && own.major >= versions.java.oldest) {
    return { id: 'java', status: 'ok', evidence: t('Java {0} ({1})', own.major, own.java) };
  }
  return {
    id: 'java',
    status: 'problem',
    evidence: own ? t('Java {0} ({1}) is too old', own.major, own.java) : t('No Java was found'),
    fix: t('Install a Java {0} runtime and set JAVA_HOME, then try again.', versions.java.oldest),
  };
}

async function mavenFinding({ cache, versions }: Examined): Promise<Finding> {
  const own = await findMaven(cache, versions, new AbortController().signal);
  return {
    id: 'maven',
    status: 'ok',
    evidence: own
      ? t('Maven ({0})', own.maven)
      : t('No Maven was found; Maven {0} is fetched when it is needed', versions.maven.version),
  };
}

async function portFindings({ settings, layout, status }: Examined): Promise<readonly Finding[]> {
  const ours = new Set(status.parts.flatMap((part) => Object.values(part.ports)));
  const taken: Finding[] = [];
  for (const [name, port] of Object.entries(settings.pinnedPorts)) {
    if (ours.has(port) || (await isFree(port))) continue;
    const holder = await portHolder(port);
    taken.push({
      id: 'ports',
      status: 'problem',
      evidence: t(
        'Port {0}, set for {1}, is held by {2}.',
        port,
        name,
        holder ? t('{0} (process {1})', holder.program, holder.pid) : t('another program'),
      ),
      fix: t('End that program, or set another port for {0} in ordersLakehouse.ports.', name),
    });
  }
  if (taken.length > 0) return taken;
  const state = readState(layout.state);
  if (state && !isAlive(state.supervisor) && ours.size > 0) {
    return [
      {
        id: 'ports',
        status: 'warning',
        evidence: t('Parts of the sandbox run without the process that watches over them'),
        fix: t('Run "orders-lakehouse up" to put it right, or "down" to end them.'),
      },
    ];
  }
  const evidence =
    ours.size > 0
      ? t('Held by this sandbox: {0}', [...ours].join(', '))
      : t('Free ports are chosen at each start; none is pinned to a taken one');
  return [{ id: 'ports', status: 'ok', evidence }];
}

const gigabytes = (bytes: number): string => (bytes / 1e9).toFixed(1);
const ROOM_FOR_DATA = 2e9;

function diskFinding({ cache, layout, versions }: Examined, python: Python | undefined): Finding {
  const missing = python
    ? missingOf(targetsIn(cache, python, versions), versions)
    : { python: true, jars: JAR_COMPONENTS, sparkServer: true };
  const needed = bytesNeeded(missing, versions);
  const freeIn = (folder: string): number => {
    const { bavail, bsize } = statfsSync(nearestFolder(folder));
    return bavail * bsize;
  };
  const [cacheFree, homeFree] = [freeIn(cache), freeIn(layout.home)];
  const evidence = t(
    '{0} GB free for downloads ({1} GB needed), {2} GB for data',
    gigabytes(cacheFree),
    gigabytes(needed),
    gigabytes(homeFree),
  );
  if (cacheFree < needed) {
    const fix = t('Free some space, or name another folder in ORDERS_LAKEHOUSE_CACHE.');
    return { id: 'disk', status: 'problem', evidence, fix };
  }
  if (homeFree < ROOM_FOR_DATA) {
    return { id: 'disk', status: 'warning', evidence, fix: t('Free some space in {0}.', layout.home) };
  }
  return { id: 'disk', status: 'ok', evidence };
}

/** None when nothing of other versions is there. */
function cacheFindings({ cache, versions }: Examined, python: Python | undefined): readonly Finding[] {
  const others = python ? otherVersions(cache, targetsIn(cache, python, versions)) : [];
  if (others.length === 0) return [];
  const bytes = others.reduce((sum, one) => sum + one.bytes, 0);
  const folders = others.map(({ folder }) => folder).join(', ');
  return [
    {
      id: 'cache',
      status: 'ok',
      evidence: t('Other versions take {0} GB: {1}', gigabytes(bytes), folders),
      fix: t('Delete these folders to have the space back, unless a sandbox of another version needs them.'),
    },
  ];
}

/** What programs can still get: caches count as free. */
function availableMemory(): number {
  if (process.platform !== 'linux') return freemem();
  const line = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
  return line === undefined ? freemem() : Number(line) * 1024;
}

const BYTES_PER_GIB = 1024 ** 3;
/** Measured beyond the heaps: code, threads and buffers of three Java programs, and the pipeline's Python. */
const BEYOND_HEAPS = 1.5 * BYTES_PER_GIB;

function memoryFinding({ settings, status }: Examined): Finding {
  const heaps = Object.values(settings.memoryMiB).reduce((sum, one) => sum + one, 0) * 1024 * 1024;
  const held = status.parts.reduce((sum, part) => sum + (part.memoryBytes ?? 0), 0);
  const [needed, available] = [heaps + BEYOND_HEAPS, availableMemory() + held];
  const evidence = t(
    '{0} GiB can be used, the sandbox takes up to {1} GiB',
    (available / BYTES_PER_GIB).toFixed(1),
    (needed / BYTES_PER_GIB).toFixed(1),
  );
  if (available >= needed) return { id: 'memory', status: 'ok', evidence };
  return {
    id: 'memory',
    status: 'warning',
    evidence,
    fix: t('Close other programs, or set less memory for Spark in the settings.'),
  };
}

import { readFileSync } from 'node:fs';
import { freemem } from 'node:os';
import { isUserError } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';
import { composeVariables } from '../docker/variables.ts';
import type { Check, Examined, Found } from './check.ts';

const BYTES_PER_MIB = 1024 ** 2;
const BYTES_PER_GIB = 1024 ** 3;
/** Measured beyond the heaps: code, threads and buffers of three Java programs, and the pipeline's Python. */
const BEYOND_HEAPS = 1.5 * BYTES_PER_GIB;
const gibibytes = (bytes: number): string => (bytes / BYTES_PER_GIB).toFixed(1);

/** What programs can still get: caches count as free. */
function availableMemory(): number {
  if (process.platform !== 'linux') return freemem();
  const line = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1];
  return line === undefined ? freemem() : Number(line) * 1024;
}

function embeddedFound({ settings, status }: Examined): Found {
  const heaps = Object.values(settings.memoryMiB).reduce((sum, one) => sum + one, 0) * BYTES_PER_MIB;
  const held = status.parts.reduce((sum, part) => sum + (part.memoryBytes ?? 0), 0);
  const [needed, available] = [heaps + BEYOND_HEAPS, availableMemory() + held];
  const evidence = t(
    '{0} GiB can be used, the sandbox takes up to {1} GiB',
    gibibytes(available),
    gibibytes(needed),
  );
  if (available >= needed) return { status: 'ok', evidence };
  return tooLittle(evidence, t('Close other programs, or set less memory for Spark in the settings.'));
}

const tooLittle = (evidence: string, fix: string): Found => ({
  status: 'warning',
  evidence,
  fix,
  mend: { kind: 'setting', name: 'memory', label: t('Set less memory') },
});

/** The limits of the containers together, as compose is told them. */
export function limitsOf(variables: Readonly<Record<string, string>>): number {
  return Object.entries(variables).reduce((sum, [name, value]) => {
    const mebibytes = name.endsWith('_MEMORY') ? /^(\d+)m$/.exec(value)?.[1] : undefined;
    return sum + Number(mebibytes ?? 0) * BYTES_PER_MIB;
  }, 0);
}

export function engineMemoryFound(has: number, limits: number): Found {
  const evidence = t(
    'The Docker engine has {0} GiB, the limits of the parts add up to {1} GiB',
    gibibytes(has),
    gibibytes(limits),
  );
  if (has >= limits) return { status: 'ok', evidence };
  return tooLittle(
    evidence,
    t(
      'Give Docker more memory (Docker Desktop: Settings, Resources), or set less for Spark in the settings.',
    ),
  );
}

export const memoryCheck = (): Check => ({
  id: 'memory',
  title: t('Memory'),
  look: (examined) => {
    const { runtime, docker, settings } = examined;
    if (runtime === 'embedded') return [embeddedFound(examined)];
    if (!docker || isUserError(docker)) return [];
    return [engineMemoryFound(docker.facts.memoryBytes, limitsOf(composeVariables({}, settings)))];
  },
});

/** Where and with what it was measured. */
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { readVersions } from '../../src/adapters/embedded/versions.ts';
import { DEFAULT_SETTINGS } from '../../src/core/settings.ts';

/** `busy`: the load of the minute before the start, other programs included. */
export function machine(busy: number): string {
  const { components, python } = readVersions();
  const spark = python.packages.find(({ name }) => name === 'pyspark')?.version ?? '';
  const { kafka, registry, spark: sparkHeap } = DEFAULT_SETTINGS.memoryMiB;
  return [
    `- ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC; ${type()} ${release()}, ` +
      `${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB; ` +
      `load before the start ${busy.toFixed(1)}`,
    `- Node ${process.versions.node}, Kafka ${components.kafka.version}, Apicurio Registry ${components.registry.version}, ` +
      `Spark ${spark}, Delta ${components.sparkJars.version}`,
    `- heaps: Kafka ${kafka}, registry ${registry}, Spark ${sparkHeap} MiB; Spark on two cores (\`local[2]\`)`,
  ].join('\n');
}

export const loadNow = (): number => loadavg()[0] ?? 0;

/** The variables of docker-compose.yml, from what a person has set. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../../core/settings.ts';
import type { Ports } from '../embedded/ports.ts';
import { resourceFolder } from '../resources.ts';
import type { PartPorts } from './status.ts';

/** What a part needs beyond its heap: code, threads, buffers; for Spark also the Python that runs the pipeline. */
const BEYOND_HEAP_MIB = { kafka: 256, registry: 256, spark: 1280 } as const;

const PORT_VARIABLES: Partial<Readonly<Record<keyof Ports, string>>> = {
  'kafka.broker': 'ORDERS_LAKEHOUSE_KAFKA_PORT',
  'registry.http': 'ORDERS_LAKEHOUSE_REGISTRY_PORT',
  'spark.connect': 'ORDERS_LAKEHOUSE_SPARK_CONNECT_PORT',
  'spark.sql': 'ORDERS_LAKEHOUSE_SPARK_SQL_PORT',
};

/** A port that is not chosen yet, and what a person has not set, is left to the environment and the file. */
export function composeVariables(
  ports: Partial<Ports>,
  { memoryMiB, docker }: Pick<Settings, 'memoryMiB' | 'docker'>,
): Readonly<Record<string, string>> {
  const memory = Object.entries(BEYOND_HEAP_MIB).flatMap(([part, beyond]) => {
    const heap = memoryMiB[part as keyof typeof BEYOND_HEAP_MIB];
    const prefix = `ORDERS_LAKEHOUSE_${part.toUpperCase()}`;
    return [
      [`${prefix}_HEAP`, `${heap}m`],
      [`${prefix}_MEMORY`, `${heap + beyond}m`],
    ];
  });
  const published = Object.entries(PORT_VARIABLES).flatMap(([name, variable]) => {
    const port = ports[name as keyof Ports];
    return port === undefined ? [] : [[variable, String(port)] as const];
  });
  const named = [
    ['ORDERS_LAKEHOUSE_MIRROR', docker.mirror],
    ...Object.entries(docker.images).map(([name, image]) => [imageVariable(name), image]),
  ].filter(([, value]) => value !== '');
  return {
    ...(Object.fromEntries(named) as Record<string, string>),
    ...(Object.fromEntries(memory) as Record<string, string>),
    ...(Object.fromEntries(published) as Record<string, string>),
    ORDERS_LAKEHOUSE_SPARK_TAG: imageStamp(join(resourceFolder(), 'sandbox')),
  };
}

const imageVariable = (name: string): string => `ORDERS_LAKEHOUSE_${name.toUpperCase()}_IMAGE`;

/** Whether a person named an image of Spark; it is then not built here. */
export const sparkImageIsGiven = ({ docker }: Pick<Settings, 'docker'>): boolean =>
  docker.images.spark !== '' || Boolean(process.env[imageVariable('spark')]);

/** Files and folders that the Spark image is made of, the pipeline aside: that is copied in at each run. */
const IMAGE_SOURCES = [
  'images/install.py',
  'images/spark',
  'requirements.txt',
  'runtime/spark',
  'spark',
  'versions.json',
];

/** Changes when the image must be built anew. */
function imageStamp(sandbox: string): string {
  const hash = createHash('sha256');
  const add = (path: string): void => {
    hash
      .update(path)
      .update('\0')
      .update(readFileSync(join(sandbox, path)))
      .update('\0');
  };
  for (const source of IMAGE_SOURCES) {
    if (/\.\w+$/.test(source)) add(source);
    else {
      for (const name of readdirSync(join(sandbox, source)).sort()) add(`${source}/${name}`);
    }
  }
  return hash.digest('hex').slice(0, 12);
}

export const partPorts = (ports: Ports): PartPorts => ({
  kafka: { broker: ports['kafka.broker'] },
  registry: { http: ports['registry.http'] },
  spark: { connect: ports['spark.connect'], sql: ports['spark.sql'] },
});

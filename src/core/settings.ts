/** What a person may set. The terminal reads the environment and options, the editor its settings. */
import type { PartName, RuntimeName } from './sandbox.ts';

export interface Settings {
  readonly runtime: 'auto' | RuntimeName;
  /** Heap of each part in MiB. */
  readonly memoryMiB: { readonly kafka: number; readonly registry: number; readonly spark: number };
  /** Ports the person pinned, by `part.port` name (`kafka.broker`, `registry.http`, `spark.connect`, `spark.sql`). */
  readonly pinnedPorts: Readonly<Record<string, number>>;
  /** How far back an equal line is a duplicate, as a Spark interval. */
  readonly dedupWindow: string;
  /** Python to build the environment from; empty: found on the PATH. */
  readonly python: string;
  /** What Docker takes; empty: as the environment or docker-compose.yml says. */
  readonly docker: DockerSettings;
}

export interface DockerSettings {
  /** Registry to pull from, `mirror.example.com/hub`. */
  readonly mirror: string;
  /** Whole names, tag included; `base` is what the image of Spark is built on. */
  readonly images: Readonly<Record<PartName | 'base', string>>;
}

/** Together with the JVMs' own needs these heaps stay within 4 GiB. */
export const DEFAULT_SETTINGS: Settings = {
  runtime: 'auto',
  memoryMiB: { kafka: 256, registry: 256, spark: 1792 },
  pinnedPorts: {},
  dedupWindow: '7 days',
  python: '',
  docker: { mirror: '', images: { kafka: '', registry: '', spark: '', base: '' } },
};

/** What a person may set. The terminal reads the environment and options, the editor its settings. */
import type { RuntimeName } from './sandbox.ts';

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
}

/** Together with the JVMs' own needs these heaps stay within 4 GiB. */
export const DEFAULT_SETTINGS: Settings = {
  runtime: 'auto',
  memoryMiB: { kafka: 256, registry: 256, spark: 1792 },
  pinnedPorts: {},
  dedupWindow: '7 days',
  python: '',
};

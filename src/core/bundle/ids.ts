/** `${resources.pipelines.orders.id}` in settings: known once it is there. */
import type { Json, JsonObject } from '../databricks/ports.ts';
import { resourceKey } from './state.ts';
import type { BundleResource } from './model.ts';

const REFERENCE = /\$\{resources\.(jobs|pipelines)\.([\w-]+)\.id\}/g;
const TYPES = { jobs: 'job', pipelines: 'pipeline' } as const;

/** `pipeline.orders` → id. */
export type Ids = ReadonlyMap<string, string>;

const keyOf = (group: string, key: string): string => resourceKey(TYPES[group as keyof typeof TYPES], key);

/** Puts in the ids that are known. */
export function withIds<T extends Json>(value: T, ids: Ids): T {
  return replaced(value, ids) as T;
}

function replaced(value: Json, ids: Ids): Json {
  if (typeof value === 'string') {
    return value.replace(
      REFERENCE,
      (whole, group: string, key: string) => ids.get(keyOf(group, key)) ?? whole,
    );
  }
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => replaced(item, ids));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([key, one]) => {
      const inner = replaced(one, ids);
      // The API takes an int64 here.
      const isId = key === 'job_id' && typeof inner === 'string' && /^\d+$/.test(inner);
      return [key, isId && Number.isSafeInteger(Number(inner)) ? Number(inner) : inner];
    }),
  );
}

/** What refers to another comes after it; else as they stand. */
export function afterWhatTheyNeed(resources: readonly BundleResource[]): readonly BundleResource[] {
  const byKey = new Map(resources.map((one) => [resourceKey(one.type, one.key), one] as const));
  const ordered = new Set<BundleResource>();
  const add = (resource: BundleResource, above: readonly BundleResource[]): void => {
    if (ordered.has(resource) || above.includes(resource)) return;
    for (const [, group = '', key = ''] of JSON.stringify(resource.settings).matchAll(REFERENCE)) {
      const needed = byKey.get(keyOf(group, key));
      if (needed) add(needed, [...above, resource]);
    }
    ordered.add(resource);
  };
  for (const resource of resources) add(resource, []);
  return [...ordered];
}

/** YAML as a tree whose values know where they stand; merged, walked and turned into JSON. */
import type { Json, JsonObject } from '../databricks/ports.ts';
import type { Place } from './findings.ts';
import type { Entry, Node, Scalar } from './ports.ts';

export type MapNode = Extract<Node, { kind: 'map' }>;
export type ListNode = Extract<Node, { kind: 'list' }>;

export const entriesOf = (node: Node | undefined): readonly (readonly [string, Entry])[] =>
  node?.kind === 'map' ? [...node.entries] : [];
export const itemsOf = (node: Node | undefined): readonly Node[] => (node?.kind === 'list' ? node.items : []);

/** What lies below keys; undefined where there is nothing, or something else than a map on the way. */
export function at(node: Node | undefined, ...keys: readonly string[]): Node | undefined {
  let found = node;
  for (const key of keys) found = found?.kind === 'map' ? found.entries.get(key)?.node : undefined;
  return found;
}
export const scalarAt = (node: Node | undefined, ...keys: readonly string[]): Scalar | undefined => {
  const found = at(node, ...keys);
  return found?.kind === 'value' ? found.value : undefined;
};
/** Undefined for what is no text, and for an empty one. */
export const textAt = (node: Node | undefined, ...keys: readonly string[]): string | undefined => {
  const value = scalarAt(node, ...keys);
  return typeof value === 'string' && value !== '' ? value : undefined;
};

export const valueNode = (value: Scalar, place: Place): Node => ({ kind: 'value', value, place });
export const mapNode = (place: Place, entries: Iterable<readonly [string, Entry]> = []): MapNode => ({
  kind: 'map',
  place,
  entries: new Map(entries),
});
/** The same map with one more key, or with another value below it. */
export function withEntry(node: Node, key: string, value: Node): MapNode {
  const entries = new Map(entriesOf(node));
  entries.set(key, { place: entries.get(key)?.place ?? value.place, node: value });
  return { kind: 'map', place: node.place, entries };
}
/** A JSON value where somebody else than a file says it. */
export function nodeOf(json: Json, place: Place): Node {
  if (Array.isArray(json)) {
    return { kind: 'list', place, items: (json as readonly Json[]).map((item) => nodeOf(item, place)) };
  }
  if (typeof json === 'object' && json !== null) {
    const entries = Object.entries(json as JsonObject);
    return mapNode(
      place,
      entries.map(([key, value]) => [key, { place, node: nodeOf(value, place) }]),
    );
  }
  return valueNode(json, place);
}

export function jsonOf(node: Node): Json {
  if (node.kind === 'value') return node.value;
  if (node.kind === 'list') return node.items.map(jsonOf);
  return Object.fromEntries([...node.entries].map(([key, entry]) => [key, jsonOf(entry.node)]));
}

/** Each value and list item by item; `path` as `resources.jobs.orders.tasks[0].task_key`. */
export function transform(
  node: Node,
  change: (node: Node, path: readonly (string | number)[]) => Node,
  path: readonly (string | number)[] = [],
): Node {
  if (node.kind === 'map') {
    const entries = [...node.entries].map(
      ([key, entry]) => [key, { ...entry, node: transform(entry.node, change, [...path, key]) }] as const,
    );
    return change({ ...node, entries: new Map(entries) }, path);
  }
  if (node.kind === 'list') {
    const items = node.items.map((item, index) => transform(item, change, [...path, index]));
    return change({ ...node, items }, path);
  }
  return change(node, path);
}

/** Lists whose items are known by a key: a target's item changes the one of the same key. */
const KEYED: Readonly<Record<string, string>> = {
  tasks: 'task_key',
  job_clusters: 'job_cluster_key',
  environments: 'environment_key',
  parameters: 'name',
  clusters: 'label',
};
/** The field that names an item of a list below this name. */
export const keyField = (list: string): string | undefined => KEYED[list];

/** What is named `default` needs not be named. */
const keyOfItem = (item: Node, field: string): string | undefined =>
  textAt(item, field) ?? (field === 'label' ? 'default' : undefined);

/**
 * Maps are merged to the depth; of lists the second follows the first, but tasks and what else has a key is merged by it;
 * of anything else the second counts. As https://docs.databricks.com/dev-tools/bundles/settings has it.
 */
export function merge(first: Node | undefined, second: Node | undefined, name = ''): Node | undefined {
  if (!first || !second) return second ?? first;
  if (first.kind === 'map' && second.kind === 'map') {
    const entries = new Map(first.entries);
    for (const [key, entry] of second.entries) {
      const before = entries.get(key);
      const merged = merge(before?.node, entry.node, key);
      if (merged) entries.set(key, { place: entry.place, node: merged });
    }
    return { kind: 'map', place: second.place, entries };
  }
  if (first.kind === 'list' && second.kind === 'list') {
    return mergeByKey({ ...first, items: [...first.items, ...second.items] }, name);
  }
  return second;
}

function mergeByKey(list: ListNode, name: string): ListNode {
  const field = KEYED[name];
  if (field === undefined) return list;
  const items: Node[] = [];
  const at = new Map<string, number>();
  for (const item of list.items) {
    const key = keyOfItem(item, field);
    const known = key === undefined ? undefined : at.get(key);
    if (known === undefined) {
      if (key !== undefined) at.set(key, items.length);
      items.push(item);
    } else items[known] = merge(items[known], item) ?? item;
  }
  return { ...list, items };
}

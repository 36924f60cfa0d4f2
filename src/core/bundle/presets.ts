/** What a target's mode and presets make of its resources: https://docs.databricks.com/dev-tools/bundles/deployment-modes */
import { t } from '../l10n.ts';
import type { Finding } from './findings.ts';
import type { DeployMode } from './plan.ts';
import type { Node, Scalar } from './ports.ts';
import { finding } from './references.ts';
import { at, entriesOf, mapNode, scalarAt, textAt, valueNode, withEntry, type MapNode } from './tree.ts';

export interface Presets {
  readonly namePrefix: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly pause: 'PAUSED' | 'UNPAUSED' | undefined;
  readonly development: boolean | undefined;
  readonly maxConcurrentRuns: number | undefined;
  readonly skipSchemas: boolean;
}

/** In development mode, when nothing else is said. */
const DEVELOPMENT_RUNS = 4;

export function presetsOf(bundle: Node, mode: DeployMode | undefined, shortName: string): Presets {
  const presets = at(bundle, 'presets');
  const isDevelopment = mode === 'development';
  const said = <T extends Scalar>(key: string, inDevelopment: T): T | undefined =>
    (scalarAt(presets, key) as T | undefined) ?? (isDevelopment ? inDevelopment : undefined);
  const tags = Object.fromEntries(
    entriesOf(at(presets, 'tags')).map(([key, { node }]) => [
      key,
      node.kind === 'value' && node.value !== null ? String(node.value) : '',
    ]),
  );
  return {
    namePrefix: said('name_prefix', `[dev ${shortName}] `) ?? '',
    tags: isDevelopment ? { dev: shortName, ...tags } : tags,
    pause: said('trigger_pause_status', 'PAUSED'),
    development: said<boolean>('pipelines_development', true),
    maxConcurrentRuns: said('jobs_max_concurrent_runs', DEVELOPMENT_RUNS),
    skipSchemas: scalarAt(bundle, 'experimental', 'skip_name_prefix_for_schema') === true,
  };
}

/** `[dev ana] ` → `dev_ana_`: a schema's name takes no blanks and brackets. */
const asIdentifier = (prefix: string): string => {
  const plain = prefix
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_]+/gu, '_')
    .replace(/^_+|_+$/g, '');
  return plain === '' ? '' : `${plain}_`;
};

/** The resources of a bundle as its target wants them. */
export function applyPresets(resources: Node, presets: Presets): Node {
  const { namePrefix } = presets;
  const schemaPrefix = presets.skipSchemas ? '' : asIdentifier(namePrefix);
  /** `catalog.schema` as the files say it → its name with the prefix. */
  const renamed = new Map<string, string>();
  for (const [, { node }] of entriesOf(at(resources, 'schemas'))) {
    const [catalog, name] = [textAt(node, 'catalog_name'), textAt(node, 'name')];
    if (catalog !== undefined && name !== undefined)
      renamed.set(`${catalog}.${name}`, `${schemaPrefix}${name}`);
  }
  const prefixed = (node: Node, prefix: string): Node => {
    const name = at(node, 'name');
    return prefix === '' || name?.kind !== 'value' || typeof name.value !== 'string'
      ? node
      : withEntry(node, 'name', valueNode(`${prefix}${name.value}`, name.place));
  };
  /** A schema of this bundle named by its plain name is meant all the same. */
  const inSchema = (node: Node, catalogField: string, field: string): Node => {
    const name = at(node, field);
    const known = renamed.get(`${textAt(node, catalogField) ?? ''}.${textAt(node, field) ?? ''}`);
    return known === undefined || !name ? node : withEntry(node, field, valueNode(known, name.place));
  };
  const changes: Readonly<Record<string, (node: Node) => Node>> = {
    schemas: (node) => prefixed(node, schemaPrefix),
    volumes: (node) => withDefault(inSchema(node, 'catalog_name', 'schema_name'), 'volume_type', 'MANAGED'),
    pipelines: (node) =>
      pipeline(
        inSchema(inSchema(prefixed(node, namePrefix), 'catalog', 'schema'), 'catalog', 'target'),
        presets,
      ),
    jobs: (node) => job(prefixed(node, namePrefix), presets),
  };
  return mapNode(
    resources.place,
    entriesOf(resources).map(([group, entry]) => {
      const change = changes[group] ?? ((node: Node): Node => node);
      const changed = mapNode(
        entry.node.place,
        entriesOf(entry.node).map(([key, one]) => [key, { ...one, node: change(one.node) }] as const),
      );
      return [group, { ...entry, node: changed }] as const;
    }),
  );
}

const withDefault = (node: Node, key: string, value: Scalar): Node =>
  at(node, key) ? node : withEntry(node, key, valueNode(value, node.place));

function withTags(node: Node, tags: Readonly<Record<string, string>>): Node {
  if (Object.keys(tags).length === 0) return node;
  let all: Node = at(node, 'tags') ?? mapNode(node.place);
  for (const [key, value] of Object.entries(tags)) all = withDefault(all, key, value);
  return withEntry(node, 'tags', all);
}

function pipeline(node: Node, { development, tags, pause }: Presets): Node {
  let changed = withTags(node, tags);
  if (development !== undefined) {
    changed = development
      ? withEntry(changed, 'development', valueNode(true, node.place))
      : withDefault(changed, 'development', false);
  }
  if (pause === 'PAUSED' && scalarAt(changed, 'continuous') === true) {
    changed = withEntry(changed, 'continuous', valueNode(false, node.place));
  }
  return changed;
}

const TRIGGERS = ['schedule', 'trigger', 'continuous'];

function job(node: Node, { tags, pause, maxConcurrentRuns }: Presets): Node {
  let changed = withTags(node, tags);
  if (maxConcurrentRuns !== undefined)
    changed = withDefault(changed, 'max_concurrent_runs', maxConcurrentRuns);
  if (pause === undefined) return changed;
  for (const name of TRIGGERS) {
    const trigger = at(changed, name);
    if (trigger?.kind !== 'map' || scalarAt(trigger, 'pause_status') === 'UNPAUSED') continue;
    if (pause === 'UNPAUSED' && at(trigger, 'pause_status')) continue;
    changed = withEntry(changed, name, withEntry(trigger, 'pause_status', valueNode(pause, trigger.place)));
  }
  return changed;
}

/** What production mode does not allow. */
export function productionFindings(resources: MapNode | Node | undefined): readonly Finding[] {
  return entriesOf(at(resources, 'pipelines')).flatMap(([key, { node }]) => {
    const development = at(node, 'development');
    return development?.kind === 'value' && development.value === true
      ? [
          finding(
            development,
            'development-in-production',
            t('The pipeline {0} is in development mode, but its target is a production one.', key),
            t('Take development out of it: the targets decide.'),
          ),
        ]
      : [];
  });
}

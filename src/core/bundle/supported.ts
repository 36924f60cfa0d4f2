/** What of a bundle is served here. What is not is said with its place, never passed over. */
import { t } from '../l10n.ts';
import type { Finding } from './findings.ts';
import type { Node } from './ports.ts';
import { at, entriesOf, itemsOf, scalarAt } from './tree.ts';

/** `served`; `left`: without effect on what is deployed, and said; anything else is refused. */
type Answer = 'served' | 'left' | 'refused';

const TOP: Readonly<Record<string, Answer>> = {
  bundle: 'served',
  include: 'served',
  variables: 'served',
  targets: 'served',
  sync: 'served',
  workspace: 'served',
  resources: 'served',
  presets: 'served',
  run_as: 'served',
  experimental: 'served',
  scripts: 'left',
  permissions: 'refused',
  artifacts: 'refused',
  python: 'refused',
  environments: 'refused',
};
const TARGET: Readonly<Record<string, Answer>> = {
  default: 'served',
  mode: 'served',
  workspace: 'served',
  variables: 'served',
  resources: 'served',
  sync: 'served',
  presets: 'served',
  bundle: 'served',
  run_as: 'served',
  git: 'left',
  permissions: 'refused',
  artifacts: 'refused',
  cluster_id: 'refused',
  compute_id: 'refused',
};
const BUNDLE: Readonly<Record<string, Answer>> = {
  name: 'served',
  uuid: 'served',
  databricks_cli_version: 'served',
  git: 'left',
  deployment: 'left',
  cluster_id: 'refused',
  compute_id: 'refused',
};
const WORKSPACE: Readonly<Record<string, Answer>> = {
  host: 'served',
  root_path: 'served',
  file_path: 'served',
  state_path: 'served',
  resource_path: 'served',
  artifact_path: 'served',
};
const PRESETS: Readonly<Record<string, Answer>> = {
  name_prefix: 'served',
  tags: 'served',
  trigger_pause_status: 'served',
  pipelines_development: 'served',
  jobs_max_concurrent_runs: 'served',
  artifacts_dynamic_version: 'left',
  source_linked_deployment: 'refused',
  catalog: 'refused',
  schema: 'refused',
};
const EXPERIMENTAL: Readonly<Record<string, Answer>> = {
  skip_name_prefix_for_schema: 'served',
  skip_artifact_cleanup: 'left',
};
/** Types of resources by their name in a bundle. */
export const RESOURCES = ['schemas', 'volumes', 'secret_scopes', 'pipelines', 'jobs'] as const;
export type ResourceGroup = (typeof RESOURCES)[number];
const SETTLED: Readonly<Record<string, Answer>> = Object.fromEntries(
  RESOURCES.map((one) => [one, 'served'] as const),
);
/** Of each resource. */
const OF_RESOURCE = ['permissions', 'grants', 'lifecycle'];

export function supportFindings(merged: Node, target: Node | undefined): readonly Finding[] {
  const findings: Finding[] = [];
  const say = (node: Node, path: string, answer: Answer, words?: string): void => {
    if (answer === 'served') return;
    findings.push({
      code: answer === 'left' ? 'left-to-cli' : 'unsupported',
      level: answer === 'left' ? 'warning' : 'error',
      message: words ?? t('{0} is not served here.', path),
      hint:
        answer === 'left'
          ? t('It has no effect in this deployment.')
          : t('Take it out, or deploy with the official Databricks CLI.'),
      place: node.place,
    });
  };
  const look = (
    node: Node | undefined,
    known: Readonly<Record<string, Answer>>,
    path: string,
    unknown: Answer,
  ): void => {
    for (const [key, entry] of entriesOf(node)) {
      const answer = Object.hasOwn(known, key) ? (known[key] ?? unknown) : unknown;
      say({ kind: 'value', value: null, place: entry.place }, path === '' ? key : `${path}.${key}`, answer);
    }
  };
  look(merged, TOP, '', 'left');
  if (target) look(target, TARGET, 'targets', 'left');
  look(at(merged, 'bundle'), BUNDLE, 'bundle', 'left');
  // Who logs in and where is not a matter of these files.
  look(at(merged, 'workspace'), WORKSPACE, 'workspace', 'left');
  look(at(merged, 'presets'), PRESETS, 'presets', 'left');
  look(at(merged, 'experimental'), EXPERIMENTAL, 'experimental', 'refused');
  look(at(merged, 'resources'), SETTLED, 'resources', 'refused');
  for (const group of RESOURCES) {
    for (const [key, { node }] of entriesOf(at(merged, 'resources', group))) {
      for (const field of OF_RESOURCE) {
        const found = at(node, field);
        if (found) say(found, `resources.${group}.${key}.${field}`, 'refused');
      }
      const backend = scalarAt(node, 'backend_type');
      const vault = at(node, 'backend_type');
      if (group === 'secret_scopes' && vault && backend !== 'DATABRICKS') {
        say(vault, `resources.${group}.${key}.backend_type`, 'refused');
      }
      if (group === 'jobs') {
        for (const task of itemsOf(at(node, 'tasks'))) {
          for (const library of itemsOf(at(task, 'libraries'))) {
            const wheel = at(library, 'whl') ?? at(library, 'jar');
            const where = wheel?.kind === 'value' ? String(wheel.value) : '/';
            if (wheel && !/^\/|^\w+:/.test(where)) {
              say(wheel, where, 'refused', t('{0} would have to be built or uploaded first.', where));
            }
          }
        }
      }
    }
  }
  return findings;
}

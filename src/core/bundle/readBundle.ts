/** `databricks.yml` and what it includes, for one target: https://docs.databricks.com/dev-tools/bundles/settings */
import type { Json, JsonObject } from '../databricks/ports.ts';
import { workspaceHost } from '../databricks/login.ts';
import { t } from '../l10n.ts';
import { BundleError, type Finding, type Place } from './findings.ts';
import { translatePaths } from './localPaths.ts';
import {
  inOrder,
  shortName,
  type Bundle,
  type BundleResource,
  type CurrentUser,
  type SettledType,
} from './model.ts';
import type { DeployMode } from './plan.ts';
import type { BundleProject, Node, SyncRules } from './ports.ts';
import { applyPresets, presetsOf, productionFindings } from './presets.ts';
import { finding, referencesOf, resolve, type Lookup } from './references.ts';
import { RESOURCES, supportFindings, type ResourceGroup } from './supported.ts';
import {
  at,
  entriesOf,
  itemsOf,
  jsonOf,
  mapNode,
  merge,
  scalarAt,
  textAt,
  transform,
  valueNode,
  withEntry,
} from './tree.ts';
import { readVariables } from './variables.ts';

export interface TargetSummary {
  readonly name: string;
  readonly mode?: DeployMode;
  readonly isDefault: boolean;
  /** Origin, when the target names its workspace. */
  readonly host?: string;
}

const ROOTS = ['databricks.yml', 'databricks.yaml', 'bundle.yml', 'bundle.yaml'];
const TYPES: Readonly<Record<ResourceGroup, SettledType>> = {
  schemas: 'schema',
  volumes: 'volume',
  secret_scopes: 'secretScope',
  pipelines: 'pipeline',
  jobs: 'job',
};

function fail(findings: readonly Finding[]): void {
  const errors = findings.filter(({ level }) => level === 'error');
  const [first, ...rest] = errors;
  if (first) throw new BundleError([first, ...rest]);
}

/** All files of the bundle as one tree, the targets not yet merged. */
async function readFiles(project: BundleProject): Promise<Node> {
  for (const file of ROOTS) {
    const root = await project.yaml(file);
    if (!root) continue;
    let merged: Node = root;
    const seen = new Map<string, Place>();
    const findings: Finding[] = [];
    const note = (tree: Node): void => {
      for (const [group, { node }] of entriesOf(at(tree, 'resources'))) {
        for (const [key, { place }] of entriesOf(node)) {
          const before = seen.get(`${group}.${key}`);
          if (before) {
            const where = `${before.file}:${before.line}`;
            findings.push(
              finding({ place }, 'twice', t('{0} is defined in {1} already.', `${group}.${key}`, where)),
            );
          } else seen.set(`${group}.${key}`, place);
        }
      }
    };
    note(root);
    for (const pattern of itemsOf(at(root, 'include'))) {
      if (pattern.kind !== 'value' || typeof pattern.value !== 'string') continue;
      for (const included of await project.glob(pattern.value)) {
        if (included === file) continue;
        const tree = await project.yaml(included);
        if (!tree) continue;
        note(tree);
        merged = merge(merged, tree) ?? merged;
      }
    }
    fail(findings);
    return merged;
  }
  throw new BundleError([
    {
      code: 'no-bundle',
      level: 'error',
      message: t('There is no databricks.yml in {0}.', project.folder),
      hint: t('Give the folder that holds it: deploy FOLDER'),
    },
  ]);
}

const modeOf = (target: Node | undefined): DeployMode | undefined => {
  const mode = textAt(target, 'mode');
  return mode === 'development' || mode === 'production' ? mode : undefined;
};

const plainHost = (node: Node | undefined): string | undefined => {
  const host = textAt(node, 'workspace', 'host');
  return host === undefined || referencesOf(host).length > 0 ? undefined : workspaceHost(host);
};

/** For a choice before there is a login. Throws BundleError. */
export async function targetsOf(project: BundleProject): Promise<readonly TargetSummary[]> {
  const tree = await readFiles(project);
  const targets = entriesOf(at(tree, 'targets'));
  return targets.map(([name, { node }]) => {
    const mode = modeOf(node);
    const host = plainHost(node) ?? plainHost(tree);
    return {
      name,
      isDefault: scalarAt(node, 'default') === true || targets.length === 1,
      ...(mode ? { mode } : {}),
      ...(host === undefined ? {} : { host }),
    };
  });
}

function chooseTarget(tree: Node, wanted: string | undefined): readonly [string, Node] {
  const targets = entriesOf(at(tree, 'targets'));
  const names = targets.map(([name]) => name).join(', ');
  const refuse = (code: string, message: string): BundleError =>
    new BundleError([
      { code, level: 'error', message, ...(names === '' ? {} : { hint: t('There are: {0}', names) }) },
    ]);
  if (wanted === undefined && targets.length === 0) return ['default', mapNode(tree.place)];
  const chosen =
    wanted === undefined
      ? (targets.find(([, { node }]) => scalarAt(node, 'default') === true) ??
        (targets.length === 1 ? targets[0] : undefined))
      : targets.find(([name]) => name === wanted);
  if (chosen) return [chosen[0], chosen[1].node.kind === 'map' ? chosen[1].node : mapNode(chosen[1].place)];
  throw wanted === undefined
    ? refuse('which-target', t('No target is the default one: say which.'))
    : refuse('unknown-target', t('The bundle has no target {0}.', wanted));
}

export interface BundleRequest {
  readonly target?: string | undefined;
  readonly variables?: Readonly<Record<string, string>>;
  readonly user: CurrentUser;
  /** Origin of the workspace of the login. */
  readonly host: string;
}

/** Throws BundleError, with all findings that are errors. */
export async function readBundle(project: BundleProject, request: BundleRequest): Promise<Bundle> {
  const { user, host } = request;
  const tree = await readFiles(project);
  const [target, ofTarget] = chooseTarget(tree, request.target);
  const name = textAt(tree, 'bundle', 'name');
  if (name === undefined) {
    throw new BundleError([finding(tree, 'no-name', t('The bundle has no name: bundle.name is missing.'))]);
  }
  const { variables: targetVariables, ...rest } = split(ofTarget);
  let merged = merge(without(tree, ['targets', 'variables']), rest.others) ?? tree;
  const findings: Finding[] = [...supportFindings(merged, ofTarget)];
  const mode = modeOf(ofTarget);
  const unknownMode = at(ofTarget, 'mode');
  if (unknownMode && !mode) {
    findings.push(finding(unknownMode, 'unknown-mode', t('A mode is development or production.')));
  }
  const file = `.databricks/bundle/${target}/variable-overrides.json`;
  const variables = readVariables({
    declared: at(tree, 'variables'),
    target: targetVariables,
    given: request.variables ?? {},
    environment: project.environment,
    overrides: { file, values: await project.json(file) },
    root: tree.place,
  });
  findings.push(...variables.findings);
  fail(findings);

  const own = (value: string): Node => valueNode(value, tree.place);
  const root = remotePath(
    textAt(merged, 'workspace', 'root_path') ?? '~/.bundle/${bundle.name}/${bundle.target}',
    user,
  );
  merged = withWorkspace(merged, root, user);
  const whole = merged;
  const known: Readonly<Record<string, Node>> = {
    'bundle.target': own(target),
    'bundle.environment': own(target),
    ...(mode ? { 'bundle.mode': own(mode) } : {}),
    'workspace.host': own(host),
    'workspace.current_user.userName': own(user.userName),
    'workspace.current_user.short_name': own(shortName(user)),
    'workspace.current_user.domain_friendly_name': own(shortName(user)),
  };
  const lookup: Lookup = (path) => {
    const fixed = known[path];
    if (fixed) return fixed;
    const [first = '', ...keys] = path.split('.');
    if (first === 'var' || first === 'variables') {
      const [variable = '', ...below] = first === 'var' ? keys : keys.filter((key) => key !== 'value');
      const value = variables.values.get(variable);
      return below.length > 0 ? at(value, ...below) : value;
    }
    return first === 'bundle' || first === 'workspace' ? at(whole, first, ...keys) : undefined;
  };
  const resolved = resolve(merged, lookup);
  const workspace = at(resolved, 'workspace');
  const rootPath = clean(textAt(workspace, 'root_path') ?? '');
  const filePath = clean(textAt(workspace, 'file_path') ?? `${rootPath}/files`);
  const statePath = clean(textAt(workspace, 'state_path') ?? `${rootPath}/state`);
  const plain = at(resolved, 'resources') ?? mapNode(tree.place);
  if (mode === 'production') findings.push(...productionFindings(plain));
  const presets = presetsOf(resolved, mode, shortName(user));
  const translated = await translatePaths(applyPresets(plain, presets), project, filePath);
  findings.push(...translated.findings);
  const linked = resolveResources(withRunAs(translated.resources, at(resolved, 'run_as')));
  findings.push(...leftovers(linked), ...leftovers(workspace ?? mapNode(tree.place)));
  const resources = resourcesOf(linked, findings);
  fail(findings);
  const given = textAt(workspace, 'host');
  return {
    name,
    target,
    ...(mode ? { mode } : {}),
    ...(given === undefined ? {} : { host: workspaceHost(given) }),
    rootPath,
    filePath,
    statePath,
    sync: syncOf(resolved),
    resources: inOrder(resources),
    warnings: findings.filter(({ level }) => level === 'warning'),
  };
}

const without = (node: Node, keys: readonly string[]): Node =>
  mapNode(
    node.place,
    entriesOf(node).filter(([key]) => !keys.includes(key)),
  );

/** What a target says of variables, and what is merged into the bundle. */
function split(target: Node): { readonly variables: Node | undefined; readonly others: Node } {
  return {
    variables: at(target, 'variables'),
    others: without(target, ['variables', 'default', 'mode', 'git']),
  };
}

/** `~/x`, `/Users/…` and `/Shared/…` as they stand below `/Workspace`. */
function remotePath(path: string, { userName }: CurrentUser): string {
  const home = path.replace(/^~(?=\/|$)/, `/Workspace/Users/${userName}`);
  return /^\/(Users|Shared|Repos)\//.test(home) ? `/Workspace${home}` : home;
}
const clean = (path: string): string =>
  path.replace(/\/+$/, '').replace(/^\/(?=(Users|Shared|Repos)\/)/, '/Workspace/');

function withWorkspace(tree: Node, root: string, user: CurrentUser): Node {
  let workspace: Node = at(tree, 'workspace') ?? mapNode(tree.place);
  const set = (key: string, value: string): void => {
    workspace = withEntry(workspace, key, valueNode(value, at(workspace, key)?.place ?? tree.place));
  };
  set('root_path', root);
  for (const [key, folder] of [
    ['file_path', 'files'],
    ['state_path', 'state'],
    ['resource_path', 'resources'],
    ['artifact_path', 'artifacts'],
  ] as const) {
    set(key, remotePath(textAt(workspace, key) ?? `\${workspace.root_path}/${folder}`, user));
  }
  return withEntry(tree, 'workspace', workspace);
}

function syncOf(tree: Node): SyncRules {
  const list = (key: string): readonly string[] =>
    itemsOf(at(tree, 'sync', key)).flatMap((one) =>
      one.kind === 'value' && typeof one.value === 'string' ? [one.value] : [],
    );
  return { paths: list('paths'), include: list('include'), exclude: list('exclude') };
}

/** As whom jobs and pipelines run, where they do not say it themselves. */
function withRunAs(resources: Node, runAs: Node | undefined): Node {
  if (!runAs) return resources;
  let changed = resources;
  for (const group of ['jobs', 'pipelines']) {
    const all = at(resources, group);
    if (!all) continue;
    let members: Node = all;
    for (const [key, { node }] of entriesOf(all)) {
      if (!at(node, 'run_as')) members = withEntry(members, key, withEntry(node, 'run_as', runAs));
    }
    changed = withEntry(changed, group, members);
  }
  return changed;
}

const fullNameOf = (group: string, node: Node | undefined): string | undefined => {
  const parts = {
    schemas: ['catalog_name', 'name'],
    volumes: ['catalog_name', 'schema_name', 'name'],
    secret_scopes: ['name'],
  }[group];
  const names = parts?.map((part) => textAt(node, part));
  return names?.every((one) => one !== undefined) ? names.join('.') : undefined;
};

/** `${resources.…}`, but ids that only the workspace gives: these stay. */
function resolveResources(resources: Node): Node {
  return resolve(resources, (path, node) => {
    const [first, group = '', key = '', ...field] = path.split('.');
    if (first !== 'resources') return undefined;
    const resource = at(resources, group, key);
    if (!resource) {
      throw new BundleError([
        finding(node, 'unknown-reference', t('The bundle has no {0}.', `${group}.${key}`)),
      ]);
    }
    if (field.length === 1 && (field[0] === 'id' || field[0] === 'full_name')) {
      const full = fullNameOf(group, resource);
      return full === undefined ? undefined : valueNode(full, node.place);
    }
    return at(resource, ...field);
  });
}

/** `${resources.pipelines.orders.id}`: known once it is there. */
export const ID_REFERENCE = /\$\{resources\.(jobs|pipelines)\.([\w-]+)\.id\}/g;

function leftovers(tree: Node): readonly Finding[] {
  const findings: Finding[] = [];
  transform(tree, (node) => {
    if (node.kind === 'value' && typeof node.value === 'string') {
      for (const path of referencesOf(node.value.replace(ID_REFERENCE, ''))) {
        findings.push(finding(node, 'unknown-reference', t('Nothing says what {0} is.', `\${${path}}`)));
      }
    }
    return node;
  });
  return findings;
}

/** Maps whose values the API takes as text only. */
const TEXTS = [
  'configuration',
  'tags',
  'spark_conf',
  'custom_tags',
  'spark_env_vars',
  'base_parameters',
  'properties',
  'job_parameters',
];

function tidy(value: Json, name = ''): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => tidy(item));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value as JsonObject).filter(([, one]) => one !== null);
  return Object.fromEntries(
    entries.map(([key, one]) => [
      key,
      TEXTS.includes(name) && (typeof one === 'number' || typeof one === 'boolean')
        ? String(one)
        : tidy(one, key),
    ]),
  );
}

function resourcesOf(tree: Node, findings: Finding[]): readonly BundleResource[] {
  return RESOURCES.flatMap((group) =>
    entriesOf(at(tree, group)).flatMap(([key, { node, place }]) => {
      const named =
        group === 'jobs' || group === 'pipelines' ? textAt(node, 'name') : fullNameOf(group, node);
      if (node.kind !== 'map' || named === undefined) {
        const needed = { schemas: 'catalog_name, name', volumes: 'catalog_name, schema_name, name' }[
          group as string
        ];
        findings.push(
          finding(
            { place },
            'no-name',
            t('{0} has no full name: it needs {1}.', `${group}.${key}`, needed ?? 'name'),
          ),
        );
        return [];
      }
      return [{ type: TYPES[group], key, name: named, settings: tidy(jsonOf(node)) as JsonObject, place }];
    }),
  );
}

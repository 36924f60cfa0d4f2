/** Read → plan: what the project says, what is there, and the difference. Writes nothing. */
import type { JsonObject, Workspace } from '../databricks/ports.ts';
import { UserError } from '../errors.ts';
import { t } from '../l10n.ts';
import { apiPath, lookAtFiles, planFiles, planRemovals, readLocalFiles, type FilePlan } from './files.ts';
import { BundleError, type Finding } from './findings.ts';
import { afterWhatTheyNeed, withIds } from './ids.ts';
import { masked } from './masked.ts';
import type { Bundle, BundleResource } from './model.ts';
import { inParallel } from './parallel.ts';
import type { LakehousePlan, PlanAction } from './plan.ts';
import type { BundleProject, DeployOptions, DeployParts } from './ports.ts';
import { readBundle, targetsOf } from './readBundle.ts';
import {
  addressOfResource,
  FIXED,
  getById,
  keysOf,
  marked,
  secretsOf,
  sight,
  type Found,
  type Owner,
} from './resources.ts';
import { sameForm } from './serverForms.ts';
import { changesOf } from './settings.ts';
import { emptyState, parseState, resourceKey, STATE_FILE, type DeployState } from './state.ts';

/** What is to be done with one resource. */
export interface ResourceStep {
  readonly action: PlanAction;
  readonly resource: BundleResource;
  /** With the mark; ids of what is not there yet still as references. */
  readonly settings: JsonObject;
  readonly found?: Found;
}

/** A plan and what it takes to do it; the plan is all that is shown or saved. */
export interface PreparedDeploy {
  readonly plan: LakehousePlan;
  readonly bundle: Bundle;
  readonly state: DeployState;
  /** As it stands there; undefined: there is none. */
  readonly stateText: string | undefined;
  readonly files: FilePlan;
  readonly resources: readonly ResourceStep[];
  /** What left the bundle, files and folders included. */
  readonly leaving: readonly PlanAction[];
}

/** Short, so that many of them are no burden. */
export const shortHash =
  (project: BundleProject) =>
  (value: string): string =>
    project.hash(value).slice(0, 16);

const isDeployTarget = (host: string | undefined, workspace: Workspace, target: string): void => {
  if (host === undefined || host === workspace.host) return;
  throw new UserError(
    'other-workspace',
    t('The target {0} is for {1}, but the login is for {2}.', target, host, workspace.host),
    { hint: t('Log in to that workspace, or choose another target. Nothing was sent.') },
  );
};

/**
 * Writes nothing. Throws BundleError (`bad-yaml`, `no-bundle`, `unknown-target`, `no-value`, `unsupported`, `not-ours`,
 * `cannot-change`, …), UserError `other-workspace`, `other-kind`, `newer-state`.
 */
export async function planLakehouse(parts: DeployParts, options: DeployOptions): Promise<PreparedDeploy> {
  const { project, workspace, gate } = parts;
  // Before the first request, what needs none.
  const targets = await targetsOf(project);
  const wanted = targets.find(({ name, isDefault }) =>
    options.target === undefined ? isDefault : name === options.target,
  );
  if (wanted) isDeployTarget(wanted.host, workspace, wanted.name);
  const gated = gate ? await gate(project) : [];
  const [error, ...errors] = gated.filter(({ level }) => level === 'error');
  if (error) throw new BundleError([error, ...errors]);

  const user = await workspace.who();
  const bundle = await readBundle(project, { ...options, user, host: workspace.host });
  isDeployTarget(bundle.host, workspace, bundle.target);
  const local = await readLocalFiles(project, bundle.sync);
  const statePath = apiPath(`${bundle.statePath}/${STATE_FILE}`);
  const bytes = await workspace.files.readFile(statePath);
  const stateText = bytes && new TextDecoder().decode(bytes);
  const state =
    stateText === undefined ? emptyState(bundle.name, bundle.target) : parseState(stateText, statePath);

  const hash = shortHash(project);
  const place = hash(`${workspace.host} ${bundle.rootPath}`).slice(0, 8);
  const owner: Owner = {
    state,
    userName: user.userName,
    mark: ({ key }) => `${bundle.name}.${bundle.target}.${key}.${place}`,
  };
  const lookAtAllFiles = async () => {
    const paths = [...local.map(({ remote }) => remote), ...Object.keys(state.files)];
    const there = await lookAtFiles(workspace, bundle.filePath, paths);
    const looked = { workspace, project, filePath: bundle.filePath, state, there };
    return { files: await planFiles(local, looked), removals: planRemovals(local, looked) };
  };
  const [{ files, removals }, resources, left, secrets] = await Promise.all([
    lookAtAllFiles(),
    planResources(bundle, owner, workspace, hash),
    planLeaving(bundle, state, workspace),
    secretFindings(bundle, workspace),
  ]);
  const leaving = [...left, ...removals];
  const findings = [...bundle.warnings, ...gated, ...secrets];
  const actions = [...files.actions, ...resources.map(({ action }) => action), ...leaving];
  const plan: Omit<LakehousePlan, 'fingerprint'> = {
    version: 1,
    bundle: bundle.name,
    target: bundle.target,
    ...(bundle.mode ? { mode: bundle.mode } : {}),
    host: workspace.host,
    user: user.userName,
    rootPath: bundle.rootPath,
    filePath: bundle.filePath,
    actions,
    findings,
  };
  const rest = {
    settings: resources.map(({ settings }) => settings),
    files: local.map(({ remote, hash: of }) => [remote, of]),
    stateText: stateText ?? null,
  };
  const fingerprint = project.hash(JSON.stringify([plan, rest]));
  return { plan: { ...plan, fingerprint }, bundle, state, stateText, files, resources, leaving };
}

async function planResources(
  bundle: Bundle,
  owner: Owner,
  workspace: Workspace,
  hash: (value: string) => string,
): Promise<readonly ResourceStep[]> {
  const ordered = afterWhatTheyNeed(bundle.resources);
  const sights = await inParallel(ordered, (resource) => sight(workspace, resource, owner));
  const refused: Finding[] = [];
  const ids = new Map<string, string>();
  ordered.forEach(({ type, key, name, place }, index) => {
    const seen = sights[index];
    if (seen?.kind === 'ours') ids.set(resourceKey(type, key), seen.found.id);
    if (seen?.kind !== 'theirs') return;
    refused.push({
      code: 'not-ours',
      level: 'error',
      message: t('{0} is there already, and was not made by this deployment.', name),
      hint: t(
        'Give it another name in the bundle, or take it out of it: what is there can be used without. Nothing was written.',
      ),
      place,
    });
  });
  const steps = ordered.map((resource, index): ResourceStep => {
    const { type, key, name, place } = resource;
    const settings = withIds(marked(resource, owner.mark(resource)), ids);
    const seen = sights[index];
    const plain = { type, key, name, changes: [] };
    if (seen?.kind !== 'ours') {
      return { action: { ...plain, kind: 'create' }, resource, settings };
    }
    const { found } = seen;
    const url = addressOfResource(workspace.host, type, found.id);
    const applied = owner.state.resources[resourceKey(type, key)]?.applied ?? {};
    const compared = type === 'secretScope' ? {} : settings;
    const changes = changesOf(compared, found.settings, applied, hash, (path, after, before) =>
      sameForm(type, path, after, before),
    );
    for (const { path, before } of changes) {
      if (before === undefined || !FIXED[type]?.includes(path)) continue;
      refused.push({
        code: 'cannot-change',
        level: 'error',
        message: t('{0} of {1} cannot be changed once it is there.', path, name),
        hint:
          type === 'pipeline'
            ? t('Another value means another pipeline: give it another key in the bundle.')
            : t('Another value means another one: give it another name.'),
        place,
      });
    }
    const action: PlanAction = {
      ...plain,
      kind: changes.length === 0 ? 'same' : 'update',
      id: found.id,
      ...(url === undefined ? {} : { url }),
      changes: changes.map(masked),
    };
    return { action, resource, settings, found };
  });
  const [first, ...others] = refused;
  if (first) throw new BundleError([first, ...others]);
  return steps;
}

/** Resources that are ours and no longer in the bundle, jobs before the pipelines that they run. */
async function planLeaving(
  bundle: Bundle,
  state: DeployState,
  workspace: Workspace,
): Promise<readonly PlanAction[]> {
  const now = new Map(bundle.resources.map((one) => [resourceKey(one.type, one.key), one.name] as const));
  const left = Object.entries(state.resources).filter(
    // A schema of another name is another schema.
    ([at, { id }]) => !now.has(at) || (!/^(job|pipeline)\./.test(at) && now.get(at) !== id),
  );
  const actions = await inParallel(left, async ([at, { id, name }]): Promise<readonly PlanAction[]> => {
    const [type = '', key = ''] = at.split(/\.(.*)/s);
    const plain = { key, name, id, changes: [] };
    if (type !== 'pipeline' && type !== 'job') {
      return [{ ...plain, kind: 'release', type: type as PlanAction['type'] }];
    }
    if (!(await getById(workspace, type, id))) return [];
    const loses = type === 'pipeline' ? t('with the tables that it made') : t('with the history of its runs');
    const url = addressOfResource(workspace.host, type, id);
    return [{ ...plain, kind: 'delete', type, loses, ...(url === undefined ? {} : { url }) }];
  });
  const order = ['job', 'pipeline', 'secretScope', 'volume', 'schema'];
  return actions.flat().sort((a, b) => order.indexOf(a.type) - order.indexOf(b.type));
}

/** Secrets are only named: whether they are there is asked, what they hold never. */
async function secretFindings(bundle: Bundle, workspace: Workspace): Promise<readonly Finding[]> {
  const made = new Set(bundle.resources.filter(({ type }) => type === 'secretScope').map(({ name }) => name));
  const scopes = [...secretsOf(bundle.resources)];
  const findings = await inParallel(scopes, async ([scope, keys]): Promise<readonly Finding[]> => {
    const there = await keysOf(workspace, scope);
    const warning = (code: string, message: string): Finding => ({
      code,
      level: 'warning',
      message,
      hint: t('Who may write to the scope puts it there; this program never handles what is secret.'),
    });
    if (there === undefined) return [];
    if (there === 'no-scope') {
      return made.has(scope)
        ? []
        : [warning('no-scope', t('There is no secret scope {0} in the workspace.', scope))];
    }
    return [...keys]
      .filter((key) => !there.includes(key))
      .map((key) => warning('no-secret', t('The secret scope {0} holds no {1}.', scope, key)));
  });
  return findings.flat();
}

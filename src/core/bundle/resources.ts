/** Schemas, volumes, scopes, pipelines and jobs: how each is found, marked as ours, made and changed. */
import { objectOf } from '../databricks/json.ts';
import type { JsonObject, Workspace } from '../databricks/ports.ts';
import { isUserError, UserError } from '../errors.ts';
import { t } from '../l10n.ts';
import type { BundleResource, SettledType } from './model.ts';
import type { FieldChange } from './plan.ts';
import { below } from './settings.ts';
import { resourceKey, type DeployState } from './state.ts';

/** What is there, and its settings as the API tells them. */
export interface Found {
  readonly id: string;
  readonly settings: JsonObject;
}

/** What it was found as: ours by the state or its mark, or another's of the same name. */
export type Sight =
  | { readonly kind: 'missing' }
  | { readonly kind: 'ours'; readonly found: Found }
  | { readonly kind: 'theirs'; readonly found: Found };

export interface Owner {
  readonly state: DeployState;
  /** Who deploys now. */
  readonly userName: string;
  /** Of this bundle, target and root folder. */
  readonly mark: (resource: Pick<BundleResource, 'type' | 'key'>) => string;
}

/** A tag of jobs and pipelines, a property of schemas: with it one is found again that no state knows. */
export const MARK = 'orders_lakehouse';

const markField = (type: SettledType): string | undefined =>
  type === 'job' || type === 'pipeline' ? 'tags' : type === 'schema' ? 'properties' : undefined;

/** What the workspace is given: the settings of the bundle, and the mark. */
export function marked(resource: BundleResource, mark: string): JsonObject {
  const field = markField(resource.type);
  if (field === undefined) return resource.settings;
  return { ...resource.settings, [field]: { ...objectOf(resource.settings[field]), [MARK]: mark } };
}

const hasMark = (type: SettledType, settings: JsonObject, mark: string): boolean => {
  const field = markField(type);
  return field !== undefined && objectOf(settings[field])[MARK] === mark;
};

export async function sight(workspace: Workspace, resource: BundleResource, owner: Owner): Promise<Sight> {
  const { type, key } = resource;
  const owned = owner.state.resources[resourceKey(type, key)];
  if (type === 'pipeline' || type === 'job') {
    const found = owned && (await getById(workspace, type, owned.id));
    if (found) return { kind: 'ours', found };
    return byName(workspace, resource, owner);
  }
  const found = await governed(workspace, resource);
  if (!found) return { kind: 'missing' };
  const mark = owner.mark(resource);
  const wasBeingMade = owner.state.pending?.resources[resourceKey(type, key)] === resource.name;
  // A volume and a scope bear no mark: there it is who made it, while the last deployment was about to.
  const ours =
    owned?.id === found.id ||
    hasMark(type, found.settings, mark) ||
    (wasBeingMade && (found.settings['created_by'] ?? owner.userName) === owner.userName);
  return { kind: ours ? 'ours' : 'theirs', found };
}

export async function getById(
  workspace: Workspace,
  type: 'pipeline' | 'job',
  id: string,
): Promise<Found | undefined> {
  if (type === 'job') {
    const job = await workspace.jobs.get(id);
    return job && { id, settings: job.settings };
  }
  const pipeline = await workspace.pipelines.get(id);
  return pipeline && { id, settings: pipeline.spec };
}

/** Also under the name that an interrupted deployment was about to give. */
async function byName(workspace: Workspace, resource: BundleResource, owner: Owner): Promise<Sight> {
  const type = resource.type === 'job' ? 'job' : 'pipeline';
  const mark = owner.mark(resource);
  const before = owner.state.pending?.resources[resourceKey(type, resource.key)];
  const names = new Set([resource.name, ...(before === undefined ? [] : [before])]);
  let theirs: Found | undefined;
  for (const name of names) {
    const ids: string[] = [];
    const pages = type === 'job' ? workspace.jobs.list(name) : workspace.pipelines.list(name);
    for await (const page of pages) ids.push(...page.map(({ id }) => id));
    for (const id of ids) {
      const found = await getById(workspace, type, id);
      if (found && hasMark(type, found.settings, mark)) return { kind: 'ours', found };
      if (found && name === resource.name) theirs ??= found;
    }
  }
  return theirs ? { kind: 'theirs', found: theirs } : { kind: 'missing' };
}

async function governed(workspace: Workspace, { type, name }: BundleResource): Promise<Found | undefined> {
  if (type === 'secretScope') {
    const scopes = await workspace.secretScopes.list();
    return scopes.includes(name) ? { id: name, settings: { name } } : undefined;
  }
  const settings = await workspace.securables.get(type === 'schema' ? 'schemas' : 'volumes', name);
  return settings && { id: name, settings };
}

/** Fields that only the making of it takes: another value means another schema or volume. */
export const FIXED: Readonly<Partial<Record<SettledType, readonly string[]>>> = {
  schema: ['storage_root'],
  volume: ['storage_location', 'volume_type'],
  pipeline: ['storage', 'catalog'],
};

/** Returns the id. */
export async function createResource(
  workspace: Workspace,
  type: SettledType,
  settings: JsonObject,
  name: string,
): Promise<string> {
  switch (type) {
    case 'pipeline':
      return workspace.pipelines.create(settings);
    case 'job':
      return workspace.jobs.create(settings);
    case 'secretScope':
      await workspace.secretScopes.create(name);
      return name;
    case 'schema':
    case 'volume':
      await makeSecurable(workspace, type, settings, name);
      return name;
  }
}

/** Throws UserError `no-catalog`. */
async function makeSecurable(
  workspace: Workspace,
  type: 'schema' | 'volume',
  settings: JsonObject,
  name: string,
): Promise<void> {
  try {
    await workspace.securables.create(type === 'schema' ? 'schemas' : 'volumes', settings);
  } catch (error) {
    if (type !== 'schema' || !isUserError(error) || error.code !== 'nothing-there') throw error;
    const [catalog = ''] = name.split('.');
    throw new UserError('no-catalog', error.message, {
      hint: t(
        'A bundle makes no catalog: {0} must be there, with USE CATALOG and CREATE SCHEMA for who deploys.',
        catalog,
      ),
      cause: error,
    });
  }
}

export async function updateResource(
  workspace: Workspace,
  type: SettledType,
  id: string,
  settings: JsonObject,
  there: JsonObject,
  changes: readonly FieldChange[],
): Promise<void> {
  switch (type) {
    case 'pipeline':
      return workspace.pipelines.edit(id, settings);
    case 'job':
      return workspace.jobs.reset(id, settings);
    case 'secretScope':
      return;
    case 'schema':
    case 'volume': {
      // Only what the plan told: a comment that somebody else wrote stays.
      const comment = changes.find(({ path }) => path === 'comment');
      const gone = changes.filter(({ after }) => after === undefined).map(({ path }) => path);
      // They are put in the place of all that it has: what others put there stays.
      const kept = Object.entries(objectOf(there['properties'])).filter(
        ([key]) => !gone.includes(below('properties', key)),
      );
      const all = { ...Object.fromEntries(kept), ...objectOf(settings['properties']) };
      const fields = {
        ...(comment ? { comment: comment.after ?? '' } : {}),
        ...(type === 'schema' ? { properties: all } : {}),
      };
      return workspace.securables.update(type === 'schema' ? 'schemas' : 'volumes', id, fields);
    }
  }
}

export async function deleteResource(
  workspace: Workspace,
  type: 'pipeline' | 'job',
  id: string,
): Promise<void> {
  await (type === 'pipeline' ? workspace.pipelines.remove(id) : workspace.jobs.remove(id));
}

/** Names of secrets in settings: scope → keys. */
export function secretsOf(resources: readonly BundleResource[]): ReadonlyMap<string, ReadonlySet<string>> {
  const scopes = new Map<string, Set<string>>();
  const text = JSON.stringify(resources.map(({ settings }) => settings));
  for (const [, scope = '', key = ''] of text.matchAll(/\{\{secrets\/([^/{}"]+)\/([^/{}"]+)\}\}/g)) {
    scopes.set(scope, (scopes.get(scope) ?? new Set()).add(key));
  }
  return scopes;
}

/** Undefined: this login may not see them. */
export async function keysOf(
  workspace: Workspace,
  scope: string,
): Promise<readonly string[] | 'no-scope' | undefined> {
  try {
    return (await workspace.secretScopes.keys(scope)) ?? 'no-scope';
  } catch (error) {
    if (isUserError(error) && error.code === 'not-allowed') return undefined;
    throw error;
  }
}

const segments = (name: string): string => name.split('.').map(encodeURIComponent).join('/');

/** Where a browser shows it. */
export function addressOfResource(host: string, type: SettledType, id: string): string | undefined {
  switch (type) {
    case 'pipeline':
      return `${host}/pipelines/${id}`;
    case 'job':
      return `${host}/jobs/${id}`;
    case 'schema':
      return `${host}/explore/data/${segments(id)}`;
    case 'volume':
      return `${host}/explore/data/volumes/${segments(id)}`;
    case 'secretScope':
      return undefined;
  }
}

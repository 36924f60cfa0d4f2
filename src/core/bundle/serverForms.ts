/** What a workspace gives back in another form than it was given: no change, however often it is compared. */
import type { Json } from '../databricks/ports.ts';
import type { SettledType } from './model.ts';

/** Names of Unity Catalog are kept in small letters; of a user's name the case has no meaning. */
const ANY_CASE: Readonly<Record<SettledType, readonly string[]>> = {
  schema: ['catalog_name', 'name'],
  volume: ['catalog_name', 'schema_name', 'name', 'volume_type'],
  secretScope: [],
  pipeline: ['catalog', 'edition', 'channel', 'run_as.user_name'],
  job: ['run_as.user_name'],
};
/** Folders of a storage, whose last `/` is not kept. */
const FOLDERS = ['storage_root', 'storage_location', 'storage'];
/** What a pipeline is that says nothing. */
const DEFAULTS: Readonly<Record<string, Json>> = { edition: 'ADVANCED', channel: 'CURRENT' };

/** Whether the workspace’s `before` is the bundle’s `after` of the field at `path`. */
export function sameForm(type: SettledType, path: string, after: Json, before: Json | undefined): boolean {
  if (typeof after !== 'string') return false;
  const there = before ?? (type === 'pipeline' ? DEFAULTS[path] : undefined);
  if (typeof there !== 'string') return false;
  if (ANY_CASE[type].includes(path)) return after.toLowerCase() === there.toLowerCase();
  return FOLDERS.includes(path) && after.replace(/\/+$/, '') === there.replace(/\/+$/, '');
}

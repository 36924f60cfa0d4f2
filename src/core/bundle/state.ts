/**
 * What a deployment owns in a workspace, kept there beside the files, so that whoever deploys next knows. No value of a
 * setting is in it: hashes tell whether somebody changed one.
 */
import { UserError } from '../errors.ts';
import { t } from '../l10n.ts';
import type { SettledType } from './model.ts';

export interface OwnedResource {
  /** Of schemas and volumes the full name, of secret scopes the name. */
  readonly id: string;
  readonly name: string;
  /** Path of each setting that was last deployed → hash of its value. */
  readonly applied: Readonly<Record<string, string>>;
}
export interface OwnedFile {
  /** Of what it says; of a notebook of the sources of its cells. */
  readonly hash: string;
  /** When it was put there, as the workspace tells it; missing: it was not seen since. */
  readonly modifiedMs?: number;
}

export interface DeployState {
  readonly version: 1;
  readonly bundle: string;
  readonly target: string;
  /** `pipeline.orders` → what is there. */
  readonly resources: Readonly<Record<string, OwnedResource>>;
  /** Path below the folder of files, as it is there → what was put there. */
  readonly files: Readonly<Record<string, OwnedFile>>;
  /** What a deployment that did not end was about to make: names of resources, and hashes of files. */
  readonly pending?: {
    readonly by: string;
    readonly resources: Readonly<Record<string, string>>;
    readonly files: Readonly<Record<string, string>>;
  };
}

export const STATE_FILE = 'orders-lakehouse.json';
export const LOCK_FILE = 'orders-lakehouse.lock';

export const resourceKey = (type: SettledType, key: string): string => `${type}.${key}`;

export const emptyState = (bundle: string, target: string): DeployState => ({
  version: 1,
  bundle,
  target,
  resources: {},
  files: {},
});

/** Throws UserError `newer-state`, `bad-state`. */
export function parseState(text: string, path: string): DeployState {
  let parsed: Partial<DeployState> | null;
  try {
    parsed = JSON.parse(text) as Partial<DeployState> | null;
  } catch (cause) {
    throw new UserError('bad-state', t('What stands in {0} cannot be read.', path), {
      hint: t('An older version of it may be restored in the workspace. Nothing was written.'),
      cause,
    });
  }
  const { version } = (parsed ?? {}) as { readonly version?: unknown };
  if (typeof version === 'number' && version > 1) {
    throw new UserError('newer-state', t('{0} was written by a newer version of this program.', path), {
      hint: t('Update Orders Lakehouse.'),
    });
  }
  if (version !== 1 || typeof parsed?.resources !== 'object' || typeof parsed.files !== 'object') {
    throw new UserError('bad-state', t('What stands in {0} cannot be read.', path));
  }
  return parsed as DeployState;
}

/** The same for the same: keys in order. */
export function stateText(state: DeployState): string {
  const ordered = (_: string, value: unknown): unknown =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return `${JSON.stringify(state, ordered, 1)}\n`;
}

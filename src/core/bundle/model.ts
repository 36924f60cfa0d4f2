/** A bundle, read for one target and one person: what is to be there. */
import type { JsonObject } from '../databricks/ports.ts';
import type { Finding, Place } from './findings.ts';
import type { DeployMode, ResourceType } from './plan.ts';
import type { SyncRules } from './ports.ts';

export type SettledType = Exclude<ResourceType, 'file' | 'folder'>;

export interface BundleResource {
  readonly type: SettledType;
  /** Of the bundle. */
  readonly key: string;
  /** `name`, after the prefixes of its target; of schemas `catalog.schema`, of volumes one more. */
  readonly name: string;
  readonly settings: JsonObject;
  readonly place: Place;
}

export interface Bundle {
  readonly name: string;
  readonly target: string;
  readonly mode?: DeployMode;
  /** Origin, when the target names its workspace. */
  readonly host?: string;
  /** With `/Workspace`. */
  readonly rootPath: string;
  readonly filePath: string;
  readonly statePath: string;
  readonly sync: SyncRules;
  /** In the order in which they can be made. */
  readonly resources: readonly BundleResource[];
  readonly warnings: readonly Finding[];
}

/** Who logged in, as `${workspace.current_user}` has it. */
export interface CurrentUser {
  readonly userName: string;
  /** Of a service principal, whose user name is an id. */
  readonly displayName?: string;
}

/** `Ana.Maria@example.com` → `ana_maria`. */
export function shortName({ userName, displayName }: CurrentUser): string {
  const isPrincipal = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(userName);
  const [local = ''] = ((isPrincipal && displayName) || userName).split('@');
  return local.toLowerCase().replace(/[^\p{L}\p{N}_]/gu, '_');
}

const ORDER: readonly SettledType[] = ['schema', 'volume', 'secretScope', 'pipeline', 'job'];
export const inOrder = (resources: readonly BundleResource[]): readonly BundleResource[] =>
  [...resources].sort(
    (a, b) => ORDER.indexOf(a.type) - ORDER.indexOf(b.type) || (a.key < b.key ? -1 : a.key > b.key ? 1 : 0),
  );

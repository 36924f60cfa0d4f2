/** Workspaces that a person connected to. What is secret of one is kept apart. */
import { COLOURS, type Colour, type Finding } from '../connections.ts';
import { isUserError } from '../errors.ts';
import { t } from '../l10n.ts';
import { tokenProblem, workspaceHost } from './login.ts';

export { COLOURS, type Colour, type Finding };

export type LoginProfile =
  /** The Microsoft account of VS Code; `tenant` is the directory the workspace belongs to, empty: the workspace tells it. */
  | { readonly kind: 'microsoft'; readonly tenant: string }
  /** `az account get-access-token`; the tenant as above. */
  | { readonly kind: 'azure-cli'; readonly tenant: string }
  /** An access token, in the secret storage. */
  | { readonly kind: 'token' }
  /** OAuth of a service principal; its secret is in the secret storage. */
  | { readonly kind: 'principal'; readonly clientId: string }
  /** A section of `~/.databrickscfg`, read anew each time. */
  | { readonly kind: 'profile'; readonly profile: string };

export interface WorkspaceProfile {
  /** Never changes, so that secrets and what is remembered stay with it. */
  readonly id: string;
  readonly name: string;
  /** Origin, `https://…`. */
  readonly host: string;
  readonly login: LoginProfile;
  /** Before each write a person is asked. */
  readonly production: boolean;
  readonly colour: Colour;
}

/** The token, or the client's secret; missing stays as it is kept. */
export interface WorkspaceDraft {
  readonly profile: WorkspaceProfile;
  readonly secret?: string;
}

/** A section of `~/.databrickscfg`, without what is secret of it. */
export interface ConfigProfile {
  readonly name: string;
  /** Its origin; as it stands there where that is no address. */
  readonly host: string;
  /** As the file names it: `pat`, `oauth-m2m`, `azure-cli`, …. */
  readonly auth: string;
}

/** What a test of a workspace found, one line for each part; those behind a failure are not tried. */
export interface WorkspaceTest {
  readonly part: 'address' | 'workspace' | 'tenant' | 'login' | 'folder' | 'warehouses';
  readonly good: boolean;
  readonly text: string;
  readonly hint?: string;
}

export interface WorkspaceTrial {
  readonly tests: readonly WorkspaceTest[];
  /** Who logged in; missing where nobody could. */
  readonly userName?: string;
}

export const blankWorkspace = (id: string): WorkspaceProfile => ({
  id,
  name: '',
  host: '',
  login: { kind: 'microsoft', tenant: '' },
  production: false,
  colour: 'none',
});

/** Whether a login has a secret of its own in the secret storage. */
export const hasSecret = ({ kind }: LoginProfile): boolean => kind === 'token' || kind === 'principal';

/** A secret is for one kind of login at one host: it never goes to another. */
export const sameSecret = (one: WorkspaceProfile, other: WorkspaceProfile): boolean =>
  one.host === other.host && one.login.kind === other.login.kind && hasSecret(one.login);

/** As it is kept: of an address that a browser shows, the origin. */
export function tidiedWorkspace(profile: WorkspaceProfile): WorkspaceProfile {
  try {
    return { ...profile, host: workspaceHost(profile.host.trim()) };
  } catch {
    // It stays as it was written, and is told as a finding.
    return profile;
  }
}

/** A directory of Microsoft Entra: its id, or a domain. */
const TENANT = /^[0-9a-z]([0-9a-z.-]*[0-9a-z])?$/i;

function hostProblem(host: string): string | undefined {
  if (host === '') return t('An address like https://adb-1234567890123456.7.azuredatabricks.net');
  try {
    workspaceHost(host);
    return undefined;
  } catch (error) {
    if (!isUserError(error)) throw error;
    return error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
  }
}

/** What must be mended before it can be used; `others` are the names that are taken, `kept`: its secret is. */
export function workspaceFindings(
  { profile, secret }: WorkspaceDraft,
  { others, kept }: { readonly others: readonly string[]; readonly kept: boolean },
): readonly Finding[] {
  const { name, host, login } = profile;
  const findings: Finding[] = [];
  const add = (field: string, problem: string | undefined): void => {
    if (problem !== undefined) findings.push({ field, problem });
  };
  if (name.trim() === '') add('name', t('A name'));
  else if (others.includes(name)) add('name', t('There is a workspace of this name already.'));
  add('host', hostProblem(host));
  if (login.kind === 'microsoft' || login.kind === 'azure-cli') {
    if (login.tenant !== '' && !TENANT.test(login.tenant)) {
      add('login.tenant', t('The id of a directory, or a domain; empty: the workspace tells it.'));
    }
  }
  if (login.kind === 'principal' && login.clientId === '') add('login.clientId', t('A client id'));
  if (login.kind === 'profile' && login.profile === '') add('login.profile', t('A profile'));
  if (login.kind === 'token') {
    if (secret !== undefined) add('token', tokenProblem(secret));
    else if (!kept) add('token', t('A token'));
  }
  if (login.kind === 'principal' && secret === undefined && !kept) add('clientSecret', t('A client secret'));
  return findings;
}

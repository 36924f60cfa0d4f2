/** The Microsoft account of VS Code as the login to a workspace: asked silently, unless a person is at it. */
import type * as vscode from 'vscode';
import { cloudOf, DATABRICKS_RESOURCE, entraRefusal } from '../core/databricks/azure.ts';
import type { WorkspaceProfile } from '../core/databricks/workspaces.ts';
import { Cancelled, isUserError, messageOf, UserError, type Action } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { Outside } from './outside.ts';

/** How long a token is used without asking VS Code, which holds it, again. */
const HELD_MS = 30_000;

export const signInAction = (id: string): Action => ({
  title: t('Sign in'),
  command: 'ordersLakehouse.signInWorkspace',
  args: [id],
});

export interface MicrosoftLogins {
  /** Asks nobody. Throws UserError `signed-out`. */
  token(profile: WorkspaceProfile): Promise<string>;
  /**
   * A person may be asked to sign in; `another`: as somebody else than before. Throws Cancelled, and UserError `no-tenant`,
   * `wrong-tenant` and the others of azure.ts.
   */
  signIn(profile: WorkspaceProfile, another: boolean): Promise<string>;
  /** The account that signed in, to be asked for the next time. */
  accountOf(id: string): vscode.AuthenticationSessionAccountInformation | undefined;
  forget(id: string): void;
}

export function createMicrosoftLogins(
  outside: Pick<Outside, 'getSession' | 'workspaceTenant'>,
  known: (id: string) => vscode.AuthenticationSessionAccountInformation | undefined,
): MicrosoftLogins {
  const tenants = new Map<string, string>();
  const accounts = new Map<string, vscode.AuthenticationSessionAccountInformation>();
  const tokens = new Map<string, { readonly token: string; readonly key: string; readonly until: number }>();

  const tenantOf = async ({ host, login }: WorkspaceProfile): Promise<string> => {
    const given = 'tenant' in login ? login.tenant : '';
    const tenant = given || tenants.get(host) || (await outside.workspaceTenant(host));
    tenants.set(host, tenant);
    return tenant;
  };

  /** Undefined: VS Code would have to ask. */
  const session = async (
    profile: WorkspaceProfile,
    options: vscode.AuthenticationGetSessionOptions,
  ): Promise<string | undefined> => {
    const { id, host } = profile;
    const tenant = await tenantOf(profile);
    try {
      // VS Code may change the array: it is a new one each time.
      const scopes = [`${DATABRICKS_RESOURCE}/.default`, 'offline_access', `VSCODE_TENANT:${tenant}`];
      const found = await outside.getSession(cloudOf(host).provider, scopes, options);
      if (!found) return undefined;
      accounts.set(id, found.account);
      tokens.set(id, { token: found.accessToken, key: host + tenant, until: Date.now() + HELD_MS });
      return found.accessToken;
    } catch (error) {
      throw failureOf(error, profile, tenant);
    }
  };

  return {
    token: async (profile) => {
      const { id, host, name } = profile;
      const held = tokens.get(id);
      if (held && Date.now() < held.until && held.key === host + (await tenantOf(profile))) return held.token;
      const account = accounts.get(id) ?? known(id);
      const found = await session(profile, { silent: true, ...(account ? { account } : {}) });
      if (found !== undefined) return found;
      throw new UserError('signed-out', t('You are not signed in to {0} ({1}).', name, host), {
        hint: t('Sign in once; after that it renews itself.'),
        action: signInAction(id),
      });
    },
    signIn: async (profile, another) => {
      tokens.delete(profile.id);
      const account = another ? undefined : (accounts.get(profile.id) ?? known(profile.id));
      const found = await session(profile, {
        createIfNone: { detail: t('To work in the workspace {0}.', profile.host) },
        ...(another ? { clearSessionPreference: true } : {}),
        ...(account ? { account } : {}),
      });
      if (found === undefined) throw new Cancelled();
      return found;
    },
    accountOf: (id) => accounts.get(id) ?? known(id),
    forget: (id) => {
      accounts.delete(id);
      tokens.delete(id);
    },
  };
}

/** What VS Code's sign-in throws has no code, only words. */
function failureOf(error: unknown, { id, name }: WorkspaceProfile, tenant: string): unknown {
  if (isUserError(error)) return error;
  const words = messageOf(error);
  if (/did not consent|cancel/i.test(words)) return new Cancelled();
  const action = signInAction(id);
  const told = entraRefusal(words, { tenant, again: t('Sign in once; after that it renews itself.') });
  if (told) return new UserError(told.code, told.message, { hint: told.hint ?? '', action, cause: error });
  if (/timed out waiting for authentication provider|no authentication provider/i.test(words)) {
    return new UserError('no-microsoft-login', t('This VS Code has no Microsoft sign-in.'), {
      hint: t('Choose another login for {0}: a profile, a token, the Azure CLI.', name),
      cause: error,
    });
  }
  return new UserError('login-refused', t('The Microsoft sign-in for {0} failed: {1}', name, words), {
    hint: t('Sign in again, or choose another login.'),
    action,
    cause: error,
  });
}

/** Which workspace, and as whom: from the environment or from a profile, never mixed, so that no token goes to another's host. */
import { UserError } from '../errors.ts';
import { t } from '../l10n.ts';
import { isLoopback } from '../loopback.ts';
import type { Profile } from './configFile.ts';

/** Held in memory only, while it is used. */
export interface WorkspaceLogin {
  /** Origin of the workspace, `https://…`. */
  readonly host: string;
  readonly as:
    | { readonly kind: 'token'; readonly token: string }
    /** OAuth 2.0 client credentials of a service principal. */
    | { readonly kind: 'principal'; readonly clientId: string; readonly clientSecret: string }
    /** Microsoft's sign-in, the Azure CLI: asked anew for each request, and quick while the token is good. */
    | { readonly kind: 'asked'; readonly token: () => Promise<string> };
}

export interface LoginSources {
  /** `--profile`. */
  readonly profile?: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Undefined: there is no file. */
  readonly profiles: ReadonlyMap<string, Profile> | undefined;
  /** Path of the file, for messages. */
  readonly file: string;
}

/** Key of a profile → variable of the environment that says the same. */
const VARIABLES = {
  host: 'DATABRICKS_HOST',
  token: 'DATABRICKS_TOKEN',
  client_id: 'DATABRICKS_CLIENT_ID',
  client_secret: 'DATABRICKS_CLIENT_SECRET',
  auth_type: 'DATABRICKS_AUTH_TYPE',
} as const;

const ways = (): string =>
  t(
    'Set DATABRICKS_HOST and DATABRICKS_TOKEN, or DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET in the place of the token; or name a profile: --profile NAME.',
  );

/** Throws UserError `no-login`, `several-logins`, `unknown-profile`, `unsupported-login`, `bad-host`, `no-secret-in-clear`. */
export function chooseLogin({ profile, environment, profiles, file }: LoginSources): WorkspaceLogin {
  const fromEnvironment: Profile = Object.fromEntries(
    Object.entries(VARIABLES).flatMap(([key, variable]) => {
      const value = environment[variable]?.trim();
      return value ? [[key, value]] : [];
    }),
  );
  const { auth_type: _, ...given } = fromEnvironment;
  const spoken = Object.keys(given).length > 0;
  const named = profile ?? (environment['DATABRICKS_CONFIG_PROFILE'] || undefined);
  if (profile === undefined && spoken && named !== undefined) {
    throw new UserError(
      'several-logins',
      t('The environment names a profile ({0}), and a host or a login beside it.', named),
      { hint: t('Keep one of them: DATABRICKS_CONFIG_PROFILE, or the other DATABRICKS_ variables.') },
    );
  }
  if (named === undefined && spoken) {
    return loginOf(fromEnvironment, t('The environment'), (key) => VARIABLES[key]);
  }
  const found = profiles?.get(named ?? 'DEFAULT');
  const others = [...(profiles?.keys() ?? [])].join(', ');
  if (!found || (named === undefined && found['host'] === undefined)) {
    if (named === undefined) {
      throw new UserError('no-login', t('Nothing says which workspace, and as whom.'), {
        hint: others === '' ? ways() : `${ways()} ${t('Profiles of {0}: {1}', file, others)}`,
      });
    }
    throw new UserError('unknown-profile', t('There is no profile {0} in {1}.', named, file), {
      hint: others === '' ? ways() : t('There are: {0}', others),
    });
  }
  return loginOf(found, t('Profile {0} of {1}', named ?? 'DEFAULT', file), (key) => key);
}

function loginOf(
  values: Profile,
  source: string,
  name: (key: keyof typeof VARIABLES) => string,
): WorkspaceLogin {
  const { host, token, client_id: clientId, client_secret: clientSecret, auth_type: type } = values;
  if (!host)
    throw new UserError('no-login', t('{0} names no workspace: {1} is missing.', source, name('host')));
  const at = workspaceHost(host);
  if (type !== undefined && type !== 'pat' && type !== 'oauth-m2m') {
    throw new UserError(
      'unsupported-login',
      t('{0} logs in by {1}, which is not supported yet.', source, type),
      {
        hint: ways(),
      },
    );
  }
  const principal = clientId !== undefined || clientSecret !== undefined;
  if (type === undefined && token !== undefined && principal) {
    throw new UserError('several-logins', t('{0} holds a token and a service principal.', source), {
      hint: t('Keep one of them, or say which: {0} is pat or oauth-m2m.', name('auth_type')),
    });
  }
  if (type === 'oauth-m2m' || (type === undefined && principal)) {
    if (clientId && clientSecret) return { host: at, as: { kind: 'principal', clientId, clientSecret } };
    throw missing(source, name(clientId ? 'client_secret' : 'client_id'));
  }
  if (token && !/^[\x21-\x7e]+$/.test(token)) {
    throw new UserError('bad-token', t('{0}: the token holds signs that no token has.', source), {
      hint: t('Copy it again, without blanks and quotes.'),
    });
  }
  if (token) return { host: at, as: { kind: 'token', token } };
  throw missing(source, name('token'));
}

const missing = (source: string, what: string): UserError =>
  new UserError('no-login', t('{0} does not say as whom: {1} is missing.', source, what), { hint: ways() });

/** The origin of what a person gives as host, a browser's address included. Throws UserError `bad-host`, `no-secret-in-clear`. */
export function workspaceHost(given: string): string {
  let at: URL;
  try {
    at = new URL(/^[a-z]+:\/\//i.test(given) ? given : `https://${given}`);
  } catch (cause) {
    throw new UserError('bad-host', t('This is no address of a workspace: {0}', given), {
      hint: t('It looks like https://adb-1234567890123456.7.azuredatabricks.net'),
      cause,
    });
  }
  if (at.protocol === 'https:' || (at.protocol === 'http:' && isLoopback(at.hostname))) return at.origin;
  throw new UserError(
    'no-secret-in-clear',
    t('{0} is no https address: the login would be readable.', at.origin),
    {
      hint: t('Use https.'),
    },
  );
}

/** Which workspace, and as whom: from the environment or from a profile, never mixed, so that no token goes to another's host. */
import { UserError, type Action } from '../errors.ts';
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
    /** `az account get-access-token`; an empty tenant is asked of the workspace. */
    | { readonly kind: 'azure-cli'; readonly tenant: string }
    /** Client credentials of Microsoft Entra. */
    | {
        readonly kind: 'azure-principal';
        readonly tenant: string;
        readonly clientId: string;
        readonly clientSecret: string;
      }
    /** Microsoft's sign-in: asked anew for each request, and quick while the token is good. */
    | {
        readonly kind: 'asked';
        readonly token: () => Promise<string>;
        /** What mends a login that is refused. */
        readonly mend?: Action;
      };
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
  azure_client_id: 'ARM_CLIENT_ID',
  azure_client_secret: 'ARM_CLIENT_SECRET',
  azure_tenant_id: 'ARM_TENANT_ID',
} as const;
/** Other tools set these for themselves: alone they name no workspace. */
const OF_AZURE = /^ARM_/;

const ways = (): string =>
  t(
    'Set DATABRICKS_HOST and DATABRICKS_TOKEN; or in the place of the token DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET, or ARM_TENANT_ID, ARM_CLIENT_ID and ARM_CLIENT_SECRET, or DATABRICKS_AUTH_TYPE=azure-cli after az login; or name a profile: --profile NAME.',
  );

/** Throws UserError `no-login`, `several-logins`, `unknown-profile`, `unsupported-login`, `bad-host`, `no-secret-in-clear`. */
export function chooseLogin({ profile, environment, profiles, file }: LoginSources): WorkspaceLogin {
  const fromEnvironment: Profile = Object.fromEntries(
    Object.entries(VARIABLES).flatMap(([key, variable]) => {
      const value = environment[variable]?.trim();
      return value ? [[key, value]] : [];
    }),
  );
  const spoken = Object.keys(fromEnvironment).some(
    (key) => key !== 'auth_type' && !OF_AZURE.test(VARIABLES[key as keyof typeof VARIABLES]),
  );
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
  const { azure_client_id: azureId, azure_client_secret: azureSecret, azure_tenant_id: tenant = '' } = values;
  if (!host)
    throw new UserError('no-login', t('{0} names no workspace: {1} is missing.', source, name('host')));
  const at = workspaceHost(host);
  const principal = clientId !== undefined || clientSecret !== undefined;
  const found = [
    ...(token === undefined ? [] : ['pat']),
    ...(principal ? ['oauth-m2m'] : []),
    // What other tools find in the environment too counts only where nothing of Databricks does.
    ...(azureSecret === undefined || (OF_AZURE.test(name('azure_client_secret')) && (token || principal))
      ? []
      : ['azure-client-secret']),
  ];
  if (type === undefined && found.length > 1) {
    throw new UserError('several-logins', t('{0} holds several logins: {1}', source, found.join(', ')), {
      hint: t('Keep one of them, or say which: {0}', `${name('auth_type')} = ${found.join(' | ')}`),
    });
  }
  switch (type ?? found[0] ?? 'pat') {
    case 'pat':
      if (!token) throw missing(source, name('token'));
      if (tokenProblem(token) === undefined) return { host: at, as: { kind: 'token', token } };
      throw new UserError('bad-token', t('{0}: the token holds signs that no token has.', source), {
        hint: t('Copy it again, without blanks and quotes.'),
      });
    case 'oauth-m2m':
      if (clientId && clientSecret) return { host: at, as: { kind: 'principal', clientId, clientSecret } };
      throw missing(source, name(clientId ? 'client_secret' : 'client_id'));
    case 'azure-client-secret':
      if (azureId && azureSecret) {
        return {
          host: at,
          as: { kind: 'azure-principal', tenant, clientId: azureId, clientSecret: azureSecret },
        };
      }
      throw missing(source, name(azureId ? 'azure_client_secret' : 'azure_client_id'));
    case 'azure-cli':
      return { host: at, as: { kind: 'azure-cli', tenant } };
    case 'databricks-cli':
      throw new UserError(
        'unsupported-login',
        t('{0} logs in by the Databricks CLI, whose tokens only it can read.', source),
        {
          hint: t(
            'Write auth_type = azure-cli there and log in by az login; in VS Code the Microsoft account does as well.',
          ),
        },
      );
    default:
      throw new UserError(
        'unsupported-login',
        t('{0} logs in by {1}, which is not supported.', source, type ?? ''),
        { hint: ways() },
      );
  }
}

const missing = (source: string, what: string): UserError =>
  new UserError('no-login', t('{0} does not say as whom: {1} is missing.', source, what), { hint: ways() });

/** What is wrong with a text that should be a token. */
export const tokenProblem = (token: string): string | undefined =>
  /^[\x21-\x7e]+$/.test(token) ? undefined : t('Copy it again, without blanks and quotes.');

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

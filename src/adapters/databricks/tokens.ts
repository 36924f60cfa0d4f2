/** The tokens of every login, each held in memory while it is good, so that not each client logs in anew. */
import { createHash } from 'node:crypto';
import { cloudOf, DATABRICKS_RESOURCE, entraRefusal } from '../../core/databricks/azure.ts';
import { workspaceHost, type WorkspaceLogin } from '../../core/databricks/login.ts';
import { t } from '../../core/l10n.ts';
import { holdToken, type HeldToken } from '../heldToken.ts';
import { createHttp, type Http } from '../http.ts';
import { createTokens } from '../oauthTokens.ts';
import { azureCliToken, type AzureCliOptions } from './azureCli.ts';
import { discoverTenant } from './tenant.ts';

export interface LoginTokens {
  of(login: WorkspaceLogin): HeldToken;
}

export interface LoginTokensOptions {
  readonly http?: Http;
  readonly azureCli?: AzureCliOptions;
  /** Origin of what gives tokens, in the place of Microsoft's: `AZURE_AUTHORITY_HOST`, as Azure's own libraries read it. */
  readonly authority?: string | undefined;
}

interface EntraError {
  readonly error_description?: unknown;
}

/** What Microsoft Entra says of a refusal. */
function descriptionOf(body: string): string {
  try {
    const { error_description: words } = JSON.parse(body) as EntraError;
    return typeof words === 'string' ? words : '';
  } catch {
    // A page of a proxy.
    return '';
  }
}

export function createLoginTokens(options: LoginTokensOptions = {}): LoginTokens {
  const { http = createHttp(null), azureCli, authority } = options;
  const held = new Map<string, HeldToken>();

  const azurePrincipal = (
    host: string,
    as: Extract<WorkspaceLogin['as'], { kind: 'azure-principal' }>,
  ): HeldToken => {
    const { clientId, clientSecret } = as;
    let made: Promise<HeldToken> | undefined;
    const make = async (): Promise<HeldToken> => {
      const tenant = as.tenant || (await discoverTenant(host, http));
      const origin = authority ? workspaceHost(authority) : cloudOf(host).authority;
      const tokenUrl = `${origin}/${tenant}/oauth2/v2.0/token`;
      const scope = `${DATABRICKS_RESOURCE}/.default`;
      const again = t('See whether client id, secret and scope are right.');
      return createTokens(
        { tokenUrl, clientId, clientSecret, scope, extensions: {} },
        {
          http,
          inBody: true,
          refusal: ({ body }) => entraRefusal(descriptionOf(body), { tenant, again }),
        },
      );
    };
    return {
      token: async () => {
        made ??= make();
        try {
          return await (await made).token();
        } catch (error) {
          // The directory was not found out: the next one asks again.
          made = undefined;
          throw error;
        }
      },
      forget: () => {
        made = undefined;
      },
    };
  };

  const make = ({ host, as }: WorkspaceLogin): HeldToken => {
    switch (as.kind) {
      case 'token':
        return { token: () => Promise.resolve(as.token), forget: () => undefined };
      case 'asked':
        return { token: as.token, forget: () => undefined };
      case 'principal': {
        const { clientId, clientSecret } = as;
        const tokenUrl = `${host}/oidc/v1/token`;
        return createTokens(
          { tokenUrl, clientId, clientSecret, scope: 'all-apis', extensions: {} },
          { http },
        );
      }
      case 'azure-principal':
        return azurePrincipal(host, as);
      case 'azure-cli':
        return holdToken(async () =>
          azureCliToken(host, as.tenant || (await discoverTenant(host, http)), azureCli),
        );
    }
  };

  return {
    of: (login) => {
      if (login.as.kind === 'token' || login.as.kind === 'asked') return make(login);
      const key = createHash('sha256').update(JSON.stringify(login)).digest('hex');
      const known = held.get(key) ?? make(login);
      held.set(key, known);
      return known;
    },
  };
}

/** Microsoft Entra as the login to a workspace: whose cloud it is in, which directory, and what refusals mean. */
import { UserError } from '../errors.ts';
import { t } from '../l10n.ts';

/** The id under which Microsoft knows Azure Databricks, in every cloud. */
export const DATABRICKS_RESOURCE = '2ff814a6-3304-4ab8-85cb-cd0e6f879c1d';

export interface AzureCloud {
  /** Origin of what gives tokens. */
  readonly authority: string;
  /** Id of VS Code's own sign-in for it. */
  readonly provider: 'microsoft' | 'microsoft-sovereign-cloud';
  /** Whether the name itself tells that it is one of Azure. */
  readonly isAzure: boolean;
}

const SOVEREIGN: readonly (readonly [string, string])[] = [
  ['.databricks.azure.us', 'https://login.microsoftonline.us'],
  ['.databricks.azure.cn', 'https://login.chinacloudapi.cn'],
];

/** @param host Origin of a workspace. */
export function cloudOf(host: string): AzureCloud {
  const { hostname } = new URL(host);
  const authority = SOVEREIGN.find(([end]) => hostname.endsWith(end))?.[1];
  return authority === undefined
    ? {
        authority: 'https://login.microsoftonline.com',
        provider: 'microsoft',
        isAzure: hostname.endsWith('.azuredatabricks.net'),
      }
    : { authority, provider: 'microsoft-sovereign-cloud', isAzure: true };
}

/** Where `/aad/auth` of a workspace sends a browser: `https://login.…/TENANT/oauth2/authorize?…`. */
export function tenantOf(location: string): string | undefined {
  if (!URL.canParse(location)) return undefined;
  const { protocol, hostname, pathname } = new URL(location);
  const tenant = pathname.split('/')[1] ?? '';
  const entra = protocol === 'https:' && /^(login|sts)\./.test(hostname);
  return entra && /^([0-9a-f]{8}-[0-9a-f-]{27}|[a-z0-9-]+(\.[a-z0-9-]+)+)$/i.test(tenant)
    ? tenant
    : undefined;
}

/** AADSTS code → what it means: https://learn.microsoft.com/entra/identity-platform/reference-error-codes */
const MEANINGS: Readonly<Record<string, 'tenant' | 'secret' | 'again' | 'forbidden' | 'consent'>> = {
  50020: 'tenant',
  50034: 'tenant',
  50128: 'tenant',
  90002: 'tenant',
  90072: 'tenant',
  500011: 'tenant',
  700016: 'tenant',
  900023: 'tenant',
  7000215: 'secret',
  7000222: 'secret',
  50076: 'again',
  50078: 'again',
  50079: 'again',
  50173: 'again',
  50133: 'again',
  70043: 'again',
  700082: 'again',
  700084: 'again',
  53000: 'forbidden',
  53001: 'forbidden',
  53003: 'forbidden',
  530003: 'forbidden',
  50105: 'forbidden',
  50057: 'forbidden',
  65001: 'consent',
};

/** The words of Microsoft Entra up to its ids, which say nothing to a person. */
const shortened = (words: string): string =>
  words
    .replace(/\s+/g, ' ')
    .replace(/ ?(Trace ID|Correlation ID|Timestamp):.*$/i, '')
    .trim()
    .slice(0, 300);

/** What Microsoft Entra refused, told by its code; undefined where its words hold none that is known. */
export function entraRefusal(
  words: string,
  { tenant, again }: { readonly tenant: string; /** How one signs in once more. */ readonly again: string },
): UserError | undefined {
  const code = /AADSTS(\d+)/.exec(words)?.[1];
  const meaning = code === undefined ? undefined : MEANINGS[code];
  if (meaning === undefined) return undefined;
  const said = shortened(words);
  switch (meaning) {
    case 'tenant':
      return new UserError(
        'wrong-tenant',
        t('This login is not known in the directory of the workspace ({0}): {1}', tenant, said),
        { hint: t('Log in to the tenant (directory) that the workspace belongs to.') },
      );
    case 'secret':
      return new UserError('login-refused', t('The client secret is wrong or has expired: {0}', said), {
        hint: t('Make a new one in Microsoft Entra: App registrations, Certificates & secrets.'),
      });
    case 'again':
      return new UserError('signed-out', t('Microsoft asks to sign in once more: {0}', said), {
        hint: again,
      });
    case 'forbidden':
      return new UserError('login-forbidden', t('A rule of the company forbids this login: {0}', said), {
        hint: t(
          'Conditional access may ask for a managed device, a network or a role: ask the administrator of the directory.',
        ),
      });
    case 'consent':
      return new UserError('login-forbidden', t('The directory has not agreed to this login: {0}', said), {
        hint: t('An administrator of the directory must agree once, or another kind of login must be taken.'),
      });
  }
}

export const noTenant = (host: string): UserError =>
  new UserError('no-tenant', t('{0} does not tell which directory (tenant) it belongs to.', host), {
    hint: t('Type its id or domain: the overview of the workspace in the Azure portal shows the directory.'),
  });

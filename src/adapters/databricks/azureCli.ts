/** Tokens of the Azure CLI: https://learn.microsoft.com/cli/azure/account#az-account-get-access-token */
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { DATABRICKS_RESOURCE, entraRefusal } from '../../core/databricks/azure.ts';
import { UserError } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';
import { run, type Command, type Finished } from '../process.ts';

/** It is a large Python program, and asks the network. */
const TIMEOUT_MS = 60_000;
const UNKNOWN_LIFE = 300;

const nameOn = (platform: NodeJS.Platform): string => (platform === 'win32' ? 'az.cmd' : 'az');

/** On Windows it is a batch file, which only the command interpreter starts. */
export const azureCliOn = (
  platform: NodeJS.Platform,
  args: readonly string[],
): Pick<Command, 'command' | 'args'> =>
  platform === 'win32'
    ? { command: 'cmd.exe', args: ['/d', '/s', '/c', nameOn(platform), ...args] }
    : { command: nameOn(platform), args: [...args] };

/** Whether the program is there; it is not started. */
export function hasAzureCli(environment: NodeJS.ProcessEnv = process.env): boolean {
  return (environment['PATH'] ?? '').split(delimiter).some((folder) => {
    const path = join(folder, nameOn(process.platform));
    try {
      accessSync(path, constants.X_OK);
      return statSync(path).isFile();
    } catch {
      return false;
    }
  });
}

interface TokenAnswer {
  readonly accessToken?: unknown;
  /** Seconds since the epoch; older ones have none. */
  readonly expires_on?: unknown;
  /** Of local time, without its zone. */
  readonly expiresOn?: unknown;
}

/** Seconds for which it is good from now on. */
function lifeOf({ expires_on: seconds, expiresOn: local }: TokenAnswer): number {
  const ends =
    seconds !== undefined && seconds !== null
      ? Number(seconds) * 1000
      : Date.parse(typeof local === 'string' ? local.replace(' ', 'T') : '');
  return Number.isNaN(ends) ? UNKNOWN_LIFE : (ends - Date.now()) / 1000;
}

function parseToken(text: string): TokenAnswer {
  try {
    return JSON.parse(text) as TokenAnswer;
  } catch {
    // It is told as an answer without a token.
    return {};
  }
}

/** The program's own words, without what is secret. */
const wordsOf = ({ tail }: Finished): string =>
  tail
    .filter((line) => !/token"?\s*[:=]|^\s*[{}"]|eyJ/i.test(line))
    .map((line) => line.trim())
    .join(' ')
    .slice(0, 400);

function failureOf(finished: Finished, timedOut: boolean, host: string, tenant: string): UserError {
  const again = t('Log in once more: {0}', `az login --tenant ${tenant}`);
  if (finished.spawnError?.code === 'ENOENT') {
    return new UserError('no-azure-cli', t('There is no Azure CLI (az) on this machine.'), {
      hint: t('Install it, or choose another login for {0}.', host),
    });
  }
  if (finished.spawnError) {
    return new UserError(
      'azure-cli-failed',
      t('The Azure CLI cannot be started: {0}', finished.spawnError.message),
      { cause: finished.spawnError },
    );
  }
  if (timedOut) {
    const message = t('The Azure CLI did not answer within {0} s.', TIMEOUT_MS / 1000);
    return new UserError('azure-cli-failed', message, {
      hint: t('See what it does: {0}', 'az account get-access-token'),
    });
  }
  const words = wordsOf(finished);
  const told = entraRefusal(words, { tenant, again });
  if (told) return told;
  if (/az login|MSAL token cache|interactive authentication/i.test(words)) {
    return new UserError('signed-out', t('The Azure CLI is not logged in: {0}', words), { hint: again });
  }
  return new UserError('azure-cli-failed', t('The Azure CLI gave no token: {0}', words || finished.code));
}

export interface AzureCliOptions {
  readonly timeoutMs?: number;
  readonly env?: NonNullable<Command['env']>;
}

/** Throws UserError `bad-tenant`, `no-azure-cli`, `azure-cli-failed`, `signed-out`, `wrong-tenant` and the others of azure.ts. */
export async function azureCliToken(
  host: string,
  tenant: string,
  { timeoutMs = TIMEOUT_MS, env = {} }: AzureCliOptions = {},
): Promise<{ readonly token: string; readonly seconds: number }> {
  // It may come from a file, and goes through the command interpreter on Windows.
  if (!/^[\w.-]+$/.test(tenant)) {
    throw new UserError('bad-tenant', t('{0} is no directory (tenant).', tenant), {
      hint: t('It is an id, or a domain such as example.onmicrosoft.com.'),
    });
  }
  const ask = async (...of: readonly string[]): Promise<Finished & { readonly timedOut: boolean }> => {
    const started = Date.now();
    const args = ['account', 'get-access-token', '--resource', DATABRICKS_RESOURCE, '--output', 'json'];
    const finished = await run({ ...azureCliOn(process.platform, [...args, ...of]), env }, { timeoutMs });
    return { ...finished, timedOut: finished.code === -1 && Date.now() - started >= timeoutMs };
  };
  let finished = await ask('--tenant', tenant);
  // Of a managed identity and of the Cloud Shell the tenant is given.
  if (finished.code !== 0 && /tenant shouldn't be specified/i.test(finished.tail.join(' '))) {
    finished = await ask();
  }
  if (finished.code !== 0) throw failureOf(finished, finished.timedOut, host, tenant);
  const answer = parseToken(finished.stdout);
  if (typeof answer.accessToken !== 'string') {
    throw new UserError('azure-cli-failed', t('What the Azure CLI printed holds no token.'), {
      hint: t('See what it does: {0}', 'az account get-access-token'),
    });
  }
  return { token: answer.accessToken, seconds: lifeOf(answer) };
}

/** Azure Databricks: who logs in, the workspace's REST API, and what this home deployed there. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { parseConfigFile, type Profile } from '../core/databricks/configFile.ts';
import { chooseLogin, workspaceHost, type WorkspaceLogin } from '../core/databricks/login.ts';
import type { Databricks, Workspace } from '../core/databricks/ports.ts';
import type { ConfigProfile, WorkspaceTrial } from '../core/databricks/workspaces.ts';
import { hasAzureCli } from './databricks/azureCli.ts';
import { createDeployed } from './databricks/deployed.ts';
import { discoverTenant } from './databricks/tenant.ts';
import { testWorkspace as tryWorkspace } from './databricks/testWorkspace.ts';
import { createLoginTokens } from './databricks/tokens.ts';
import { createWorkspace } from './databricks/workspace.ts';
import { asFileError } from './fileErrors.ts';
import { createHttp } from './http.ts';

/** A file of the home; `reset` leaves it, as it leaves the workspace. */
const DEPLOYED = 'deployed.json';
/** Two long texts that have little in common would take minutes. */
const DIFF_MS = 3000;

function readProfiles(path: string): ReadonlyMap<string, Profile> | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return parseConfigFile(readFileSync(path, 'utf8'));
  } catch (error) {
    throw asFileError(error, path);
  }
}

/** One for the process: what one step logged in as, the next one does not have to. */
const tokens = createLoginTokens({ authority: process.env['AZURE_AUTHORITY_HOST'] });
const http = createHttp(null);

/** How a profile logs in that does not say so. */
const kindOf = ({ client_id: principal, azure_client_secret: azure }: Profile): string =>
  principal !== undefined ? 'oauth-m2m' : azure !== undefined ? 'azure-client-secret' : 'pat';

export const openWorkspace: Databricks['workspace'] = (login, onEvent, signal) =>
  createWorkspace(login, { onEvent, signal, tokens });

/** With a login of its own, so that it is really tried. Rejects only when it is cancelled. */
export const testWorkspace = (login: WorkspaceLogin, signal: AbortSignal): Promise<WorkspaceTrial> => {
  const open = (): Workspace =>
    createWorkspace(login, {
      onEvent: () => undefined,
      signal,
      tokens: createLoginTokens({ authority: process.env['AZURE_AUTHORITY_HOST'] }),
    });
  return tryWorkspace(login, { http, open, signal });
};

/** Throws UserError `no-tenant`, and those of a connection. */
export const workspaceTenant = (host: string): Promise<string> => discoverTenant(host, http);

export { hasAzureCli };

const configFile = (environment: NodeJS.ProcessEnv): string =>
  environment['DATABRICKS_CONFIG_FILE'] || join(homedir(), '.databrickscfg');

const addressIn = (host: string): string => {
  try {
    return workspaceHost(host);
  } catch {
    // It stands there as it is, and is refused when it is used.
    return host;
  }
};

/** Those of the file that name a workspace, without what is secret of them. */
export function configProfiles(environment: NodeJS.ProcessEnv = process.env): readonly ConfigProfile[] {
  return [...(readProfiles(configFile(environment)) ?? [])].flatMap(([name, { host, ...rest }]) =>
    host === undefined ? [] : [{ name, host: addressIn(host), auth: rest['auth_type'] ?? kindOf(rest) }],
  );
}

/** The login of one profile, and nothing of the environment. */
export function profileLogin(profile: string, environment: NodeJS.ProcessEnv = process.env): WorkspaceLogin {
  const file = configFile(environment);
  return chooseLogin({ profile, environment: {}, file, profiles: readProfiles(file) });
}

export function createDatabricks(home: string, environment: NodeJS.ProcessEnv = process.env): Databricks {
  return {
    login: ({ profile }) => {
      const file = configFile(environment);
      return chooseLogin({ profile, environment, file, profiles: readProfiles(file) });
    },
    workspace: openWorkspace,
    deployed: createDeployed(join(home, DEPLOYED)),
    diff: (path, there, here) =>
      createTwoFilesPatch(`there${path}`, `here${path}`, there, here, undefined, undefined, {
        context: 3,
        timeout: DIFF_MS,
        headerOptions: FILE_HEADERS_ONLY,
      }),
  };
}

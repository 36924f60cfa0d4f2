/** Azure Databricks: who logs in, the workspace's REST API, and what this home deployed there. */
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import { parseConfigFile, type Profile } from '../core/databricks/configFile.ts';
import { chooseLogin } from '../core/databricks/login.ts';
import type { Databricks } from '../core/databricks/ports.ts';
import { createDeployed } from './databricks/deployed.ts';
import { createWorkspace } from './databricks/workspace.ts';
import { asFileError } from './fileErrors.ts';

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

export const openWorkspace: Databricks['workspace'] = (login, onEvent, signal) =>
  createWorkspace(login, { onEvent, signal });

export function createDatabricks(home: string, environment: NodeJS.ProcessEnv = process.env): Databricks {
  return {
    login: ({ profile }) => {
      const file = environment['DATABRICKS_CONFIG_FILE'] || join(homedir(), '.databrickscfg');
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

/** The REST API of a workspace: https://docs.databricks.com/api/azure/workspace/introduction */
import { unreadable } from '../../core/databricks/answers.ts';
import type { WorkspaceLogin } from '../../core/databricks/login.ts';
import type { Workspace } from '../../core/databricks/ports.ts';
import { t } from '../../core/l10n.ts';
import { createApi, reading, type WorkspaceOptions } from './api.ts';
import { createCatalog } from './catalog.ts';
import { listClusters } from './clusters.ts';
import { createJobs } from './jobs.ts';
import { createPipelines } from './pipelines.ts';
import { createRuns } from './runs.ts';
import { createSecretScopes } from './secretScopes.ts';
import { createSecurables } from './securables.ts';
import { createWarehouses } from './warehouses.ts';
import { createWorkspaceFiles } from './workspaceFiles.ts';

export function createWorkspace(login: WorkspaceLogin, options: WorkspaceOptions): Workspace {
  const api = createApi(login, options);
  const who: Workspace['who'] = async () => {
    const what = t('who logged in');
    const { userName, displayName } = await api.ask(reading('/api/2.0/preview/scim/v2/Me', what));
    if (typeof userName !== 'string') throw unreadable(api.host, what);
    return { userName, ...(typeof displayName === 'string' ? { displayName } : {}) };
  };
  return {
    host: api.host,
    who,
    userName: async () => (await who()).userName,
    files: createWorkspaceFiles(api),
    jobs: createJobs(api),
    runs: createRuns(api),
    pipelines: createPipelines(api),
    catalog: createCatalog(api),
    securables: createSecurables(api),
    secretScopes: createSecretScopes(api),
    warehouses: createWarehouses(api),
    clusters: () => listClusters(api),
    token: () => api.token(),
  };
}

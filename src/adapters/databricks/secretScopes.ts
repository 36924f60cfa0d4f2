/** https://docs.databricks.com/api/azure/workspace/secrets: scopes and the names in them; values are neither read nor written. */
import { objectsOf, textOf } from '../../core/databricks/json.ts';
import type { SecretScopes } from '../../core/databricks/ports.ts';
import { reading, type Api } from './api.ts';

export function createSecretScopes(api: Api): SecretScopes {
  return {
    list: async () =>
      objectsOf((await api.ask(reading('/api/2.0/secrets/scopes/list', 'secrets')))['scopes']).map(
        ({ name }) => textOf(name),
      ),
    keys: async (scope) => {
      const answer = await api.find(reading('/api/2.0/secrets/list', scope, { scope }));
      return answer && objectsOf(answer['secrets']).map(({ key }) => textOf(key));
    },
    create: async (scope) => {
      const path = '/api/2.0/secrets/scopes/create';
      await api.ask({ method: 'POST', path, body: { scope }, what: scope, again: false });
    },
  };
}

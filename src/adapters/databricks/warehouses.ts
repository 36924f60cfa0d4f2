/** https://docs.databricks.com/api/azure/workspace/warehouses */
import { objectOf, objectsOf, textOf } from '../../core/databricks/json.ts';
import type { JsonObject, Warehouse, Warehouses } from '../../core/databricks/ports.ts';
import { t } from '../../core/l10n.ts';
import { reading, type Api } from './api.ts';

const at = (rest = ''): string => `/api/2.0/sql/warehouses${rest}`;

const warehouseOf = (one: JsonObject): Warehouse => ({
  id: textOf(one['id']),
  name: textOf(one['name']),
  state: textOf(one['state']),
  serverless: one['enable_serverless_compute'] === true,
  httpPath: textOf(objectOf(one['odbc_params'])['path']) || `/sql/1.0/warehouses/${textOf(one['id'])}`,
});

export function createWarehouses(api: Api): Warehouses {
  const named = (id: string): string => t('SQL warehouse {0}', id);
  return {
    list: async () =>
      objectsOf((await api.ask(reading(at(), t('SQL warehouses'))))['warehouses']).map(warehouseOf),
    get: async (id) => {
      const answer = await api.find(reading(at(`/${id}`), named(id)));
      return answer && warehouseOf(answer);
    },
    start: async (id) => {
      const path = at(`/${id}/start`);
      await api.ask({ method: 'POST', path, body: {}, what: named(id), again: true });
    },
  };
}

/** Schemas and volumes of Unity Catalog: https://docs.databricks.com/api/azure/workspace/schemas and …/volumes */
import { textOf } from '../../core/databricks/json.ts';
import type { Securables, SecurableKind } from '../../core/databricks/ports.ts';
import { reading, type Api } from './api.ts';

const at = (kind: SecurableKind, fullName?: string): string =>
  `/api/2.1/unity-catalog/${kind}${fullName === undefined ? '' : `/${encodeURIComponent(fullName)}`}`;

export function createSecurables(api: Api): Securables {
  return {
    get: (kind, fullName) => api.find(reading(at(kind, fullName), fullName)),
    create: async (kind, fields) => {
      const what = ['catalog_name', 'schema_name', 'name']
        .map((name) => textOf(fields[name]))
        .filter((name) => name !== '')
        .join('.');
      await api.ask({ method: 'POST', path: at(kind), body: fields, what, again: false });
    },
    update: async (kind, fullName, fields) => {
      await api.ask({ method: 'PATCH', path: at(kind, fullName), body: fields, what: fullName, again: true });
    },
    remove: async (kind, fullName) => {
      await api.find({ method: 'DELETE', path: at(kind, fullName), what: fullName, again: true });
    },
  };
}

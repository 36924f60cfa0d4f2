/** Unity Catalog, read: https://docs.databricks.com/api/azure/workspace/catalogs, …/schemas and …/tables */
import { objectsOf, textOf } from '../../core/databricks/json.ts';
import type { Catalog, CatalogSummary, JsonObject, TableSummary } from '../../core/databricks/ports.ts';
import { t } from '../../core/l10n.ts';
import { reading, type Api } from './api.ts';

const at = (rest: string): string => `/api/2.1/unity-catalog/${rest}`;

const named = (one: JsonObject): CatalogSummary => ({
  name: textOf(one['name']),
  comment: textOf(one['comment']),
});
const tableOf = (table: JsonObject): TableSummary => ({
  fullName: textOf(table['full_name']),
  name: textOf(table['name']),
  type: textOf(table['table_type']),
  comment: textOf(table['comment']),
});

export function createCatalog(api: Api): Catalog {
  return {
    catalogs: async function* () {
      const call = reading(at('catalogs'), t('catalogs'), { max_results: 0 });
      for await (const page of api.pages(call, 'catalogs')) yield page.map(named);
    },
    schemas: async function* (catalog) {
      const call = reading(at('schemas'), catalog, { catalog_name: catalog, max_results: 0 });
      for await (const page of api.pages(call, 'schemas')) yield page.map(named);
    },
    tables: async function* (catalog, schema) {
      const query = { catalog_name: catalog, schema_name: schema, omit_columns: true, omit_properties: true };
      const call = reading(at('tables'), `${catalog}.${schema}`, { ...query, max_results: 0 });
      for await (const page of api.pages(call, 'tables')) yield page.map(tableOf);
    },
    table: async (fullName) => {
      const answer = await api.find(reading(at(`tables/${encodeURIComponent(fullName)}`), fullName));
      return (
        answer && {
          ...tableOf(answer),
          columns: objectsOf(answer['columns']).map((column) => ({
            name: textOf(column['name']),
            type: textOf(column['type_text']),
            nullable: column['nullable'] !== false,
            comment: textOf(column['comment']),
          })),
        }
      );
    },
  };
}

/** What is read of Unity Catalog in the fake workspace: schemas, and tables with their columns. */
import type { FakeSecurables } from './unityCatalog.ts';
import { page, refused, json, type Routes } from './routes.ts';

/** `catalog.schema.table` → its columns, in their order: name, type. */
export type FakeTables = Map<string, readonly (readonly [string, string])[]>;

/** Small, so that who reads must follow the pages. */
const PER_PAGE = 2;

export function catalogRoutes(
  tables: FakeTables,
  schemas: FakeSecurables,
  catalogs: readonly string[],
): Routes {
  const at = (rest: string): string => `GET /api/2.1/unity-catalog/${rest}`;
  const tableOf = (fullName: string, columns?: readonly (readonly [string, string])[]) => {
    const [catalog_name, schema_name, name] = fullName.split('.');
    return {
      ...{ name, catalog_name, schema_name, full_name: fullName, table_type: 'MANAGED' },
      ...(columns && {
        columns: columns.map(([column, type], position) => ({
          name: column,
          type_text: type,
          type_name: type.replace(/\W.*/, '').toUpperCase(),
          position,
          nullable: true,
        })),
      }),
    };
  };
  return {
    [at('catalogs')]: (request) =>
      page(
        catalogs.map((name) => ({ name })),
        'catalogs',
        request,
        PER_PAGE,
      ),
    [at('schemas')]: (request) => {
      const catalog = request.query['catalog_name'] ?? '';
      if (!catalogs.includes(catalog)) {
        return refused(404, 'CATALOG_DOES_NOT_EXIST', `Catalog '${catalog}' does not exist.`);
      }
      const names = [...schemas.keys(), ...tables.keys()]
        .map((name) => name.split('.'))
        .flatMap(([of, name]) => (of === catalog ? [name] : []));
      const all = [...new Set(names)].map((name) => ({
        name,
        catalog_name: catalog,
        full_name: `${catalog}.${name}`,
      }));
      return page(all, 'schemas', request, PER_PAGE);
    },
    [at('tables')]: (request) => {
      const schema = `${request.query['catalog_name']}.${request.query['schema_name']}`;
      const found = [...tables.keys()].filter((name) => name.startsWith(`${schema}.`));
      return page(
        found.map((name) => tableOf(name)),
        'tables',
        request,
        PER_PAGE,
      );
    },
    [at('tables/{name}')]: ({ params }) => {
      const name = params['name'] ?? '';
      const columns = tables.get(name);
      return columns
        ? json(200, tableOf(name, columns))
        : refused(404, 'TABLE_DOES_NOT_EXIST', `Table '${name}' does not exist.`);
    },
  };
}

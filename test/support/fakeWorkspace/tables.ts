/** What the fake workspace lets one look at: catalogs, schemas and tables, page by page, and its SQL warehouses. */
import { json, page, refused, type Answer, type Routes } from './routes.ts';

type Fields = Readonly<Record<string, unknown>>;

export interface FakeWarehouse {
  readonly name: string;
  /** One look after the other; the last one stays. */
  readonly states: readonly string[];
}

export interface FakeTables {
  /** Full name → the fields of a table that who makes it chose; catalogs and schemas are those of their names. */
  readonly tables: Map<string, Fields>;
  /** Schemas that this login may not look into: `catalog.schema`. */
  readonly forbidden: Map<string, true>;
  readonly warehouses: Map<string, FakeWarehouse>;
}

const PER_PAGE = 2;

export const noTables = (): FakeTables => ({
  tables: new Map(),
  forbidden: new Map(),
  warehouses: new Map(),
});

export function tableRoutes({ tables, forbidden, warehouses }: FakeTables): Routes {
  const at = (rest: string): string => `GET /api/2.1/unity-catalog/${rest}`;
  /** The different beginnings of names, so many parts long, below one. */
  const below = (parent: string, parts: number): string[] => [
    ...new Set(
      [...tables.keys()]
        .filter((name) => parent === '' || name.startsWith(`${parent}.`))
        .map((name) => name.split('.').slice(0, parts).join('.')),
    ),
  ];
  const described = (fullName: string, withColumns: boolean): Fields => {
    const [catalog_name, schema_name, name] = fullName.split('.');
    const { columns, ...fields } = tables.get(fullName) ?? {};
    const told = { name, catalog_name, schema_name, full_name: fullName, table_type: 'MANAGED', ...fields };
    return withColumns ? { ...told, columns } : told;
  };
  const warehouse = (id: string, { name, states }: FakeWarehouse): Fields => ({
    id,
    name,
    state: states[0],
    enable_serverless_compute: true,
    odbc_params: { hostname: 'adb-1.azuredatabricks.net', path: `/sql/1.0/warehouses/${id}`, port: 443 },
  });
  const noWarehouse = (id: string): Answer =>
    refused(404, 'RESOURCE_DOES_NOT_EXIST', `SQL warehouse ${id} does not exist.`);
  return {
    [at('catalogs')]: (request) =>
      page(
        below('', 1).map((name) => ({ name, comment: `of ${name}` })),
        'catalogs',
        request,
        PER_PAGE,
      ),
    [at('schemas')]: (request) => {
      const catalog = request.query['catalog_name'] ?? '';
      const found = below(catalog, 2).map((full_name) => ({
        name: full_name.split('.')[1],
        catalog_name: catalog,
        full_name,
      }));
      if (found.length === 0) {
        return refused(404, 'CATALOG_DOES_NOT_EXIST', `Catalog '${catalog}' does not exist.`);
      }
      return page(found, 'schemas', request, PER_PAGE);
    },
    [at('tables')]: (request) => {
      const schema = `${request.query['catalog_name'] ?? ''}.${request.query['schema_name'] ?? ''}`;
      if (forbidden.has(schema)) {
        return refused(403, 'PERMISSION_DENIED', `User does not have USE SCHEMA on Schema '${schema}'.`);
      }
      const found = below(schema, 3).map((name) => described(name, request.query['omit_columns'] !== 'true'));
      return page(found, 'tables', request, PER_PAGE);
    },
    [at('tables/{name}')]: ({ params }) => {
      const name = params['name'] ?? '';
      return tables.has(name)
        ? json(200, described(name, true))
        : refused(404, 'TABLE_DOES_NOT_EXIST', `Table '${name}' does not exist.`);
    },
    'GET /api/2.0/sql/warehouses': () =>
      json(200, { warehouses: [...warehouses].map(([id, one]) => warehouse(id, one)) }),
    'GET /api/2.0/sql/warehouses/{id}': ({ params: { id = '' } }) => {
      const found = warehouses.get(id);
      if (!found) return noWarehouse(id);
      const { states } = found;
      if (states.length > 1) warehouses.set(id, { ...found, states: states.slice(1) });
      return json(200, warehouse(id, found));
    },
    'POST /api/2.0/sql/warehouses/{id}/start': ({ params: { id = '' } }) => {
      const found = warehouses.get(id);
      if (!found) return noWarehouse(id);
      warehouses.set(id, { ...found, states: ['STARTING', 'RUNNING'] });
      return json(200, {});
    },
  };
}

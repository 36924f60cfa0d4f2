/** Schemas and volumes of the fake workspace, as who makes them sees them. */
import { json, refused, type Answer, type Routes } from './routes.ts';

type Fields = Readonly<Record<string, unknown>>;
/** Full name → what the API tells of it. */
export type FakeSecurables = Map<string, Fields>;

const CATALOGS = ['orders_dev', 'orders_prod', 'main'];

export function unityCatalogRoutes(
  schemas: FakeSecurables,
  volumes: FakeSecurables,
  userName: string,
): Routes {
  const at = (kind: string, rest = ''): string => `/api/2.1/unity-catalog/${kind}${rest}`;
  const noCatalog = (name: string): Answer =>
    refused(404, 'CATALOG_DOES_NOT_EXIST', `Catalog '${name}' does not exist.`);
  const noSchema = (name: string): Answer =>
    refused(404, 'SCHEMA_DOES_NOT_EXIST', `Schema '${name}' does not exist.`);
  const created = (): Fields => ({
    owner: userName,
    created_by: userName,
    created_at: 1,
    updated_by: userName,
    metastore_id: 'm',
  });
  const common = (kind: string, all: FakeSecurables, missing: (name: string) => Answer): Routes => ({
    [`GET ${at(kind, '/{name}')}`]: ({ params, seen }) => {
      const name = params['name'] ?? '';
      const [catalog = ''] = name.split('.');
      if (!CATALOGS.includes(catalog)) return noCatalog(catalog);
      const found = seen(all).get(name);
      return found ? json(200, found) : missing(name);
    },
    [`PATCH ${at(kind, '/{name}')}`]: ({ params, body }) => {
      const name = params['name'] ?? '';
      const found = all.get(name);
      if (!found) return missing(name);
      const changed = { ...found, ...body };
      all.set(name, changed);
      return json(200, changed);
    },
    [`DELETE ${at(kind, '/{name}')}`]: ({ params }) => {
      const name = params['name'] ?? '';
      return all.delete(name) ? json(200, {}) : missing(name);
    },
  });
  return {
    ...common('schemas', schemas, noSchema),
    ...common('volumes', volumes, (name) =>
      refused(404, 'VOLUME_DOES_NOT_EXIST', `Volume '${name}' does not exist.`),
    ),
    [`POST ${at('schemas')}`]: ({ body }) => {
      const [catalog, name] = [String(body['catalog_name']), String(body['name'])];
      if (!CATALOGS.includes(catalog)) return noCatalog(catalog);
      const full = `${catalog}.${name}`;
      if (schemas.has(full)) return refused(400, 'SCHEMA_ALREADY_EXISTS', `Schema '${full}' already exists`);
      const fields = { ...body, full_name: full, enable_predictive_optimization: 'INHERIT', ...created() };
      schemas.set(full, fields);
      return json(200, fields);
    },
    [`POST ${at('volumes')}`]: ({ body }) => {
      const schema = `${String(body['catalog_name'])}.${String(body['schema_name'])}`;
      if (!schemas.has(schema)) return noSchema(schema);
      const full = `${schema}.${String(body['name'])}`;
      if (volumes.has(full)) return refused(400, 'VOLUME_ALREADY_EXISTS', `Volume '${full}' already exists`);
      const fields = { storage_location: `abfss://m@x/${full}`, ...body, full_name: full, ...created() };
      volumes.set(full, fields);
      return json(200, fields);
    },
  };
}

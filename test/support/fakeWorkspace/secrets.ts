/** Secret scopes of the fake workspace: names only. */
import { json, refused, type Routes } from './routes.ts';

/** Scope → its keys. */
export type FakeScopes = Map<string, readonly string[]>;

export function secretRoutes(scopes: FakeScopes): Routes {
  return {
    'GET /api/2.0/secrets/scopes/list': ({ seen }) => {
      const all = [...seen(scopes).keys()].map((name) => ({ name, backend_type: 'DATABRICKS' }));
      // Without any it says nothing.
      return json(200, all.length === 0 ? {} : { scopes: all });
    },
    'GET /api/2.0/secrets/list': ({ query, seen }) => {
      const scope = query['scope'] ?? '';
      const keys = seen(scopes).get(scope);
      if (!keys) return refused(404, 'RESOURCE_DOES_NOT_EXIST', `Scope ${scope} does not exist!`);
      return json(200, { secrets: keys.map((key) => ({ key, last_updated_timestamp: 1 })) });
    },
    'POST /api/2.0/secrets/scopes/create': ({ body }) => {
      const scope = String(body['scope']);
      if (scopes.has(scope)) {
        return refused(400, 'RESOURCE_ALREADY_EXISTS', `Scope ${scope} already exists!`);
      }
      scopes.set(scope, []);
      return json(200, {});
    },
  };
}

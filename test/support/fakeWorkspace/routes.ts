/** What the groups of the fake workspace share: answers, and routes over its state. */

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request, without its token. */
export interface Recorded {
  /** From 1. */
  readonly number: number;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly login: 'right' | 'wrong' | 'none';
}

/** A route's request: `{name}` parts of its path, decoded, in `params`. */
export interface Routed extends Recorded {
  readonly params: Readonly<Record<string, string>>;
  /** What it sees of a group: for a stale read, as it was before the last write. */
  readonly seen: <T>(group: Map<string, T>) => Map<string, T>;
}

/** `GET /api/2.0/pipelines/{id}` → what answers it. */
export type Routes = Readonly<Record<string, (request: Routed) => Answer>>;

export const json = (status: number, body: unknown): Answer => ({ status, body: JSON.stringify(body) });
export const refused = (status: number, error_code: string | number, message: string): Answer =>
  json(status, { error_code, message });

/** One page of `all` below `key`; `next_page_token` is where the next one begins. */
export function page(
  all: readonly unknown[],
  key: string,
  { query }: Pick<Recorded, 'query'>,
  perPage: number,
): Answer {
  const from = Number(query['page_token'] ?? 0);
  const next = from + perPage;
  return json(200, {
    [key]: all.slice(from, next),
    ...(next < all.length ? { next_page_token: String(next) } : {}),
  });
}

/** Finds the route of a request, and the named parts of its path. */
export function routeOf(
  routes: Routes,
  { method, path }: Pick<Recorded, 'method' | 'path'>,
):
  | { readonly handle: (request: Routed) => Answer; readonly params: Readonly<Record<string, string>> }
  | undefined {
  const given = path.split('/');
  for (const [route, handle] of Object.entries(routes)) {
    const [verb, pattern = ''] = route.split(' ');
    const parts = pattern.split('/');
    if (verb !== method || parts.length !== given.length) continue;
    const params: Record<string, string> = {};
    const fits = parts.every((part, index) => {
      const name = /^\{(.+)\}$/.exec(part)?.[1];
      const value = decodeURIComponent(given[index] ?? '');
      if (name === undefined) return part === value;
      params[name] = value;
      return true;
    });
    if (fits) return { handle, params };
  }
  return undefined;
}

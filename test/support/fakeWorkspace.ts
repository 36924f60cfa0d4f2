/**
 * A fake of an Azure Databricks workspace, not the real one: the calls that a deployment makes, written from the public
 * REST reference (https://docs.databricks.com/api/azure/workspace/workspace), in memory, on 127.0.0.1. It does not
 * turn one format of a notebook into another. What the reference leaves open (which status a code comes with, what an
 * export tidies) is as public clients and their issues show it.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { fileRoutes, type FakeObject } from './fakeWorkspace/files.ts';
import { jobRoutes, type FakeJob } from './fakeWorkspace/jobs.ts';
import { PLAIN_UPDATE, pipelineRoutes, type PipelineGroup } from './fakeWorkspace/pipelines.ts';
import { secretRoutes, type FakeScopes } from './fakeWorkspace/secrets.ts';
import { noTables, tableRoutes, type FakeTables } from './fakeWorkspace/tables.ts';
import { unityCatalogRoutes, type FakeSecurables } from './fakeWorkspace/unityCatalog.ts';
import { createRuns, type FakeRuns } from './fakeWorkspace/runs.ts';
import { json, refused, routeOf, type Answer, type Recorded, type Routes } from './fakeWorkspace/routes.ts';

export type { FakeObject } from './fakeWorkspace/files.ts';
export type { RunScript } from './fakeWorkspace/runs.ts';
export type { Recorded } from './fakeWorkspace/routes.ts';

export type Fault =
  /** In the place of doing anything. */
  | {
      readonly status: number;
      readonly body: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** The connection is cut, or nothing comes any more, before or after it was done. */
  | { readonly cut: 'before' | 'after' }
  | { readonly silent: 'before' | 'after' }
  /** A read that knows nothing of the last write. */
  | { readonly stale: true };

export interface FakeWorkspaceOptions {
  readonly token: string;
  readonly userName: string;
  /** A service principal that may log in. */
  readonly principal?: { readonly clientId: string; readonly clientSecret: string };
}

export interface FakeWorkspace {
  readonly host: string;
  readonly requests: readonly Recorded[];
  /** Path → what is there; to be read and set. */
  readonly tree: Map<string, FakeObject>;
  /** Id → job; full name → schema, volume; scope → keys. To be read and set as well. */
  readonly jobs: Map<string, FakeJob>;
  readonly pipelines: PipelineGroup;
  readonly schemas: FakeSecurables;
  readonly volumes: FakeSecurables;
  readonly scopes: FakeScopes;
  /** What can be looked at: tables, warehouses. */
  readonly reading: FakeTables;
  /** Each answer waits so many milliseconds; for what is measured. */
  latencyMs: number;
  readonly runs: FakeRuns;
  /** Decides which fault a request meets; undefined: none. */
  faults(decide: ((request: Recorded) => Fault | undefined) | undefined): void;
  /** Forgets the requests, the faults and all but the first folders. */
  reset(): void;
  close(): Promise<void>;
}

export async function startFakeWorkspace(options: FakeWorkspaceOptions): Promise<FakeWorkspace> {
  const { userName, principal } = options;
  const tree = new Map<string, FakeObject>();
  /** Every group's state; a route of a group is written in a file of its own. */
  const jobs = new Map<string, FakeJob>();
  const pipelines: PipelineGroup = { pipelines: new Map(), updates: new Map(), script: PLAIN_UPDATE };
  const schemas: FakeSecurables = new Map();
  const volumes: FakeSecurables = new Map();
  const scopes: FakeScopes = new Map();
  const reading = noTables();
  const groups: readonly Map<string, unknown>[] = [
    tree,
    jobs,
    pipelines.pipelines,
    pipelines.updates,
    schemas,
    volumes,
    scopes,
    reading.tables,
    reading.forbidden,
    reading.warehouses,
  ];
  let host = '';
  const running = createRuns(() => host);
  const routes: Routes = {
    ...fileRoutes(tree),
    ...jobRoutes(jobs, userName),
    ...pipelineRoutes(pipelines, userName),
    ...unityCatalogRoutes(schemas, volumes, userName),
    ...secretRoutes(scopes),
    ...tableRoutes(reading),
    ...running.routes,
    'GET /api/2.0/preview/scim/v2/Me': () =>
      json(200, {
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
        id: '1',
        userName,
        active: true,
      }),
  };
  const copies = (): Map<unknown, Map<string, unknown>> =>
    new Map(groups.map((group) => [group, new Map(group)]));
  let beforeLastWrite = copies();
  const requests: Recorded[] = [];
  const settings = { latencyMs: 0 };
  let decide: ((request: Recorded) => Fault | undefined) | undefined;
  const OAUTH_TOKEN = `${options.token}-of-principal`;

  const reset = (): void => {
    requests.length = 0;
    decide = undefined;
    for (const group of groups) group.clear();
    pipelines.script = PLAIN_UPDATE;
    running.reset();
    for (const path of ['/Users', `/Users/${userName}`, '/Shared']) tree.set(path, { type: 'DIRECTORY' });
    beforeLastWrite = copies();
  };
  reset();

  const answer = (recorded: Recorded, stale: boolean): Answer => {
    const { method, path, body, login } = recorded;
    if (path === '/oidc/v1/token') {
      const good =
        login === 'right' && body['grant_type'] === 'client_credentials' && body['scope'] === 'all-apis';
      return good
        ? json(200, { access_token: OAUTH_TOKEN, token_type: 'Bearer', expires_in: 3600 })
        : json(401, { error: 'invalid_client' });
    }
    if (login === 'none') return refused(401, 401, 'Credential was not sent.');
    if (login === 'wrong') return refused(403, 403, 'Invalid access token.');
    const route = routeOf(routes, recorded);
    if (!route) return refused(404, 'ENDPOINT_NOT_FOUND', `No API found for '${method} ${path}'`);
    const before = copies();
    const done = route.handle({
      ...recorded,
      params: route.params,
      seen: <T>(group: Map<string, T>) =>
        stale ? ((beforeLastWrite.get(group) ?? group) as Map<string, T>) : group,
    });
    if (method !== 'GET' && done.status === 200) beforeLastWrite = before;
    return done;
  };

  const loginOf = (path: string, header: string | undefined): Recorded['login'] => {
    if (header === undefined) return 'none';
    // RFC 6749, 2.3.1: both are encoded before they are joined.
    const encoded = [principal?.clientId, principal?.clientSecret].map((one) =>
      encodeURIComponent(one ?? ''),
    );
    const basic = Buffer.from(encoded.join(':')).toString('base64');
    const right =
      path === '/oidc/v1/token'
        ? principal !== undefined && header === `Basic ${basic}`
        : header === `Bearer ${options.token}` || (principal && header === `Bearer ${OAUTH_TOKEN}`);
    return right ? 'right' : 'wrong';
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '', 'http://fake');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const isForm = request.headers['content-type'] === 'application/x-www-form-urlencoded';
    const recorded: Recorded = {
      number: requests.length + 1,
      method: request.method ?? '',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      body: isForm
        ? Object.fromEntries(new URLSearchParams(text))
        : (JSON.parse(text || '{}') as Readonly<Record<string, unknown>>),
      login: loginOf(url.pathname, request.headers.authorization),
    };
    requests.push(recorded);
    if (settings.latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, settings.latencyMs));
    const fault = decide?.(recorded);
    const send = ({ status, body, headers = {} }: Answer): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
    };
    if (fault && 'status' in fault) {
      send(fault);
      return;
    }
    const cut = fault && 'cut' in fault ? fault.cut : undefined;
    const silent = fault && 'silent' in fault ? fault.silent : undefined;
    const stale = fault !== undefined && 'stale' in fault;
    const done = cut === 'before' || silent === 'before' ? undefined : answer(recorded, stale);
    if (cut) request.socket.destroy();
    else if (done && !silent) send(done);
  };

  const server = createServer((request, response) => {
    // A connection that ended while its request came needs no answer.
    handle(request, response).catch(() => response.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  host = `http://127.0.0.1:${port}`;
  return Object.assign(settings, {
    host,
    requests,
    tree,
    jobs,
    pipelines,
    schemas,
    volumes,
    scopes,
    reading,
    runs: running.runs,
    faults: (next: ((request: Recorded) => Fault | undefined) | undefined) => {
      decide = next;
    },
    reset,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  });
}

/**
 * A fake of an Azure Databricks workspace, not the real one: the calls that a deployment makes, written from the public
 * REST reference (https://docs.databricks.com/api/azure/workspace/workspace), in memory, on 127.0.0.1. It does not
 * turn one format of a notebook into another. What the reference leaves open (which status a code comes with, what an
 * export tidies) is as public clients and their issues show it.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';

export interface FakeObject {
  readonly type: 'DIRECTORY' | 'NOTEBOOK' | 'FILE' | 'REPO';
  readonly language?: string;
  /** What was imported. */
  readonly content?: string;
  readonly format?: string;
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
  /** Decides which fault a request meets; undefined: none. */
  faults(decide: ((request: Recorded) => Fault | undefined) | undefined): void;
  /** Forgets the requests, the faults and all but the first folders. */
  reset(): void;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const json = (status: number, body: unknown): Answer => ({ status, body: JSON.stringify(body) });
const refused = (status: number, error_code: string | number, message: string): Answer =>
  json(status, { error_code, message });
const missing = (path: string): Answer =>
  refused(404, 'RESOURCE_DOES_NOT_EXIST', `Path (${path}) doesn't exist.`);

const MOST_BYTES = 10 * 1024 * 1024;

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));
const plain = (path: string): string => path.replace(/^\/Workspace(?=\/)/, '');

/** As a workspace gives it back: line ends of its own in source, metadata of its own in Jupyter. */
function exported({ content = '', format }: FakeObject): string {
  if (format === 'SOURCE') return content.replace(/\r\n/g, '\n').replace(/\n+$/, '');
  const { cells } = JSON.parse(content) as { readonly cells: readonly Readonly<Record<string, unknown>>[] };
  return JSON.stringify({
    cells: cells.map((cell, index) => ({
      ...cell,
      outputs: [],
      metadata: { 'application/vnd.databricks.v1+cell': { nuid: `cell-${index}` } },
    })),
    metadata: { 'application/vnd.databricks.v1+notebook': { language: 'python' } },
    nbformat: 4,
    nbformat_minor: 0,
  });
}

export async function startFakeWorkspace(options: FakeWorkspaceOptions): Promise<FakeWorkspace> {
  const { userName, principal } = options;
  const tree = new Map<string, FakeObject>();
  let beforeLastWrite = new Map<string, FakeObject>();
  const requests: Recorded[] = [];
  let decide: ((request: Recorded) => Fault | undefined) | undefined;
  const OAUTH_TOKEN = `${options.token}-of-principal`;

  const reset = (): void => {
    requests.length = 0;
    decide = undefined;
    tree.clear();
    for (const path of ['/Users', `/Users/${userName}`, '/Shared']) tree.set(path, { type: 'DIRECTORY' });
    beforeLastWrite = new Map(tree);
  };
  reset();

  const write = (path: string, object: FakeObject): void => {
    beforeLastWrite = new Map(tree);
    tree.set(path, object);
  };

  const mkdirs = (path: string): Answer => {
    const folders = path
      .split('/')
      .slice(1)
      .map((_, index, all) => `/${all.slice(0, index + 1).join('/')}`);
    const file = folders.find((one) => !['DIRECTORY', 'REPO', undefined].includes(tree.get(one)?.type));
    if (file !== undefined) return refused(400, 'RESOURCE_ALREADY_EXISTS', `${file} is not a directory.`);
    for (const folder of folders) if (!tree.has(folder)) write(folder, { type: 'DIRECTORY' });
    return json(200, {});
  };

  const importObject = (body: Readonly<Record<string, unknown>>): Answer => {
    const { path: given, format, language, content, overwrite } = body;
    const path = plain(String(given));
    const bytes = Buffer.from(String(content), 'base64');
    if (bytes.length > MOST_BYTES) return refused(400, 'MAX_NOTEBOOK_SIZE_EXCEEDED', 'too large');
    if (format !== 'SOURCE' && format !== 'JUPYTER') return refused(400, 'INVALID_PARAMETER_VALUE', 'format');
    if (format === 'SOURCE' && typeof language !== 'string') {
      return refused(400, 'INVALID_PARAMETER_VALUE', 'The language field must be set.');
    }
    if (!['DIRECTORY', 'REPO'].includes(tree.get(folderOf(path))?.type ?? '')) {
      return refused(404, 'RESOURCE_DOES_NOT_EXIST', `The parent folder (${folderOf(path)}) does not exist.`);
    }
    const old = tree.get(path);
    if (old && overwrite !== true) {
      return refused(409, 'RESOURCE_ALREADY_EXISTS', `Path (${path}) already exists.`);
    }
    if (old && old.type !== 'NOTEBOOK') return refused(400, 'INVALID_PARAMETER_VALUE', 'another kind');
    write(path, {
      type: 'NOTEBOOK',
      language: format === 'JUPYTER' ? 'PYTHON' : String(language),
      format,
      content: bytes.toString('utf8'),
    });
    return json(200, {});
  };

  const answer = ({ method, path, query, body, login }: Recorded, seen: Map<string, FakeObject>): Answer => {
    if (path === '/oidc/v1/token') {
      const good =
        login === 'right' && body['grant_type'] === 'client_credentials' && body['scope'] === 'all-apis';
      return good
        ? json(200, { access_token: OAUTH_TOKEN, token_type: 'Bearer', expires_in: 3600 })
        : json(401, { error: 'invalid_client' });
    }
    if (login === 'none') return refused(401, 401, 'Credential was not sent.');
    if (login === 'wrong') return refused(403, 403, 'Invalid access token.');
    const at = plain(query['path'] ?? '');
    const found = seen.get(at);
    switch (`${method} ${path}`) {
      case 'GET /api/2.0/preview/scim/v2/Me':
        return json(200, {
          schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
          id: '1',
          userName,
          active: true,
        });
      case 'GET /api/2.0/workspace/get-status': {
        if (!found) return missing(at);
        const { type, language } = found;
        return json(200, { object_type: type, path: at, object_id: 789, ...(language ? { language } : {}) });
      }
      case 'GET /api/2.0/workspace/export':
        if (!found) return missing(at);
        if (found.type !== 'NOTEBOOK' || found.format !== query['format']) {
          return refused(400, 'BAD_REQUEST', 'the fake does not convert');
        }
        return json(200, { content: Buffer.from(exported(found)).toString('base64'), file_type: 'py' });
      case 'POST /api/2.0/workspace/mkdirs':
        return mkdirs(plain(String(body['path'])));
      case 'POST /api/2.0/workspace/import':
        return importObject(body);
      default:
        return refused(404, 'ENDPOINT_NOT_FOUND', `No API found for '${method} ${path}'`);
    }
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
    const seen = fault && 'stale' in fault ? beforeLastWrite : tree;
    const done = cut === 'before' || silent === 'before' ? undefined : answer(recorded, seen);
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
  return {
    host: `http://127.0.0.1:${port}`,
    requests,
    tree,
    faults: (next) => {
      decide = next;
    },
    reset,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** The REST client against a fake workspace: what it asks, asks again, and gives up. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { retryDelayMs } from '../../../../src/adapters/databricks/retry.ts';
import { createWorkspace } from '../../../../src/adapters/databricks/workspace.ts';
import type { WorkspaceLogin } from '../../../../src/core/databricks/login.ts';
import type { Notebook } from '../../../../src/core/databricks/notebooks.ts';
import type { Event } from '../../../../src/core/events.ts';
import { createAuthority } from '../../../live/support/certificates.ts';
import { startFakeWorkspace, type Fault, type FakeWorkspace } from '../../../support/fakeWorkspace.ts';

const TOKEN = 'dapi-of-the-test';
const PRINCIPAL = { clientId: 'app-1', clientSecret: 'se:cret %' };
const NOTEBOOK: Notebook = {
  format: 'SOURCE',
  language: 'PYTHON',
  content: '# Databricks notebook source\nprint("é")\n',
};
const API = '/api/2.0/workspace';

describe('a workspace over REST', () => {
  let fake: FakeWorkspace;
  let waits: number[];
  let events: Event[];

  before(async () => {
    fake = await startFakeWorkspace({ token: TOKEN, userName: 'ana@example.com', principal: PRINCIPAL });
  });
  after(() => fake.close());
  beforeEach(() => {
    fake.reset();
    waits = [];
    events = [];
  });

  const open = (
    options: { as?: WorkspaceLogin['as']; signal?: AbortSignal; host?: string; timeoutMs?: number } = {},
  ) =>
    createWorkspace(
      { host: options.host ?? fake.host, as: options.as ?? { kind: 'token', token: TOKEN } },
      {
        onEvent: (event) => events.push(event),
        signal: options.signal ?? new AbortController().signal,
        ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
        clock: {
          sleep: (milliseconds) => {
            waits.push(milliseconds);
            return Promise.resolve();
          },
        },
      },
    );
  /** The same fault for the first so many requests. */
  const first = (count: number, fault: Fault): void => {
    fake.faults(({ number }) => (number <= count ? fault : undefined));
  };
  const asked = (): readonly string[] => fake.requests.map(({ method, path }) => `${method} ${path}`);

  it('sends what the reference says', async () => {
    const workspace = open();
    assert.equal(await workspace.userName(), 'ana@example.com');
    assert.equal(await workspace.files.status('/Shared/é a'), undefined);
    await workspace.files.makeFolders('/Shared/x/y');
    await workspace.files.importNotebook('/Shared/é a', NOTEBOOK, false);
    assert.deepEqual(await workspace.files.status('/Shared/é a'), { type: 'NOTEBOOK', language: 'PYTHON' });
    // An export has no line end of its own.
    assert.equal(await workspace.files.exportNotebook('/Shared/é a', 'SOURCE'), NOTEBOOK.content.trimEnd());
    assert.deepEqual(asked(), [
      'GET /api/2.0/preview/scim/v2/Me',
      `GET ${API}/get-status`,
      `POST ${API}/mkdirs`,
      `POST ${API}/import`,
      `GET ${API}/get-status`,
      `GET ${API}/export`,
    ]);
    assert.deepEqual(fake.requests[2]?.body, { path: '/Shared/x/y' });
    assert.deepEqual(fake.requests[3]?.body, {
      path: '/Shared/é a',
      format: 'SOURCE',
      language: 'PYTHON',
      overwrite: false,
      content: 'IyBEYXRhYnJpY2tzIG5vdGVib29rIHNvdXJjZQpwcmludCgiw6kiKQo=',
    });
    assert.deepEqual(fake.requests[5]?.query, { path: '/Shared/é a', format: 'SOURCE' });
  });

  it('logs in as a service principal, once for many requests', async () => {
    const workspace = open({ as: { kind: 'principal', ...PRINCIPAL } });
    await workspace.userName();
    await workspace.userName();
    assert.deepEqual(asked(), [
      'POST /oidc/v1/token',
      'GET /api/2.0/preview/scim/v2/Me',
      'GET /api/2.0/preview/scim/v2/Me',
    ]);
    const wrong = open({ as: { kind: 'principal', clientId: 'app-1', clientSecret: 'other' } });
    await assert.rejects(wrong.userName(), { code: 'login-refused' });
  });

  it('logs in anew when a token is refused before its time, and once only', async () => {
    const workspace = open({ as: { kind: 'principal', ...PRINCIPAL } });
    await workspace.userName();
    fake.reset();
    first(1, { status: 401, body: '{}' });
    await workspace.files.importNotebook('/Shared/a', NOTEBOOK, false);
    assert.deepEqual(asked(), [`POST ${API}/import`, 'POST /oidc/v1/token', `POST ${API}/import`]);
    fake.reset();
    fake.faults(({ path }) => (path.startsWith('/api/') ? { status: 401, body: '{}' } : undefined));
    await assert.rejects(workspace.userName(), { code: 'login-refused' });
    assert.equal(asked().filter((one) => one.endsWith('/Me')).length, 2);
  });

  it('waits as long as it is told to, and says so', async () => {
    first(2, { status: 429, body: '{}', headers: { 'retry-after': '7' } });
    await open().files.importNotebook('/Shared/a', NOTEBOOK, false);
    assert.deepEqual(waits, [7000, 7000]);
    assert.match(JSON.stringify(events), /wait 7 s/);
    assert.equal(fake.requests.length, 3);
    assert.equal(fake.tree.get('/Shared/a')?.content, NOTEBOOK.content);
  });

  it('waits longer for a workspace that is busy than for one that fails', async () => {
    first(8, { status: 429, body: '{}' });
    assert.equal(await open().userName(), 'ana@example.com');
    assert.deepEqual(waits, [250, 500, 1000, 2000, 4000, 8000, 16_000, 32_000]);
    fake.reset();
    first(9, { status: 429, body: '{}' });
    await assert.rejects(open().userName(), { code: 'too-many-requests' });
  });

  it('does not wait for hours', async () => {
    first(1, { status: 429, body: '{}', headers: { 'retry-after': '3600' } });
    await assert.rejects(open().userName(), { code: 'too-many-requests' });
    assert.deepEqual(waits, []);
  });

  it('asks again after 5xx and after a lost connection what may be asked twice, and gives up in the end', async () => {
    first(2, { status: 503, body: '<html>down</html>' });
    assert.equal(await open().userName(), 'ana@example.com');
    assert.deepEqual(waits, [250, 500]);
    fake.reset();
    first(2, { cut: 'before' });
    await open().files.makeFolders('/Shared/x');
    assert.equal(fake.tree.get('/Shared/x')?.type, 'DIRECTORY');
    fake.reset();
    first(100, { status: 500, body: '{"error_code": "INTERNAL_ERROR", "message": "oops"}' });
    await assert.rejects(open().userName(), { code: 'workspace-fails', message: /oops/ });
    assert.equal(fake.requests.length, 5);
  });

  for (const fault of [{ status: 500, body: '{}' }, { cut: 'after' }, { cut: 'before' }] as const) {
    it(`never sends twice what may not be done twice: ${JSON.stringify(fault)}`, async () => {
      const workspace = open();
      // The connection is kept, and used again.
      await workspace.userName();
      fake.faults(({ number }) => (number === 2 ? fault : undefined));
      const code = 'status' in fault ? 'workspace-fails' : 'unsure';
      await assert.rejects(workspace.files.importNotebook('/Shared/a', NOTEBOOK, false), { code });
      assert.equal(fake.requests.length, 2);
    });
  }

  it('knows an answer that no workspace gives', async () => {
    for (const [body, code] of [
      ['<html>Please log in to the proxy</html>', 'bad-answer'],
      ['{"userName": ', 'bad-answer'],
      ['{"userName": 5}', 'bad-answer'],
      ['null', 'bad-answer'],
    ] as const) {
      first(100, { status: 200, body });
      await assert.rejects(open().userName(), { code }, body);
    }
    // A redirect is not followed: the token stays here.
    first(100, { status: 302, body: '', headers: { location: 'https://login.example.com/' } });
    await assert.rejects(open().userName(), { code: 'not-a-workspace' });
  });

  it('tells a wrong token', async () => {
    await assert.rejects(open({ as: { kind: 'token', token: 'dapi-other' } }).userName(), (error: Error) => {
      assert.match(error.message, /token is wrong or has expired/);
      assert.doesNotMatch(JSON.stringify(error), /dapi/);
      return true;
    });
  });

  it('does not wait forever for an answer', async () => {
    first(100, { silent: 'after' });
    await assert.rejects(open({ timeoutMs: 50 }).files.importNotebook('/Shared/a', NOTEBOOK, false), {
      code: 'unsure',
    });
    await assert.rejects(open({ timeoutMs: 50 }).userName(), { code: 'workspace-unreachable' });
  });

  it('ends when the person cancels, and asks no more', async () => {
    const controller = new AbortController();
    fake.faults(() => {
      controller.abort();
      return { silent: 'before' };
    });
    const workspace = open({ signal: controller.signal });
    await assert.rejects(workspace.userName(), { name: 'Cancelled' });
    await assert.rejects(workspace.userName(), { name: 'Cancelled' });
    assert.equal(fake.requests.length, 1);
  });

  it('says when nobody is there', async () => {
    const gone = await startFakeWorkspace({ token: TOKEN, userName: 'x' });
    await gone.close();
    await assert.rejects(open({ host: gone.host }).userName(), { code: 'workspace-unreachable' });
  });

  it('does not give its token to whose certificate is not trusted', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'orders-workspace-'));
    const { certificate, key } = createAuthority(folder, 'proxy').sign('127.0.0.1');
    let reached = 0;
    const server = createServer(
      { cert: readFileSync(certificate), key: readFileSync(key) },
      () => (reached += 1),
    );
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    try {
      await assert.rejects(open({ host: `https://127.0.0.1:${port}` }).userName(), {
        code: 'untrusted-certificate',
        hint: /NODE_EXTRA_CA_CERTS/,
      });
      assert.equal(reached, 0);
    } finally {
      server.close();
      rmSync(folder, { recursive: true });
    }
  });
});

describe('the time until a request is sent again', () => {
  it('is what the other side says, in seconds or as a date, else twice as long each time', () => {
    const now = Date.parse('2026-01-31T12:00:00Z');
    assert.equal(retryDelayMs(3, '0', now), 0);
    assert.equal(retryDelayMs(0, '1.5', now), 1500);
    assert.equal(retryDelayMs(0, 'Sat, 31 Jan 2026 12:00:09 GMT', now), 9000);
    assert.equal(retryDelayMs(0, 'Sat, 31 Jan 2026 11:00:00 GMT', now), 0);
    assert.deepEqual(
      [0, 1, 2, 3].map((retry) => retryDelayMs(retry, undefined, now)),
      [250, 500, 1000, 2000],
    );
    assert.equal(retryDelayMs(0, 'soon', now), 250);
  });
});

/** The test of a workspace before it is saved, part by part, against the fake one. */
import assert from 'node:assert/strict';
import { testWorkspace } from '../../../../src/adapters/databricks/testWorkspace.ts';
import { createWorkspace } from '../../../../src/adapters/databricks/workspace.ts';
import { createHttp } from '../../../../src/adapters/http.ts';
import type { WorkspaceLogin } from '../../../../src/core/databricks/login.ts';
import { isCancelled } from '../../../../src/core/errors.ts';
import { AAD_LOCATION, TENANT } from '../../../support/fakeWorkspace/login.ts';
import { startFakeWorkspace, type FakeWorkspace, type Fault } from '../../../support/fakeWorkspace.ts';

const TOKEN = 'dapi-of-the-test';

describe('the test of a workspace', () => {
  let fake: FakeWorkspace;
  before(async () => {
    fake = await startFakeWorkspace({ token: TOKEN, userName: 'ana@example.com' });
  });
  after(() => fake.close());
  beforeEach(() => {
    fake.reset();
  });

  const WAREHOUSES: Fault = {
    status: 200,
    body: JSON.stringify({ warehouses: ['a', 'b', 'c', 'd'].map((name) => ({ id: name, name })) }),
  };
  /** What Microsoft's side and the warehouses answer, beside what the fake does. */
  const answering = (more: Readonly<Record<string, Fault>> = {}): void => {
    fake.faults(({ path, login }) => {
      if (path === '/aad/auth') return { status: 302, body: '', headers: { location: AAD_LOCATION } };
      if (more[`${login} ${path}`]) return more[`${login} ${path}`];
      return path === '/api/2.0/sql/warehouses' ? WAREHOUSES : more[path];
    });
  };
  const tried = async (as: Partial<WorkspaceLogin> = {}, signal = new AbortController().signal) => {
    const login: WorkspaceLogin = { host: fake.host, as: { kind: 'token', token: TOKEN }, ...as };
    const clock = { sleep: () => Promise.resolve() };
    const open = () => createWorkspace(login, { onEvent: () => undefined, signal, clock });
    return testWorkspace(login, { http: createHttp(null), open, signal });
  };
  const lines = async (as: Partial<WorkspaceLogin> = {}): Promise<readonly string[]> =>
    (await tried(as)).tests.map(({ part, good, text }) => `${good ? '+' : '-'} ${part}: ${text}`);

  it('says who one is and what one sees, and changes nothing', async () => {
    answering();
    const asked = { kind: 'asked', token: () => Promise.resolve(TOKEN) } as const;
    assert.deepEqual(await lines({ as: asked }), [
      `+ address: ${fake.host} is reached.`,
      '+ workspace: It answers, and asks for a login.',
      `+ tenant: ${TENANT}`,
      '+ login: ana@example.com',
      '+ folder: /Users/ana@example.com can be read. Objects: 0',
      '+ warehouses: a, b, c, and 1 more',
    ]);
    assert.ok(fake.requests.every(({ method }) => method === 'GET'));
    assert.equal((await tried({ as: asked })).userName, 'ana@example.com');
    // The first request of all says whether it is a workspace, and carries no token.
    assert.equal(fake.requests[0]?.login, 'none');
  });

  it('stops where nothing behind can work', async () => {
    answering();
    assert.deepEqual(await lines({ as: { kind: 'token', token: 'wrong' } }), [
      `+ address: ${fake.host} is reached.`,
      '+ workspace: It answers, and asks for a login.',
      `- login: ${fake.host} refused the login: the token is wrong or has expired.`,
    ]);
    const [gone] = (await tried({ host: 'http://127.0.0.1:9' })).tests;
    assert.deepEqual([gone?.part, gone?.good], ['address', false]);
    assert.match(`${gone?.text} ${gone?.hint}`, /does not answer.*VPN, proxy/);
  });

  it('knows what is no workspace, or keeps this network out', async () => {
    const me = 'none /api/2.0/preview/scim/v2/Me';
    const second = async (fault: Fault): Promise<string> => {
      answering({ [me]: fault });
      return (await lines())[1] ?? '';
    };
    assert.match(await second({ status: 200, body: '<html>' }), /^- workspace: .*as no workspace does/);
    assert.match(await second({ status: 404, body: '<html>' }), /^- workspace: .*with a page/);
    assert.match(await second({ status: 303, body: '' }), /^- workspace: .*sends us elsewhere/);
    const body = JSON.stringify({
      error_code: 403,
      message: 'Source IP address: 75.1.2.3 is blocked by Databricks IP ACL for workspace: 74',
    });
    assert.match(await second({ status: 403, body }), /^- workspace: .*75\.1\.2\.3/);
  });

  it('tells a part that this login may not see, and goes on', async () => {
    const body = JSON.stringify({ error_code: 'PERMISSION_DENIED', message: 'no SQL access' });
    answering({ 'right /api/2.0/sql/warehouses': { status: 403, body } });
    const last = (await lines()).at(-1) ?? '';
    assert.match(last, /^- warehouses: .*no SQL access/);
  });

  it('ends when it is cancelled', async () => {
    const controller = new AbortController();
    controller.abort();
    await assert.rejects(
      tried({}, controller.signal),
      (error) => isCancelled(error) || controller.signal.aborted,
    );
  });
});

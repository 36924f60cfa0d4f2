/** What all calls of the REST API have in common: pages, exact ids, and things that are not there. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApi, idText, idValue, reading, type Api } from '../../../../src/adapters/databricks/api.ts';

describe('the REST API of a workspace', () => {
  let server: Server;
  let api: Api;
  /** What it answers to each path with its query. */
  const answers = new Map<string, { readonly status: number; readonly body: string }>();
  const asked: string[] = [];

  before(async () => {
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const { status, body } = answers.get(request.url ?? '') ?? { status: 500, body: '{}' };
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    api = createApi(
      {
        host: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        as: { kind: 'token', token: 'dapi-of-the-test' },
      },
      {
        onEvent: () => undefined,
        signal: new AbortController().signal,
        clock: { sleep: () => Promise.resolve() },
      },
    );
  });
  after(() => {
    server.close();
    server.closeAllConnections();
  });
  beforeEach(() => {
    answers.clear();
    asked.length = 0;
  });

  it('keeps ids exact that a number cannot hold', async () => {
    answers.set('/job', { status: 200, body: '{"job_id":9007199254740993,"limit":3,"ratio":0.1}' });
    const job = await api.ask(reading('/job', 'job'));
    assert.equal(idText(job['job_id']), '9007199254740993');
    assert.deepEqual([job['limit'], job['ratio']], [3, 0.1]);
    assert.equal(idValue('9007199254740993'), '9007199254740993');
    assert.equal(idValue('839423412345678'), 839423412345678);
  });

  it('asks page by page, and no page that nobody reads', async () => {
    answers.set('/list?limit=2', { status: 200, body: '{"jobs":[{"n":1},{"n":2}],"next_page_token":"a b"}' });
    answers.set('/list?limit=2&page_token=a+b', { status: 200, body: '{"next_page_token":"c"}' });
    answers.set('/list?limit=2&page_token=c', { status: 200, body: '{"jobs":[{"n":3}]}' });
    const call = reading('/list', 'jobs', { limit: 2 });
    const found: unknown[] = [];
    for await (const page of api.pages(call, 'jobs')) found.push(...page.map(({ n }) => n));
    assert.deepEqual(found, [1, 2, 3]);
    asked.length = 0;
    for await (const page of api.pages(call, 'jobs')) if (page.length > 0) break;
    assert.deepEqual(asked, ['/list?limit=2']);
  });

  for (const [what, status, body] of [
    ['a path', 404, { error_code: 'RESOURCE_DOES_NOT_EXIST', message: "Path (/x) doesn't exist." }],
    ['a schema', 404, { error_code: 'SCHEMA_DOES_NOT_EXIST', message: "Schema 'a.b' does not exist." }],
    ['a job', 400, { error_code: 'INVALID_PARAMETER_VALUE', message: 'Job 12 does not exist.' }],
  ] as const) {
    it(`knows ${what} that is not there`, async () => {
      answers.set('/x', { status, body: JSON.stringify(body) });
      assert.equal(await api.find(reading('/x', what)), undefined);
      await assert.rejects(api.ask(reading('/x', what)), { code: 'nothing-there' });
    });
  }

  for (const [what, status, body] of [
    [
      'a call that the workspace does not know',
      404,
      '{"error_code":"ENDPOINT_NOT_FOUND","message":"No API"}',
    ],
    ['a page of a proxy', 404, '<html>not found</html>'],
    ['a wrong parameter', 400, '{"error_code":"INVALID_PARAMETER_VALUE","message":"limit"}'],
  ] as const) {
    it(`does not take ${what} for a thing that is not there`, async () => {
      answers.set('/x', { status, body });
      await assert.rejects(api.find(reading('/x', 'x')), { name: 'UserError' });
    });
  }

  it('refuses what is no document', async () => {
    for (const body of ['[]', 'null', '7', '']) {
      answers.set('/x', { status: 200, body });
      await assert.rejects(api.ask(reading('/x', 'x')), { code: 'bad-answer' }, body);
    }
  });
});

/** How a warehouse's refusals are told; what it answers rightly is held by test/live/databricksSql.test.ts. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createWarehouseTables } from '../../../src/adapters/warehouseTables.ts';
import { UserError } from '../../../src/core/errors.ts';
import { plainClient } from '../../support/localWarehouse.ts';

type Answer = (response: ServerResponse) => void;

/** What a person is told when the warehouse's front door answers so. */
async function refusalOf(
  answer: Answer,
): Promise<{ error: UserError; asked: IncomingHttpHeaders[]; path: string }> {
  const asked: IncomingHttpHeaders[] = [];
  let path = '';
  const server = createServer((request, response) => {
    asked.push(request.headers);
    path = request.url ?? '';
    answer(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const tables = createWarehouseTables(
    {
      host: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      httpPath: '/sql/1.0/warehouses/abc',
      authorization: () => Promise.resolve('Bearer of-this-minute'),
    },
    plainClient,
  );
  try {
    await tables.query('SELECT 1', {}, new AbortController().signal);
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return { error, asked, path };
  } finally {
    await tables.close();
    server.closeAllConnections();
    server.close();
  }
  return assert.fail('it was answered');
}
const status =
  (code: number, headers: Readonly<Record<string, string>> = {}): Answer =>
  (response) =>
    response.writeHead(code, headers).end('<html></html>');

describe('a SQL warehouse that refuses', () => {
  it('is asked at its own path, with the login of this minute, and once', async () => {
    const { asked, path } = await refusalOf(status(401));
    assert.equal(path, '/sql/1.0/warehouses/abc');
    assert.deepEqual(
      asked.map(({ authorization }) => authorization),
      ['Bearer of-this-minute'],
    );
  });

  for (const [what, answer, code] of [
    ['a login that ended', status(401), 'login-refused'],
    [
      'an address that is not on its list',
      status(403, {
        'x-databricks-reason-phrase': 'Source IP address 10.0.0.1 is blocked by Databricks IP ACL',
      }),
      'ip-blocked',
    ],
    [
      'who may not use it',
      status(403, { 'x-thriftserver-error-message': 'PERMISSION_DENIED' }),
      'not-allowed',
    ],
    ['one that was deleted', status(404), 'no-such-warehouse'],
    ['one that starts', status(503), 'warehouse-starting'],
    ['too many questions', status(429), 'too-many-requests'],
    ['a proxy that asks for a login', status(407), 'proxy-login'],
    ['a connection that breaks', (response: ServerResponse) => response.destroy(), 'workspace-unreachable'],
  ] as const) {
    it(`tells ${what} in words`, async () => {
      const { error } = await refusalOf(answer);
      assert.equal(error.code, code);
      assert.ok(!error.message.includes('of-this-minute'));
    });
  }
});

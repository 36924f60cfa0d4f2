import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createMessageEncoder } from '../../../src/adapters/messageEncoder.ts';
import { createSchemaRegistry } from '../../../src/adapters/schemaRegistry.ts';
import { isUserError } from '../../../src/core/errors.ts';
import type { SubjectRegistry } from '../../../src/core/ports.ts';

describe('a schema registry that answers 404', () => {
  let server: Server | undefined;
  const answering = async (body: string): Promise<SubjectRegistry> => {
    server = createServer((_, response) => {
      response.writeHead(404).end(body);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const access = { url: `http://127.0.0.1:${port}/wrong`, login: { kind: 'none' }, tls: null } as const;
    return createSchemaRegistry(access, { id: 'mine', name: 'Mine' });
  };
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  for (const [of, page] of [
    ['a proxy', '<html>not found</html>'],
    ['another server', '{"title":"Could not find resource","status":404}'],
    ['one that says nothing', ''],
  ] as const) {
    it(`takes the page of ${of} for no word about schemas`, async () => {
      const registry = await answering(page);
      const calls = [
        () => registry.latest('orders-value'),
        () => registry.schema(7),
        () => registry.holders(7),
        // Without a schema it would be sent as plain JSON.
        () => createMessageEncoder(registry).encode({ topic: 'orders', value: { id: 1 } }),
      ];
      for (const call of calls) {
        await assert.rejects(call, (error: unknown) => {
          assert.ok(isUserError(error));
          assert.equal(error.code, 'registry-refused');
          assert.match(error.message, /404/);
          assert.match(error.hint ?? '', /Mine/);
          assert.equal(error.action?.command, 'ordersLakehouse.editConnection');
          return true;
        });
      }
    });
  }

  it('takes its own codes for what is not there', async () => {
    for (const code of [40401, 40402]) {
      const registry = await answering(`{"error_code": ${code}, "message": "Subject not found."}`);
      assert.equal(await registry.latest('orders-value'), undefined);
      server?.close();
    }
    const registry = await answering('{"message":"Schema 7 not found.","error_code":40403}');
    assert.equal(await registry.schema(7), undefined);
    assert.deepEqual(await registry.holders(7), []);
  });
});

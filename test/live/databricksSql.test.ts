/** SQL by the driver of the cloud, on the real Thrift server of the sandbox, held to the contract of the sandbox's own. */
import assert from 'node:assert/strict';
import { createTables } from '../../src/adapters/tables.ts';
import { createWarehouseTables } from '../../src/adapters/warehouseTables.ts';
import type { Tables } from '../../src/core/ports.ts';
import type { Endpoints, SandboxStatus } from '../../src/core/sandbox.ts';
import { localClient, localLogin } from '../support/localWarehouse.ts';
import { cliJson } from './support/cli.ts';
import { tablesContract } from './support/tablesContract.ts';

describe('SQL on the sandbox', function () {
  this.timeout(30_000);
  const home = process.env['ORDERS_LAKEHOUSE_HOME'] ?? '';
  let at: Endpoints['sparkSql'];

  before(async () => {
    const { endpoints } = await cliJson<SandboxStatus>(home, 'status');
    assert.ok(endpoints, 'the sandbox must run');
    at = endpoints.sparkSql;
  });

  describe('by the client of the sandbox', () => {
    let tables: Tables;
    before(async () => {
      tables = await createTables(at);
    });
    after(() => tables.close());
    tablesContract(() => tables);
  });

  describe('by the client of SQL warehouses', () => {
    let tables: Tables;
    let asked = 0;
    before(() => {
      tables = createWarehouseTables(
        {
          host: `http://${at.host}:${at.port}`,
          httpPath: `/${at.path}`,
          authorization: () => {
            asked += 1;
            return localLogin();
          },
        },
        localClient,
      );
    });
    after(() => tables.close());
    tablesContract(() => tables);

    it('asks for the login before each request, because tokens end', async () => {
      const before = asked;
      const { rows } = await tables.query(
        'SELECT * FROM range(0, 30000, 1, 1)',
        {},
        new AbortController().signal,
      );
      for await (const _batch of rows);
      // Taking the statement, its state, its columns, three batches, its end.
      assert.ok(asked - before >= 7, `${asked - before}`);
    });
  });
});

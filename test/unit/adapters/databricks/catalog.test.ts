/** Catalogs, tables and SQL warehouses over REST, against a fake workspace. */
import assert from 'node:assert/strict';
import { startWarehouse } from '../../../../src/core/databricks/startWarehouse.ts';
import { startFakeWorkspace, type FakeWorkspace } from '../../../support/fakeWorkspace.ts';
import { all, openWorkspace } from '../../../support/openWorkspace.ts';

const TOKEN = 'dapi-of-the-test';

describe('catalogs over REST', () => {
  let fake: FakeWorkspace;
  before(async () => {
    fake = await startFakeWorkspace({ token: TOKEN, userName: 'ana@example.com' });
  });
  after(() => fake.close());
  beforeEach(() => {
    fake.reset();
    for (const name of ['orders', 'returns', 'sales_daily']) fake.reading.tables.set(`main.gold.${name}`, {});
    fake.reading.tables.set('main.silver.orders', {
      table_type: 'STREAMING_TABLE',
      comment: 'valid lines',
      columns: [
        { name: 'price', type_text: 'decimal(18,2)', nullable: false, comment: 'net' },
        { name: 'tags', type_text: 'map<string,array<int>>' },
      ],
    });
    for (const catalog of ['dev', 'samples']) fake.reading.tables.set(`${catalog}.s.t`, {});
  });
  const open = () => openWorkspace(fake, TOKEN);
  const names = async (pages: AsyncIterable<readonly { readonly name: string }[]>): Promise<string[]> =>
    (await all(pages)).map(({ name }) => name);

  it('give all pages, and ask for no page before it is needed', async () => {
    const { catalog } = open();
    assert.deepEqual(await names(catalog.catalogs()), ['main', 'dev', 'samples']);
    assert.deepEqual(await names(catalog.schemas('main')), ['gold', 'silver']);
    assert.deepEqual(await names(catalog.tables('main', 'gold')), ['orders', 'returns', 'sales_daily']);
    const before = fake.requests.length;
    for await (const page of catalog.tables('main', 'gold')) {
      assert.equal(page.length, 2);
      break;
    }
    assert.equal(fake.requests.length, before + 1);
    assert.equal(fake.requests.at(-1)?.query['omit_columns'], 'true');
  });

  it('know the columns of a table by their whole types', async () => {
    assert.deepEqual(await open().catalog.table('main.silver.orders'), {
      fullName: 'main.silver.orders',
      name: 'orders',
      type: 'STREAMING_TABLE',
      comment: 'valid lines',
      columns: [
        { name: 'price', type: 'decimal(18,2)', nullable: false, comment: 'net' },
        { name: 'tags', type: 'map<string,array<int>>', nullable: true, comment: '' },
      ],
    });
    assert.equal(await open().catalog.table('main.silver.none'), undefined);
  });

  it('say what this login may not see', async () => {
    fake.reading.forbidden.set('main.gold', true);
    await assert.rejects(all(open().catalog.tables('main', 'gold')), (error: Error & { code?: string }) => {
      assert.equal(error.code, 'not-allowed');
      assert.match(error.message, /main\.gold.*USE SCHEMA/);
      return true;
    });
  });

  it('find warehouses, and start one that is stopped', async () => {
    fake.reading.warehouses.set('w1', { name: 'Small', states: ['STOPPED'] });
    const { warehouses } = open();
    assert.deepEqual(await warehouses.list(), [
      { id: 'w1', name: 'Small', state: 'STOPPED', serverless: true, httpPath: '/sql/1.0/warehouses/w1' },
    ]);
    const { signal } = new AbortController();
    const sleep = (): Promise<void> => Promise.resolve();
    const found = await startWarehouse(warehouses, 'w1', () => undefined, signal, { sleep });
    assert.equal(found.state, 'RUNNING');
    assert.deepEqual(
      fake.requests.filter(({ method }) => method === 'POST').map(({ path }) => path),
      ['/api/2.0/sql/warehouses/w1/start'],
    );
    assert.equal(await warehouses.get('w2'), undefined);
  });
});

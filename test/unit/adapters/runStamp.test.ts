import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fingerprint, readStamp, tableVersions } from '../../../src/adapters/runStamp.ts';

describe('what the last run had seen', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'orders-lakehouse-stamp-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it("changes with any of the pipeline's files, and not with Python's caches", async () => {
    await mkdir(join(folder, 'transformations', '__pycache__'), { recursive: true });
    await writeFile(join(folder, 'transformations', 'gold.py'), 'x = 1\n');
    const before = await fingerprint(folder);
    await writeFile(join(folder, 'transformations', '__pycache__', 'gold.cpython-312.pyc'), 'bytes');
    assert.equal(await fingerprint(folder), before);
    await writeFile(join(folder, 'transformations', 'gold.py'), 'x = 2\n');
    assert.notEqual(await fingerprint(folder), before);
  });

  it('reads the newest version of a table from its log, and -1 when the table is gone', async () => {
    const log = join(folder, 'silver.db', 'orders', '_delta_log');
    await mkdir(log, { recursive: true });
    for (const name of [
      '00000000000000000000.json',
      '00000000000000000011.json',
      '00000000000000000009.json',
      '_last_checkpoint',
    ]) {
      await writeFile(join(log, name), '');
    }
    assert.deepEqual(await tableVersions(folder, ['silver.orders', 'gold.sales_daily']), {
      'silver.orders': 11,
      'gold.sales_daily': -1,
    });
  });

  it('is none for a file that is missing or half-written', async () => {
    assert.equal(await readStamp(join(folder, 'none.json')), undefined);
    await writeFile(join(folder, 'half.json'), '{"project":');
    assert.equal(await readStamp(join(folder, 'half.json')), undefined);
  });
});

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { otherVersions, targetsIn } from '../../../../src/adapters/embedded/targets.ts';
import { readVersions } from '../../../../src/adapters/embedded/versions.ts';

describe('what other versions left in the cache', () => {
  let cache: string;
  beforeEach(() => {
    cache = mkdtempSync(join(tmpdir(), 'orders-cache-'));
  });
  afterEach(() => {
    rmSync(cache, { recursive: true });
  });

  const fill = (folder: string, bytes: number): void => {
    mkdirSync(join(folder, 'deep'), { recursive: true });
    writeFileSync(join(folder, 'deep', 'file'), 'x'.repeat(bytes));
  };
  const targets = () =>
    targetsIn(cache, { command: 'python3', version: '3.11.2', prefix: '/usr' }, readVersions());

  it('is found with its size; the present version and what is of others are left out', () => {
    const { python, jars, archives } = targets();
    for (const folder of [python, ...Object.values(jars), archives]) fill(folder, 10);
    for (const name of ['vscode-server-1', 'staging', 'maven-3.9.9']) fill(join(cache, name), 10);
    fill(join(cache, 'kafka-1.0.0-0123456789ab'), 300_000);
    const [found, ...more] = otherVersions(cache, targets());
    assert.equal(found?.folder, join(cache, 'kafka-1.0.0-0123456789ab'));
    assert.ok(found.bytes >= 300_000 && found.bytes < 330_000);
    assert.deepEqual(more, []);
  });

  it('is nothing where there is no cache', () => {
    assert.deepEqual(otherVersions(join(cache, 'none'), targets()), []);
  });
});

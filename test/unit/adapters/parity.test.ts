import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createParity } from '../../../src/adapters/parity.ts';
import { gates } from '../../../src/core/parity/finding.ts';
import { parityGate } from '../../../src/core/parity/gate.ts';
import { isCancelled } from '../../../src/core/errors.ts';

const SANDBOX = join(import.meta.dirname, '..', '..', '..', 'sandbox');

describe('the parity check of a folder', () => {
  let folder: string;
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'orders-lakehouse-parity-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('finds nothing in the project that is shipped, as it is configured for the cloud', async () => {
    assert.deepEqual(await createParity().check(SANDBOX), []);
  });

  it('finds in it what is put there', async () => {
    for (const part of ['databricks.yml', 'resources', 'lakehouse']) {
      cpSync(join(SANDBOX, part), join(folder, part), { recursive: true });
    }
    const change = (path: string, from: string, to: string): void => {
      const text = readFileSync(join(folder, path), 'utf8');
      assert.ok(text.includes(from), `${path} has no ${from}`);
      write(path, text.replace(from, to));
    };
    change('resources/pipeline.yml', 'kafkashaded.org', 'org');
    change('resources/pipeline.yml', '${var.kafka_bootstrap}', '127.0.0.1:9092');
    change(
      'lakehouse/transformations/gold.py',
      'return gold.customer_value(',
      'gold.customer_value(spark.read.table("a")).count()\n    return gold.customer_value(',
    );
    change('lakehouse/orders/schemas.py', 'import base64', 'import base64\nimport confluent_kafka');
    const found = await createParity().check(folder);
    assert.deepEqual(
      found.map(({ file, code, severity }) => `${file} ${code} ${severity}`),
      [
        'lakehouse/orders/schemas.py not-there-import error',
        'lakehouse/transformations/gold.py imperative-call error',
        'resources/pipeline.yml local-kafka error',
        'resources/pipeline.yml login-class error',
      ],
    );
  });

  it('passes over what is not deployed, and takes unsaved text for the file', async () => {
    write('databricks.yml', '');
    write('transformations/a.py', 'import nothing_there\n');
    write('.venv/lib/b.py', 'import nothing_there\n');
    write('tests/test_a.py', 'import nothing_there\n');
    const parity = createParity();
    const found = await parity.check(folder);
    assert.deepEqual(
      found.map(({ file }) => file),
      ['transformations/a.py'],
    );
    assert.equal(gates(found), true);
    const [gated] = await parityGate(parity, folder);
    assert.deepEqual(
      [gated?.level, gated?.place],
      ['error', { file: 'transformations/a.py', line: 1, column: 8 }],
    );
    const unsaved = new Map([['transformations/a.py', 'import json\n']]);
    assert.deepEqual(await parity.check(folder, { unsaved }), []);
  });

  it('says what a project is where there is none, and stops when it is told to', async () => {
    write('a.py', '');
    await assert.rejects(createParity().check(folder), { code: 'no-project' });
    await assert.rejects(createParity().check(join(folder, 'none')), { code: 'no-such-file' });
    await assert.rejects(createParity().check(folder, { signal: AbortSignal.abort() }), (error) =>
      isCancelled(error),
    );
  });
});

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createParity } from '../../../src/adapters/parity.ts';
import { gates } from '../../../src/core/parity/finding.ts';
import { isCancelled } from '../../../src/core/errors.ts';

const SANDBOX = join(import.meta.dirname, '..', '..', '..', 'sandbox');

/** What a person sets to read Confluent Cloud and its registry from there. */
const CLOUD = `resources:
  pipelines:
    orders:
      serverless: true
      root_path: ../lakehouse
      libraries:
        - glob:
            include: ../lakehouse/transformations/**
      configuration:
        orders.kafka.bootstrap: pkc-1.westeurope.azure.confluent.cloud:9092
        orders.kafka.security.protocol: SASL_SSL
        orders.kafka.sasl.mechanism: PLAIN
        orders.kafka.sasl.jaas.config: >-
          kafkashaded.org.apache.kafka.common.security.plain.PlainLoginModule required
          username="{{secrets/orders/kafka-key}}" password="{{secrets/orders/kafka-secret}}";
        orders.registry.url: https://psrc-1.westeurope.azure.confluent.cloud
        orders.registry.user: "{{secrets/orders/registry-key}}"
        orders.registry.password: "{{secrets/orders/registry-secret}}"
`;

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

  it('finds nothing in the pipeline that is shipped, with a configuration for the cloud', async () => {
    cpSync(join(SANDBOX, 'lakehouse'), join(folder, 'lakehouse'), { recursive: true });
    write('databricks.yml', 'bundle:\n  name: orders\n');
    write('resources/orders.pipeline.yml', CLOUD);
    assert.deepEqual(await createParity().check(folder), []);
  });

  it('finds nothing in it as it is shipped either', async () => {
    assert.deepEqual(
      (await createParity().check(SANDBOX)).filter(({ severity }) => severity === 'error'),
      [],
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

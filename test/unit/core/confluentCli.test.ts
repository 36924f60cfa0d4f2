import assert from 'node:assert/strict';
import { parseConfluentCli } from '../../../src/core/confluentCli.ts';
import { isUserError } from '../../../src/core/errors.ts';

let ids = 0;
const parse = (value: unknown) =>
  parseConfluentCli(typeof value === 'string' ? value : JSON.stringify(value), () => `id-${++ids}`);
const cluster = (secret: Readonly<Record<string, unknown>>) => ({
  id: 'lkc-1',
  name: 'orders',
  bootstrap_servers: 'SASL_SSL://pkc-1.confluent.cloud:9092',
  api_key: 'KEY',
  api_keys: { OTHER: { api_key: 'OTHER', api_secret: 'x' }, KEY: { api_key: 'KEY', ...secret } },
});

describe('the configuration of the Confluent CLI', () => {
  it('gives each cluster of each environment, with the key in use', () => {
    const found = parse({
      contexts: {
        cloud: {
          kafka_cluster_context: {
            environment_context: true,
            kafka_environment_contexts: {
              'env-1': { kafka_cluster_infos: { 'lkc-1': cluster({ api_secret: 'plain-secret' }) } },
              'env-2': { kafka_cluster_infos: { 'lkc-2': { id: 'lkc-2', bootstrap_servers: 'b:1' } } },
            },
          },
        },
        local: {
          kafka_cluster_context: {
            kafka_cluster_configs: {
              'lkc-1': cluster({ api_secret: 'plain-secret' }),
              'lkc-3': { name: 'no address' },
            },
          },
        },
      },
    });
    assert.deepEqual(
      found.map(({ profile, secrets }) => [profile.name, profile.bootstrap, profile.sasl, secrets]),
      [
        [
          'orders',
          ['pkc-1.confluent.cloud:9092'],
          { mechanism: 'PLAIN', username: 'KEY' },
          { password: 'plain-secret' },
        ],
        ['lkc-2', ['b:1'], { mechanism: 'PLAIN', username: '' }, {}],
      ],
    );
  });

  it('leaves out a secret that the CLI encrypted for itself', () => {
    for (const secret of [
      { api_secret: 'AES/GCM/PKCS7Padding,abc' },
      { api_secret: 'opaque', salt: 'c2FsdA==', nonce: 'bm9uY2U=' },
      {},
    ]) {
      const [found] = parse({
        contexts: { a: { kafka_cluster_context: { kafka_cluster_configs: { x: cluster(secret) } } } },
      });
      assert.deepEqual(found?.secrets, {});
      assert.deepEqual(found.profile.sasl, { mechanism: 'PLAIN', username: 'KEY' });
    }
  });

  it('finds none where there is none, and says what is no configuration', () => {
    assert.deepEqual(parse({}), []);
    assert.deepEqual(parse({ contexts: { a: {} } }), []);
    assert.throws(
      () => parse('{'),
      (error) => isUserError(error) && error.code === 'not-confluent',
    );
  });
});

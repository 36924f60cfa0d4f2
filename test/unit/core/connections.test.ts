import assert from 'node:assert/strict';
import {
  accessOf,
  blankProfile,
  findingsOf,
  NEW_TLS,
  secretsOf,
  type ConnectionProfile,
} from '../../../src/core/connections.ts';

const good: ConnectionProfile = {
  ...blankProfile('id'),
  name: 'prod',
  bootstrap: ['a.example.com:9092', '[::1]:9092'],
  sasl: { mechanism: 'PLAIN', username: 'maria' },
};
const fields = (change: Partial<ConnectionProfile>, others: readonly string[] = []): string[] =>
  findingsOf({ ...good, ...change }, others).map(({ field }) => field);
const registry = (url: string, login: NonNullable<ConnectionProfile['registry']>['login']) => ({
  registry: { url, login, tls: null },
});

describe('connections', () => {
  it('names the field of each thing that must be mended', () => {
    assert.deepEqual(fields({}), []);
    assert.deepEqual(fields({ name: ' ' }), ['name']);
    assert.deepEqual(fields({}, ['dev', 'prod']), ['name']);
    for (const bootstrap of [[], ['a'], ['a:0'], ['a:65536'], ['https://a:1'], ['a b:1'], ['a:1', 'b']]) {
      assert.deepEqual(fields({ bootstrap }), ['bootstrap'], String(bootstrap));
    }
    assert.deepEqual(fields({ sasl: { mechanism: 'SCRAM-SHA-256', username: '' } }), ['sasl.username']);
    assert.deepEqual(fields({ tls: { ...NEW_TLS, key: 'k' } }), ['tls.certificate']);
    assert.deepEqual(fields({ tls: { ...NEW_TLS, keystore: 'k', certificate: 'c' } }), ['tls.keystore']);
    const oauth = { tokenUrl: 'http://login.example.com', clientId: '', scope: '', extensions: {} };
    assert.deepEqual(fields({ sasl: { mechanism: 'OAUTHBEARER', ...oauth } }), [
      'sasl.tokenUrl',
      'sasl.clientId',
    ]);
  });

  it('lets no secret go in clear over the network', () => {
    assert.deepEqual(fields({ tls: null }), ['sasl.mechanism']);
    const token = { tokenUrl: 'https://login', clientId: 'me', scope: '', extensions: {} };
    assert.deepEqual(fields({ tls: null, sasl: { mechanism: 'OAUTHBEARER', ...token } }), ['sasl.mechanism']);
    assert.deepEqual(fields({ tls: null, bootstrap: ['127.0.0.1:9092', 'localhost:1'] }), []);
    assert.deepEqual(fields({ tls: null, sasl: null }), []);
    const basic = { kind: 'basic', username: 'u' } as const;
    assert.deepEqual(fields(registry('http://sr.example.com', basic)), ['registry.url']);
    assert.deepEqual(fields(registry('http://127.0.0.1:8081', basic)), []);
    assert.deepEqual(fields(registry('http://sr.example.com', { kind: 'none' })), []);
    assert.deepEqual(fields(registry('https://u:p@sr.example.com', { kind: 'none' })), ['registry.url']);
    assert.deepEqual(fields(registry('ftp://sr', { kind: 'none' })), ['registry.url']);
  });

  it('asks for those secrets only that it has a use for, and puts each in its place', () => {
    assert.deepEqual(secretsOf({ ...good, sasl: null }), []);
    const all: ConnectionProfile = {
      ...good,
      tls: { ...NEW_TLS, keystore: 'me.p12' },
      registry: { url: 'https://sr/', login: { kind: 'basic', username: 'u' }, tls: NEW_TLS },
    };
    assert.deepEqual(secretsOf(all), ['password', 'passphrase', 'registryPassword']);
    const access = accessOf({
      profile: all,
      secrets: { password: 'p', passphrase: 'k', registryPassword: 'r', clientSecret: 'unused' },
    });
    assert.deepEqual(access, {
      connection: { id: 'id', name: 'prod' },
      kafka: {
        bootstrap: good.bootstrap,
        tls: { ...NEW_TLS, keystore: 'me.p12', passphrase: 'k' },
        sasl: { mechanism: 'PLAIN', username: 'maria', password: 'p' },
      },
      registry: {
        url: 'https://sr',
        login: { kind: 'basic', username: 'u', password: 'r' },
        tls: { ...NEW_TLS, passphrase: '' },
      },
    });
  });
});

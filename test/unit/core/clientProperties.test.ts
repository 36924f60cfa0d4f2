import assert from 'node:assert/strict';
import { fromClientProperties, parseJaas } from '../../../src/core/clientProperties.ts';
import { isUserError } from '../../../src/core/errors.ts';

const read = (properties: Readonly<Record<string, string>>) =>
  fromClientProperties(properties, 'id-1', 'prod');
const TLS = { authorities: '', certificate: '', key: '', keystore: '', verifyName: true };
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (isUserError(error)) return error.code;
  }
  return '';
};

describe('a client.properties', () => {
  it('takes what Confluent Cloud hands out', () => {
    const { profile, secrets, left } = read({
      'bootstrap.servers': 'pkc-1.eu.aws.confluent.cloud:9092',
      'security.protocol': 'SASL_SSL',
      'sasl.jaas.config':
        'org.apache.kafka.common.security.plain.PlainLoginModule required username=\'x\' username="KEY" password="a\\"b;c=d";',
      'sasl.mechanism': 'PLAIN',
      'client.dns.lookup': 'use_all_dns_ips',
      'session.timeout.ms': '45000',
      acks: 'all',
      'schema.registry.url': 'https://psrc-1.eu.aws.confluent.cloud',
      'basic.auth.credentials.source': 'USER_INFO',
      'basic.auth.user.info': 'SRKEY:SR:SECRET',
    });
    assert.deepEqual(profile, {
      id: 'id-1',
      name: 'prod',
      bootstrap: ['pkc-1.eu.aws.confluent.cloud:9092'],
      tls: TLS,
      sasl: { mechanism: 'PLAIN', username: 'KEY' },
      registry: {
        url: 'https://psrc-1.eu.aws.confluent.cloud',
        login: { kind: 'basic', username: 'SRKEY' },
        tls: null,
      },
      readOnly: false,
      colour: 'none',
    });
    assert.deepEqual(secrets, { password: 'a"b;c=d', registryPassword: 'SR:SECRET' });
    assert.deepEqual(left, []);
  });

  it('takes the names of librdkafka', () => {
    const { profile, secrets } = read({
      'metadata.broker.list': 'a:9093, SASL_SSL://b:9093',
      'security.protocol': 'sasl_ssl',
      'sasl.mechanisms': 'SCRAM-SHA-512',
      'sasl.username': 'maria',
      'sasl.password': 'secret',
      'ssl.ca.location': '/etc/ca.pem',
      'ssl.certificate.location': '/etc/me.pem',
      'ssl.key.location': '/etc/me.key',
      'ssl.key.password': 'word',
    });
    assert.deepEqual(profile.bootstrap, ['a:9093', 'b:9093']);
    assert.deepEqual(profile.sasl, { mechanism: 'SCRAM-SHA-512', username: 'maria' });
    assert.deepEqual(profile.tls, {
      ...TLS,
      authorities: '/etc/ca.pem',
      certificate: '/etc/me.pem',
      key: '/etc/me.key',
    });
    assert.deepEqual(secrets, { password: 'secret', passphrase: 'word' });
  });

  it('takes OAuth for both, with what Confluent Cloud wants beside', () => {
    const { profile, secrets } = read({
      'bootstrap.servers': 'a:9092',
      'security.protocol': 'SASL_SSL',
      'sasl.mechanism': 'OAUTHBEARER',
      'sasl.oauthbearer.token.endpoint.url': 'https://login.example.com/token',
      'sasl.jaas.config':
        'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required clientId="me" clientSecret="s1" scope="kafka" extension_logicalCluster="lkc-1" extension_identityPoolId="pool-2";',
      'schema.registry.url': 'https://sr.example.com/',
      'bearer.auth.credentials.source': 'SASL_OAUTHBEARER',
      'bearer.auth.issuer.endpoint.url': 'https://login.example.com/token',
      'bearer.auth.client.id': 'me',
      'bearer.auth.client.secret': 's2',
      'bearer.auth.logical.cluster': 'lsrc-3',
    });
    const shared = { tokenUrl: 'https://login.example.com/token', clientId: 'me' };
    assert.deepEqual(profile.sasl, {
      mechanism: 'OAUTHBEARER',
      ...shared,
      scope: 'kafka',
      extensions: { logicalCluster: 'lkc-1', identityPoolId: 'pool-2' },
    });
    assert.deepEqual(profile.registry, {
      url: 'https://sr.example.com',
      login: { kind: 'oauth', ...shared, scope: '', extensions: { logicalCluster: 'lsrc-3' } },
      tls: null,
    });
    assert.deepEqual(secrets, { clientSecret: 's1', registryClientSecret: 's2' });
  });

  it('takes stores of PEM and PKCS #12, and says what becomes of JKS', () => {
    const { profile, left, secrets } = read({
      'bootstrap.servers': 'a:9092',
      'security.protocol': 'SSL',
      'ssl.truststore.location': '/stores/trust.jks',
      'ssl.truststore.password': 'changeit',
      'ssl.keystore.location': '/stores/me.p12',
      'ssl.keystore.password': 'pw',
      'ssl.endpoint.identification.algorithm': '',
    });
    assert.deepEqual(profile.tls, { ...TLS, keystore: '/stores/me.p12', verifyName: false });
    assert.equal(profile.sasl, null);
    assert.deepEqual(secrets, { passphrase: 'pw' });
    assert.deepEqual(
      left.map(({ key }) => key),
      ['ssl.truststore.location'],
    );
    assert.match(left[0]?.why ?? '', /keytool -exportcert -rfc -keystore \/stores\/trust\.jks/);
    const jks = read({
      'bootstrap.servers': 'a:9092',
      'security.protocol': 'SSL',
      'ssl.keystore.location': 'me.jks',
    });
    assert.match(jks.left[0]?.why ?? '', /PKCS12/);
    assert.equal(jks.profile.tls?.keystore, '');
  });

  it('takes no secret out of an address into what is not secret', () => {
    const { profile, secrets } = read({
      'bootstrap.servers': 'a:9092',
      'schema.registry.url': 'https://maria:p%40ss@sr.example.com,https://other.example.com',
      'basic.auth.credentials.source': 'URL',
    });
    assert.equal(profile.registry?.url, 'https://sr.example.com');
    assert.deepEqual(profile.registry.login, { kind: 'basic', username: 'maria' });
    assert.deepEqual(secrets, { registryPassword: 'p@ss' });
    assert.doesNotMatch(JSON.stringify(profile), /p@ss|p%40ss/);
  });

  it('refuses what is none, and a login that is not known', () => {
    assert.equal(
      codeOf(() => read({ acks: 'all' })),
      'bad-properties',
    );
    assert.equal(
      codeOf(() => read({ 'bootstrap.servers': 'a:1', 'schema.registry.url': 'nonsense' })),
      'bad-properties',
    );
    const gssapi = {
      'bootstrap.servers': 'a:1',
      'security.protocol': 'SASL_PLAINTEXT',
      'sasl.mechanism': 'GSSAPI',
    };
    assert.equal(
      codeOf(() => read(gssapi)),
      'unknown-mechanism',
    );
  });

  it('takes the login of Kafka for the registry where that is said', () => {
    const { profile, secrets } = read({
      'bootstrap.servers': 'a:9092',
      'security.protocol': 'SASL_SSL',
      'sasl.username': 'maria',
      'sasl.password': 'pw',
      'schema.registry.url': 'https://sr.example.com',
      'basic.auth.credentials.source': 'SASL_INHERIT',
    });
    assert.deepEqual(profile.registry?.login, { kind: 'basic', username: 'maria' });
    assert.deepEqual(secrets, { password: 'pw', registryPassword: 'pw' });
  });

  it('shows no secret of an address that is none', () => {
    const properties = { 'bootstrap.servers': 'a:1', 'schema.registry.url': 'https://KEY:ab/cdSECRET@host' };
    assert.throws(
      () => read(properties),
      (error) => error instanceof Error && !`${error.message}${String(error.cause)}`.includes('SECRET'),
    );
  });

  it('reads the options of a JAAS login', () => {
    assert.deepEqual(parseJaas("x.Module required username='API KEY' password='se;c\\'r\"et';"), {
      username: 'API KEY',
      password: 'se;c\'r"et',
    });
    assert.deepEqual(
      parseJaas('a.b.Module required\n  username="ma ria" \\\n password="x\\\\y" debug=true;'),
      {
        username: 'ma ria',
        password: 'x\\y',
        debug: 'true',
      },
    );
  });
});

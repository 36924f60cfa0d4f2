/** Connections to real brokers with TLS, logins and rights, and to the sandbox's registry behind a login. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { createServer as createHttpsServer, type Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import {
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  Kafka,
  logLevel,
  ResourcePatternTypes,
} from 'kafkajs';
import { createCluster, type ClosingCluster } from '../../src/adapters/cluster.ts';
import { readClientProperties } from '../../src/adapters/connectionFiles.ts';
import { testConnection } from '../../src/adapters/testConnection.ts';
import { accessOf } from '../../src/core/connections.ts';
import { isUserError } from '../../src/core/errors.ts';
import { readOnly } from '../../src/core/readOnly.ts';
import { sendMessages } from '../../src/core/sendMessages.ts';
import type { SandboxStatus } from '../../src/core/sandbox.ts';
import type { TopicDetail } from '../../src/core/topicDetails.ts';
import type { Message } from '../../src/core/topics.ts';
import { createAuthority } from './support/certificates.ts';
import { cli, cliJson } from './support/cli.ts';
import { until } from './support/until.ts';
import {
  KEYSTORE_PASSWORD,
  LOGIN_HOLDS_MS,
  OAUTH,
  startSecureKafka,
  USERS,
  type SecureKafka,
} from './support/secureKafka.ts';
import { openTopicPeer } from './support/topicPeer.ts';

const TOPIC = 'team-orders';
const FORBIDDEN = 'finance-secret';
/** One may write there and see neither settings nor messages. */
const INBOX = 'inbox';

/** A properties file as Java writes it: Latin-1, with escapes. */
const propertiesText = (values: Readonly<Record<string, string>>): string =>
  Object.entries(values)
    .map(([key, value]) => {
      const escapes = value
        .replace(/\\/g, '\\\\')
        .replace(/[^\x20-\x7e]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
      return `${key}=${escapes}\n`;
    })
    .join('');
const jaas = (module: string, options: Readonly<Record<string, string>>): string =>
  `org.apache.kafka.common.security.${module} required ${Object.entries(options)
    .map(([name, value]) => `${name}="${value.replace(/["\\]/g, '\\$&')}"`)
    .join(' ')};`;

describe('connections', function () {
  this.timeout(120_000);
  const home = process.env['ORDERS_LAKEHOUSE_HOME'] ?? '';
  let folder: string;
  let kafka: SecureKafka;
  let bare: Kafka;
  let files = 0;
  const open: ClosingCluster[] = [];

  const properties = (values: Readonly<Record<string, string>>): string => {
    const path = join(folder, `client${++files}.properties`);
    writeFileSync(path, propertiesText(values));
    return path;
  };
  const tls = (): Record<string, string> => ({
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': kafka.authority.certificate,
  });
  const plain = (user: keyof typeof USERS, password: string = USERS[user]): Record<string, string> => ({
    'bootstrap.servers': kafka.addresses.login.join(','),
    'security.protocol': 'SASL_SSL',
    'sasl.mechanism': 'PLAIN',
    'sasl.jaas.config': jaas('plain.PlainLoginModule', { username: user, password }),
    ...tls(),
  });
  const scram = (mechanism: string): Record<string, string> => ({
    ...plain('maria'),
    'sasl.mechanism': mechanism,
    'sasl.jaas.config': jaas('scram.ScramLoginModule', { username: 'maria', password: USERS.maria }),
  });
  const oauth = (clientSecret: string): Record<string, string> => ({
    ...plain('maria'),
    'sasl.mechanism': 'OAUTHBEARER',
    'sasl.oauthbearer.token.endpoint.url': kafka.tokenUrl,
    'sasl.jaas.config': jaas('oauthbearer.OAuthBearerLoginModule', {
      clientId: OAUTH.clientId,
      clientSecret,
    }),
  });
  const byCertificate = (): Record<string, string> => ({
    'bootstrap.servers': kafka.addresses.certificate.join(','),
    'security.protocol': 'SSL',
    ...tls(),
  });
  const clusterOf = async (values: Readonly<Record<string, string>>): Promise<ClosingCluster> => {
    const imported = await readClientProperties(properties(values));
    assert.deepEqual(imported.left, []);
    const cluster = createCluster(() => Promise.resolve(accessOf(imported)));
    open.push(cluster);
    return cluster;
  };
  const failure = async (
    work: Promise<unknown>,
  ): Promise<{ code: string; message: string; hint: string }> => {
    try {
      await work;
    } catch (error) {
      if (isUserError(error)) return { code: error.code, message: error.message, hint: error.hint ?? '' };
      throw error;
    }
    throw new Error('it went through');
  };
  const codeOf = async (values: Readonly<Record<string, string>>): Promise<string> =>
    (await failure((async () => (await clusterOf(values)).broker())())).code;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'orders-secure-'));
    kafka = await startSecureKafka(home, folder);
    bare = new Kafka({ brokers: [...kafka.addresses.plaintext], logLevel: logLevel.NOTHING });
    const admin = bare.admin();
    await admin.connect();
    // A partition on each broker.
    await admin.createTopics({
      topics: [
        {
          topic: TOPIC,
          replicaAssignment: [
            { partition: 0, replicas: [1] },
            { partition: 1, replicas: [2] },
          ],
        },
        { topic: FORBIDDEN, replicaAssignment: [{ partition: 0, replicas: [1] }] },
        { topic: INBOX, replicaAssignment: [{ partition: 0, replicas: [2] }] },
      ],
    });
    const right = { principal: 'User:maria', host: '*', permissionType: AclPermissionTypes.ALLOW };
    await admin.createAcls({
      acl: [
        {
          ...right,
          resourceType: AclResourceTypes.TOPIC,
          resourceName: 'team-',
          resourcePatternType: ResourcePatternTypes.PREFIXED,
          operation: AclOperationTypes.ALL,
        },
        ...[AclOperationTypes.WRITE, AclOperationTypes.DESCRIBE].map((operation) => ({
          ...right,
          principal: 'User:bruno',
          resourceType: AclResourceTypes.TOPIC,
          resourceName: INBOX,
          resourcePatternType: ResourcePatternTypes.LITERAL,
          operation,
        })),
      ],
    });
    await admin.disconnect();
    const producer = bare.producer();
    await producer.connect();
    await producer.send({
      topic: TOPIC,
      messages: [0, 1].flatMap((partition) =>
        [1, 2, 3].map((number) => ({
          partition,
          key: `k${partition}`,
          value: `message ${partition}/${number}`,
        })),
      ),
    });
    await producer.disconnect();
  });
  after(async () => {
    await Promise.all(open.map((cluster) => cluster.close()));
    await (kafka as SecureKafka | undefined)?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const EXPECTED = [0, 1].flatMap((partition) => [1, 2, 3].map((number) => `message ${partition}/${number}`));
  const LOGINS: Readonly<Record<string, () => Readonly<Record<string, string>>>> = {
    'PLAIN over TLS': () => plain('maria'),
    'SCRAM-SHA-256 over TLS': () => scram('SCRAM-SHA-256'),
    'SCRAM-SHA-512 over TLS': () => scram('SCRAM-SHA-512'),
    'OAUTHBEARER over TLS': () => oauth(OAUTH.clientSecret),
    'a client certificate, as PEM': () => ({
      ...byCertificate(),
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': kafka.client.both,
    }),
    'a client certificate, in files of its own': () => ({
      ...byCertificate(),
      'ssl.certificate.location': kafka.client.certificate,
      'ssl.key.location': kafka.client.key,
    }),
    'a client certificate, as PKCS #12': () => ({
      ...byCertificate(),
      'ssl.keystore.type': 'PKCS12',
      'ssl.keystore.location': kafka.client.keystore,
      'ssl.keystore.password': KEYSTORE_PASSWORD,
    }),
  };
  for (const [name, values] of Object.entries(LOGINS)) {
    it(`reads from both brokers in the terminal by ${name}`, async () => {
      const path = properties(values());
      const read = ['read', TOPIC, '--connection', path];
      const { messages } = await cliJson<{ messages: readonly Message[] }>(home, ...read);
      assert.deepEqual(messages.map(({ value }) => value).toSorted(), EXPECTED);
      const { topics } = await cliJson<{ topics: readonly { name: string; messages: number }[] }>(
        home,
        'topics',
        '--connection',
        path,
      );
      // Not the one without a right to it.
      assert.deepEqual(
        topics.map((one) => one.name),
        [TOPIC],
      );
    });
  }

  it('says in words what is wrong, and where', async () => {
    const stranger = createAuthority(folder, 'stranger');
    assert.equal(await codeOf(plain('maria', 'wrong')), 'login-refused');
    assert.equal(await codeOf(oauth('wrong')), 'login-refused');
    assert.equal(
      await codeOf({ ...plain('maria'), 'ssl.truststore.location': stranger.certificate }),
      'untrusted-certificate',
    );
    assert.equal(await codeOf(byCertificate()), 'certificate-refused');
    assert.equal(
      await codeOf({ ...plain('maria'), 'bootstrap.servers': kafka.addresses.loginPlaintext.join(',') }),
      'no-tls',
    );
    const other = kafka.addresses.login.map((address) => address.replace('127.0.0.1', 'localhost'));
    assert.equal(await codeOf({ ...plain('maria'), 'bootstrap.servers': other.join(',') }), 'other-name');
    assert.equal(
      await codeOf({ 'bootstrap.servers': kafka.addresses.login.join(',') }),
      'broker-unreachable',
    );
    assert.equal(
      await codeOf({ ...plain('maria'), 'ssl.truststore.location': join(folder, 'nowhere.pem') }),
      'no-such-file',
    );
    assert.equal(
      await codeOf({
        ...byCertificate(),
        'ssl.keystore.type': 'PKCS12',
        'ssl.keystore.location': kafka.client.keystore,
        'ssl.keystore.password': 'wrong',
      }),
      'bad-certificate',
    );
  });

  it('takes any name in the certificate when it is told to', async () => {
    const other = kafka.addresses.login.map((address) => address.replace('127.0.0.1', 'localhost'));
    const cluster = await clusterOf({
      ...plain('maria'),
      'bootstrap.servers': other.join(','),
      'ssl.endpoint.identification.algorithm': '',
    });
    assert.deepEqual(
      (await (await cluster.broker()).topics()).map(({ name }) => name),
      [TOPIC],
    );
  });

  it('names a right that is missing', async () => {
    const cluster = await clusterOf(plain('maria'));
    const admin = await cluster.topicAdmin();
    assert.equal(
      (await failure(admin.create('finance-new', { partitions: 1, configs: {} }))).code,
      'not-allowed',
    );
    const nobody = await clusterOf(plain('bruno'));
    const broker = await nobody.broker();
    assert.deepEqual(
      (await broker.topics()).map(({ name }) => name),
      [INBOX],
    );
    const [sent] = await sendMessages(nobody, [{ topic: INBOX, value: 'from one who may only write' }]);
    assert.deepEqual(sent, { topic: INBOX, partition: 0, offset: '0' });
    const producer = await broker.producer();
    const refused = await failure(producer.send(TOPIC, [{ key: null, value: Buffer.from('x') }]));
    assert.equal(refused.code, 'not-allowed');
    await producer.close();
  });

  it('writes nothing through a read-only connection', async () => {
    const cluster = readOnly(await clusterOf(plain('admin')), 'Production', 'id-1');
    const admin = await cluster.topicAdmin();
    const broker = await cluster.broker();
    for (const work of [
      () => admin.create('team-new', { partitions: 1, configs: {} }),
      () => admin.purge(TOPIC),
      () => admin.remove(TOPIC),
      () => admin.configure(TOPIC, { set: { 'retention.ms': '1' }, unset: [] }),
      () => admin.commit('group', TOPIC, []),
      () => broker.producer(),
      () => broker.ensureTopic('team-new', 1),
    ]) {
      const { code, message } = await failure(work());
      assert.equal(code, 'read-only');
      assert.match(message, /Production/);
    }
    const topics = await broker.topics();
    assert.deepEqual(
      topics.map(({ name, messages }) => [name, messages]),
      [
        [FORBIDDEN, 0],
        [INBOX, 1],
        [TOPIC, 6],
      ],
    );
  });

  it('writes, and looks after topics and groups, by a login that may', async () => {
    const cluster = await clusterOf(plain('admin'));
    const admin = await cluster.topicAdmin();
    await admin.create('team-made', { partitions: 3, configs: { 'retention.ms': '86400000' } });
    const producer = await (await cluster.broker()).producer();
    await producer.send('team-made', [{ key: null, value: Buffer.from('by a login') }]);
    await producer.close();
    const detail = await admin.describe('team-made');
    assert.equal(detail.partitions.length, 3);
    // Replicas lie on both brokers, whose sizes only they can tell.
    assert.deepEqual([...new Set(detail.partitions.map(({ leader }) => leader))].toSorted(), [1, 2]);
    assert.ok(detail.partitions.every(({ bytes }) => bytes !== null));
    assert.equal(await admin.purge('team-made'), '1');
    await admin.remove('team-made');
  });

  it('is followed by the thread of a viewer, over new logins and a broker that went and came back', async () => {
    const imported = await readClientProperties(properties(oauth(OAUTH.clientSecret)));
    const { peer, close } = openTopicPeer(TOPIC, accessOf(imported));
    const producer = bare.producer();
    await producer.connect();
    const send = (partition: number, value: string): Promise<unknown> =>
      producer.send({ topic: TOPIC, messages: [{ partition, value }] });
    /** That a message sent now is read. */
    const reads = async (partition: number, value: string): Promise<void> => {
      await until(`${value} is sent`, () =>
        send(partition, value).then(
          () => true,
          () => undefined,
        ),
      );
      await until(`${value} is read`, async () => {
        const { lines } = await peer.call('rows', { end: 100_000, from: 0, count: 200, fields: [] });
        return lines.some((line) => line.preview?.includes(value)) || undefined;
      });
    };
    try {
      await peer.call('read', {
        keep: 'all',
        start: { from: 'end' },
        end: { until: 'forever' },
        limits: { records: 1000, bytes: 1_000_000 },
        filter: {},
      });
      const began = Date.now();
      await until('it follows', async () => (await peer.call('state', null)).phase === 'live' || undefined);
      // A broker closes the connection of a login that is older.
      let ticks = 0;
      while (Date.now() - began < LOGIN_HOLDS_MS + 2000) await reads(1, `tick ${++ticks}`);
      assert.ok(ticks > 10, `${ticks}`);
      await kafka.kill(2);
      await reads(0, 'while one is away');
      const { failure: told } = await until('it says that one is away', async () => {
        const now = await peer.call('state', null);
        return now.failure?.code === 'no-leader' ? now : undefined;
      });
      assert.match(told?.message ?? '', /: 1\./);
      const path = properties(plain('admin'));
      const { partitions } = await cliJson<TopicDetail>(home, 'topic', 'show', TOPIC, '--connection', path);
      assert.deepEqual(
        partitions.map(({ leader }) => leader),
        [1, null],
      );
      // A reading that is to be whole does not leave a partition out.
      const { code, stderr } = await cli(home, 'read', TOPIC, '--connection', path);
      assert.equal(code, 1);
      assert.match(stderr, /no-leader/);
      await kafka.restart(2);
      await reads(1, 'when it is back');
    } finally {
      close();
      await producer.disconnect();
    }
  });

  describe('a registry behind a login', () => {
    let proxy: Server;
    let registryUrl: string;
    let behind: string;
    let authorization: string;

    before(async () => {
      const { endpoints } = await cliJson<SandboxStatus>(home, 'status');
      assert.ok(endpoints);
      behind = endpoints.registryUrl;
      const server = kafka.authority.sign('registry');
      // The real registry, with a login before it.
      proxy = createHttpsServer(
        { cert: readFileSync(server.certificate), key: readFileSync(server.key) },
        (request, response) => {
          if (request.headers.authorization !== authorization) {
            response.writeHead(401).end('{"error_code":401,"message":"Unauthorized"}');
            return;
          }
          const { authorization: _, ...headers } = request.headers;
          const onward = httpRequest(
            behind + (request.url ?? ''),
            { method: request.method, headers },
            (answer) => {
              response.writeHead(answer.statusCode ?? 500, answer.headers);
              answer.pipe(response);
            },
          );
          request.pipe(onward);
        },
      ).listen(0, '127.0.0.1');
      await once(proxy, 'listening');
      const address = proxy.address();
      registryUrl = `https://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    });
    after(() => {
      proxy.close();
      proxy.closeAllConnections();
    });
    const registryTls = (): Record<string, string> => ({
      'schema.registry.ssl.truststore.type': 'PEM',
      'schema.registry.ssl.truststore.location': kafka.authority.certificate,
    });

    it('is reached with a user and a password, a token, or OAuth', async () => {
      const subject = `connections-${process.pid}-value`;
      const basic = { 'basic.auth.credentials.source': 'USER_INFO', 'basic.auth.user.info': 'key:se:cret' };
      const token = { 'bearer.auth.credentials.source': 'STATIC_TOKEN', 'bearer.auth.token': 'tok-en' };
      authorization = `Basic ${Buffer.from('key:se:cret').toString('base64')}`;
      const values = { ...plain('maria'), 'schema.registry.url': registryUrl, ...registryTls() };
      const registry = await (await clusterOf({ ...values, ...basic })).registry();
      const id = await registry.register(subject, 'AVRO', '"string"');
      authorization = 'Bearer tok-en';
      const byToken = await (await clusterOf({ ...values, ...token })).registry();
      assert.equal((await byToken.schema(id))?.schema, '"string"');
      const wrong = await (await clusterOf({ ...values, ...token, 'bearer.auth.token': 'x' })).registry();
      assert.equal((await failure(wrong.subjects())).code, 'login-refused');
      const untrusting = { ...plain('maria'), 'schema.registry.url': registryUrl };
      const stranger = await (await clusterOf({ ...untrusting, ...token })).registry();
      assert.equal((await failure(stranger.subjects())).code, 'untrusted-certificate');
      await byToken.deleteSubject(subject, true);
    });

    it('tells of a connection before it is saved, part by part', async () => {
      authorization = 'Bearer tok-en';
      const values = {
        ...plain('maria'),
        'schema.registry.url': registryUrl,
        'bearer.auth.token': 'tok-en',
        ...registryTls(),
      };
      const told = async (change: Readonly<Record<string, string>>) => {
        const imported = await readClientProperties(properties({ ...values, ...change }));
        return (await testConnection(accessOf(imported))).map(({ part, good }) => `${part} ${good}`);
      };
      assert.deepEqual(await told({}), ['kafka true', 'registry true']);
      assert.deepEqual(await told({ 'bearer.auth.token': 'x' }), ['kafka true', 'registry false']);
      assert.deepEqual(await told(plain('maria', 'x')), ['kafka false', 'registry true']);
    });
  });

  it('refuses a verb of the sandbox with a connection, instead of passing it over', async () => {
    const { code, stderr } = await cli(home, 'status', '--connection', properties(plain('maria')));
    assert.equal(code, 1);
    assert.match(stderr, /sandbox-only/);
  });
});

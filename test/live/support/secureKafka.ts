/**
 * Two real brokers as a company runs them: TLS with a certificate of its own authority, each kind of login on one
 * listener, client certificates on another, and rights. They are the sandbox's own Kafka with other settings.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer as createHttpServer, type Server } from 'node:http';
import { installedFor } from '../../../src/adapters/embedded/installed.ts';
import { classPath, javaOptions, logSettings } from '../../../src/adapters/embedded/parts/java.ts';
import { createAuthority, KEYSTORE_PASSWORD, type Authority, type Certificate } from './certificates.ts';
import { until } from './until.ts';

/** User → password, for PLAIN and SCRAM. `admin` may do everything, `maria` may read and write `team-*`, `bruno` nothing. */
export const USERS = { admin: 'admin-Geheim7', maria: 'maria;ç=secret 1', bruno: 'bruno-secret' } as const;

export const OAUTH = { clientId: 'maria', clientSecret: 'oauth-secret-42' } as const;

/** A broker closes the connection of an older login. */
export const LOGIN_HOLDS_MS = 13_000;

export interface SecureKafka {
  readonly authority: Authority;
  /** Signed by the authority for `maria`. */
  readonly client: Certificate;
  /** `host:port` of both brokers, by listener. */
  readonly addresses: Readonly<Record<Listener, readonly string[]>>;
  /** Where {@link OAUTH} gets tokens: a small server of the tests, which holds no users but this one. */
  readonly tokenUrl: string;
  /** How often a token was asked for. */
  tokensGiven(): number;
  /** Ends one broker as a failing machine does, and starts it again. */
  kill(broker: number): Promise<void>;
  restart(broker: number): Promise<void>;
  stop(): Promise<void>;
}

type Listener = 'plaintext' | 'login' | 'loginPlaintext' | 'certificate';
const LISTENERS: readonly Listener[] = ['plaintext', 'login', 'loginPlaintext', 'certificate'];
const NAMES: Readonly<Record<Listener, string>> = {
  plaintext: 'INTERNAL',
  login: 'LOGIN',
  loginPlaintext: 'LOGINPLAIN',
  certificate: 'CERTIFICATE',
};
const PROTOCOLS: Readonly<Record<Listener, string>> = {
  plaintext: 'PLAINTEXT',
  login: 'SASL_SSL',
  loginPlaintext: 'SASL_PLAINTEXT',
  certificate: 'SSL',
};

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  return Promise.all(
    servers.map(async (server) => {
      const address = server.address();
      server.close();
      await once(server, 'close');
      return typeof address === 'object' && address ? address.port : 0;
    }),
  );
}

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
/** A properties file holds Latin-1; everything else is written as an escape. */
const escaped = (text: string): string =>
  text
    .replace(/\\/g, '\\\\')
    .replace(/[^\x20-\x7e]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);

function settings(
  id: number,
  ports: ReadonlyMap<string, number>,
  files: { readonly data: string; readonly server: Certificate; readonly authority: Authority },
): string {
  const port = (node: number, what: string): number => ports.get(`${node}.${what}`) ?? 0;
  const listening = LISTENERS.map((one) => `${NAMES[one]}://127.0.0.1:${port(id, one)}`).join(',');
  const plainUsers = Object.entries(USERS).map(([user, password]) => `user_${user}=${quoted(password)}`);
  const module = 'org.apache.kafka.common.security';
  const jaas: Readonly<Record<string, string>> = {
    plain: `${module}.plain.PlainLoginModule required ${plainUsers.join(' ')};`,
    'scram-sha-256': `${module}.scram.ScramLoginModule required;`,
    'scram-sha-512': `${module}.scram.ScramLoginModule required;`,
    oauthbearer: `${module}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";`,
  };
  const logins = ['login', 'loginPlaintext'] as const;
  const values: readonly (readonly [string, string | number | boolean])[] = [
    ['process.roles', 'broker,controller'],
    ['node.id', id],
    ['controller.quorum.voters', `1@127.0.0.1:${port(1, 'controller')}`],
    ['listeners', `${listening}${id === 1 ? `,CONTROLLER://127.0.0.1:${port(1, 'controller')}` : ''}`],
    ['advertised.listeners', listening],
    ['controller.listener.names', 'CONTROLLER'],
    ['inter.broker.listener.name', NAMES.plaintext],
    [
      'listener.security.protocol.map',
      ['CONTROLLER:PLAINTEXT', ...LISTENERS.map((one) => `${NAMES[one]}:${PROTOCOLS[one]}`)].join(','),
    ],
    ['log.dirs', files.data],
    ['num.partitions', 2],
    ['auto.create.topics.enable', false],
    ['offsets.topic.replication.factor', 1],
    ['offsets.topic.num.partitions', 2],
    ['transaction.state.log.replication.factor', 1],
    ['transaction.state.log.min.isr', 1],
    ['transaction.state.log.num.partitions', 1],
    ['group.initial.rebalance.delay.ms', 0],
    ['broker.session.timeout.ms', 3000],
    ['broker.heartbeat.interval.ms', 500],
    ['log.cleaner.dedupe.buffer.size', 4_194_304],
    // Who logged in must do so again, as where tokens expire; kafkajs does it 10 s before.
    ['connections.max.reauth.ms', LOGIN_HOLDS_MS],
    ['sasl.enabled.mechanisms', 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER'],
    ...logins.flatMap((one) =>
      Object.entries(jaas).map(
        ([mechanism, value]) =>
          [`listener.name.${NAMES[one].toLowerCase()}.${mechanism}.sasl.jaas.config`, value] as const,
      ),
    ),
    ['ssl.keystore.type', 'PEM'],
    ['ssl.keystore.location', files.server.both],
    ['ssl.truststore.type', 'PEM'],
    ['ssl.truststore.location', files.authority.certificate],
    [`listener.name.${NAMES.certificate.toLowerCase()}.ssl.client.auth`, 'required'],
    ['ssl.principal.mapping.rules', 'RULE:^CN=(.*?)$/$1/,DEFAULT'],
    ['authorizer.class.name', 'org.apache.kafka.metadata.authorizer.StandardAuthorizer'],
    ['super.users', 'User:ANONYMOUS;User:admin'],
  ];
  const ours = id === 1 ? values : values.filter(([key]) => key !== 'process.roles');
  const roles = id === 1 ? [] : ['process.roles=broker'];
  return `${[...roles, ...ours.map(([key, value]) => `${key}=${escaped(String(value))}`)].join('\n')}\n`;
}

/** Unsigned tokens (RFC 7519, 6), which Kafka takes unless it is told otherwise. */
function tokenServer(): Server & { given: number } {
  const encode = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  const login = Buffer.from(`${OAUTH.clientId}:${OAUTH.clientSecret}`).toString('base64');
  const server = Object.assign(
    createHttpServer((request, response) => {
      request.resume();
      if (request.headers.authorization !== `Basic ${login}`) {
        response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"invalid_client"}');
        return;
      }
      server.given += 1;
      const now = Math.floor(Date.now() / 1000);
      const token = `${encode({ alg: 'none' })}.${encode({ sub: OAUTH.clientId, iat: now, exp: now + 300 })}.`;
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: 300 }));
    }),
    { given: 0 },
  );
  return server;
}

/** `home` is one that was started before: its programs are used, and nothing else of it. */
export async function startSecureKafka(home: string, folder: string): Promise<SecureKafka> {
  const installed = installedFor(home);
  if (!installed) throw new Error(`no sandbox was started in ${home}`);
  const authority = createAuthority(folder, 'authority');
  const server = authority.sign('broker');
  const client = authority.sign('maria');
  const names = [...LISTENERS.flatMap((one) => [`1.${one}`, `2.${one}`]), '1.controller'];
  const found = await freePorts(names.length);
  const ports = new Map(names.map((name, index) => [name, found[index] ?? 0] as const));

  const java = (main: string, ...args: string[]): [string, string[]] => [
    installed.java.java,
    [
      ...javaOptions(installed.java, 192),
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      logSettings('kafka'),
      ...['-cp', classPath(installed.kafka), main, ...args],
    ],
  ];
  const config = (id: number): string => join(folder, `broker${id}.properties`);
  const logOf = (id: number): string => join(folder, `broker${id}.log`);
  const scram = Object.entries(USERS).flatMap(([name, password]) =>
    ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
      '--add-scram',
      `${mechanism}=[name=${name},password=${password}]`,
    ]),
  );
  const format = async (id: number): Promise<void> => {
    writeFileSync(config(id), settings(id, ports, { data: join(folder, `data${id}`), server, authority }));
    const [command, args] = java(
      'kafka.tools.StorageTool',
      ...['format', '-t', 'A1b2C3d4E5f6G7h8I9j0KQ', '-c', config(id)],
      // The first to start brings the users.
      ...(id === 1 ? scram : []),
    );
    const out = openSync(logOf(id), 'a');
    const env = { ...process.env, LC_ALL: 'C.UTF-8' };
    const [code] = (await once(spawn(command, args, { stdio: ['ignore', out, out], env }), 'exit')) as [
      number,
    ];
    if (code !== 0) throw new Error(`format of broker ${id}: ${readFileSync(logOf(id), 'utf8')}`);
  };
  const running = new Map<number, ChildProcess>();
  const start = async (id: number): Promise<void> => {
    const before = readFileSync(logOf(id), 'utf8').length;
    const out = openSync(logOf(id), 'a');
    const [command, args] = java('kafka.Kafka', config(id));
    const child = spawn(command, args, { stdio: ['ignore', out, out] });
    running.set(id, child);
    await until(
      `broker ${id} runs`,
      () => {
        const log = readFileSync(logOf(id), 'utf8').slice(before);
        if (child.exitCode !== null) throw new Error(`broker ${id} ended: ${log.slice(-3000)}`);
        return log.includes('Kafka Server started') || undefined;
      },
      120_000,
    );
  };
  const kill = async (id: number, signal: NodeJS.Signals): Promise<void> => {
    const child = running.get(id);
    running.delete(id);
    if (!child || child.exitCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  };

  const tokens = tokenServer();
  tokens.listen(0, '127.0.0.1');
  await once(tokens, 'listening');
  const stop = async (): Promise<void> => {
    tokens.close();
    tokens.closeAllConnections();
    await Promise.all([kill(2, 'SIGKILL'), kill(1, 'SIGKILL')]);
  };
  try {
    await Promise.all([format(1), format(2)]);
    await Promise.all([start(1), start(2)]);
  } catch (error) {
    await stop();
    throw error;
  }
  const address = tokens.address();
  const both = (one: Listener): readonly string[] =>
    [1, 2].map((id) => `127.0.0.1:${ports.get(`${id}.${one}`)}`);
  return {
    authority,
    client,
    addresses: {
      plaintext: both('plaintext'),
      login: both('login'),
      loginPlaintext: both('loginPlaintext'),
      certificate: both('certificate'),
    },
    tokenUrl: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/token`,
    tokensGiven: () => tokens.given,
    kill: (broker) => kill(broker, 'SIGKILL'),
    restart: start,
    stop,
  };
}

export { KEYSTORE_PASSWORD };

/**
 * A connection to the brokers below kafkajs' consumer: a consumer always joins a group, which takes time and stays
 * behind on the broker, and cannot read given ranges. The parts of kafkajs used for it are not in its public types;
 * its version is pinned and kafkajs.d.ts declares them.
 */
import { Kafka, type SASLOptions } from 'kafkajs';
import Cluster from 'kafkajs/src/cluster/index.js';
import createSocketFactory from 'kafkajs/src/network/socketFactory.js';
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import type { ConnectionOptions } from 'node:tls';
import type { ClusterAccess, SaslAccess, TlsAccess } from '../core/access.ts';
import { isUserError, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { nextStep } from './connectionName.ts';
import { seeLeaderless } from './kafkaMetadata.ts';
import { createTokens, tokenHttp } from './oauthTokens.ts';
import { tlsFailure, tlsOptions } from './tlsOptions.ts';

export const CLIENT_ID = 'orders-lakehouse';
export type Connection = InstanceType<typeof Cluster>;

/** For what a person waits for: gives up within seconds. */
const IMPATIENT = { retries: 2, initialRetryTime: 100, maxRetryTime: 500 };
/** For sending: about 20 s, long enough for a broker that comes back. */
const PATIENT = { retries: 12, initialRetryTime: 200, maxRetryTime: 2000 };
const CHECK_PENDING_MS = 10;

/** As it is, the queue sets a timer after every check, 100 times a second, also when nothing waits. */
function quietIdleLoop(): void {
  RequestQueue.prototype.scheduleCheckPendingRequests = function schedule(): void {
    const throttledMs = this.throttledUntil - Date.now();
    if (this.throttleCheckTimeoutId || (this.pending.length === 0 && throttledMs <= 0)) return;
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      throttledMs > 0 ? throttledMs : CHECK_PENDING_MS,
    );
  };
}

/** What kafkajs takes of an access; made once for all connections of a client. */
export interface Prepared {
  readonly brokers: string[];
  readonly ssl?: ConnectionOptions;
  readonly sasl?: SASLOptions;
  readonly access: ClusterAccess;
}

/** Throws UserError for files of certificates that cannot be used. */
export async function prepare(access: ClusterAccess): Promise<Prepared> {
  const { bootstrap, tls, sasl } = access.kafka;
  return {
    brokers: [...bootstrap],
    ...(tls ? { ssl: await tlsOptions(tls) } : {}),
    ...(sasl ? { sasl: saslOptions(sasl, tls) } : {}),
    access,
  };
}

function saslOptions(sasl: SaslAccess, tls: TlsAccess | null): SASLOptions {
  switch (sasl.mechanism) {
    case 'PLAIN':
      return { mechanism: 'plain', username: sasl.username, password: sasl.password };
    case 'SCRAM-SHA-256':
      return { mechanism: 'scram-sha-256', username: sasl.username, password: sasl.password };
    case 'SCRAM-SHA-512':
      return { mechanism: 'scram-sha-512', username: sasl.username, password: sasl.password };
    case 'OAUTHBEARER': {
      const held = createTokens(sasl, { http: tokenHttp(tls) });
      return {
        mechanism: 'oauthbearer',
        oauthBearerProvider: async () => ({ value: await held.token(), extensions: sasl.extensions }),
      };
    }
  }
}

/** A login takes several exchanges, over distances; a sandbox is next door. */
const timeoutOf = ({ access }: Prepared): number => (access.connection ? 10_000 : 2000);

export function createKafka(prepared: Prepared, patience: 'impatient' | 'patient'): Kafka {
  quietIdleLoop();
  seeLeaderless();
  const { brokers, ssl, sasl } = prepared;
  return new Kafka({
    clientId: CLIENT_ID,
    brokers,
    ...(ssl ? { ssl } : {}),
    ...(sasl ? { sasl } : {}),
    connectionTimeout: timeoutOf(prepared),
    requestTimeout: 15_000,
    retry: patience === 'patient' ? PATIENT : IMPATIENT,
    // What matters reaches the caller as an error; the rest is noise of retries.
    logCreator: () => () => undefined,
  });
}

/** Connected, but knows no topics yet. */
export async function connect(prepared: Prepared): Promise<Connection> {
  const { brokers, ssl, sasl } = prepared;
  const connection = new Cluster({
    logger: createKafka(prepared, 'impatient').logger(),
    socketFactory: createSocketFactory(),
    brokers,
    ...(ssl ? { ssl } : {}),
    ...(sasl ? { sasl } : {}),
    clientId: CLIENT_ID,
    connectionTimeout: timeoutOf(prepared),
    requestTimeout: 15_000,
    enforceRequestTimeout: true,
    metadataMaxAge: 60_000,
    allowAutoTopicCreation: false,
    retry: IMPATIENT,
  });
  await connection.connect();
  return connection;
}

/** What the protocol names a right that is missing. */
const NOT_ALLOWED = /^(TOPIC|GROUP|CLUSTER|TRANSACTIONAL_ID)_AUTHORIZATION_FAILED$/;

/** Undefined when it names no missing right. */
export function notAllowed(type: string, cause: unknown): UserError | undefined {
  if (!NOT_ALLOWED.test(type)) return undefined;
  return new UserError('not-allowed', t('Kafka does not allow this login to do that ({0}).', type), {
    hint: t('Whoever looks after the cluster gives the right (an ACL or a role).'),
    cause,
  });
}

/** What the library threw, as what a person can mend where it is that. */
export function asUserError(error: unknown, { kafka, connection }: ClusterAccess): unknown {
  if (!(error instanceof Error) || isUserError(error)) return error;
  const innermost = innermostOf(error);
  if (isUserError(innermost)) return innermost;
  const at = kafka.bootstrap.join(', ');
  const next = { ...nextStep(connection), cause: error };
  const type = 'type' in innermost ? String(innermost.type) : '';
  if (type === 'UNKNOWN_TOPIC_OR_PARTITION') {
    return new UserError('unknown-topic', t('There is no such topic.'), { cause: error });
  }
  const forbidden = notAllowed(type, error);
  if (forbidden) return forbidden;
  const { name, message } = innermost;
  if (name === 'KafkaJSSASLAuthenticationError' || /^SASL_|UNSUPPORTED_SASL/.test(type)) {
    return new UserError('login-refused', t('Kafka refused the login at {0}: {1}', at, message), next);
  }
  const tls = kafka.tls ? tlsFailure(innermost, at) : undefined;
  if (tls) return tls;
  if (/^KafkaJS(Connection|ConnectionClosed|RequestTimeout|NoBrokerAvailable|BrokerNotFound)/.test(name)) {
    const { code } = innermost as NodeJS.ErrnoException;
    const why = connection && code !== undefined ? ` (${code})` : '';
    return new UserError('broker-unreachable', `${t('Kafka does not answer at {0}.', at)}${why}`, next);
  }
  return error;
}

/** Retries wrap what went wrong. */
export function innermostOf(error: Error): Error {
  return error.cause instanceof Error && error.name.startsWith('KafkaJS') ? innermostOf(error.cause) : error;
}

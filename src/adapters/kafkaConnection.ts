/**
 * A connection to the brokers below kafkajs' consumer: a consumer always joins a group, which takes time and stays
 * behind on the broker, and cannot read given ranges. The parts of kafkajs used for it are not in its public types;
 * its version is pinned and kafkajs.d.ts declares them.
 */
import { Kafka } from 'kafkajs';
import Cluster from 'kafkajs/src/cluster/index.js';
import createSocketFactory from 'kafkajs/src/network/socketFactory.js';
import RequestQueue from 'kafkajs/src/network/requestQueue/index.js';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';

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

export function createKafka(bootstrap: string, patience: 'impatient' | 'patient'): Kafka {
  quietIdleLoop();
  return new Kafka({
    clientId: CLIENT_ID,
    brokers: [bootstrap],
    connectionTimeout: 2000,
    requestTimeout: 15_000,
    retry: patience === 'patient' ? PATIENT : IMPATIENT,
    // What matters reaches the caller as an error; the rest is noise of retries.
    logCreator: () => () => undefined,
  });
}

/** Connected, but knows no topics yet. */
export async function connect(bootstrap: string): Promise<Connection> {
  const connection = new Cluster({
    logger: createKafka(bootstrap, 'impatient').logger(),
    socketFactory: createSocketFactory(),
    brokers: [bootstrap],
    clientId: CLIENT_ID,
    connectionTimeout: 2000,
    requestTimeout: 15_000,
    enforceRequestTimeout: true,
    metadataMaxAge: 60_000,
    allowAutoTopicCreation: false,
    retry: IMPATIENT,
  });
  await connection.connect();
  return connection;
}

/** What the library threw, as what a person can mend where it is that. */
export function asUserError(error: unknown, bootstrap: string): unknown {
  if (!(error instanceof Error)) return error;
  const innermost = innermostOf(error);
  if ('type' in innermost && innermost.type === 'UNKNOWN_TOPIC_OR_PARTITION') {
    return new UserError('unknown-topic', t('There is no such topic.'), { cause: error });
  }
  const name = innermost.name;
  if (/^KafkaJS(Connection|ConnectionClosed|RequestTimeout|NoBrokerAvailable|BrokerNotFound)/.test(name)) {
    return new UserError('broker-unreachable', t('Kafka does not answer at {0}.', bootstrap), {
      hint: t('See how the sandbox is: orders-lakehouse status'),
      cause: error,
    });
  }
  return error;
}

/** Retries wrap what went wrong. */
export function innermostOf(error: Error): Error {
  return error.cause instanceof Error && error.name.startsWith('KafkaJS') ? innermostOf(error.cause) : error;
}

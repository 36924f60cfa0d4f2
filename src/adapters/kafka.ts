/** The broker, by kafkajs. */
import { ConfigResourceTypes, Partitioners, type Admin } from 'kafkajs';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { Broker, Producer } from '../core/ports.ts';
import type { RawMessage, ReadStart, Topic } from '../core/topics.ts';
import { asUserError, connect, createKafka, type Connection } from './kafkaConnection.ts';
import {
  createLookUp,
  EARLIEST,
  fetchRanges,
  LATEST,
  offsetsAt,
  type Leaders,
  type Range,
} from './kafkaReader.ts';

/** What a broker takes when it says nothing. */
const DEFAULT_BATCH_BYTES = 1_048_588;

const asBuffer = (bytes: Uint8Array | null): Buffer | null =>
  bytes === null || Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes);

async function createProducer(bootstrap: string): Promise<Producer> {
  const producer = createKafka(bootstrap, 'patient').producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  let failure: UserError | undefined;
  return {
    send: async (topic, messages) => {
      // After a failure the numbers by which the broker knows repeats are no longer certain.
      if (failure) throw failure;
      try {
        await producer.send({
          topic,
          acks: -1,
          messages: messages.map(({ key, value, headers }) => ({
            key: asBuffer(key),
            value: asBuffer(value),
            ...(headers ? { headers } : {}),
          })),
        });
      } catch (error) {
        failure = new UserError('not-acknowledged', t('Kafka did not acknowledge the last messages.'), {
          hint: t('See how the sandbox is: orders-lakehouse status'),
          cause: error,
        });
        throw failure;
      }
    },
    close: () => producer.disconnect(),
  };
}

/** Throws UserError `broker-unreachable` within seconds when nothing answers. */
export async function createBroker(bootstrap: string): Promise<Broker> {
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw asUserError(error, bootstrap);
    }
  };
  const connection: Connection = await attempt(() => connect(bootstrap));
  let admin: Promise<Admin> | undefined;
  const withAdmin = <T>(work: (admin: Admin) => Promise<T>): Promise<T> =>
    attempt(async () => {
      admin ??= (async () => {
        const made = createKafka(bootstrap, 'impatient').admin();
        await made.connect();
        return made;
      })();
      admin.catch(() => {
        admin = undefined;
      });
      return work(await admin);
    });

  const findTopics = createLookUp(connection);
  const lookUp = async (topics: readonly string[]): Promise<ReadonlyMap<string, Leaders>> => {
    try {
      return await findTopics(topics);
    } catch (error) {
      const found = asUserError(error, bootstrap);
      if (!(found instanceof UserError && found.code === 'unknown-topic')) throw found;
      throw new UserError('unknown-topic', t('There is no topic {0}.', topics.join(', ')), {
        hint: t('See the topics there are: orders-lakehouse topics'),
        cause: error,
      });
    }
  };

  const describe = async (names: readonly string[]): Promise<readonly Topic[]> => {
    const topics = await lookUp(names);
    const low = await offsetsAt(connection, topics, EARLIEST, { committed: false });
    const high = await offsetsAt(connection, topics, LATEST, { committed: false });
    return names.map((name) => {
      const ends = [...(high.get(name) ?? [])].sort(([a], [b]) => a - b);
      const starts = low.get(name);
      return {
        name,
        partitions: ends.map(([id, end]) => ({
          id,
          low: String(starts?.get(id) ?? 0n),
          high: String(end),
        })),
        messages: Number(ends.reduce((sum, [id, end]) => sum + end - (starts?.get(id) ?? 0n), 0n)),
        internal: name.startsWith('__'),
      };
    });
  };

  const rangesFrom = async (
    topic: string,
    topics: ReadonlyMap<string, Leaders>,
    start: ReadStart,
  ): Promise<readonly Range[]> => {
    const at = async (timestamp: number): Promise<ReadonlyMap<number, bigint>> =>
      (await offsetsAt(connection, topics, timestamp, { committed: true })).get(topic) ?? new Map();
    const ends = await at(LATEST);
    const lows = await at(EARLIEST);
    const times = start.from === 'time' ? await at(start.timestampMs) : undefined;
    return [...ends].map(([partition, to]) => {
      const low = lows.get(partition) ?? 0n;
      const from = {
        beginning: () => low,
        end: () => to,
        offset: () => (start.from === 'offset' ? BigInt(start.offset) : low),
        time: () => {
          const found = times?.get(partition) ?? -1n;
          return found < 0n ? to : found;
        },
      }[start.from]();
      return { partition, from: from < low ? low : from, to };
    });
  };

  return {
    topics: () =>
      attempt(async () => {
        const names = await withAdmin((client) => client.listTopics());
        return describe(names.sort());
      }),
    topic: (name) =>
      attempt(async () => {
        const [topic] = await describe([name]);
        if (topic) return topic;
        throw new UserError('unknown-topic', t('There is no topic {0}.', name));
      }),
    ensureTopic: (topic, numPartitions) =>
      withAdmin(async (client) => {
        const configEntries = [{ name: 'retention.ms', value: '-1' }];
        await client.createTopics({ topics: [{ topic, numPartitions, configEntries }] });
      }),
    batchLimit: (topic) =>
      withAdmin(async (client) => {
        const { resources } = await client.describeConfigs({
          includeSynonyms: false,
          resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configNames: ['max.message.bytes'] }],
        });
        return Number(resources[0]?.configEntries[0]?.configValue ?? DEFAULT_BATCH_BYTES);
      }),
    producer: () => attempt(() => createProducer(bootstrap)),
    read: async function* (topic, start, signal) {
      try {
        const topics = await lookUp([topic]);
        const ranges = await rangesFrom(topic, topics, start);
        yield* fetchRanges(connection, topic, topics.get(topic) ?? new Map(), ranges, signal);
      } catch (error) {
        throw asUserError(error, bootstrap);
      }
    },
    readRanges: (topic, ranges, signal) =>
      attempt(async () => {
        const topics = await lookUp([topic]);
        const ends = (await offsetsAt(connection, topics, LATEST, { committed: true })).get(topic);
        const reachable = ranges.map(({ partition, from, to }) => {
          const end = ends?.get(partition) ?? 0n;
          return { partition, from, to: to < end ? to : end };
        });
        const found: RawMessage[] = [];
        const leaders = topics.get(topic) ?? new Map<number, string>();
        for await (const batch of fetchRanges(connection, topic, leaders, reachable, signal)) {
          found.push(...batch);
        }
        return found;
      }),
    close: async () => {
      const client = await admin?.catch(() => undefined);
      await Promise.all([client?.disconnect(), connection.disconnect()]);
    },
  };
}

/** The broker, by kafkajs. */
import { ConfigResourceTypes, type Admin } from 'kafkajs';
import type { ClusterAccess } from '../core/access.ts';
import { isUserError, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { Broker } from '../core/ports.ts';
import type { Followed, FollowRequest, Topic } from '../core/topics.ts';
import { asUserError, connect, createKafka, prepare, type Connection } from './kafkaConnection.ts';
import { createProducer } from './kafkaProducer.ts';
import {
  createLookUp,
  EARLIEST,
  LATEST,
  offsetsAt,
  follow,
  RANGE_WAIT,
  type Fetched,
  type Leaders,
} from './kafkaReader.ts';

/** What a broker takes when it says nothing. */
const DEFAULT_BATCH_BYTES = 1_048_588;

/** Milliseconds until a broker with nothing new says so. */
const TAIL_WAIT = 500;

/** The first offset of each partition of the newest `count` messages, shared out evenly as far as each has some. */
function newestOf(
  count: number,
  lows: ReadonlyMap<number, bigint>,
  ends: ReadonlyMap<number, bigint>,
): (partition: number) => bigint | undefined {
  const sizes = [...ends]
    .map(([partition, end]) => ({ partition, end, size: end - (lows.get(partition) ?? 0n) }))
    .sort((one, other) => (one.size < other.size ? -1 : 1));
  let left = BigInt(count);
  const first = new Map(
    sizes.map(({ partition, end, size }, index) => {
      const share = (left + BigInt(sizes.length - index - 1)) / BigInt(sizes.length - index);
      const taken = size < share ? size : share;
      left -= taken;
      return [partition, end - taken];
    }),
  );
  return (partition) => first.get(partition);
}

const leaderless = (topic: string, partition: number): UserError =>
  new UserError('no-leader', t('Partition {0} of {1} has no leader now.', partition, topic), {
    hint: t('The broker that led it is away. Its messages can be read when it is back.'),
  });

/** Throws UserError `broker-unreachable` within seconds when nothing answers. */
export async function createBroker(access: ClusterAccess): Promise<Broker> {
  const prepared = await prepare(access);
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw asUserError(error, access);
    }
  };
  const connection: Connection = await attempt(() => connect(prepared));
  let admin: Promise<Admin> | undefined;
  const withAdmin = <T>(work: (admin: Admin) => Promise<T>): Promise<T> =>
    attempt(async () => {
      admin ??= (async () => {
        const made = createKafka(prepared, 'impatient').admin();
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
      const found = asUserError(error, access);
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

  const batchLimit = (topic: string): Promise<number> =>
    withAdmin(async (client) => {
      const { resources } = await client.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configNames: ['max.message.bytes'] }],
      });
      return Number(resources[0]?.configEntries[0]?.configValue ?? DEFAULT_BATCH_BYTES);
    });

  /** Where a reading begins and ends. */
  const spanOf = async (
    topic: string,
    topics: ReadonlyMap<string, Leaders>,
    { start, end, partitions }: FollowRequest,
  ): Promise<{ from: Map<number, bigint>; to: Map<number, bigint>; latest: ReadonlyMap<number, bigint> }> => {
    const at = async (timestamp: number): Promise<ReadonlyMap<number, bigint>> =>
      (await offsetsAt(connection, topics, timestamp, { committed: true })).get(topic) ?? new Map();
    const latest = await at(LATEST);
    const lows = await at(EARLIEST);
    /** The first message that is not older, or the end. */
    const since = async (timestampMs: number): Promise<(partition: number) => bigint | undefined> => {
      const found = await at(timestampMs);
      return (partition) => {
        const offset = found.get(partition) ?? -1n;
        return offset < 0n ? latest.get(partition) : offset;
      };
    };
    type Offset = (partition: number) => bigint | undefined;
    const beginOf = (): Offset | Promise<Offset> => {
      switch (start.from) {
        case 'beginning':
          return () => undefined;
        case 'end':
          return (partition) => latest.get(partition);
        case 'newest':
          return newestOf(start.count, lows, latest);
        case 'offset':
          return () => BigInt(start.offset);
        case 'time':
          return since(start.timestampMs);
        case 'cursors':
          return (partition) => {
            const offset = start.offsets[partition];
            return offset === undefined ? undefined : BigInt(offset);
          };
      }
    };
    const stopOf = (): Offset | Promise<Offset> => {
      switch (end.until) {
        case 'forever':
          return () => undefined;
        case 'now':
          return (partition) => latest.get(partition);
        case 'offset':
          return () => BigInt(end.offset);
        case 'time':
          return since(end.timestampMs);
      }
    };
    const begin = await beginOf();
    const stop = await stopOf();
    const known = [...(topics.get(topic)?.keys() ?? [])];
    const chosen = known.filter((partition) => partitions?.includes(partition) ?? true);
    const from = new Map<number, bigint>();
    const to = new Map<number, bigint>();
    for (const partition of chosen) {
      if (!latest.has(partition)) {
        if (end.until !== 'forever') throw leaderless(topic, partition);
        if (start.from === 'cursors') from.set(partition, begin(partition) ?? 0n);
        continue;
      }
      const low = lows.get(partition) ?? 0n;
      const first = begin(partition) ?? low;
      const high = latest.get(partition) ?? first;
      // Cursors that are out of reach tell what happened to the topic since.
      from.set(partition, start.from === 'cursors' ? first : first < low ? low : first > high ? high : first);
      const last = stop(partition);
      if (last !== undefined) to.set(partition, last);
    }
    return { from, to, latest };
  };

  const followed = async function* (
    topic: string,
    request: FollowRequest,
    signal: AbortSignal,
  ): AsyncGenerator<Followed> {
    const topics = await lookUp([topic]);
    const leadersIn = (found: ReadonlyMap<string, Leaders>): Leaders =>
      found.get(topic) ?? new Map<number, string>();
    const findLeaders = async (): Promise<Leaders> => leadersIn(await lookUp([topic]));
    const { from, to, latest } = await spanOf(topic, topics, request);
    const endOf = (partition: number, ends: ReadonlyMap<number, bigint>): bigint =>
      to.get(partition) ?? ends.get(partition) ?? latest.get(partition) ?? 0n;
    const tail = request.end.until === 'forever';
    const maxWaitMs = tail ? TAIL_WAIT : RANGE_WAIT;
    const leaders = leadersIn(topics);
    const skipsOld = request.start.from === 'end' || request.start.from === 'newest';
    const late = (partition: number): 'beginning' | 'end' | undefined => {
      if (!(request.partitions?.includes(partition) ?? true)) return undefined;
      return skipsOld && leaders.has(partition) ? 'end' : 'beginning';
    };
    const options = { from, leaders, to, late, tail, maxWaitMs };
    const describe = (fetched: Fetched): Followed => {
      let passed = 0n;
      let left = 0n;
      for (const [partition, next] of fetched.next) {
        const first = from.get(partition) ?? 0n;
        if (next > first) passed += next - first;
        const end = endOf(partition, fetched.ends);
        if (end > next) left += end - next;
      }
      return {
        messages: fetched.messages,
        cursors: Object.fromEntries([...fetched.next].map(([partition, next]) => [partition, String(next)])),
        passed: Number(passed),
        left: Number(left),
        lost: Number(fetched.lost),
        leaderless: fetched.leaderless,
      };
    };
    yield describe({ messages: [], next: from, ends: new Map(), lost: 0n, leaderless: [] });
    for await (const fetched of follow(connection, topic, findLeaders, options, signal))
      yield describe(fetched);
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
    batchLimit: async (topic) => {
      try {
        return await batchLimit(topic);
      } catch (error) {
        // Who may write need not be allowed to see settings.
        if (isUserError(error) && error.code === 'not-allowed') return DEFAULT_BATCH_BYTES;
        throw error;
      }
    },
    producer: () => attempt(() => createProducer(prepared)),
    follow: async function* (topic, request, signal) {
      try {
        yield* followed(topic, request, signal);
      } catch (error) {
        throw asUserError(error, access);
      }
    },
    read: async function* (topic, start, signal) {
      try {
        for await (const { messages } of followed(topic, { start, end: { until: 'now' } }, signal)) {
          if (messages.length > 0) yield messages;
        }
      } catch (error) {
        throw asUserError(error, access);
      }
    },
    close: async () => {
      const client = await admin?.catch(() => undefined);
      await Promise.all([client?.disconnect(), connection.disconnect()]);
    },
  };
}

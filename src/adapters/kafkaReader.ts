/** Reads offsets and ranges of offsets from the partitions' leaders. */
import { throwIfCancelled, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { RawMessage } from '../core/topics.ts';
import type { Connection } from './kafkaConnection.ts';
import { fetchOnce, type FetchedPartition } from './kafkaFetch.ts';
import { readRecords } from './recordBatch.ts';

export const EARLIEST = -2;
export const LATEST = -1;
const READ_UNCOMMITTED = 0;
const READ_COMMITTED = 1;
/** Milliseconds. */
export const RANGE_WAIT = 100;
const MOVED_WAIT = 100;
/** Milliseconds between two looks for new partitions. */
const GROWN = 5000;

/** Partition → node that leads it; null while nobody does. */
export type Leaders = ReadonlyMap<number, string | null>;

/** Topic → partition → offset. */
export type Offsets = ReadonlyMap<string, ReadonlyMap<number, bigint>>;

/**
 * Who leads the partitions of topics, asked anew. The connection keeps one list of topics for itself, so look-ups go
 * one after the other, and a topic that is gone does not stay in the way of the next.
 */
export function createLookUp(
  connection: Connection,
): (topics: readonly string[]) => Promise<ReadonlyMap<string, Leaders>> {
  let last: Promise<unknown> = Promise.resolve();
  const lookUp = async (topics: readonly string[]): Promise<ReadonlyMap<string, Leaders>> => {
    if (topics.length === 0) return new Map();
    if (!connection.isConnected()) await connection.connect();
    connection.targetTopics.clear();
    await connection.addMultipleTargetTopics(topics);
    return new Map(
      topics.map((topic) => [
        topic,
        new Map(
          connection
            .findTopicPartitionMetadata(topic)
            .map(({ partitionId, leader }) => [partitionId, leader < 0 ? null : String(leader)]),
        ),
      ]),
    );
  };
  return (topics) => {
    const mine = last.then(
      () => lookUp(topics),
      () => lookUp(topics),
    );
    last = mine;
    return mine;
  };
}

function byLeader(leaders: Leaders, partitions: Iterable<number>): ReadonlyMap<string, readonly number[]> {
  const grouped = new Map<string, number[]>();
  for (const partition of partitions) {
    const leader = leaders.get(partition);
    if (leader !== undefined && leader !== null)
      grouped.set(leader, [...(grouped.get(leader) ?? []), partition]);
  }
  return grouped;
}

/**
 * The offsets of all partitions of topics at a time (milliseconds, {@link EARLIEST} or {@link LATEST}); -1 where no
 * message is that late. With `committed`, the latest is the end of what a reader of committed messages can reach.
 */
export async function offsetsAt(
  connection: Connection,
  topics: ReadonlyMap<string, Leaders>,
  timestamp: number,
  options: { readonly committed: boolean },
): Promise<Offsets> {
  const requests = new Map<string, { topic: string; partitions: readonly number[] }[]>();
  for (const [topic, leaders] of topics) {
    for (const [leader, partitions] of byLeader(leaders, leaders.keys())) {
      requests.set(leader, [...(requests.get(leader) ?? []), { topic, partitions }]);
    }
  }
  const found = new Map<string, Map<number, bigint>>([...topics.keys()].map((topic) => [topic, new Map()]));
  for (const [nodeId, asked] of requests) {
    const broker = await connection.findBroker({ nodeId });
    const { responses } = await broker.listOffsets({
      replicaId: -1,
      isolationLevel: options.committed ? READ_COMMITTED : READ_UNCOMMITTED,
      topics: asked.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map((partition) => ({ partition, timestamp })),
      })),
    });
    for (const { topic, partitions } of responses) {
      for (const { partition, offset } of partitions) found.get(topic)?.set(partition, BigInt(offset));
    }
  }
  return found;
}

/** What came, and where the reading stands. */
export interface Fetched {
  readonly messages: readonly RawMessage[];
  /** Partition → offset that is read next. */
  readonly next: ReadonlyMap<number, bigint>;
  /** Partition → where its committed messages end, as far as the brokers told. */
  readonly ends: ReadonlyMap<number, bigint>;
  /** Messages that were gone before they could be read: offsets that the topic's retention let go. */
  readonly lost: bigint;
  /** Partitions that nobody leads now: their messages come when somebody does. */
  readonly leaderless: readonly number[];
}

export interface FollowOptions {
  /** Partition → where to begin. */
  readonly from: ReadonlyMap<number, bigint>;
  /** Where to begin in one that is not named there, once somebody leads it; undefined: it is not asked for. */
  readonly late: (partition: number) => 'beginning' | 'end' | undefined;
  /** Who leads the partitions now. */
  readonly leaders: Leaders;
  /** Partition → where to stop; a partition without one is followed for ever. */
  readonly to?: ReadonlyMap<number, bigint>;
  /** Looks again and again who leads the partitions, and which there are. */
  readonly tail: boolean;
  /** Milliseconds for which a broker with nothing new waits before it says so. */
  readonly maxWaitMs: number;
}

/**
 * Committed messages from offsets on, for each partition in its order, brokers side by side. While a batch is used the
 * next one is on its way, and no more: who does not ask is not served. Ends when every partition has reached its end.
 * Throws UserError `topic-anew` when the topic ends before what was read: it was deleted and made again, or restored.
 */
export async function* follow(
  connection: Connection,
  topic: string,
  findLeaders: () => Promise<Leaders>,
  options: FollowOptions,
  signal: AbortSignal,
): AsyncGenerator<Fetched> {
  const next = new Map(options.from);
  const ends = new Map<number, bigint>();
  const isDone = (partition: number): boolean => {
    const to = options.to?.get(partition);
    return to !== undefined && (next.get(partition) ?? 0n) >= to;
  };
  const open = new Set([...next.keys()].filter((partition) => !isDone(partition)));
  let { leaders } = options;
  let lost = 0n;
  let lookedAt = Date.now();
  const inFlight = new Map<string, Promise<{ nodeId: string; fetched: readonly FetchedPartition[] }>>();

  const ask = (): void => {
    for (const [nodeId, partitions] of byLeader(leaders, open)) {
      if (inFlight.has(nodeId)) continue;
      const cursors = new Map(partitions.map((partition) => [partition, next.get(partition) ?? 0n]));
      const asked = fetchOnce(connection, nodeId, topic, cursors, options.maxWaitMs).then((fetched) => ({
        nodeId,
        fetched,
      }));
      // Nobody waits for it when the reading was given up meanwhile.
      asked.catch(() => undefined);
      inFlight.set(nodeId, asked);
    }
  };
  const outOfRange = async (partition: number): Promise<void> => {
    const topics = new Map([[topic, leaders]]);
    const low = (await offsetsAt(connection, topics, EARLIEST, { committed: true }))
      .get(topic)
      ?.get(partition);
    const high = (await offsetsAt(connection, topics, LATEST, { committed: true }))
      .get(topic)
      ?.get(partition);
    const at = next.get(partition) ?? 0n;
    if (low !== undefined && at < low) {
      lost += low - at;
      next.set(partition, low);
    } else if (high !== undefined && at > high) {
      throw new UserError('topic-anew', t('The topic {0} was made anew.', topic));
    }
  };

  const endOf = async (partition: number): Promise<bigint> => {
    const topics = new Map([[topic, leaders]]);
    const found = await offsetsAt(connection, topics, LATEST, { committed: true });
    return found.get(topic)?.get(partition) ?? 0n;
  };
  const takeNewPartitions = async (): Promise<void> => {
    lookedAt = Date.now();
    try {
      leaders = await findLeaders();
    } catch {
      // A partition that was just made has no leader yet; what is wrong with the topic itself the next fetch tells.
      return;
    }
    for (const [partition, leader] of leaders) {
      const late = options.late(partition);
      if (next.has(partition) || leader === null || late === undefined) continue;
      next.set(partition, late === 'end' ? await endOf(partition) : 0n);
      open.add(partition);
    }
  };

  const leaderless = (): readonly number[] =>
    [...leaders.keys()].filter(
      (partition) =>
        leaders.get(partition) === null && (open.has(partition) || options.late(partition) !== undefined),
    );
  const isOver = (): boolean => open.size === 0 && !(options.tail && leaderless().length > 0);

  while (!isOver()) {
    throwIfCancelled(signal);
    if (options.tail && Date.now() - lookedAt > GROWN) await takeNewPartitions();
    ask();
    if (inFlight.size === 0) {
      // All that is left waits for a leader.
      yield { messages: [], next: new Map(next), ends: new Map(ends), lost, leaderless: leaderless() };
      await new Promise((resolve) => setTimeout(resolve, options.maxWaitMs));
      continue;
    }
    const { nodeId, fetched } = await Promise.race(inFlight.values());
    inFlight.delete(nodeId);
    throwIfCancelled(signal);
    const messages: RawMessage[] = [];
    let moved = false;
    // One may come empty because others filled the answer; all empty means that nothing is stored up to the end, as
    // compaction may leave it.
    const nothing = fetched.every(({ state, records }) => state === 'ok' && records.length === 0);
    for (const part of [...fetched].sort((one, other) => one.partition - other.partition)) {
      const { partition } = part;
      const at = next.get(partition);
      if (at === undefined || !open.has(partition)) continue;
      if (part.state === 'moved') moved = true;
      else if (part.state === 'out-of-range') await outOfRange(partition);
      else {
        ends.set(partition, part.end);
        const read = readRecords(topic, partition, part.records, at, part.aborted);
        const to = options.to?.get(partition);
        const within = to !== undefined && read.next > to;
        for (const message of read.messages) {
          if (within && BigInt(message.offset) >= to) break;
          messages.push(message);
        }
        next.set(partition, nothing && part.end > at ? part.end : read.next);
      }
      if (isDone(partition)) open.delete(partition);
    }
    if (moved) {
      // A new leader may take a moment.
      await new Promise((resolve) => setTimeout(resolve, MOVED_WAIT));
      leaders = await findLeaders();
    }
    ask();
    yield { messages, next: new Map(next), ends: new Map(ends), lost, leaderless: leaderless() };
  }
}

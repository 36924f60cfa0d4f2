/** Reads offsets and ranges of offsets from the partitions' leaders. */
import Batch, { type FetchedMessage } from 'kafkajs/src/consumer/batch.js';
import { throwIfCancelled } from '../core/errors.ts';
import type { RawMessage } from '../core/topics.ts';
import type { Connection } from './kafkaConnection.ts';

export const EARLIEST = -2;
export const LATEST = -1;
const READ_UNCOMMITTED = 0;
const READ_COMMITTED = 1;
const FETCH_BYTES = 4 * 1024 * 1024;
const PARTITION_BYTES = 1024 * 1024;

/** Offsets [from, to) of a partition. */
export interface Range {
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
}

/** Partition → node that leads it. */
export type Leaders = ReadonlyMap<number, string>;

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
            .map(({ partitionId, leader }) => [partitionId, String(leader)]),
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
    if (leader !== undefined) grouped.set(leader, [...(grouped.get(leader) ?? []), partition]);
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

function toRaw(topic: string, partition: number, message: FetchedMessage): RawMessage {
  const headers = Object.entries(message.headers).flatMap(([name, value]) =>
    [value].flat().map((one) => ({ name, value: one ?? null })),
  );
  return {
    topic,
    partition,
    offset: message.offset,
    timestampMs: Number(message.timestamp),
    key: message.key,
    value: message.value,
    headers,
  };
}

/** Batches of committed messages in ranges that end at or below the last stable offset, partitions interleaved. */
export async function* fetchRanges(
  connection: Connection,
  topic: string,
  leaders: Leaders,
  ranges: readonly Range[],
  signal: AbortSignal,
): AsyncGenerator<readonly RawMessage[]> {
  const open = new Map(
    ranges.filter(({ from, to }) => from < to).map(({ partition, from, to }) => [partition, { from, to }]),
  );
  while (open.size > 0) {
    const asked = byLeader(leaders, open.keys());
    if (asked.size === 0) return;
    for (const [nodeId, partitions] of asked) {
      throwIfCancelled(signal);
      const broker = await connection.findBroker({ nodeId });
      const { responses } = await broker.fetch({
        isolationLevel: READ_COMMITTED,
        maxWaitTime: 100,
        minBytes: 1,
        maxBytes: FETCH_BYTES,
        topics: [
          {
            topic,
            partitions: partitions.map((partition) => ({
              partition,
              fetchOffset: String(open.get(partition)?.from ?? 0n),
              maxBytes: PARTITION_BYTES,
            })),
          },
        ],
      });
      // The request asks in random order.
      const fetched = responses
        .flatMap((response) => response.partitions)
        .sort((one, other) => one.partition - other.partition);
      // A partition may come empty because others filled the answer; all empty means that nothing is left there.
      if (fetched.every(({ messages }) => messages.length === 0)) {
        for (const partition of partitions) open.delete(partition);
      }
      for (const data of fetched) {
        const range = open.get(data.partition);
        if (!range) continue;
        const batch = new Batch(topic, String(range.from), data);
        const messages = batch.messages
          .filter(({ offset }) => BigInt(offset) < range.to)
          .map((message) => toRaw(topic, data.partition, message));
        if (messages.length > 0) yield messages;
        if (!batch.isEmptyIncludingFiltered()) range.from = BigInt(batch.lastOffset()) + 1n;
        else if (data.messages.length > 0) range.from += 1n;
        if (range.from >= range.to) open.delete(data.partition);
      }
    }
  }
}

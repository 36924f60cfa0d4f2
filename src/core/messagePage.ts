/** Pages through a topic, newest messages first. */
import { throwIfCancelled } from './errors.ts';
import type { Broker, MessageDecoder } from './ports.ts';
import type { Message, RawMessage } from './topics.ts';

/** For each partition the offset (int64 as text) below which the next page goes on. */
export type Cursor = Readonly<Record<number, string>>;

export interface MessagePage {
  readonly messages: readonly Message[];
  /** Missing when nothing older is left. */
  readonly next?: Cursor;
}

interface Track {
  readonly partition: number;
  readonly low: bigint;
  /** Everything from here on was fetched; nothing at or above it is left but `newest`. */
  fetchedFrom: bigint;
  /** Offset below which the next page goes on. */
  before: bigint;
  /** Fetched and not yet given, the newest last. */
  readonly newest: RawMessage[];
}

/** Offsets may have gaps (compaction, transaction marks), so ranges grow until each partition has a candidate. */
async function refill(
  broker: Broker,
  topic: string,
  tracks: readonly Track[],
  span: bigint,
  signal: AbortSignal,
): Promise<void> {
  let window = span;
  for (;;) {
    throwIfCancelled(signal);
    const empty = tracks.filter(({ newest, fetchedFrom, low }) => newest.length === 0 && fetchedFrom > low);
    if (empty.length === 0) return;
    const ranges = empty.map(({ partition, low, fetchedFrom }) => ({
      partition,
      from: fetchedFrom - window > low ? fetchedFrom - window : low,
      to: fetchedFrom,
    }));
    const found = await broker.readRanges(topic, ranges, signal);
    empty.forEach((track, index) => {
      track.newest.push(...found.filter(({ partition }) => partition === track.partition));
      track.fetchedFrom = ranges[index]?.from ?? track.fetchedFrom;
    });
    window *= 4n;
  }
}

function takeNewest(tracks: readonly Track[]): RawMessage | undefined {
  let best: Track | undefined;
  for (const track of tracks) {
    const head = track.newest.at(-1);
    const bestHead = best?.newest.at(-1);
    if (head && (!bestHead || head.timestampMs > bestHead.timestampMs)) best = track;
  }
  const message = best?.newest.pop();
  if (best && message) best.before = BigInt(message.offset);
  return message;
}

/**
 * The newest `limit` messages below `before` (all, without it): within a partition by offset, across partitions by
 * timestamp. Throws UserError `unknown-topic`.
 */
export async function newestPage(
  broker: Broker,
  decoder: MessageDecoder,
  topic: string,
  options: { readonly before?: Cursor; readonly limit: number },
  signal: AbortSignal,
): Promise<MessagePage> {
  const { partitions } = await broker.topic(topic);
  const tracks = partitions.map(({ id, low, high }): Track => {
    const before = options.before?.[id] === undefined ? BigInt(high) : BigInt(options.before[id]);
    return { partition: id, low: BigInt(low), fetchedFrom: before, before, newest: [] };
  });
  const raw: RawMessage[] = [];
  while (raw.length < options.limit) {
    await refill(broker, topic, tracks, BigInt(options.limit), signal);
    const message = takeNewest(tracks);
    if (!message) break;
    raw.push(message);
  }
  const messages = await decoder.decode(raw);
  const more = tracks.some(({ newest, fetchedFrom, low }) => newest.length > 0 || fetchedFrom > low);
  return more
    ? {
        messages,
        next: Object.fromEntries(tracks.map(({ partition, before }) => [partition, before.toString()])),
      }
    : { messages };
}

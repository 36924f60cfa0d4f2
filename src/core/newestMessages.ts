/** Reads a topic backwards: so many of its newest messages, taken from all partitions alike. */
import { throwIfCancelled } from './errors.ts';
import type { Broker } from './ports.ts';
import type { RawMessage } from './topics.ts';

const WINDOW = 2_000n;
const MAX_WINDOW = 1_000_000n;

interface Track {
  readonly partition: number;
  readonly low: bigint;
  /** Everything from here on was read. */
  from: bigint;
}

function windowOf(left: number, tracks: number, empty: bigint): bigint {
  const share = BigInt(Math.max(1, Math.ceil(left / tracks)));
  const wanted = share < WINDOW ? share : WINDOW;
  const grown = wanted * empty;
  return grown < MAX_WINDOW ? grown : MAX_WINDOW;
}

/** Batches, the newest first; each partition gives the same share while it lasts. Throws UserError `unknown-topic`. */
export async function* newestMessages(
  broker: Pick<Broker, 'topic' | 'readRanges'>,
  topic: string,
  limit: number,
  signal: AbortSignal,
): AsyncGenerator<readonly RawMessage[]> {
  const { partitions } = await broker.topic(topic);
  const tracks = partitions.map(({ id, low, high }): Track => {
    return { partition: id, low: BigInt(low), from: BigInt(high) };
  });
  let left = limit;
  // Offsets may have gaps, so a range that gave nothing is followed by a longer one.
  let stretch = 1n;
  for (;;) {
    throwIfCancelled(signal);
    const open = tracks.filter(({ from, low }) => from > low);
    if (left <= 0 || open.length === 0) return;
    const window = windowOf(left, open.length, stretch);
    const ranges = open.map((track) => {
      const to = track.from;
      track.from = to - window > track.low ? to - window : track.low;
      return { partition: track.partition, from: track.from, to };
    });
    const found = await broker.readRanges(topic, ranges, signal);
    stretch = found.length === 0 ? stretch * 4n : 1n;
    const newest = found.toSorted((one, other) => other.timestampMs - one.timestampMs).slice(0, left);
    left -= newest.length;
    if (newest.length > 0) yield newest;
  }
}

/** How many messages came when. */
import type { RecordStore } from './recordStore.ts';
import { placeOf, type RecordView } from './view.ts';

export interface Histogram {
  /** Milliseconds since the epoch: where the first bucket begins, and how long each is. */
  readonly from: number;
  readonly width: number;
  /** All messages held, and those that match. */
  readonly all: readonly number[];
  readonly matches: readonly number[];
}

/** Round lengths, so that buckets begin at round times. */
const WIDTHS = [1, 2, 5, 10, 20, 50, 100, 200, 500].concat(
  [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400].map(
    (seconds) => seconds * 1000,
  ),
);
const DAY = 86_400_000;

/** The shortest round length of which at most `buckets` cover the time. */
export function widthOf(span: number, buckets: number): number {
  const least = span / buckets;
  return WIDTHS.find((width) => width >= least) ?? Math.ceil(least / DAY) * DAY;
}

/** Undefined while nothing is held. `buckets` is the most there may be. */
export function histogramOf(store: RecordStore, view: RecordView, buckets: number): Histogram | undefined {
  let from = Infinity;
  let to = -Infinity;
  for (const { timestamps, count } of store.slabs) {
    for (let at = 0; at < count; at++) {
      const time = timestamps[at] ?? 0;
      if (time < from) from = time;
      if (time > to) to = time;
    }
  }
  if (from > to) return undefined;
  const width = widthOf(to - from + 1, buckets - 1);
  const start = Math.floor(from / width) * width;
  const length = Math.floor((to - start) / width) + 1;
  const all = new Array<number>(length).fill(0);
  const matches = new Array<number>(length).fill(0);
  const add = (into: number[], time: number): void => {
    const bucket = Math.floor((time - start) / width);
    into[bucket] = (into[bucket] ?? 0) + 1;
  };
  for (const { timestamps, count } of store.slabs) {
    for (let at = 0; at < count; at++) add(all, timestamps[at] ?? 0);
  }
  for (const part of view.parts()) {
    const { timestamps } = part.slab;
    for (let index = 0; index < part.count; index++) add(matches, timestamps[placeOf(part, index)] ?? 0);
  }
  return { from: start, width, all, matches };
}

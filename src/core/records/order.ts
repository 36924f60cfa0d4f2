/** The records of a view in another order than that of their coming. */
import type { RawMessage } from '../topics.ts';
import { compareTexts, isNumber, shortNumber } from './compare.ts';
import { cellText, type Field } from './fields.ts';
import type { RecordStore } from './recordStore.ts';
import type { Slab } from './slab.ts';
import { placeOf, type RecordView, type ViewTools } from './view.ts';

export interface RecordOrder {
  readonly by: 'timestamp' | 'partition' | 'offset' | 'key' | Field;
  readonly descending: boolean;
}

/** Records that are decoded, sorted, or put in between others before what waits gets its turn. */
const PIECE = 2048;
const RUN = 8192;
const STEP = 65_536;

/** Lets what waits run. False when nobody wants the order any more. */
type Pause = () => Promise<boolean>;
/** By the places of two records among all; below 0 when the first comes first. */
type Compare = (one: number, other: number) => number;

interface Sortable {
  readonly records: Float64Array;
  readonly compare: Compare;
}

/**
 * Equal ones stay in the order of their coming; records without the field are the last either way. Undefined when
 * nobody wants it any more.
 */
export async function sortRecords(
  store: RecordStore,
  view: RecordView,
  { by, descending }: RecordOrder,
  tools: Pick<ViewTools, 'decode' | 'breathe'>,
  stillWanted: () => boolean,
): Promise<Float64Array | undefined> {
  const sign = descending ? -1 : 1;
  const pause = async (): Promise<boolean> => {
    await tools.breathe();
    return stillWanted();
  };
  const sortable =
    by === 'timestamp' || by === 'partition' || by === 'offset'
      ? await byColumn(view, by, sign, pause)
      : await byText(store, view.records(), by, tools.decode, sign, pause);
  if (!sortable) return undefined;
  const { records, compare } = sortable;
  const places = await arranged(records.length, compare, pause);
  if (!places) return undefined;
  const sorted = new Float64Array(places.length);
  for (let at = 0; at < places.length; at++) sorted[at] = records[places[at] ?? 0] ?? 0;
  return sorted;
}

/** Records by the time of their messages, the oldest first; those that are no longer held are left out. */
export async function sortByTime(
  store: RecordStore,
  wanted: readonly number[] | Float64Array,
  breathe: ViewTools['breathe'],
): Promise<Float64Array> {
  const pause = async (): Promise<boolean> => {
    await breathe();
    return true;
  };
  // Those of the same time as they came.
  const coming = Float64Array.from(wanted).sort();
  const times = new Float64Array(coming.length);
  for (let at = 0; at < coming.length; at++) {
    times[at] = store.get(coming[at] ?? -1)?.timestampMs ?? 0;
    if (at % RUN === RUN - 1) await pause();
  }
  // `pause` never gives up.
  const places =
    (await arranged(coming.length, (one, other) => (times[one] ?? 0) - (times[other] ?? 0), pause)) ?? [];
  return Float64Array.from(places, (place) => coming[place] ?? 0);
}

async function byColumn(
  view: RecordView,
  by: 'timestamp' | 'partition' | 'offset',
  sign: number,
  pause: Pause,
): Promise<Sortable | undefined> {
  const parts = view.parts();
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  const records = new Float64Array(total);
  const numbers = new Float64Array(by === 'offset' ? 0 : total);
  const offsets = new BigInt64Array(by === 'offset' ? total : 0);
  const columnOf = ({ timestamps, partitions }: Slab) => (by === 'timestamp' ? timestamps : partitions);
  let at = 0;
  for (const part of parts) {
    const { slab, count } = part;
    for (let index = 0; index < count; index++, at++) {
      const place = placeOf(part, index);
      records[at] = slab.first + place;
      if (by === 'offset') offsets[at] = slab.offsets[place] ?? 0n;
      else numbers[at] = columnOf(slab)[place] ?? 0;
    }
    if (!(await pause())) return undefined;
  }
  return {
    records,
    compare:
      by === 'offset'
        ? (one, other) => {
            const [left = 0n, right = 0n] = [offsets[one], offsets[other]];
            return left < right ? -sign : left > right ? sign : 0;
          }
        : (one, other) => sign * ((numbers[one] ?? 0) - (numbers[other] ?? 0)),
  };
}

async function byText(
  store: RecordStore,
  all: Float64Array,
  by: 'key' | Field,
  decode: ViewTools['decode'],
  sign: number,
  pause: Pause,
): Promise<Sortable | undefined> {
  const records = new Float64Array(all.length);
  const keys: (string | null | undefined)[] = [];
  // Most are short numbers, or none at all: neither needs an exact comparison.
  const numbers = new Float64Array(all.length);
  const words = new Uint8Array(all.length);
  for (let from = 0; from < all.length; from += PIECE) {
    const raws: RawMessage[] = [];
    for (const record of all.subarray(from, from + PIECE)) {
      const raw = store.get(record);
      // One that was let go meanwhile has no place any more.
      if (!raw) continue;
      records[keys.length + raws.length] = record;
      // A value costs the most to decode.
      raws.push(by !== 'key' && by.of === 'value' ? raw : { ...raw, value: null });
    }
    for (const message of await decode(raws)) {
      const key = by === 'key' ? message.key : cellText(message, by);
      numbers[keys.length] = typeof key === 'string' ? shortNumber(key) : NaN;
      words[keys.length] = typeof key === 'string' && !isNumber(key) ? 1 : 0;
      keys.push(key);
    }
    if (!(await pause())) return undefined;
  }
  return {
    records: records.subarray(0, keys.length),
    compare: (one, other) => {
      const difference = (numbers[one] ?? NaN) - (numbers[other] ?? NaN);
      if (!Number.isNaN(difference)) return sign * difference;
      const [left, right] = [keys[one] ?? undefined, keys[other] ?? undefined];
      if (left === undefined || right === undefined) return left === right ? 0 : left === undefined ? 1 : -1;
      if (words[one] === 1 && words[other] === 1) return left < right ? -sign : left > right ? sign : 0;
      return sign * compareTexts(left, right);
    },
  };
}

/** The places in their order, by a merge sort that pauses: a million of them are no block of the thread. */
async function arranged(count: number, compare: Compare, pause: Pause): Promise<Uint32Array | undefined> {
  let from = new Uint32Array(count);
  for (let place = 0; place < count; place++) from[place] = place;
  let into = new Uint32Array(count);
  for (let start = 0; start < count; start += RUN) {
    from.subarray(start, start + RUN).sort(compare);
    if (!(await pause())) return undefined;
  }
  let left = STEP;
  for (let run = RUN; run < count; run *= 2) {
    for (let start = 0; start < count; start += 2 * run) {
      const middle = Math.min(start + run, count);
      const end = Math.min(start + 2 * run, count);
      let [one, other] = [start, middle];
      for (let at = start; at < end;) {
        const stop = Math.min(end, at + left);
        left -= stop - at;
        for (; at < stop; at++) {
          const first =
            other >= end || (one < middle && compare(from[one] ?? 0, from[other] ?? 0) <= 0)
              ? one++
              : other++;
          into[at] = from[first] ?? 0;
        }
        if (left > 0) continue;
        left = STEP;
        if (!(await pause())) return undefined;
      }
    }
    [from, into] = [into, from];
  }
  return from;
}

/** The records of a view in another order than that of their coming. */
import type { Message, RawMessage } from '../topics.ts';
import { compareTexts, isNumber, shortNumber } from './compare.ts';
import { cellText, type Field } from './fields.ts';
import type { RecordStore } from './recordStore.ts';
import type { RecordView, ViewTools } from './view.ts';

export interface RecordOrder {
  readonly by: 'timestamp' | 'partition' | 'offset' | 'key' | Field;
  readonly descending: boolean;
}

const PIECE = 2048;

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
): Promise<readonly number[] | undefined> {
  const records = [...view.records()];
  const sign = descending ? -1 : 1;
  if (by === 'timestamp' || by === 'partition') {
    const keys = new Float64Array(records.length);
    let index = 0;
    for (const [slab, at] of view.places()) {
      keys[index++] = (by === 'timestamp' ? slab.timestamps[at] : slab.partitions[at]) ?? 0;
    }
    return arranged(records, (one, other) => sign * ((keys[one] ?? 0) - (keys[other] ?? 0)));
  }
  if (by === 'offset') {
    const keys = new BigInt64Array(records.length);
    let index = 0;
    for (const [slab, at] of view.places()) keys[index++] = slab.offsets[at] ?? 0n;
    return arranged(records, (one, other) => {
      const [left = 0n, right = 0n] = [keys[one], keys[other]];
      return left < right ? -sign : left > right ? sign : 0;
    });
  }
  const textOf = (message: Message): string | null | undefined =>
    by === 'key' ? message.key : cellText(message, by);
  const keys: (string | null | undefined)[] = [];
  const held: number[] = [];
  for (let from = 0; from < records.length; from += PIECE) {
    const raws: RawMessage[] = [];
    for (const record of records.slice(from, from + PIECE)) {
      const raw = store.get(record);
      // One that was let go meanwhile has no place any more.
      if (!raw) continue;
      held.push(record);
      raws.push(raw);
    }
    for (const message of await tools.decode(raws)) keys.push(textOf(message));
    await tools.breathe();
    if (!stillWanted()) return undefined;
  }
  // Most are short numbers, or none at all: neither needs an exact comparison.
  const numbers = Float64Array.from(keys, (key) => (typeof key === 'string' ? shortNumber(key) : NaN));
  const words = Uint8Array.from(keys, (key) => (typeof key === 'string' && !isNumber(key) ? 1 : 0));
  return arranged(held, (one, other) => {
    const difference = (numbers[one] ?? NaN) - (numbers[other] ?? NaN);
    if (!Number.isNaN(difference)) return sign * difference;
    const [left, right] = [keys[one] ?? undefined, keys[other] ?? undefined];
    if (left === undefined || right === undefined) return left === right ? 0 : left === undefined ? 1 : -1;
    if (words[one] === 1 && words[other] === 1) return left < right ? -sign : left > right ? sign : 0;
    return sign * compareTexts(left, right);
  });
}

function arranged(records: readonly number[], compare: (one: number, other: number) => number): number[] {
  const places = Uint32Array.from(records, (_, index) => index);
  places.sort((one, other) => compare(one, other) || one - other);
  return Array.from(places, (place) => records[place] ?? 0);
}

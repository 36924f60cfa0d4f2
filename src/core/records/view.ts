/** The records of a store that a filter lets through, found a piece at a time, in the order of their coming. */
import type { Message, RawMessage } from '../topics.ts';
import { createMatcher, type Matcher, type RecordFilter } from './filter.ts';
import type { RecordStore } from './recordStore.ts';
import { SLAB_RECORDS, type Slab } from './slab.ts';
import { SlabTexts, type FindBytes } from './textIndex.ts';

/** Records that are decoded before others get their turn. */
const PIECE = 2048;

export interface ViewTools {
  readonly decode: (messages: readonly RawMessage[]) => Promise<readonly Message[]>;
  readonly find: FindBytes;
  /** Lets what waits run: calls of the page, and what the broker sent. */
  readonly breathe: () => Promise<void>;
  /** Hears each message that is decoded for the index. */
  readonly onDecoded?: (message: Message) => void;
}

interface Part {
  readonly slab: Slab;
  readonly texts: SlabTexts;
  /** Records looked at. */
  looked: number;
  /** Places in the slab that match; undefined while all do. */
  matches: Uint16Array | undefined;
  count: number;
}

export interface RecordView {
  /** Records that match among those looked at. */
  readonly count: number;
  readonly looked: number;
  /** Throws UserError `bad-filter`; then the old filter stays. */
  setFilter(filter: RecordFilter): void;
  /** Takes in what the store has got or let go; the newest first. False when nothing was left to do. */
  step(): Promise<boolean>;
  /** Decodes a piece for the index. False when nothing was left to do. */
  index(): Promise<boolean>;
  /** The record at a place among the matches, from the oldest. */
  at(place: number): number | undefined;
  /** Matches with a number below a record's. */
  below(record: number): number;
  /** All matches, the oldest first. */
  records(): Float64Array;
  /** The same as they are now, by the slabs that hold them; the oldest first. */
  parts(): readonly ViewPart[];
}

export interface ViewPart {
  readonly slab: Slab;
  /** Places in the slab of the first {@link count} that match; undefined when those are its first. */
  readonly matches: Uint16Array | undefined;
  readonly count: number;
}

/** The place in its slab of a match of a part. */
export const placeOf = ({ matches }: ViewPart, index: number): number =>
  matches ? (matches[index] ?? 0) : index;

export function createRecordView(store: RecordStore, tools: ViewTools): RecordView {
  let parts: Part[] = [];
  let matcher: Matcher = createMatcher({});
  let folded = new Uint8Array(0);
  let generation = 0;

  const newPart = (slab: Slab, texts = new SlabTexts(slab)): Part => ({
    slab,
    texts,
    looked: 0,
    matches: matcher.active ? new Uint16Array(64) : undefined,
    count: 0,
  });
  const follow = (): void => {
    const { first } = store;
    if ((parts[0]?.slab.first ?? first) < first) parts = parts.filter(({ slab }) => slab.first >= first);
    for (const slab of store.slabs.slice(parts.length)) parts.push(newPart(slab));
  };
  const roomFor = (bytes: number): Uint8Array => {
    if (folded.length < bytes) folded = new Uint8Array(bytes);
    return folded;
  };
  const push = (part: Part, at: number): void => {
    const { matches } = part;
    if (!matches) return;
    if (part.count === matches.length) {
      const grown = new Uint16Array(matches.length * 2);
      grown.set(matches);
      part.matches = grown;
    }
    (part.matches ?? matches)[part.count++] = at;
  };

  const decodeForIndex = async (part: Part, to: number): Promise<void> => {
    const { slab, texts } = part;
    while (texts.built < to) {
      const from = texts.built;
      const raws: RawMessage[] = [];
      for (let at = from; at < Math.min(to, from + PIECE); at++) raws.push(slab.read(store.topic, at));
      const messages = await tools.decode(raws);
      // Two may have asked for the same piece.
      if (texts.built === from) {
        texts.add(raws, messages);
        if (tools.onDecoded) messages.forEach(tools.onDecoded);
      }
      await tools.breathe();
    }
  };

  /** Looks at the records of a part from where it stands up to a place. */
  const look = async (part: Part, to: number, mine: number): Promise<void> => {
    const { slab, texts } = part;
    const from = part.looked;
    if (!matcher.active) {
      part.looked = part.count = to;
      return;
    }
    const { wanted, problems, message } = matcher;
    if (wanted.length > 0 || problems !== undefined) {
      await decodeForIndex(part, to);
      if (mine !== generation) return;
    }
    const marks = new Uint8Array(SLAB_RECORDS);
    for (let at = from; at < to; at++) marks[at] = matcher.columns(slab, at) ? 1 : 0;
    if (problems !== undefined) {
      const broken = problems === 'only' ? 1 : 0;
      for (let at = from; at < to; at++) if (texts.problems[at] !== broken) marks[at] = 0;
    }
    for (const text of wanted) {
      const found = new Uint8Array(SLAB_RECORDS);
      texts.candidates(text, [from, to], tools.find, roomFor(slab.bytes.length), found);
      for (let at = from; at < to; at++) if (found[at] === 0) marks[at] = 0;
    }
    if (message === undefined) {
      for (let at = from; at < to; at++) if (marks[at] === 1) push(part, at);
      part.looked = to;
      return;
    }
    for (let at = from; at < to;) {
      const places: number[] = [];
      for (; at < to && places.length < PIECE; at++) if (marks[at] === 1) places.push(at);
      const decoded = await tools.decode(places.map((place) => slab.read(store.topic, place)));
      if (mine !== generation) return;
      decoded.forEach((one, index) => {
        const place = places[index];
        if (place !== undefined && message(one)) push(part, place);
      });
      part.looked = at;
      await tools.breathe();
      if (mine !== generation) return;
    }
  };

  const sum = (count: (part: Part) => number): number => parts.reduce((all, part) => all + count(part), 0);

  return {
    get count() {
      return sum(({ count }) => count);
    },
    get looked() {
      return sum(({ looked }) => looked);
    },
    setFilter: (filter) => {
      matcher = createMatcher(filter);
      generation++;
      parts = parts.map(({ slab, texts }) => newPart(slab, texts));
      follow();
    },
    step: async () => {
      follow();
      const part = parts.findLast(({ slab, looked }) => looked < slab.count);
      if (!part) return false;
      await look(part, part.slab.count, generation);
      return true;
    },
    index: async () => {
      follow();
      const part = parts.findLast(({ slab, texts }) => texts.built < slab.count);
      if (!part) return false;
      await decodeForIndex(part, Math.min(part.slab.count, part.texts.built + PIECE));
      return true;
    },
    at: (place) => {
      let left = place;
      for (const { slab, matches, count } of parts) {
        if (left < count) return slab.first + (matches ? (matches[left] ?? 0) : left);
        left -= count;
      }
      return undefined;
    },
    below: (record) => {
      let before = 0;
      for (const { slab, matches, count } of parts) {
        if (record >= slab.end) {
          before += count;
          continue;
        }
        if (record <= slab.first) break;
        if (!matches) return before + Math.min(count, record - slab.first);
        let low = 0;
        let high = count;
        while (low < high) {
          const middle = (low + high) >> 1;
          if ((matches[middle] ?? 0) < record - slab.first) low = middle + 1;
          else high = middle;
        }
        return before + low;
      }
      return before;
    },
    records: () => {
      const records = new Float64Array(sum(({ count }) => count));
      let at = 0;
      for (const part of parts) {
        const { slab, count } = part;
        for (let index = 0; index < count; index++) records[at++] = slab.first + placeOf(part, index);
      }
      return records;
    },
    parts: () => parts.map(({ slab, matches, count }) => ({ slab, matches, count })),
  };
}

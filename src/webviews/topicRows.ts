/** The lines of a list that were asked for, a page of them at a time; those far from what is seen are let go. */
import type { Field, MessageLine, RowsFound, TopicCalls } from '../wire/topic.ts';

type RowsAsked = TopicCalls['rows']['params'];

export const PAGE = 200;
/** Pages that are kept. */
const MOST = 40;

/** First and last row in sight. */
export type Seen = readonly [number, number];

export interface Wanted {
  readonly end: number;
  readonly fields: readonly Field[];
  /** The same as long as the rows that were loaded are still those. */
  readonly version: string;
}

export interface TopicRows {
  readonly count: number;
  readonly row: (index: number) => MessageLine | undefined;
  /** Loads the rows in sight anew; the old stay until then. True when they are others, undefined when no longer wanted. */
  take(wanted: Wanted, seen: Seen, stillWanted: () => boolean): Promise<boolean | undefined>;
  /** Loads what is missing of these. */
  need(seen: Seen): void;
}

const pageOf = (row: number): number => Math.floor(row / PAGE);
const sameLines = (one: readonly MessageLine[] | undefined, other: readonly MessageLine[]): boolean =>
  one?.length === other.length && one.every(({ record }, index) => record === other[index]?.record);

export function createTopicRows(
  fetch: (asked: RowsAsked) => Promise<RowsFound>,
  onLoaded: () => void,
  onFail: (error: unknown) => void,
): TopicRows {
  const pages = new Map<number, readonly MessageLine[]>();
  let current: Wanted = { end: 0, fields: [], version: '' };
  let count = 0;
  let seen: Seen = [0, 0];
  let loading = false;

  const load = ({ end, fields }: Wanted, page: number): Promise<RowsFound> =>
    fetch({ end, fields, from: page * PAGE, count: PAGE });
  const keep = (page: number, lines: readonly MessageLine[]): void => {
    pages.set(page, lines);
    if (pages.size <= MOST) return;
    const distance = (other: number): number => Math.abs(other - pageOf(seen[0]));
    pages.delete([...pages.keys()].reduce((one, other) => (distance(other) > distance(one) ? other : one)));
  };
  const missing = (): number | undefined => {
    for (let page = pageOf(seen[0]); page <= pageOf(Math.min(seen[1], count - 1)); page++) {
      if (!pages.has(page)) return page;
    }
    return undefined;
  };
  /** One page after the other: what is out of sight by then is not asked for. */
  const fill = async (): Promise<void> => {
    if (loading) return;
    loading = true;
    try {
      for (let page = missing(); page !== undefined; page = missing()) {
        const { version } = current;
        const { lines } = await load(current, page);
        if (version !== current.version) continue;
        keep(page, lines);
        onLoaded();
      }
    } catch (error) {
      onFail(error);
    } finally {
      loading = false;
    }
  };

  return {
    get count() {
      return count;
    },
    row: (index) => pages.get(pageOf(index))?.[index % PAGE],
    take: async (wanted, [first, last], stillWanted) => {
      const loaded = new Map<number, readonly MessageLine[]>();
      let found = 0;
      for (let page = pageOf(first); page <= pageOf(last); page++) {
        const answer = await load(wanted, page);
        loaded.set(page, answer.lines);
        found = answer.count;
        if (!stillWanted()) return undefined;
      }
      const same = wanted.version === current.version && found === count;
      const changed = !same || [...loaded].some(([page, lines]) => !sameLines(pages.get(page), lines));
      if (!same) pages.clear();
      current = wanted;
      count = found;
      for (const [page, lines] of loaded) keep(page, lines);
      return changed;
    },
    need: (next) => {
      seen = next;
      if (missing() !== undefined) void fill();
    },
  };
}

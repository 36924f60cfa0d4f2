/** How a person looks at a topic, and the check of one that comes from outside: a link, or what an older version kept. */
import type { ReadEnd, ReadStart } from '../topics.ts';
import type { Field } from './fields.ts';
import { createMatcher, OPERATORS, type Condition, type RecordFilter, type TextFilter } from './filter.ts';
import type { RecordOrder } from './order.ts';

export interface TopicView {
  readonly start: ReadStart;
  readonly end: ReadEnd;
  /** The most that is held; as many as can be, without it. */
  readonly records?: number;
  readonly filter: RecordFilter;
  readonly order: RecordOrder | null;
  /** Columns of fields, in their order. */
  readonly fields: readonly Field[];
  /** Pixels, by the name of the column. */
  readonly widths: Readonly<Record<string, number>>;
}

type Unknown = Readonly<Record<string, unknown>>;

/** Milliseconds: what a Date can be. */
const LATEST_TIME = 8.64e15;
const MOST_NEWEST = 1_000_000;
const MOST_ITEMS = 100;
const LONGEST_TEXT = 1000;
const WIDEST = 2000;

class Malformed extends Error {}

function fail(): never {
  throw new Malformed();
}

const object = (value: unknown): Unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Unknown) : fail();
const text = (value: unknown): string =>
  typeof value === 'string' && value.length <= LONGEST_TEXT ? value : fail();
const flag = (value: unknown): boolean => (typeof value === 'boolean' ? value : fail());
const oneOf = <T extends string>(value: unknown, ...names: readonly T[]): T =>
  names.find((name) => name === value) ?? fail();
const within = (value: unknown, low: number, high: number): number =>
  typeof value === 'number' && value >= low && value <= high ? value : fail();
const time = (value: unknown): number => within(value, -LATEST_TIME, LATEST_TIME);
const offset = (value: unknown): string => (/^\d{1,19}$/.test(text(value)) ? text(value) : fail());
const list = <T>(value: unknown, item: (one: unknown) => T): readonly T[] =>
  Array.isArray(value) && value.length <= MOST_ITEMS ? value.map(item) : fail();
/** Undefined stays away. */
const maybe = <K extends string, T>(
  of: Unknown,
  key: K,
  read: (value: unknown) => T,
): { readonly [k in K]?: T } =>
  of[key] === undefined ? {} : ({ [key]: read(of[key]) } as { readonly [k in K]?: T });

function startOf(value: unknown): ReadStart {
  const start = object(value);
  switch (oneOf(start['from'], 'beginning', 'end', 'newest', 'offset', 'time')) {
    case 'beginning':
      return { from: 'beginning' };
    case 'end':
      return { from: 'end' };
    case 'newest':
      return { from: 'newest', count: within(start['count'], 1, MOST_NEWEST) };
    case 'offset':
      return { from: 'offset', offset: offset(start['offset']) };
    case 'time':
      return { from: 'time', timestampMs: time(start['timestampMs']) };
  }
}

function endOf(value: unknown): ReadEnd {
  const end = object(value);
  switch (oneOf(end['until'], 'forever', 'now', 'offset', 'time')) {
    case 'forever':
      return { until: 'forever' };
    case 'now':
      return { until: 'now' };
    case 'offset':
      return { until: 'offset', offset: offset(end['offset']) };
    case 'time':
      return { until: 'time', timestampMs: time(end['timestampMs']) };
  }
}

function fieldOf(value: unknown): Field {
  const field = object(value);
  return { of: oneOf(field['of'], 'value', 'header'), path: text(field['path']) };
}

function textFilterOf(value: unknown): TextFilter {
  const filter = object(value);
  return {
    pattern: text(filter['pattern']),
    place: oneOf(filter['place'], 'anywhere', 'key', 'value', 'headers'),
    regex: flag(filter['regex']),
    matchCase: flag(filter['matchCase']),
  };
}

function conditionOf(value: unknown): Condition {
  const condition = object(value);
  return {
    field: fieldOf(condition['field']),
    operator: oneOf(condition['operator'], ...OPERATORS),
    value: text(condition['value']),
  };
}

function filterOf(value: unknown): RecordFilter {
  const filter = object(value);
  const which = (one: unknown): 'only' | 'without' => oneOf(one, 'only', 'without');
  const read: RecordFilter = {
    ...maybe(filter, 'texts', (texts) => list(texts, textFilterOf)),
    ...maybe(filter, 'partitions', (all) => list(all, (one) => within(one, 0, 2 ** 31))),
    ...maybe(filter, 'time', (range) => ({
      ...maybe(object(range), 'from', time),
      ...maybe(object(range), 'to', time),
    })),
    ...maybe(filter, 'tombstones', which),
    ...maybe(filter, 'problems', which),
    ...maybe(filter, 'conditions', (all) => list(all, conditionOf)),
  };
  // Its expressions must be some.
  createMatcher(read);
  return read;
}

function orderOf(value: unknown): RecordOrder | null {
  if (value === null || value === undefined) return null;
  const order = object(value);
  const { by } = order;
  return {
    by: typeof by === 'string' ? oneOf(by, 'timestamp', 'partition', 'offset', 'key') : fieldOf(by),
    descending: flag(order['descending']),
  };
}

/** Undefined for what is no view. */
export function parseTopicView(value: unknown): TopicView | undefined {
  try {
    const view = object(value);
    return {
      start: startOf(view['start']),
      end: endOf(view['end']),
      ...maybe(view, 'records', (records) => within(records, 1, MOST_NEWEST)),
      filter: filterOf(view['filter']),
      order: orderOf(view['order']),
      fields: list(view['fields'], fieldOf),
      widths: Object.fromEntries(
        Object.entries(object(view['widths']))
          .slice(0, MOST_ITEMS)
          .map(([name, width]) => [name, within(width, 0, WIDEST)]),
      ),
    };
  } catch {
    // Whatever is wrong with it, there is nothing to mend: it is left out, or told by who asked.
    return undefined;
  }
}

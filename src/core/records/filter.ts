/** What of a topic a person wants to see. All parts of a filter must hold. */
import { UserError } from '../errors.ts';
import { t } from '../l10n.ts';
import type { Message } from '../topics.ts';
import { compareTexts } from './compare.ts';
import { scalarTexts, textsAt, valuesOf, type Field, type Place } from './fields.ts';
import type { Slab } from './slab.ts';
import { fold } from './textIndex.ts';

export const OPERATORS = ['=', '!=', '<', '<=', '>', '>=', 'contains', 'matches', 'exists'] as const;
export type Operator = (typeof OPERATORS)[number];

export interface TextFilter {
  readonly pattern: string;
  readonly place: Place;
  readonly regex: boolean;
  readonly matchCase: boolean;
}

export interface Condition {
  readonly field: Field;
  readonly operator: Operator;
  /** Numbers compare by value, all else as text; `null` is the null. Nothing for `exists`. */
  readonly value: string;
}

export interface RecordFilter {
  readonly texts?: readonly TextFilter[];
  readonly partitions?: readonly number[];
  /** Milliseconds since the epoch, [from, to). */
  readonly time?: { readonly from?: number; readonly to?: number };
  /** Messages without a value. */
  readonly tombstones?: 'only' | 'without';
  /** Messages that could not be decoded. */
  readonly problems?: 'only' | 'without';
  readonly conditions?: readonly Condition[];
}

/** What is left without what can take for ever; nothing, when there was no such thing. */
export function withoutExpressions(filter: RecordFilter): RecordFilter {
  const { texts = [], conditions = [], ...rest } = filter;
  const quickTexts = texts.filter(({ regex }) => !regex);
  const quick = conditions.filter(({ operator }) => operator !== 'matches');
  if (quickTexts.length === texts.length && quick.length === conditions.length) return {};
  return {
    ...rest,
    ...(quickTexts.length > 0 ? { texts: quickTexts } : {}),
    ...(quick.length > 0 ? { conditions: quick } : {}),
  };
}

/** A filter made ready; its parts from the cheapest to the dearest. */
export interface Matcher {
  /** False when every record passes. */
  readonly active: boolean;
  /** By the columns alone. */
  columns(slab: Slab, at: number): boolean;
  /** Text whose bytes can be looked for, lest all be decoded. */
  readonly wanted: readonly string[];
  readonly problems: RecordFilter['problems'];
  /** Undefined when nothing more is to be asked of the decoded message. */
  readonly message: ((message: Message) => boolean) | undefined;
}

function regexOf(pattern: string, matchCase: boolean): RegExp {
  try {
    return new RegExp(pattern, matchCase ? 'u' : 'iu');
  } catch (error) {
    throw new UserError('bad-filter', t('"{0}" is no regular expression.', pattern), { cause: error });
  }
}

function testOf({ pattern, regex, matchCase }: Omit<TextFilter, 'place'>): (text: string) => boolean {
  if (regex) {
    const expression = regexOf(pattern, matchCase);
    return (text) => expression.test(text);
  }
  if (matchCase) return (text) => text.includes(pattern);
  const folded = fold(pattern);
  return (text) => fold(text).includes(folded);
}

function some<T>(items: Iterable<T>, test: (item: T) => boolean): boolean {
  for (const item of items) if (test(item)) return true;
  return false;
}

function conditionTest({ field, operator, value }: Condition): (message: Message) => boolean {
  const compared = (test: (order: number) => boolean) => (text: string) => test(compareTexts(text, value));
  const tests: Record<Exclude<Operator, 'exists' | '!='>, () => (text: string) => boolean> = {
    '=': () => compared((order) => order === 0),
    '<': () => compared((order) => order < 0),
    '<=': () => compared((order) => order <= 0),
    '>': () => compared((order) => order > 0),
    '>=': () => compared((order) => order >= 0),
    contains: () => testOf({ pattern: value, regex: false, matchCase: false }),
    matches: () => testOf({ pattern: value, regex: true, matchCase: false }),
  };
  if (operator === 'exists') return (message) => valuesOf(message, field).length > 0;
  const wantsNull = value === 'null';
  const test = tests[operator === '!=' ? '=' : operator]();
  const holds = (one: unknown): boolean => {
    if (one === null || one === undefined) return wantsNull && (operator === '=' || operator === '!=');
    return some(scalarTexts(one), test);
  };
  if (operator !== '!=') return (message) => valuesOf(message, field).some(holds);
  return (message) => {
    const values = valuesOf(message, field);
    return values.length > 0 && !values.some(holds);
  };
}

/** Throws UserError `bad-filter`. */
export function createMatcher(filter: RecordFilter): Matcher {
  const { partitions, time, tombstones, problems } = filter;
  const texts = (filter.texts ?? []).filter(({ pattern }) => pattern !== '');
  const chosen = partitions && new Set(partitions);
  const tests = [
    ...texts.map((text) => {
      const test = testOf(text);
      return (message: Message) => some(textsAt(message, text.place), test);
    }),
    ...(filter.conditions ?? []).map(conditionTest),
  ];
  const from = time?.from ?? -Infinity;
  const to = time?.to ?? Infinity;
  return {
    active:
      tests.length > 0 ||
      chosen !== undefined ||
      tombstones !== undefined ||
      problems !== undefined ||
      time?.from !== undefined ||
      time?.to !== undefined,
    columns: (slab, at) => {
      if (chosen && !chosen.has(slab.partitions[at] ?? -1)) return false;
      const timestamp = slab.timestamps[at] ?? 0;
      if (timestamp < from || timestamp >= to) return false;
      if (tombstones !== undefined && (slab.valueLengths[at] === -1) !== (tombstones === 'only'))
        return false;
      return true;
    },
    wanted: texts.filter(({ regex }) => !regex).map(({ pattern }) => pattern),
    problems,
    message: tests.length === 0 ? undefined : (message) => tests.every((test) => test(message)),
  };
}

/** The lines of a log that are kept, and which of them a filter shows. */
import type { LevelFilter, LogLine } from '../wire/log.ts';

/** The newest lines that are kept; older ones are dropped some at a time. */
export const KEPT = 50_000;
const SLACK = 2000;

export interface LogFilter {
  readonly level: LevelFilter;
  /** Global, for the highlights. */
  readonly pattern?: RegExp;
}

export interface ModelChange {
  /** Rows that went away at the beginning. */
  readonly removed: number;
  /** Rows that came at the end. */
  readonly added: number;
}

export interface LogModel {
  /** Lines that are kept. */
  readonly kept: number;
  readonly dropped: number;
  /** Records that are errors, among the kept. */
  readonly errors: number;
  readonly shown: number;
  /** The line of a row that is shown. */
  row(index: number): LogLine | undefined;
  append(lines: readonly LogLine[]): ModelChange;
  clear(): void;
  setFilter(filter: LogFilter): void;
}

const passes = (level: LogLine['level'], least: LevelFilter): boolean =>
  least === 'all' || level === 'error' || (least === 'warning' && level === 'warning');

export function createLogModel(limit = KEPT, slack = SLACK): LogModel {
  let lines: LogLine[] = [];
  /** Numbers of lines, counted from the first that ever came. */
  let shown: number[] = [];
  let dropped = 0;
  let errors = 0;
  let filter: LogFilter = { level: 'all' };
  /** The record that the next continuation belongs to. */
  let record = { first: 0, shown: false };

  const contains = (text: string): boolean => {
    if (!filter.pattern) return true;
    filter.pattern.lastIndex = 0;
    return filter.pattern.test(text);
  };
  /** A record is shown whole as soon as one of its lines matches: a trace stays with its error. */
  const place = (line: LogLine, number: number): void => {
    if (!line.continues || number === dropped) record = { first: number, shown: false };
    if (record.shown) shown.push(number);
    else if (passes(line.level, filter.level) && contains(line.text)) {
      record.shown = true;
      for (let one = record.first; one <= number; one++) shown.push(one);
    }
  };
  const isError = (line: LogLine): boolean => line.level === 'error' && !line.continues;
  const dropOld = (): number => {
    if (lines.length <= limit + slack) return 0;
    let cut = lines.length - limit;
    while (cut < lines.length && lines[cut]?.continues) cut++;
    // A record longer than everything that is kept is cut.
    if (cut === lines.length) cut = lines.length - limit;
    for (const line of lines.splice(0, cut)) if (isError(line)) errors--;
    dropped += cut;
    const from = shown.findIndex((number) => number >= dropped);
    const removed = from < 0 ? shown.length : from;
    shown.splice(0, removed);
    record.first = Math.max(record.first, dropped);
    return removed;
  };

  return {
    get kept() {
      return lines.length;
    },
    get dropped() {
      return dropped;
    },
    get errors() {
      return errors;
    },
    get shown() {
      return shown.length;
    },
    row: (index) => lines[(shown[index] ?? -1) - dropped],
    append: (more) => {
      const before = shown.length;
      for (const line of more) {
        place(line, dropped + lines.length);
        lines.push(line);
        if (isError(line)) errors++;
      }
      const added = shown.length - before;
      const gone = dropOld();
      const removed = Math.min(gone, before);
      return { removed, added: added - (gone - removed) };
    },
    clear: () => {
      lines = [];
      shown = [];
      dropped = 0;
      errors = 0;
      record = { first: 0, shown: false };
    },
    setFilter: (next) => {
      filter = next;
      shown = [];
      lines.forEach((line, at) => {
        place(line, dropped + at);
      });
    },
  };
}

/** Text, or a regular expression; undefined for everything, `null` for one that is none. */
export function patternOf(text: string, isRegex: boolean): RegExp | undefined | null {
  if (text === '') return undefined;
  try {
    return new RegExp(isRegex ? text : text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'gi');
  } catch {
    // Half of an expression, while it is typed.
    return null;
  }
}

/** Where a pattern is found, as [from, to), never empty. */
export function matchesIn(text: string, pattern: RegExp | undefined): readonly (readonly [number, number])[] {
  if (!pattern) return [];
  return [...text.matchAll(pattern)].flatMap(({ index, 0: found }) =>
    found === '' ? [] : [[index, index + found.length] as const],
  );
}

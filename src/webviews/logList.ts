/** The lines of a log, of which only those in sight exist. Rows are as high as their text, wrapped at full columns. */
import type { LogLine } from '../wire/log.ts';
import { createRuler } from './columns.ts';
import { element } from './dom.ts';
import { matchesIn } from './logModel.ts';
import { moved, rectangle, type Selection } from './selection.ts';

/** Pixels; page.css says the same. */
const LINE = 19;
const PADDING = 12;
/** Characters of the columns before the text: time, level. */
const TIME_WIDTH = 14;
const LEVEL_WIDTH = 7;
const OVERSCAN = 10;
const TAB = '    ';

/** Of a stack trace: where, and not what. */
const FRAME = /^\s+(?:at |\.\.\. )/;
const WORDS = { info: '', warning: 'WARN', error: 'ERROR' } as const;

export interface LogListOptions {
  readonly label: string;
  readonly row: (index: number) => LogLine | undefined;
  readonly onCopy: (text: string) => void;
  /** A person scrolled; `atEnd`: the newest line is in sight. */
  readonly onScroll: (atEnd: boolean) => void;
}

export interface LogList {
  readonly element: HTMLElement;
  /** All rows are other ones. */
  reset(count: number, pattern: RegExp | undefined): void;
  /** Rows went away at the beginning and came at the end; what is in sight stays there. */
  change(removed: number, count: number): void;
  setWrap(wrap: boolean): void;
  toEnd(): void;
  /** The raw lines that are chosen. */
  chosen(): readonly string[];
}

const shownText = (line: LogLine): string => line.text.slice(line.at).replaceAll('\t', TAB);
const shortTime = (time: string): string => /\d{2}:\d{2}:\d{2}(?:[.,]\d{1,3})?/.exec(time)?.[0] ?? time;

export function createLogList(options: LogListOptions): LogList {
  const body = element('div', { class: 'lines', role: 'presentation' });
  const root = element('div', {
    class: 'log',
    role: 'listbox',
    tabindex: '0',
    'aria-label': options.label,
    'aria-multiselectable': 'true',
  });
  root.append(body);

  let count = 0;
  let pattern: RegExp | undefined;
  let wrap = false;
  let character = 8;
  let columns = 100;
  let widest = 0;
  /** The top of each row, and of the one that would follow. */
  let tops: number[] = [0];
  let selection: Selection | undefined;
  const painted = new Map<number, HTMLElement>();

  const heightOf = (index: number): number => {
    const line = options.row(index);
    const length = line ? line.text.length - line.at + 3 * (line.text.split('\t').length - 1) : 0;
    widest = Math.max(widest, length);
    return wrap ? Math.max(1, Math.ceil(length / columns)) * LINE : LINE;
  };
  const measure = (from: number): void => {
    tops.length = from + 1;
    for (let index = from; index < count; index++) tops.push((tops[index] ?? 0) + heightOf(index));
    body.style.height = `${tops[count] ?? 0}px`;
    const text = TIME_WIDTH + LEVEL_WIDTH + widest + 1;
    body.style.width = wrap ? '100%' : `max(100%, ${Math.ceil(text * character) + 2 * PADDING}px)`;
  };
  const fit = (): void => {
    const ruler = createRuler(body);
    character = ruler('0'.repeat(100)) / 100 || 8;
    const room = root.clientWidth - 2 * PADDING - (TIME_WIDTH + LEVEL_WIDTH) * character;
    columns = Math.max(20, Math.floor(room / character));
    root.style.setProperty('--time', `${TIME_WIDTH * character}px`);
    root.style.setProperty('--level', `${LEVEL_WIDTH * character}px`);
    root.style.setProperty('--text', wrap ? `${columns * character + 0.5}px` : 'auto');
  };
  const rowAt = (y: number): number => {
    let [low, high] = [0, count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((tops[middle + 1] ?? Infinity) <= y) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  const mark = (node: HTMLElement, index: number): void => {
    const area = selection && rectangle(selection);
    node.setAttribute(
      'aria-selected',
      String(area !== undefined && index >= area.top && index <= area.bottom),
    );
    node.classList.toggle('focus', selection?.focus.row === index);
  };
  const highlighted = (text: string): (Node | string)[] => {
    const parts: (Node | string)[] = [];
    let end = 0;
    for (const [from, to] of matchesIn(text, pattern)) {
      parts.push(text.slice(end, from), element('mark', {}, text.slice(from, to)));
      end = to;
    }
    return [...parts, text.slice(end)];
  };
  const makeRow = (index: number): HTMLElement => {
    const line = options.row(index);
    const node = element('div', {
      class: `line at-${line?.level ?? 'info'}`,
      role: 'option',
      id: `l${index}`,
    });
    node.setAttribute('aria-posinset', String(index + 1));
    node.setAttribute('aria-setsize', String(count));
    node.style.transform = `translateY(${tops[index] ?? 0}px)`;
    node.style.height = `${(tops[index + 1] ?? 0) - (tops[index] ?? 0)}px`;
    if (line) {
      const word = line.continues ? '' : WORDS[line.level];
      const time = element('span', { class: 'time' }, line.time === undefined ? '' : shortTime(line.time));
      if (line.time !== undefined) time.title = line.time;
      node.classList.toggle('frame', line.continues && FRAME.test(line.text));
      node.append(
        time,
        element('span', { class: 'level' }, word),
        element('span', { class: 'text' }, ...highlighted(shownText(line))),
      );
    }
    mark(node, index);
    return node;
  };
  const announce = (): void => {
    const id = selection && `l${selection.focus.row}`;
    if (id !== undefined && document.getElementById(id)) root.setAttribute('aria-activedescendant', id);
    else root.removeAttribute('aria-activedescendant');
  };
  const paint = (): void => {
    const first = Math.max(0, rowAt(root.scrollTop) - OVERSCAN);
    const last = Math.min(count - 1, rowAt(root.scrollTop + root.clientHeight) + OVERSCAN);
    for (const [index, node] of painted) {
      if (index >= first && index <= last) continue;
      node.remove();
      painted.delete(index);
    }
    let after: Element | null = body.firstElementChild;
    for (let index = first; index <= last; index++) {
      const known = painted.get(index);
      if (known) {
        after = known.nextElementSibling;
        continue;
      }
      const node = makeRow(index);
      painted.set(index, node);
      body.insertBefore(node, after);
    }
    announce();
  };
  const repaint = (): void => {
    for (const node of painted.values()) node.remove();
    painted.clear();
    paint();
  };
  const atEnd = (): boolean => root.scrollTop + root.clientHeight >= (tops[count] ?? 0) - LINE / 2;
  /** At the end, as it was last known; the height for which that holds. */
  let ended = true;
  let height = 0;
  const toEnd = (): void => {
    ended = true;
    root.scrollTop = tops[count] ?? 0;
    paint();
  };

  const choose = (row: number, extend: boolean): void => {
    const focus = { row, column: 0 };
    selection = { anchor: extend && selection ? selection.anchor : focus, focus };
    const [top = 0, bottom = 0] = [tops[row], tops[row + 1]];
    if (top < root.scrollTop) root.scrollTop = top;
    else if (bottom > root.scrollTop + root.clientHeight) root.scrollTop = bottom - root.clientHeight;
    paint();
    for (const [index, node] of painted) mark(node, index);
    announce();
  };
  const chosen = (): readonly string[] => {
    if (!selection) return [];
    const { top, bottom } = rectangle(selection);
    const found: string[] = [];
    for (let index = top; index <= bottom; index++) {
      const line = options.row(index);
      if (line) found.push(line.text);
    }
    return found;
  };
  const rowOf = (target: EventTarget | null): number | undefined => {
    const node = target instanceof Element ? target.closest('.line') : null;
    return node ? Number(node.id.slice(1)) : undefined;
  };
  body.addEventListener('pointerdown', (event) => {
    const row = event.button === 0 ? rowOf(event.target) : undefined;
    if (row === undefined) return;
    root.focus();
    event.preventDefault();
    choose(row, event.shiftKey);
  });
  body.addEventListener('pointerover', (event) => {
    const row = event.buttons === 1 ? rowOf(event.target) : undefined;
    if (row !== undefined && selection) choose(row, true);
  });
  root.addEventListener('keydown', (event) => {
    const command = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (command && key === 'c') {
      const lines = chosen();
      if (lines.length > 0) options.onCopy(lines.join('\n'));
    } else if (command && key === 'a' && count > 0) {
      selection = { anchor: { row: 0, column: 0 }, focus: { row: count - 1, column: 0 } };
      for (const [index, node] of painted) mark(node, index);
      announce();
    } else {
      const page = Math.max(1, Math.floor(root.clientHeight / LINE) - 1);
      const start = selection?.focus ?? { row: rowAt(root.scrollTop + root.clientHeight) - 1, column: 0 };
      const to = moved(start, event, { rows: count, columns: 1, page, header: false }, 'rows');
      if (!to || count === 0) return;
      choose(to.row, event.shiftKey);
    }
    event.preventDefault();
  });
  let frame = 0;
  root.addEventListener('scroll', () => {
    // Where the list itself became smaller or larger, nobody scrolled: what is measured anew next goes on as before.
    if (root.clientHeight === height) {
      ended = atEnd();
      options.onScroll(ended);
    }
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      paint();
    });
  });
  const remeasure = (): void => {
    const first = rowAt(root.scrollTop);
    height = root.clientHeight;
    fit();
    measure(0);
    root.scrollTop = ended ? (tops[count] ?? 0) : (tops[first] ?? 0);
    repaint();
  };
  new ResizeObserver(remeasure).observe(root);

  return {
    element: root,
    reset: (next, wanted) => {
      count = next;
      pattern = wanted;
      selection = undefined;
      widest = 0;
      measure(0);
      repaint();
    },
    change: (removed, next) => {
      const before = count;
      const gone = tops[removed] ?? 0;
      count = next;
      if (removed === 0) {
        measure(before);
        paint();
        return;
      }
      tops = tops.slice(removed).map((top) => top - gone);
      measure(Math.max(0, before - removed));
      selection = selection && {
        anchor: { row: Math.max(0, selection.anchor.row - removed), column: 0 },
        focus: { row: Math.max(0, selection.focus.row - removed), column: 0 },
      };
      root.scrollTop -= gone;
      repaint();
    },
    setWrap: (next) => {
      wrap = next;
      root.classList.toggle('wrapped', wrap);
      remeasure();
    },
    toEnd,
    chosen,
  };
}

/**
 * A grid of fixed-height rows of which only the visible ones exist. The scroll height is Chromium's limit of about
 * 33 million pixels, 1.5 million rows.
 */
import { createRuler, fittingWidth } from './columns.ts';
import { element } from './dom.ts';
import { resizable, withinWidths } from './resize.ts';
import { moved, rectangle, tabSeparated, type Position, type Selection } from './selection.ts';

/** Pixels; page.css says the same. */
export const ROW_HEIGHT = 24;
/** More would be higher than Chromium lets an element be. */
const MOST_ROWS = Math.floor(33_500_000 / ROW_HEIGHT);
/** Rows made above and below those in sight. */
const OVERSCAN = 8;
/** Pixels between a title and its note, and for the mark of the order; as in page.css. */
const NOTE_GAP = 6;
const SORT_MARK = 10;
/** Rows whose texts decide the widths. */
const SAMPLE = 60;
/** Pixels that a column that grows asks for, lest it push others out of sight. */
const MODEST = 240;
/** Pixels that a key makes a column wider. */
const STEP = 10;

export interface GridColumn<R> {
  readonly id: string;
  readonly title: string;
  /** Said and shown beside the title. */
  readonly note?: string;
  readonly align?: 'end';
  /** Takes the width that is left. */
  readonly grows?: boolean;
  readonly sortable?: boolean;
  /** Null is shown as NULL, and copied as nothing. */
  readonly text: (row: R, index: number) => string | null;
  readonly class?: (row: R) => string | undefined;
}

export interface GridOptions<R> {
  readonly label: string;
  readonly by: 'rows' | 'cells';
  /** Undefined while it is not loaded. */
  readonly row: (index: number) => R | undefined;
  readonly onVisible: (first: number, last: number) => void;
  /** The row was opened by Enter or a double click, or by a click when choosing by rows. */
  readonly onOpen: (index: number) => void;
  readonly onSort: (column: string) => void;
  readonly onCopy: (text: string) => void;
  /** Another row has the focus, or none. */
  readonly onChoose?: (index: number | undefined) => void;
  /** The person gave a column a width in pixels, or the one that fits. Without it no column can be given one. */
  readonly onResize?: (column: string, width: number | undefined) => void;
}

export interface Grid<R> {
  readonly element: HTMLElement;
  /** `widths`: those that the person gave, by the columns' ids. */
  setColumns(
    columns: readonly GridColumn<R>[],
    sample: readonly R[],
    widths?: Readonly<Record<string, number>>,
  ): void;
  /** `total`: rows there are, when more than can be reached yet. */
  /** `total` undefined: not known. */
  setRows(count: number, total: number | undefined): void;
  setSort(column: string | undefined, descending: boolean): void;
  /** Paints the rows anew, after they were loaded. */
  repaint(): void;
  toTop(): void;
  /** The row that has the focus. */
  chosen(): number | undefined;
  /** The rows that are chosen; the one that has the focus is among them. */
  chosenRows(): { readonly from: number; readonly count: number } | undefined;
  /** The chosen cells as tab-separated text; undefined when none is. */
  chosenText(): string | undefined;
}

export function createGrid<R>(options: GridOptions<R>): Grid<R> {
  const head = element('div', { class: 'row', role: 'row', 'aria-rowindex': '1' });
  const headGroup = element('div', { class: 'head', role: 'rowgroup' }, head);
  const body = element('div', { class: 'body', role: 'rowgroup' });
  const root = element('div', { class: 'grid', role: 'grid', tabindex: '0', 'aria-label': options.label });
  root.classList.add(`by-${options.by}`);
  root.setAttribute('aria-multiselectable', 'true');
  root.append(headGroup, body);

  let columns: readonly GridColumn<R>[] = [];
  let count = 0;
  let selection: Selection | undefined;
  let fitting: readonly number[] = [];
  let widths: number[] = [];
  const painted = new Map<number, HTMLElement>();

  const extent = () => ({
    rows: count,
    columns: columns.length,
    page: Math.max(1, Math.floor((root.clientHeight - head.offsetHeight) / ROW_HEIGHT) - 1),
    header: columns.some((column) => column.sortable),
  });
  const isChosen = (row: number, column: number): boolean => {
    if (!selection || row < 0) return false;
    const area = rectangle(selection);
    if (row < area.top || row > area.bottom) return false;
    return options.by === 'rows' || (column >= area.left && column <= area.right);
  };
  const isFocus = (row: number, column: number): boolean =>
    selection?.focus.row === row && (options.by === 'rows' || selection.focus.column === column);

  const mark = (line: HTMLElement, index: number): void => {
    const marked = options.by === 'rows' ? [line] : [...line.children];
    marked.forEach((node, at) => {
      node.setAttribute('aria-selected', String(isChosen(index, at)));
      node.classList.toggle('focus', isFocus(index, at));
    });
  };
  const makeRow = (index: number): HTMLElement => {
    const line = element('div', {
      class: 'row',
      role: 'row',
      id: `r${index}`,
      'aria-rowindex': String(index + 2),
    });
    line.style.transform = `translateY(${index * ROW_HEIGHT}px)`;
    line.classList.toggle('odd', index % 2 === 1);
    const row = options.row(index);
    line.classList.toggle('waiting', row === undefined);
    columns.forEach((column, at) => {
      const text = row === undefined ? '' : column.text(row, index);
      const cell = element('div', { class: 'cell', role: 'gridcell', id: `r${index}c${at}` }, text ?? 'NULL');
      cell.setAttribute('aria-colindex', String(at + 1));
      if (column.align) cell.classList.add(column.align);
      if (text === null) cell.classList.add('null');
      const extra = row === undefined ? undefined : column.class?.(row);
      if (extra) cell.classList.add(extra);
      line.append(cell);
    });
    mark(line, index);
    return line;
  };

  const paint = (): void => {
    const top = root.scrollTop;
    const first = Math.max(0, Math.floor(top / ROW_HEIGHT) - OVERSCAN);
    const last = Math.min(count - 1, Math.ceil((top + root.clientHeight) / ROW_HEIGHT) + OVERSCAN);
    for (const [index, line] of painted) {
      if (index >= first && index <= last) continue;
      line.remove();
      painted.delete(index);
    }
    for (let index = first; index <= last; index++) {
      if (painted.has(index)) continue;
      const line = makeRow(index);
      painted.set(index, line);
      // In the order of the rows, for those who read the document and not the screen.
      const before = [...painted.keys()].filter((other) => other > index);
      body.insertBefore(line, before.length === 0 ? null : (painted.get(Math.min(...before)) ?? null));
    }
    if (last >= first) options.onVisible(first, last);
  };
  const repaint = (): void => {
    for (const line of painted.values()) line.remove();
    painted.clear();
    paint();
    announce();
  };

  const announce = (): void => {
    const focus = selection?.focus;
    head.querySelectorAll('.focus').forEach((cell) => {
      cell.classList.remove('focus');
    });
    if (!focus) {
      root.removeAttribute('aria-activedescendant');
      return;
    }
    const id =
      focus.row < 0
        ? `h${focus.column}`
        : options.by === 'rows'
          ? `r${focus.row}`
          : `r${focus.row}c${focus.column}`;
    if (focus.row < 0) document.getElementById(id)?.classList.add('focus');
    if (document.getElementById(id)) root.setAttribute('aria-activedescendant', id);
    else root.removeAttribute('aria-activedescendant');
  };
  /** Marks in place: nodes that were replaced between two clicks would make no double click. */
  const showSelection = (): void => {
    paint();
    for (const [index, line] of painted) mark(line, index);
    announce();
  };
  const reveal = ({ row, column }: Position): void => {
    if (row >= 0) {
      const top = row * ROW_HEIGHT;
      const seen = root.clientHeight - head.offsetHeight;
      if (top < root.scrollTop) root.scrollTop = top;
      else if (top + ROW_HEIGHT > root.scrollTop + seen) root.scrollTop = top + ROW_HEIGHT - seen;
    }
    const title = head.children[column];
    if ((options.by === 'cells' || row < 0) && title instanceof HTMLElement) {
      const { offsetLeft: left, offsetWidth: width } = title;
      if (left < root.scrollLeft) root.scrollLeft = left;
      else if (left + width > root.scrollLeft + root.clientWidth)
        root.scrollLeft = Math.min(left, left + width - root.clientWidth);
    }
  };
  const choose = (focus: Position, extend: boolean): void => {
    selection = {
      anchor: extend && selection && selection.anchor.row >= 0 ? selection.anchor : focus,
      focus,
    };
    reveal(focus);
    showSelection();
    options.onChoose?.(chosen());
  };
  const chosen = (): number | undefined =>
    selection && selection.focus.row >= 0 ? selection.focus.row : undefined;
  const chosenText = (): string | undefined => {
    if (!selection || selection.focus.row < 0) return undefined;
    const area = rectangle(selection);
    const picked = options.by === 'rows' ? columns : columns.slice(area.left, area.right + 1);
    const lines: string[][] = [];
    for (let index = area.top; index <= area.bottom; index++) {
      const row = options.row(index);
      if (row !== undefined) lines.push(picked.map((column) => column.text(row, index) ?? ''));
    }
    // One cell is copied as it is.
    return lines.length === 1 && lines[0]?.length === 1 ? lines[0][0] : tabSeparated(lines);
  };

  const positionOf = (target: EventTarget | null): Position | undefined => {
    const cell = target instanceof Element ? target.closest('.cell') : null;
    const match = cell ? /^r(\d+)c(\d+)$/.exec(cell.id) : null;
    return match ? { row: Number(match[1]), column: Number(match[2]) } : undefined;
  };
  body.addEventListener('pointerdown', (event) => {
    const position = event.button === 0 ? positionOf(event.target) : undefined;
    if (!position) return;
    root.focus();
    event.preventDefault();
    choose(position, event.shiftKey);
    if (options.by === 'rows') options.onOpen(position.row);
  });
  body.addEventListener('pointerover', (event) => {
    const position = event.buttons === 1 && options.by === 'cells' ? positionOf(event.target) : undefined;
    if (position && selection) choose(position, true);
  });
  body.addEventListener('dblclick', (event) => {
    const position = positionOf(event.target);
    if (position) options.onOpen(position.row);
  });
  const layOut = (): void => {
    root.style.setProperty(
      '--columns',
      widths.map((width, at) => (columns[at]?.grows ? `minmax(${width}px, 1fr)` : `${width}px`)).join(' '),
    );
    root.style.setProperty('--width', `${widths.reduce((sum, width) => sum + width, 0)}px`);
  };
  const resize = (at: number, width: number | undefined, done: boolean): void => {
    const column = columns[at];
    if (!column) return;
    widths[at] = width ?? fitting[at] ?? 0;
    layOut();
    if (done) options.onResize?.(column.id, width);
  };
  const widthOf = (at: number): number => {
    const title = head.children[at];
    return title instanceof HTMLElement ? title.offsetWidth : 0;
  };
  if (options.onResize) resizable(head, { widthOf, resize });
  head.addEventListener('click', (event) => {
    const title = event.target instanceof Element ? event.target.closest('.cell') : null;
    if (event.target instanceof Element && event.target.closest('.edge')) return;
    const column = title ? columns[[...head.children].indexOf(title)] : undefined;
    if (column?.sortable) options.onSort(column.id);
  });
  root.addEventListener('keydown', (event) => {
    if (columns.length === 0) return;
    const focus = selection?.focus;
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key.toLowerCase() === 'c') {
      const text = chosenText();
      if (text !== undefined) options.onCopy(text);
    } else if (command && event.key.toLowerCase() === 'a' && options.by === 'cells' && count > 0) {
      selection = { anchor: { row: 0, column: 0 }, focus: { row: count - 1, column: columns.length - 1 } };
      showSelection();
    } else if (
      options.onResize &&
      focus &&
      focus.row < 0 &&
      event.shiftKey &&
      /^Arrow(Left|Right)$/.test(event.key)
    ) {
      const by = event.key === 'ArrowLeft' ? -STEP : STEP;
      resize(focus.column, withinWidths(widthOf(focus.column) + by), true);
    } else if (event.key === 'Escape' && options.by === 'rows' && selection) {
      selection = undefined;
      showSelection();
      options.onChoose?.(undefined);
    } else if (event.key === 'Enter' && focus) {
      const column = columns[focus.column];
      if (focus.row >= 0) options.onOpen(focus.row);
      else if (column?.sortable) options.onSort(column.id);
    } else {
      const to = moved(focus ?? { row: -1, column: 0 }, event, extent(), options.by);
      if (!to || count === 0) return;
      choose(to, event.shiftKey);
    }
    event.preventDefault();
  });
  let frame = 0;
  root.addEventListener('scroll', () => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      paint();
      announce();
    });
  });
  new ResizeObserver(paint).observe(root);

  const setSort = (id: string | undefined, descending: boolean): void => {
    columns.forEach((column, at) => {
      if (!column.sortable) return;
      const state = column.id !== id ? 'none' : descending ? 'descending' : 'ascending';
      head.children[at]?.setAttribute('aria-sort', state);
    });
  };

  return {
    element: root,
    setColumns: (next, sample, given = {}) => {
      columns = next;
      root.setAttribute('aria-colcount', String(columns.length));
      head.replaceChildren(
        ...columns.map((column, at) => {
          const title = element('div', { class: 'cell', role: 'columnheader', id: `h${at}` });
          title.append(element('span', { class: 'title' }, column.title));
          if (column.note !== undefined) title.append(element('span', { class: 'note' }, column.note));
          if (column.align) title.classList.add(column.align);
          if (column.sortable) title.classList.add('sortable');
          title.setAttribute('aria-colindex', String(at + 1));
          if (options.onResize) title.append(element('span', { class: 'edge', 'aria-hidden': 'true' }));
          return title;
        }),
      );
      const ruler = createRuler(root);
      const titles = createRuler(root, 600);
      fitting = columns.map((column) =>
        Math.min(
          column.grows ? MODEST : Infinity,
          fittingWidth(
            ruler,
            titles(column.title) +
              (column.note === undefined ? 0 : ruler(column.note) + NOTE_GAP) +
              (column.sortable ? SORT_MARK : 0),
            sample.slice(0, SAMPLE).map((row, index) => column.text(row, index) ?? 'NULL'),
          ),
        ),
      );
      widths = columns.map(({ id }, at) => given[id] ?? fitting[at] ?? 0);
      layOut();
      if (options.by === 'cells') selection = undefined;
      setSort(undefined, false);
      repaint();
    },
    setRows: (next, total) => {
      count = Math.min(next, MOST_ROWS);
      root.setAttribute('aria-rowcount', total === undefined ? '-1' : String(total + 1));
      body.style.height = `${count * ROW_HEIGHT}px`;
      repaint();
    },
    setSort,
    repaint,
    toTop: () => {
      root.scrollTop = 0;
      // Who sorts by a header stays there.
      if (chosen() !== undefined) selection = undefined;
      repaint();
    },
    chosen,
    chosenRows: () => {
      if (!selection || selection.focus.row < 0) return undefined;
      const { top, bottom } = rectangle(selection);
      return { from: top, count: bottom - top + 1 };
    },
    chosenText,
  };
}

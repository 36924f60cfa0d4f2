/**
 * The list of messages: it follows the newest as long as its top is seen and nothing is chosen; else it stays as it is
 * and says how many came.
 */
import type { Chosen, Field, RecordOrder, SessionState, TopicCalls } from '../wire/topic.ts';
import { createDetail } from './detail.ts';
import { button, element } from './dom.ts';
import { keepingFocus } from './focus.ts';
import { createGrid } from './grid.ts';
import { count, t, toFailure, type Host } from './host.ts';
import { columnOf, columnsOf, orderBy } from './topicColumns.ts';
import type { DetailAction } from './detail.ts';
import { detailOf, type DetailUse } from './topicDetail.ts';
import { isSettled } from './topicFacts.ts';
import { createTopicRows, type Seen } from './topicRows.ts';

/** How the list is shown, as it is kept. */
export interface ListView {
  readonly order: RecordOrder | null;
  readonly fields: readonly Field[];
  readonly widths: Readonly<Record<string, number>>;
}

export interface TopicList {
  readonly content: readonly HTMLElement[];
  readonly detail: HTMLElement;
  /** What can be done with the rows chosen, when they are more than one. */
  readonly selection: HTMLElement;
  readonly view: ListView;
  readonly sorting: boolean;
  show(view: ListView): void;
  /** After another reading or filter: from the top. */
  reset(): void;
  refresh(state: SessionState): Promise<void>;
  hide(is: boolean): void;
  readonly focus: () => void;
}

export function createTopicList(options: {
  readonly title: string;
  readonly host: Host<TopicCalls>;
  /** Asks for a refresh. */
  readonly pull: () => void;
  readonly onView: () => void;
  readonly onFail: (error: unknown) => void;
  readonly onPointed: DetailUse['onPointed'];
  /** What can be done with messages. */
  readonly actions: (chosen: Chosen) => readonly DetailAction[];
}): TopicList {
  const { title, host, pull, onView, onFail, onPointed, actions } = options;
  let view: ListView = { order: null, fields: [], widths: {} };
  let seen: Seen = [0, 99];
  /** The list is of records below this one; undefined while it follows the newest. */
  let hold: number | undefined;
  let shownEnd = 0;
  /** Grows with all that makes other rows of the same records. */
  let version = 0;
  let columnsDue = true;
  let sortAsked = false;
  let sortDue = false;
  /** The rows come in the order that was asked for. */
  let sorted = false;
  /** Number of the next record when the order was made. */
  let sortedEnd = 0;
  let sorting: AbortController | undefined;
  let opening = 0;

  const copy = (text: string): void => void host.call('copy', text).catch(onFail);
  const rows = createTopicRows(
    (asked) => host.call('rows', asked),
    () => {
      grid.repaint();
    },
    onFail,
  );
  const detail = createDetail(copy, () => {
    grid.element.focus();
    settle();
  });
  const grid = createGrid({
    label: t('Messages of {0}', title),
    by: 'rows',
    row: rows.row,
    onVisible: (first, last) => {
      seen = [first, last];
      rows.need(seen);
    },
    onOpen: (index) => void open(index),
    onChoose: (index) => {
      settle();
      showSelection();
      if (index !== undefined && !detail.element.hidden) void open(index);
    },
    onSort: (column) => {
      const by = orderBy(column, view.fields);
      if (by === undefined) return;
      const { order } = view;
      const again = order !== null && columnOf(order) === column;
      const next = !again ? { by, descending: false } : order.descending ? null : { by, descending: true };
      change({ ...view, order: next });
      sortAsked = true;
      toTop();
    },
    onResize: (column, width) => {
      const { [column]: _, ...widths } = view.widths;
      view = { ...view, widths: width === undefined ? widths : { ...widths, [column]: width } };
      onView();
    },
    onCopy: copy,
  });
  grid.element.addEventListener('scroll', () => {
    settle();
  });
  const pill = button(
    '',
    () => {
      sortDue = view.order !== null;
      sortAsked = sortDue;
      toTop();
      grid.element.focus();
    },
    { class: 'primary pill' },
  );
  pill.hidden = true;
  const chosenCount = element('span', { role: 'status' });
  const chosenActions = element('span', { class: 'buttons' });
  const selection = element('div', { class: 'line-of' }, chosenCount, chosenActions);
  selection.hidden = true;
  let chosenNow = '';

  function showSelection(): void {
    const rows = grid.chosenRows();
    const several = rows && rows.count > 1 ? { ...rows, end: shownEnd } : undefined;
    const now = JSON.stringify(several);
    if (now === chosenNow) return;
    chosenNow = now;
    keepingFocus(() => {
      selection.hidden = several === undefined;
      chosenCount.textContent = several ? t('{0} messages chosen', count(several.count)) : '';
      chosenActions.replaceChildren(
        ...(several ? actions(several) : []).map(({ label, meaning, onClick }) =>
          button(label, onClick, { class: 'secondary', title: meaning }),
        ),
      );
    }, grid.element);
  }
  /** Follows again, or holds what is shown now. */
  function settle(): void {
    const follows =
      grid.element.scrollTop === 0 &&
      grid.chosen() === undefined &&
      detail.element.hidden &&
      view.order === null;
    if (follows === (hold === undefined)) return;
    hold = follows ? undefined : shownEnd;
    if (follows) pull();
  }
  function toTop(): void {
    keepingFocus(() => {
      detail.hide();
    }, grid.element);
    grid.toTop();
    showSelection();
    hold = undefined;
    pull();
  }
  function change(next: ListView): void {
    view = next;
    grid.setSort(next.order ? columnOf(next.order) : undefined, next.order?.descending ?? false);
    onView();
  }

  async function open(index: number): Promise<void> {
    const line = rows.row(index);
    if (!line) return;
    const mine = ++opening;
    try {
      const message = await host.call('message', { record: line.record });
      const use = { onPointed, actions: actions({ records: [line.record] }) };
      if (mine === opening) detail.show(detailOf(message, use));
    } catch (error) {
      if (mine !== opening) return;
      detail.show({
        title: t('Partition {0}, offset {1}', line.partition, line.offset),
        fields: [],
        error: toFailure(error).message,
      });
    }
    settle();
  }

  /**
   * At once when it was asked for, and again when all is there to be sorted. The rows stay in the order before until
   * this one is made.
   */
  function sort(state: SessionState): void {
    const settled = isSettled(state);
    if (!sortAsked && !(sortDue && settled)) return;
    sortAsked = false;
    sortDue = view.order !== null && !settled;
    stopSorting();
    const mine = new AbortController();
    const { order } = view;
    sorting = mine;
    grid.element.classList.add('busy');
    grid.element.setAttribute('aria-busy', 'true');
    pull();
    host.call('sort', order, mine.signal).then(
      () => {
        if (sorting !== mine) return;
        stopSorting();
        sorted = order !== null;
        sortedEnd = state.end;
        version++;
        pull();
      },
      (error: unknown) => {
        // Another order is wanted by now.
        if (sorting !== mine) return;
        stopSorting();
        onFail(error);
      },
    );
  }
  function stopSorting(): void {
    const was = sorting;
    sorting = undefined;
    was?.abort();
    grid.element.classList.remove('busy');
    grid.element.removeAttribute('aria-busy');
  }

  function showPill(state: SessionState): void {
    const fresh = view.order ? (sortDue || sorting ? 0 : state.end - sortedEnd) : state.matches - rows.count;
    keepingFocus(() => {
      pill.hidden = fresh <= 0 || (hold === undefined && view.order === null);
    }, grid.element);
    // How many of them match an order's filter is not known before it is made anew.
    const text =
      view.order && state.matches !== state.looked
        ? t('New messages')
        : fresh === 1
          ? t('1 new message')
          : t('{0} new messages', count(fresh));
    if (!pill.hidden && pill.textContent !== `↑ ${text}`) pill.textContent = `↑ ${text}`;
  }

  return {
    content: [grid.element, pill],
    detail: detail.element,
    selection,
    get view() {
      return view;
    },
    get sorting() {
      return sorting !== undefined;
    },
    show: (next) => {
      const { order } = view;
      const fieldsChanged = JSON.stringify(next.fields) !== JSON.stringify(view.fields);
      change(next);
      if (JSON.stringify(order) !== JSON.stringify(next.order)) sortAsked = true;
      columnsDue = true;
      if (fieldsChanged) version++;
      pull();
    },
    reset: () => {
      version++;
      sortDue = view.order !== null;
      sortAsked = sorted = false;
      stopSorting();
      toTop();
    },
    refresh: async (state) => {
      sort(state);
      const mine = version;
      const held = hold;
      const { fields } = view;
      const end = sorted ? sortedEnd : (held ?? state.end);
      // While a search goes on, more of the same records match.
      const looked = sorted || isSettled(state) ? '' : state.looked;
      const changed = await rows.take(
        { end, fields, version: [end, state.first, version, looked].join() },
        seen,
        () => version === mine && hold === held,
      );
      if (changed === undefined) {
        pull();
        return;
      }
      shownEnd = end;
      if (columnsDue) {
        const sample = Array.from({ length: Math.min(60, rows.count) }, (_, at) => rows.row(seen[0] + at));
        grid.setColumns(
          columnsOf(fields),
          sample.filter((line) => line !== undefined),
          view.widths,
        );
        grid.setSort(view.order ? columnOf(view.order) : undefined, view.order?.descending ?? false);
        // Of no rows, no widths are known.
        columnsDue = rows.count === 0;
      }
      if (changed) grid.setRows(rows.count, rows.count);
      showPill(state);
    },
    hide: (is) => {
      grid.element.hidden = is;
      if (is) pill.hidden = selection.hidden = true;
    },
    focus: () => {
      grid.element.focus();
    },
  };
}

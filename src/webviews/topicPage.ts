/** The message viewer: a part of a topic, live or not; searched, filtered, sorted; newest first. */
import type {
  Chosen,
  Field,
  OpenedTopic,
  RecordFilter,
  RecordOrder,
  SessionState,
  TopicCalls,
  TopicView,
} from '../wire/topic.ts';
import type { Failure } from '../wire/rpc.ts';
import { element } from './dom.ts';
import { keepingFocus } from './focus.ts';
import { createMenu } from './menu.ts';
import { isFiltering } from './filterParts.ts';
import { showBadge } from './connectionBadge.ts';
import { commandOf, connect, isAborted, t, toFailure } from './host.ts';
import { createNotice } from './notice.ts';
import { createLater, createPull } from './pull.ts';
import { createTopicBars } from './topicBars.ts';
import type { Pointed } from './topicDetail.ts';
import { createColumnsMenu, columnOf, fieldId } from './topicColumns.ts';
import type { Reading } from './topicFacts.ts';
import { createTopicFilters } from './topicFilters.ts';
import { createHistogram } from './topicHistogram.ts';
import { createTopicList } from './topicList.ts';
import { createTopicNotice } from './topicNotice.ts';
import { createRangeForm, FIRST_RANGE, LIMIT_BYTES, NEWEST, type Range } from './topicRange.ts';

/** Characters of a value that a filter, and a link with it, can hold. */
const LONGEST_VALUE = 1000;
/** Messages that a search of the whole topic keeps. */
const MOST_FOUND = 10_000;
/** Milliseconds between two looks at the state, at the histogram, and at the size of the topic. */
const LOOK = 100;
const HISTOGRAM = 1000;
const SIZE = 2000;
/** Milliseconds until a change of the view is kept. */
const KEEP = 400;
/** Milliseconds in which a notice may be the echo of the failure itself. */
const ECHO = 1000;
/** Milliseconds before rows that could not be had are asked for again, lest the topic be read over and over. */
const PATIENCE = 2000;

const host = connect<TopicCalls>({ changed: onChanged });
const title = document.title;

let opened: OpenedTopic | undefined;
let state: SessionState | undefined;
let range: Range = FIRST_RANGE;
/** The whole topic is searched, and only what matches is kept. */
let whole = false;
/** What failed: nothing is shown until another reading begins. */
let failed: { readonly echoUntil: number } | undefined;
/** The failure that stands in place of the messages. */
let shownFailure = '';
let problem: string | undefined;
/** What is told once a reading began anew. */
let toTell: string | undefined;

const pull = createPull(look, LOOK);
const pullHistogram = createPull(async () => {
  const found = await host.call('histogram', { buckets: histogram.buckets }).catch(() => null);
  if (!failed) histogram.show(found, filters.filter.time);
}, HISTOGRAM);
const pullSize = createPull(async () => {
  const next = await host.call('opened', null).catch(() => undefined);
  if (!next) return;
  opened = next;
  showBadge(next.connection);
  if (state && !failed) show(state);
}, SIZE);
const start = createPull(begin, 0);
const keep = createLater(() => void host.call('keep', viewNow()).catch(tell), KEEP);

const command = (id: string, label: string) => ({
  label,
  onClick: () => void host.call('command', { id: `ordersLakehouse.${id}` }).catch(fail),
});
const notice = createNotice();
const instead = createTopicNotice(notice, title, {
  produce: command('produce', t('Produce orders')),
  importCsv: command('importCsv', t('Import a CSV file')),
  clearFilter: {
    label: t('Clear the filter'),
    onClick: () => {
      filters.clear();
    },
  },
  searchWhole: { label: t('Search the whole topic'), onClick: searchWhole },
  backToNewest: { label: t('Back to the newest'), onClick: backToNewest },
  resume: { label: t('Resume'), onClick: pauseOrResume },
});
const menu = createMenu();
const list = createTopicList({
  title,
  host,
  pull,
  onView: keep,
  onFail: fail,
  onPointed,
  actions: (chosen) => [
    {
      label: t('Copy as a command'),
      meaning: t('Copies commands of the terminal that send the same once more'),
      onClick: () => void useMessages('copyCommand', chosen, t('The command is copied.')),
    },
    {
      label: t('Use as a template'),
      meaning: t('Opens a document with the same, to change and send'),
      onClick: () => void useMessages('asDocument', chosen),
    },
    {
      label: t('Send again…'),
      meaning: t('Sends the same bytes once more, to this topic or to another'),
      onClick: () => void useMessages('replay', chosen),
    },
  ],
});
const filters = createTopicFilters({
  known: () => ({
    fields: state?.fields ?? [],
    headers: state?.headers ?? [],
    partitions: opened?.partitions ?? 0,
  }),
  apply: applyFilter,
  onLeave: list.focus,
});
const histogram = createHistogram(filters.setTime);
const columns = createColumnsMenu({
  onChange: setColumns,
  onFit: () => {
    list.show({ ...list.view, widths: {} });
  },
});
const rangeForm = createRangeForm((next) => {
  range = next;
  whole = false;
  keep();
  start();
});

const bars = createTopicBars({
  title,
  columns: columns.popover,
  onPause: pauseOrResume,
  onExport: exportMatches,
  onCopyLink: () => void copyLink(),
  onSendAgain: () => void useMessages('replay', 'all'),
  onProduce: () => void host.call('produce', null).catch(tell),
  onWhole: searchWhole,
  onNewest: backToNewest,
});

document.querySelector('main')?.replaceChildren(
  bars.toolbar,
  rangeForm.element,
  element('div', { class: 'filters' }, ...filters.nodes, bars.searchWhole),
  // Above the chips, so that it stays in its place when one is added by it.
  histogram.element,
  filters.chips,
  ...bars.lines,
  element(
    'div',
    { class: 'split' },
    element('div', { class: 'content' }, ...list.content, notice.element),
    list.detail,
  ),
  // Below the rows, so that they stay in their place.
  list.selection,
  menu.element,
);

document.addEventListener('keydown', (event) => {
  const inField =
    event.target instanceof HTMLElement && /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  const wanted =
    event.ctrlKey || event.metaKey ? event.key.toLowerCase() === 'f' : event.key === '/' && !inField;
  if (!wanted) return;
  filters.focus();
  event.preventDefault();
});

const isShown = (order: RecordOrder | null, fields: readonly string[]): boolean =>
  order === null || typeof order.by === 'string' || fields.includes(columnOf(order));

function viewNow(): TopicView {
  return { ...range, filter: filters.filter, ...list.view };
}

function readingNow(): Reading {
  return {
    elsewhere: (opened?.connection ?? null) !== null,
    messages: opened?.messages ?? 0,
    partitions: opened?.partitions ?? 0,
    filtered: isFiltering(filters.filter),
    whole,
    sorting: list.sorting,
  };
}

function take(view: TopicView): void {
  const { start: from, end, records = range.records } = view;
  range = { start: from, end, records };
  filters.show(view.filter);
  const { order, fields, widths } = view;
  list.show({ order, fields, widths });
}

/** Begins a reading of what is asked for now. */
async function begin(): Promise<void> {
  try {
    const first = opened === undefined;
    opened = await host.call('opened', null);
    if (first && opened.view) take(opened.view);
    showBadge(opened.connection);
    rangeForm.show(range);
    const { start: from, end, records } = range;
    await host.call('read', {
      ...(whole
        ? { keep: 'matches', start: { from: 'beginning' }, end: { until: 'now' } }
        : { keep: 'all', start: from, end }),
      limits: { records: whole ? MOST_FOUND : records, bytes: LIMIT_BYTES },
      filter: filters.filter,
    });
    failed = undefined;
    problem = toTell;
    toTell = undefined;
    instead.forget();
    list.reset();
    pull();
  } catch (error) {
    fail(error);
  }
}

async function look(): Promise<void> {
  if (failed) return;
  try {
    const before = state?.end;
    const next = await host.call('state', null);
    if (next.phase === 'failed' && next.failure) {
      showFailure(next.failure, performance.now() + ECHO);
      return;
    }
    // The topic was made anew, or the thread: what is loaded names other messages now.
    if (next.reading !== state?.reading) list.reset();
    state = next;
    show(next);
    await list.refresh(next);
    pullHistogram();
    if (before !== next.end) pullSize();
  } catch (error) {
    if (isAborted(error)) return;
    const failure = toFailure(error);
    if (failure.code === 'filter-stuck') await goOnWithout(failure);
    else showFailure(failure, performance.now() + PATIENCE);
  }
}

/** The host took the filter away, or what can take for ever in it. */
async function goOnWithout({ message, hint }: Failure): Promise<void> {
  try {
    const { view } = await host.call('opened', null);
    filters.show(view?.filter ?? {});
    toTell = hint === undefined ? message : `${message} ${hint}`;
    start();
  } catch (error) {
    fail(error);
  }
}

function onChanged(): void {
  if (!failed) pull();
  else if (performance.now() > failed.echoUntil) start();
}

function show(now: SessionState): void {
  const reading = readingNow();
  shownFailure = '';
  keepingFocus(
    () => {
      list.hide(instead.show(now, reading));
    },
    ...list.content,
    notice.element,
  );
  bars.show(now, reading);
  rangeForm.tell(now);
  showColumns();
  showWarning(now);
}

function setColumns(fields: readonly Field[]): void {
  const { order, widths } = list.view;
  list.show({ fields, widths, order: isShown(order, fields.map(fieldId)) ? order : null });
  showColumns();
}

/** What a field of the message shown can be used for. */
function onPointed({ field, name, value }: Pointed, opener: HTMLElement): void {
  const { fields } = list.view;
  const others = field && fields.filter((one) => fieldId(one) !== fieldId(field));
  const isColumn = others && others.length < fields.length;
  const items = [
    ...(field && others
      ? [
          {
            label: isColumn ? t('Hide this column') : t('Show as a column'),
            onClick: () => {
              setColumns(isColumn ? others : [...fields, field]);
              bars.say(isColumn ? t('{0} is no column any more.', name) : t('{0} is a column now.', name));
            },
          },
        ]
      : []),
    ...(value === undefined || value.length > LONGEST_VALUE
      ? []
      : [
          {
            label: t('Filter by this value'),
            onClick: () => {
              filters.add(
                field
                  ? { condition: { field, operator: '=', value } }
                  : { text: { pattern: value, place: 'key', regex: false, matchCase: true } },
              );
            },
          },
          ...(field
            ? [
                {
                  label: t('Filter by any other value'),
                  onClick: () => {
                    filters.add({ condition: { field, operator: '!=', value } });
                  },
                },
              ]
            : []),
        ]),
  ];
  if (items.length > 0) menu.open(name, items, opener);
}

function showColumns(): void {
  columns.show(list.view.fields, state ?? { fields: [], headers: [] });
}

function showWarning(now: SessionState | undefined): void {
  bars.warn(now?.failure ? t('{0} It is tried again until it works.', now.failure.message) : problem);
}

/** Of something beside the reading: what is shown stays. */
function tell(error: unknown): void {
  if (isAborted(error)) return;
  const { message, hint } = toFailure(error);
  problem = hint === undefined ? message : `${message} ${hint}`;
  showWarning(state);
}

function fail(error: unknown): void {
  if (!isAborted(error)) showFailure(toFailure(error), 0);
}

function showFailure(failure: Failure, echoUntil: number): void {
  const { action } = failure;
  const key = JSON.stringify(failure);
  failed = { echoUntil };
  instead.forget();
  // The focus may be on one of its buttons.
  if (shownFailure === key) return;
  shownFailure = key;
  const buttons = [
    ...(action
      ? [
          {
            label: action.title,
            onClick: () => void host.call('command', commandOf(action)).catch(fail),
          },
        ]
      : []),
    { label: t('Try again'), onClick: start },
    ...(failure.code === 'bad-filter'
      ? [
          {
            label: t('Clear the filter'),
            onClick: () => {
              filters.show({});
              start();
            },
          },
        ]
      : []),
  ];
  keepingFocus(() => {
    list.hide(true);
    notice.failed(failure, buttons);
  }, notice.element);
}

async function applyFilter(filter: RecordFilter): Promise<string | undefined> {
  try {
    await host.call('filter', filter);
  } catch (error) {
    const failure = toFailure(error);
    if (failure.code === 'bad-filter') return failure.message;
    fail(error);
  }
  keep();
  // What only kept the matches of another filter has not those of this one.
  if (whole) {
    whole = isFiltering(filter);
    start();
  }
  list.reset();
  return undefined;
}

function searchWhole(): void {
  whole = true;
  start();
}

function backToNewest(): void {
  whole = false;
  range = { ...range, start: NEWEST, end: FIRST_RANGE.end };
  keep();
  start();
}

function pauseOrResume(): void {
  void host.call(state?.phase === 'paused' ? 'resume' : 'pause', null).then(pull, fail);
}

async function exportMatches(): Promise<void> {
  try {
    await host.call('export', { fields: list.view.fields });
  } catch (error) {
    tell(error);
  }
}

async function useMessages(
  use: 'copyCommand' | 'asDocument' | 'replay',
  chosen: Chosen,
  done?: string,
): Promise<void> {
  try {
    await host.call(use, chosen);
    if (done !== undefined) bars.say(done);
  } catch (error) {
    tell(error);
  }
}

async function copyLink(): Promise<void> {
  try {
    await host.call('copyLink', viewNow());
    bars.say(t('The link is copied.'));
  } catch (error) {
    tell(error);
  }
}

notice.loading(t('Reading {0}…', title));
list.hide(true);
start();

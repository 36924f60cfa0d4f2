/** The log of a part: its last lines, then each new one; filters that combine; a trace stays with its error. */
import type { LevelFilter, LogBatch, LogCalls } from '../wire/log.ts';
import { button, element } from './dom.ts';
import { commandOf, connect, count, isAborted, t, toFailure } from './host.ts';
import { createLogList } from './logList.ts';
import { createLogModel, KEPT, patternOf } from './logModel.ts';
import { createNotice } from './notice.ts';

/** Milliseconds after the last key before the filter is applied. */
const TYPING_MS = 150;

const host = connect<LogCalls>({
  changed: () => {
    if (failed) void follow();
  },
});
const title = document.title;
const model = createLogModel();
const notice = createNotice();
let failed = false;
let ended = false;
let following = true;
/** Rows that came while nobody followed. */
let unseen = 0;
let level: LevelFilter = 'all';

const copy = (text: string): void => void host.call('copy', text);
const list = createLogList({
  label: title,
  row: (index) => model.row(index),
  onCopy: copy,
  onScroll: (atEnd) => {
    if (atEnd !== following) setFollowing(atEnd);
  },
});

/** Every line that is shown, as it stands in the log. */
const allText = (): string => {
  const lines: string[] = [];
  for (let index = 0; index < model.shown; index++) lines.push(model.row(index)?.text ?? '');
  return lines.join('\n');
};

const facts = element('span', { class: 'facts' });
const said = element('span', { class: 'told', role: 'status', 'aria-live': 'polite' });
const toggle = (label: string, title: string, onToggle: (on: boolean) => void): HTMLButtonElement => {
  const made = button(
    label,
    () => {
      const on = made.getAttribute('aria-pressed') !== 'true';
      made.setAttribute('aria-pressed', String(on));
      onToggle(on);
    },
    { class: 'toggle', title, 'aria-pressed': 'false' },
  );
  return made;
};
const levels: readonly (readonly [LevelFilter, HTMLButtonElement])[] = (
  [
    ['all', t('All')],
    ['warning', t('Warnings and errors')],
    ['error', t('Errors')],
  ] as const
).map(([value, label]) => [
  value,
  button(
    label,
    () => {
      setLevel(value);
    },
    { class: 'toggle', 'aria-pressed': String(value === 'all') },
  ),
]);
const search = element('input', { type: 'search', class: 'search', 'aria-label': t('Filter by text') });
search.placeholder = t('Filter by text');
const regex = toggle('.*', t('Use a regular expression'), () => {
  applyFilter();
});
regex.setAttribute('aria-label', t('Use a regular expression'));
const wrap = toggle(t('Wrap lines'), t('Wrap lines that are longer than the page'), (on) => {
  list.setWrap(on);
});
const pause = button(
  t('Pause'),
  () => {
    setFollowing(!following);
    if (following) list.toEnd();
  },
  { class: 'secondary' },
);
const newest = button(
  '',
  () => {
    setFollowing(true);
    list.toEnd();
    list.element.focus();
  },
  { class: 'primary newest' },
);
newest.hidden = true;

document.querySelector('main')?.replaceChildren(
  element(
    'header',
    { class: 'toolbar' },
    element('h1', {}, title),
    facts,
    said,
    element(
      'div',
      { class: 'buttons' },
      button(
        t('Copy'),
        () => {
          const lines = list.chosen();
          copy(lines.length > 0 ? lines.join('\n') : allText());
        },
        { class: 'secondary', title: t('Copies the chosen lines, or all that are shown (Ctrl+C)') },
      ),
      button(t('Open as text'), () => void host.call('openText', allText()).catch(fail), {
        class: 'secondary',
        title: t('Opens the lines that are shown as a document'),
      }),
    ),
  ),
  element(
    'div',
    { class: 'filters' },
    element(
      'div',
      { class: 'group', role: 'group', 'aria-label': t('Level') },
      ...levels.map(([, one]) => one),
    ),
    element('div', { class: 'group grows' }, search, regex),
    wrap,
    pause,
  ),
  element('div', { class: 'content' }, list.element, notice.element, newest),
);

function setFollowing(on: boolean): void {
  if (following !== on) say(on ? t('Following') : t('Paused'), !on);
  following = on;
  unseen = 0;
  pause.textContent = on ? t('Pause') : t('Follow');
  showNewest();
}

function showNewest(): void {
  newest.hidden = following || list.element.hidden;
  newest.textContent =
    unseen === 0
      ? t('↓ Jump to newest')
      : unseen === 1
        ? t('↓ 1 new line')
        : t('↓ {0} new lines', count(unseen));
}

function setLevel(next: LevelFilter): void {
  level = next;
  for (const [value, one] of levels) one.setAttribute('aria-pressed', String(value === level));
  applyFilter();
}

let typing: ReturnType<typeof setTimeout> | undefined;
search.addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(applyFilter, TYPING_MS);
});
search.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && search.value !== '') {
    search.value = '';
    applyFilter();
  } else if (event.key === 'ArrowDown') {
    list.element.focus();
    event.preventDefault();
  }
});
document.addEventListener('keydown', (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f') {
    search.select();
    event.preventDefault();
  }
});

function say(text: string, seen = false): void {
  said.textContent = text;
  said.classList.toggle('seen', seen);
}

const isFiltered = (): boolean => level !== 'all' || search.value !== '';

function applyFilter(): void {
  const pattern = patternOf(search.value, regex.getAttribute('aria-pressed') === 'true');
  search.setAttribute('aria-invalid', String(pattern === null));
  if (pattern === null) {
    say(t('This is no regular expression.'), true);
    return;
  }
  model.setFilter({ level, ...(pattern ? { pattern } : {}) });
  list.reset(model.shown, pattern);
  unseen = 0;
  // What was read is gone from its place: the newest match is where to begin.
  setFollowing(true);
  list.toEnd();
  show();
  say(
    !isFiltered() ? '' : model.shown === 1 ? t('1 line matches') : t('{0} lines match', count(model.shown)),
  );
}

function show(): void {
  const parts = [
    model.kept === 1 ? t('1 line') : t('{0} lines', count(model.kept)),
    ...(isFiltered() ? [t('{0} shown', count(model.shown))] : []),
    model.errors === 1 ? t('1 error') : t('{0} errors', count(model.errors)),
    ...(model.dropped > 0 ? [t('older ones were dropped, the newest {0} are kept', count(KEPT))] : []),
    ...(ended ? [t('ended')] : []),
  ];
  facts.textContent = parts.join(' · ');
  facts.title = facts.textContent;
  list.element.hidden = model.shown === 0;
  if (model.shown > 0) notice.hide();
  else if (isFiltered()) {
    notice.empty(t('No line matches the filter.'), [
      {
        label: t('Show all lines'),
        onClick: () => {
          search.value = '';
          setLevel('all');
        },
      },
    ]);
  } else notice.empty(t('Nothing was written yet.'), []);
  showNewest();
}

function take(batch: LogBatch): void {
  ended = batch.ended;
  if (batch.anew) {
    model.clear();
    list.reset(0, undefined);
  }
  const { removed, added } = model.append(batch.lines);
  if (batch.filter !== undefined && batch.filter !== level) {
    setLevel(batch.filter);
    return;
  }
  if (batch.anew) applyFilter();
  else list.change(removed, model.shown);
  if (following) list.toEnd();
  else unseen += added;
  show();
}

function fail(error: unknown): void {
  if (isAborted(error)) return;
  failed = true;
  const failure = toFailure(error);
  const { action } = failure;
  list.element.hidden = true;
  newest.hidden = true;
  notice.failed(failure, [
    ...(action
      ? [
          {
            label: action.title,
            onClick: () => void host.call('command', commandOf(action)).catch(fail),
          },
        ]
      : []),
    { label: t('Try again'), onClick: () => void follow() },
  ]);
}

let session = 0;
async function follow(): Promise<void> {
  const mine = ++session;
  failed = false;
  if (model.kept === 0) notice.loading(t('Reading {0}…', title));
  try {
    for (let reset = true; mine === session; reset = false) take(await host.call('next', { reset }));
  } catch (error) {
    if (mine === session) fail(error);
  }
}

void follow();

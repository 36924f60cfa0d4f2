/** An update of a pipeline, followed: its state, what its rules counted, its flows, its events. Closing the page leaves it. */
import type { UpdateCalls, UpdateShown } from '../wire/update.ts';
import { showBadge } from './connectionBadge.ts';
import { button, element } from './dom.ts';
import { connect, count, isAborted, moment, t, toFailure } from './host.ts';
import { createNotice } from './notice.ts';
import { reportTable, rulesTable } from './runTables.ts';

type Line = UpdateShown['report']['lines'][number];

/** Newest events shown; older ones are in the event log. */
const MOST_LINES = 1000;
const MARKS = { waiting: '…', running: '▶', good: '✓', cancelled: '■', failed: '✗' } as const;

const host = connect<UpdateCalls>({ changed: () => undefined });
const notice = createNotice();
/** What went wrong with a button, while the update stays in sight. */
const trouble = element('div', { role: 'alert' });
const main = document.querySelector('main');

const doing = (work: Promise<null>): void => {
  trouble.replaceChildren();
  work.catch((error: unknown) => {
    const { message, hint } = toFailure(error);
    trouble.replaceChildren(element('p', { class: 'error' }, [message, hint ?? ''].join(' ').trim()));
  });
};

// Built once: who reads or uses a button is not disturbed by news.
const state = element('span', { class: 'facts', role: 'status', 'aria-live': 'polite' });
const heading = element('h1', {});
const stop = button(
  t('Stop…'),
  () => {
    doing(host.call('stop', null));
  },
  { class: 'secondary' },
);
const summary = element('div', {});
const events = element('tbody', {});
const only = element('input', { type: 'checkbox' });
only.addEventListener('change', () => {
  shownLines = 0;
  events.replaceChildren();
  if (last) addLines(last);
});
const report = element(
  'div',
  { class: 'report', tabindex: '0', role: 'region', 'aria-label': t('Update') },
  trouble,
  summary,
  element('h2', {}, t('Events')),
  element('p', {}, element('label', {}, only, ' ', t('Only warnings and errors'))),
  element(
    'table',
    { 'aria-label': t('Events'), class: 'events' },
    element(
      'thead',
      {},
      element('tr', {}, ...[t('Time'), t('Level'), t('Message')].map((head) => element('th', {}, head))),
    ),
    events,
  ),
);
const frame = [
  element(
    'header',
    { class: 'toolbar' },
    heading,
    state,
    element(
      'div',
      { class: 'buttons' },
      stop,
      button(
        t('Event log by SQL'),
        () => {
          doing(host.call('log', null));
        },
        { class: 'secondary' },
      ),
      button(
        t('Open in browser'),
        () => {
          doing(host.call('browse', null));
        },
        { class: 'secondary' },
      ),
    ),
  ),
  report,
];

let last: UpdateShown | undefined;
/** Lines of the report that the list has looked at. */
let shownLines = 0;

const causesOf = (line: Line): readonly HTMLElement[] =>
  line.causes.map((cause) => element('div', { class: 'cause' }, cause));

function addLines({ report: { lines } }: UpdateShown): void {
  const fresh = lines.slice(Math.max(shownLines, lines.length - MOST_LINES));
  shownLines = lines.length;
  events.append(
    ...fresh
      .filter(({ level }) => !only.checked || level === 'WARN' || level === 'ERROR')
      .map((line) =>
        element(
          'tr',
          line.level === 'ERROR' ? { class: 'failed' } : {},
          element('td', { class: 'time' }, moment(line.timestamp)),
          element('td', {}, line.level),
          element('td', {}, line.message, ...causesOf(line)),
        ),
      ),
  );
  while (events.childElementCount > MOST_LINES) events.firstElementChild?.remove();
}

function summaryOf({ report: { flows, rules, lines }, over }: UpdateShown): readonly HTMLElement[] {
  const failure = lines.findLast(({ level }) => level === 'ERROR');
  return [
    ...(failure ? [element('p', { class: 'error' }, failure.causes.at(-1) ?? failure.message)] : []),
    element('h2', {}, t('Rules, in this run')),
    rules.length > 0
      ? rulesTable(rules, t('Rules, in this run'))
      : element(
          'p',
          {},
          over
            ? t(
                'Its events tell of no rules. Where a workspace keeps such counts apart, the event log by SQL has them.',
              )
            : t('Nothing was counted yet.'),
        ),
    element('h2', {}, t('Flows')),
    flows.length > 0
      ? reportTable(
          t('Flows'),
          2,
          [t('Flow'), t('State'), t('Rows')],
          flows.map(({ name, state: of, rows }) => [
            name,
            of === 'FAILED' ? element('strong', {}, `✗ ${of.toLowerCase()}`) : of.toLowerCase(),
            rows === undefined ? '' : count(rows),
          ]),
        )
      : element('p', {}, t('No flow has begun.')),
  ];
}

function paint(shown: UpdateShown): void {
  if (!last) main?.replaceChildren(...frame);
  last = shown;
  showBadge(shown.badge);
  heading.textContent = shown.pipeline;
  const { kind, text } = shown.state;
  const what = shown.fullRefresh ? t('full refresh') : t('incremental');
  state.textContent = `${MARKS[kind]} ${text} · ${moment(shown.startedAt)} · ${what}`;
  stop.hidden = kind === 'good' || kind === 'failed' || kind === 'cancelled';
  summary.replaceChildren(...summaryOf(shown));
  addLines(shown);
}

async function follow(): Promise<void> {
  if (!last) {
    main?.replaceChildren(notice.element);
    notice.loading(t('Asking the workspace…'));
  }
  try {
    for (;;) {
      const shown = await host.call('follow', { version: last?.version ?? 0 });
      paint(shown);
      if (shown.over) return;
    }
  } catch (error) {
    if (isAborted(error)) return;
    const again = (): void => {
      trouble.replaceChildren();
      void follow();
    };
    if (last) {
      const { message, hint } = toFailure(error);
      const told = [message, hint ?? '', t('What is shown may be old.')]
        .filter((text) => text !== '')
        .join(' ');
      trouble.replaceChildren(
        element('p', { class: 'error' }, told),
        button(t('Try again'), again, { class: 'secondary' }),
      );
    } else notice.failed(toFailure(error), [{ label: t('Try again'), onClick: again }]);
  }
}

void follow();

/** A run of Azure Databricks, followed until it is over. Closing the page leaves the run. */
import type { CloudRun, CloudRunCalls, CloudTask, Parameters, TaskResult } from '../wire/cloudRun.ts';
import { showBadge } from './connectionBadge.ts';
import { button, element } from './dom.ts';
import { keepingFocus } from './focus.ts';
import { connect, moment, t, toFailure } from './host.ts';
import { createNotice } from './notice.ts';

const host = connect<CloudRunCalls>({ changed: () => undefined });
const notice = createNotice();
/** What went wrong with a button, or with looking again, while the run stays in sight. */
const trouble = element('div', { role: 'alert' });
const main = document.querySelector('main');

/** Between the clock of the host and the one of this page. */
let aheadMs = 0;
/** Texts that change while time passes. */
let ticking: (() => void)[] = [];
let painted = '';
let run: CloudRun | undefined;

function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  if (minutes === 0) return t('{0} s', rest);
  return minutes < 60
    ? t('{0} min {1} s', minutes, rest)
    : t('{0} h {1} min', Math.floor(minutes / 60), minutes % 60);
}

/** Counts on while it runs. */
function elapsed({ startedMs, endedMs }: Pick<CloudTask, 'startedMs' | 'endedMs'>): HTMLElement {
  const shown = element('span', { class: 'elapsed' });
  const show = (): void => {
    shown.textContent =
      startedMs === 0 ? '' : duration((endedMs === 0 ? Date.now() + aheadMs : endedMs) - startedMs);
  };
  show();
  if (startedMs !== 0 && endedMs === 0) ticking.push(show);
  return shown;
}

const doing = (work: Promise<null>): void => {
  trouble.replaceChildren();
  work.catch((error: unknown) => {
    const { message, hint } = toFailure(error);
    trouble.replaceChildren(element('p', { class: 'error' }, [message, hint ?? ''].join(' ').trim()));
  });
};

const MARKS = { waiting: '…', running: '▶', succeeded: '✓', cancelled: '■', failed: '✗' } as const;

const stateOf = ({ kind, state }: Pick<CloudTask, 'kind' | 'state'>): HTMLElement =>
  element(
    'span',
    { class: `state ${kind}` },
    element('span', { class: 'mark', 'aria-hidden': 'true' }, `${MARKS[kind]} `),
    state,
  );

const parameterList = (parameters: Parameters): readonly HTMLElement[] =>
  parameters.length === 0
    ? []
    : [
        element('h3', {}, t('Parameters')),
        element(
          'dl',
          {},
          ...parameters.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]),
        ),
      ];

const textBlock = (title: string, text: string | undefined): readonly HTMLElement[] =>
  text === undefined
    ? []
    : [
        element('h3', {}, title),
        element('pre', { tabindex: '0', role: 'region', 'aria-label': title }, text),
        element(
          'div',
          { class: 'buttons' },
          button(
            t('Copy'),
            () => {
              doing(host.call('copy', text));
            },
            { class: 'secondary', 'aria-label': t('Copy: {0}', title) },
          ),
        ),
      ];

function placeOf(id: string, { place }: TaskResult): readonly HTMLElement[] {
  if (!place) return [];
  if (!place.known) return [element('p', { class: 'place' }, place.text)];
  const show = (): void => {
    doing(host.call('reveal', id));
  };
  return [element('p', { class: 'place' }, button(place.text, show, { class: 'link' }))];
}

function resultOf({ id, result }: CloudTask): readonly HTMLElement[] {
  if (!result) return [];
  const { error, trace, logs, truncated } = result;
  return [
    ...(error === undefined ? [] : [element('p', { class: 'error' }, error)]),
    ...placeOf(id, result),
    ...textBlock(t('Result'), result.result),
    ...textBlock(t('Trace'), trace),
    ...textBlock(t('Output'), logs),
    ...(truncated
      ? [element('p', { class: 'hint' }, t('Only a part is shown here: the whole is in the browser.'))]
      : []),
  ];
}

function taskOf(task: CloudTask): HTMLElement {
  return element(
    'section',
    { class: 'task', 'aria-label': task.key },
    element('h2', {}, task.key, ' ', stateOf(task), ' ', elapsed(task)),
    ...(task.notebook === undefined ? [] : [element('p', { class: 'hint' }, task.notebook)]),
    ...parameterList(task.parameters),
    ...resultOf(task),
  );
}

function buttonsOf({ over, canOpen, canRunAgain }: CloudRun): readonly HTMLElement[] {
  const one = (label: string, call: 'cancel' | 'openInBrowser' | 'runAgain', kind = 'secondary') =>
    button(
      label,
      () => {
        doing(host.call(call, null));
      },
      { class: kind },
    );
  return [
    ...(over ? [] : [one(t('Cancel the run'), 'cancel')]),
    ...(over && canRunAgain ? [one(t('Run again'), 'runAgain')] : []),
    ...(canOpen ? [one(t('Open in browser'), 'openInBrowser')] : []),
  ];
}

const title = element('h1');
const facts = element('span', { class: 'facts' });
/** Speaks when the state changes, not each second. */
const state = element('span', { role: 'status', 'aria-live': 'polite' });
const clock = element('span', { class: 'elapsed' });
const buttons = element('div', { class: 'buttons' });
const body = element('div', { class: 'report cloud-run', tabindex: '0', role: 'region' });
facts.append(state, ' ', clock);

function paint(now: CloudRun): void {
  const { nowMs, ...content } = now;
  aheadMs = nowMs - Date.now();
  const text = JSON.stringify(content);
  // What did not change stays as it is: somebody may be reading it.
  if (text === painted) return;
  painted = text;
  run = now;
  ticking = [];
  if (!title.isConnected) {
    main?.replaceChildren(element('header', { class: 'toolbar' }, title, facts, buttons), body);
  }
  showBadge(now.workspace);
  title.textContent = now.name;
  body.setAttribute('aria-label', now.name);
  if (state.textContent.slice(2) !== now.state) state.replaceChildren(stateOf(now));
  clock.replaceChildren(elapsed(now));
  keepingFocus(() => {
    buttons.replaceChildren(...buttonsOf(now));
    body.replaceChildren(
      trouble,
      ...(now.message === '' ? [] : [element('p', {}, now.message)]),
      element(
        'p',
        { class: 'hint' },
        [
          now.startedMs === 0 ? '' : t('Started {0}.', moment(new Date(now.startedMs).toISOString())),
          now.over ? '' : t('Closing this page leaves the run: it goes on in the workspace.'),
        ]
          .join(' ')
          .trim(),
      ),
      ...parameterList(now.parameters),
      ...now.tasks.map(taskOf),
    );
  }, body);
}

async function follow(): Promise<void> {
  if (!run) {
    main?.replaceChildren(notice.element);
    notice.loading(t('Asking the workspace…'));
  }
  try {
    for (let first = true; ; first = false) {
      const now = await host.call('look', { first });
      notice.hide();
      paint(now);
      if (now.over) return;
    }
  } catch (error) {
    const failure = toFailure(error);
    const again = { label: t('Try again'), onClick: () => void follow() };
    if (!run) {
      notice.failed(failure, [again]);
      return;
    }
    const { message, hint } = failure;
    const told = [message, hint ?? '', t('What is shown may be old.')].join(' ');
    trouble.replaceChildren(
      element('p', { class: 'error' }, told),
      button(again.label, () => {
        trouble.replaceChildren();
        again.onClick();
      }),
    );
  }
}

setInterval(() => {
  for (const tick of ticking) tick();
}, 1000);
void follow();

/** What the doctor finds: first why the last start failed, then problems, warnings, and what is in order. */
import type { DoctorCalls, FailedStart, Finding, Known, Mend, Report } from '../wire/doctor.ts';
import { button, element } from './dom.ts';
import { connect, moment, t, toFailure } from './host.ts';
import { createNotice } from './notice.ts';

const host = connect<DoctorCalls>({
  changed: () => {
    void show();
  },
});
const main = document.querySelector('main');
const facts = element('span', { class: 'facts', role: 'status', 'aria-live': 'polite' });
const again = button(t('Look again'), () => void look(), { class: 'secondary' });
const copy = button(t('Copy as text'), () => void act(copy, 'copyAll', null), { class: 'secondary' });
/** What a button met when it did not do what it says. */
const trouble = element('p', { class: 'error', role: 'alert' });
trouble.hidden = true;
const list = element('div', {
  class: 'report doctor',
  tabindex: '0',
  role: 'region',
  'aria-label': t('Doctor'),
});
const notice = createNotice();

/** Shows that it is at work; what goes wrong stands above the findings. */
async function act<K extends 'mend' | 'copyAll' | 'showLog' | 'command'>(
  pressed: HTMLButtonElement,
  call: K,
  params: DoctorCalls[K]['params'],
): Promise<void> {
  if (pressed.ariaDisabled === 'true') return;
  trouble.hidden = true;
  // Not `disabled`, which would take the keyboard's place away.
  pressed.ariaDisabled = 'true';
  try {
    await host.call(call, params);
    if (call === 'copyAll') facts.textContent = t('Copied.');
  } catch (error) {
    const { message, hint } = toFailure(error);
    trouble.textContent = hint === undefined ? message : `${message} ${hint}`;
    trouble.hidden = false;
  } finally {
    pressed.ariaDisabled = null;
  }
}

const KINDS: Readonly<Record<Finding['status'], readonly [mark: string, word: string]>> = {
  problem: ['✗', t('Problem')],
  warning: ['!', t('Warning')],
  ok: ['✓', t('In order')],
};

function mendButton(mend: Mend, title: string, id: string): HTMLButtonElement {
  const made = button(mend.label, () => void act(made, 'mend', mend), {
    id,
    class: 'secondary',
    'aria-label': `${mend.label}: ${title}`,
  });
  return made;
}

function item({ id, status, title, evidence, fix, mend }: Finding, at: number): HTMLElement {
  const [mark, word] = KINDS[status];
  return element(
    'li',
    { class: `finding ${status}` },
    element('span', { class: 'mark', 'aria-hidden': 'true' }, mark),
    element(
      'div',
      { class: 'said' },
      element('h3', {}, element('span', { class: 'word' }, `${word}: `), title),
      element('p', { class: 'evidence' }, evidence),
      ...(fix === undefined ? [] : [element('p', { class: 'fix' }, fix)]),
      ...(mend ? [mendButton(mend, title, `mend-${id}-${at}`)] : []),
    ),
  );
}

const items = (findings: readonly Finding[]): HTMLElement =>
  element('ul', { class: 'findings' }, ...findings.map(item));

function failureOf({ message, hint, hasLog }: FailedStart): HTMLElement {
  const retry = button(t('Try again'), () => void act(retry, 'command', { id: 'ordersLakehouse.start' }), {
    id: 'retry',
    class: 'primary',
  });
  const log = button(t('Show log'), () => void act(log, 'showLog', null), { id: 'log', class: 'secondary' });
  return element(
    'section',
    { class: 'failure', 'aria-labelledby': 'failed' },
    element('h2', { id: 'failed' }, t('The start failed')),
    element('p', { class: 'what' }, message),
    ...(hint === undefined ? [] : [hint.includes('\n') ? element('pre', {}, hint) : element('p', {}, hint)]),
    element('div', { class: 'buttons' }, retry, ...(hasLog ? [log] : [])),
  );
}

function inOrder(findings: readonly Finding[], open: boolean): HTMLElement {
  const details = element(
    'details',
    { id: 'in-order' },
    element('summary', {}, t('In order: {0}', findings.length)),
    items(findings),
  );
  details.open = open;
  return details;
}

function say({ findings, lookedAt }: Report): void {
  const count = (status: Finding['status']): number => findings.filter((one) => one.status === status).length;
  const [problems, warnings] = [count('problem'), count('warning')];
  const verdict =
    problems + warnings === 0
      ? t('Nothing stands in the way')
      : t('Problems: {0}, warnings: {1}', problems, warnings);
  facts.textContent = `${verdict} · ${moment(lookedAt)}`;
}

function paint(failure: FailedStart | null, report: Report): void {
  const before = document.activeElement?.id;
  const opened = document.querySelector<HTMLDetailsElement>('#in-order')?.open;
  const ill = report.findings.filter(({ status }) => status !== 'ok');
  const well = report.findings.filter(({ status }) => status === 'ok');
  list.replaceChildren(
    trouble,
    ...(failure ? [failureOf(failure)] : []),
    ...(ill.length > 0 ? [element('h2', {}, t('To mend')), items(ill)] : []),
    ...(ill.length === 0 ? [element('p', { class: 'well' }, t('✓ Nothing stands in the way.'))] : []),
    ...(well.length > 0 ? [inOrder(well, opened ?? false)] : []),
  );
  say(report);
  // The keyboard goes on where it was; what was mended has no button any more.
  if (before) (document.getElementById(before) ?? list).focus();
}

function frame(content: HTMLElement): void {
  if (content.isConnected) return;
  main?.replaceChildren(
    element(
      'header',
      { class: 'toolbar' },
      element('h1', {}, t('Doctor')),
      facts,
      element('div', { class: 'buttons' }, again, copy),
    ),
    content,
  );
}

let looking: Promise<void> | undefined;
let known: Known | undefined;

/** One look at a time; the findings of before stay until the new ones are there. */
function look(): Promise<void> {
  looking ??= lookOnce().finally(() => {
    looking = undefined;
    again.ariaDisabled = null;
    list.removeAttribute('aria-busy');
    list.classList.remove('busy');
  });
  return looking;
}

async function lookOnce(): Promise<void> {
  again.ariaDisabled = 'true';
  facts.textContent = t('Looking…');
  if (known?.report) {
    list.setAttribute('aria-busy', 'true');
    list.classList.add('busy');
  } else {
    frame(notice.element);
    notice.loading(t('Looking at this machine…'));
  }
  try {
    const report = await host.call('look', null);
    known = { failure: known?.failure ?? null, report, due: false };
    frame(list);
    paint(known.failure, report);
  } catch (error) {
    frame(notice.element);
    facts.textContent = '';
    notice.failed(toFailure(error), [{ label: t('Look again'), onClick: () => void look() }]);
    known = undefined;
  }
}

async function show(): Promise<void> {
  try {
    // What it finds may be older than what this is about.
    await looking;
    const now = await host.call('known', null);
    known = now;
    if (now.report) {
      frame(list);
      paint(now.failure, now.report);
    }
    if (!now.report || now.due) await look();
  } catch (error) {
    frame(notice.element);
    notice.failed(toFailure(error), [{ label: t('Look again'), onClick: () => void look() }]);
  }
}

void show();

/** How the producing goes: its buttons, its numbers, the last minute, and what went wrong. */
import type { Failure } from '../wire/rpc.ts';
import type { GeneratorLook, GeneratorPhase } from '../wire/produce.ts';
import { button, element } from './dom.ts';
import { durationText } from './duration.ts';
import { count, decimal, t } from './host.ts';
import { createSparkline } from './sparkline.ts';

export interface GeneratorLive {
  readonly element: HTMLElement;
  show(look: GeneratorLook): void;
  /** Of a button; undefined: nothing went wrong. */
  fail(failure: Failure | undefined): void;
}

/** What is said aloud: what happens now, and how many it was when it does not go on. */
function newsOf({ phase, topic, sent, failure }: GeneratorLook): string {
  const where = topic ?? '';
  switch (phase) {
    case 'idle':
      return '';
    case 'running':
      return t('Producing to {0}', where);
    case 'paused':
      return t('Paused');
    case 'stopping':
      return t('Stopping: what is on its way is waited for.');
    case 'ended':
      return failure
        ? t('It ended too early: {0} lines sent to {1}.', count(sent), where)
        : t('{0} lines sent to {1}.', count(sent), where);
  }
}

const isOver = (phase: GeneratorPhase): boolean => phase === 'idle' || phase === 'ended';

export function createGeneratorLive(options: {
  readonly onStart: () => void;
  readonly onPause: () => void;
  readonly onResume: () => void;
  readonly onStop: () => void;
  readonly onShow: () => void;
  readonly onCommand: (id: string) => void;
}): GeneratorLive {
  let phase: GeneratorPhase = 'idle';
  let failed: Failure | undefined;
  let shownFailure = '';
  /** One button, so that the keyboard keeps its place. */
  const go = button(
    t('Start'),
    () => {
      if (isOver(phase)) options.onStart();
      else if (phase === 'paused') options.onResume();
      else if (phase === 'running') options.onPause();
    },
    { class: 'primary' },
  );
  const stop = button(t('Stop'), () => {
    if (!isOver(phase)) options.onStop();
  });
  const showSent = button(t('Show in the topic'), options.onShow);
  const news = element('span', { class: 'news', role: 'status', 'aria-live': 'polite' });
  const warning = element('div', { class: 'line-of warning', role: 'status' });
  const trouble = element('div', { class: 'error trouble', role: 'alert' });
  showSent.hidden = warning.hidden = trouble.hidden = true;
  const sent = element('dd');
  const rate = element('dd');
  const time = element('dd');
  const seed = element('dd');
  const bar = element('progress', { 'aria-label': t('Lines sent of those asked for') });
  const line = createSparkline();
  const pair = (term: string, value: HTMLElement): HTMLElement =>
    element('div', {}, element('dt', {}, term), value);
  const numbers = element(
    'dl',
    { class: 'numbers' },
    pair(t('Lines sent'), sent),
    pair(t('A second, now'), rate),
    pair(t('Time'), time),
    pair(t('Seed'), seed),
  );

  const showFailure = (failure: Failure | undefined): void => {
    const key = failure ? JSON.stringify(failure) : '';
    if (key === shownFailure) return;
    shownFailure = key;
    trouble.hidden = !failure;
    const { action } = failure ?? {};
    trouble.replaceChildren(
      ...(failure ? [element('p', {}, failure.message)] : []),
      ...(failure?.hint === undefined ? [] : [element('p', {}, failure.hint)]),
      ...(action
        ? [
            button(action.title, () => {
              options.onCommand(action.command);
            }),
          ]
        : []),
    );
  };
  const say = (text: string): void => {
    if (news.textContent !== text) news.textContent = text;
  };

  return {
    element: element(
      'section',
      { class: 'live', 'aria-label': t('How it goes') },
      element('div', { class: 'entry' }, go, stop, showSent, news),
      bar,
      trouble,
      warning,
      element('div', { class: 'measured' }, numbers, line.element),
    ),
    show: (look) => {
      ({ phase } = look);
      if (!isOver(phase)) failed = undefined;
      go.textContent = isOver(phase) ? t('Start') : phase === 'paused' ? t('Resume') : t('Pause');
      // Not `disabled`, which would take the keyboard's place away.
      go.ariaDisabled = phase === 'stopping' ? 'true' : null;
      stop.ariaDisabled = isOver(phase) || phase === 'stopping' ? 'true' : null;
      showSent.hidden = look.firstSentAt === null || look.sent === 0;
      say(newsOf(look));
      sent.textContent =
        look.count === null ? count(look.sent) : t('{0} of {1}', count(look.sent), count(look.count));
      rate.textContent = decimal(look.perSecond);
      time.textContent = durationText(look.elapsed);
      seed.textContent = look.seed === null ? '–' : String(look.seed);
      bar.hidden = look.count === null || isOver(phase);
      bar.max = look.count ?? 1;
      bar.value = look.sent;
      line.show(look.minute);
      warning.textContent = look.warning ?? '';
      warning.hidden = look.warning === null;
      showFailure(failed ?? look.failure ?? undefined);
    },
    fail: (failure) => {
      failed = failure;
      showFailure(failure);
    },
  };
}

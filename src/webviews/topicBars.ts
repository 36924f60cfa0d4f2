/** The lines above the messages: what is read in words, what can be done, how far a search is, and what is wrong. */
import type { SessionState } from '../wire/topic.ts';
import { button, element } from './dom.ts';
import { keepingFocus } from './focus.ts';
import { t } from './host.ts';
import type { Popover } from './popover.ts';
import { factsOf, newsOf, readPercent, type Reading } from './topicFacts.ts';

export interface TopicBars {
  readonly toolbar: HTMLElement;
  readonly searchWhole: HTMLElement;
  /** How far the search of the whole topic is; and what is wrong though all goes on. */
  readonly lines: readonly HTMLElement[];
  show(state: SessionState, reading: Reading): void;
  /** Undefined: nothing is. */
  warn(text: string | undefined): void;
  /** Says it aloud only. */
  say(text: string): void;
}

export function createTopicBars(options: {
  readonly title: string;
  readonly columns: Popover;
  readonly onPause: () => void;
  readonly onExport: () => Promise<void>;
  readonly onCopyLink: () => void;
  readonly onSendAgain: () => void;
  readonly onProduce: () => void;
  readonly onWhole: () => void;
  readonly onNewest: () => void;
}): TopicBars {
  const { title, columns, onPause, onWhole, onNewest } = options;
  const secondary = { class: 'secondary' };
  const facts = element('span', { class: 'facts' });
  const news = element('span', { class: 'told', role: 'status', 'aria-live': 'polite' });
  const pause = button(t('Pause'), onPause, secondary);
  let exporting = false;
  const exportMatches = async (): Promise<void> => {
    if (exporting) return;
    exporting = true;
    // Disabled for good, it would lose the focus.
    exportButton.setAttribute('aria-disabled', 'true');
    await options.onExport();
    exporting = false;
    exportButton.removeAttribute('aria-disabled');
  };
  const exportButton = button(t('Export…'), () => void exportMatches(), secondary);
  const sendAgain = button(t('Send again…'), options.onSendAgain, {
    ...secondary,
    title: t('Sends all messages shown once more, to this topic or to another'),
  });
  const searchWhole = button(t('Search the whole topic'), onWhole, secondary);
  searchWhole.disabled = true;
  const bar = element('progress', { 'aria-label': t('Search of the whole topic') });
  bar.max = 100;
  const progress = element('span');
  const stop = button(t('Stop'), onPause, secondary);
  const newest = button(t('Back to the newest'), onNewest, secondary);
  const wholeLine = element('div', { class: 'line-of' }, bar, progress, stop, newest);
  const warning = element('div', { class: 'line-of warning', role: 'status' });
  wholeLine.hidden = warning.hidden = true;
  const copyLink = button(t('Copy link'), options.onCopyLink, {
    ...secondary,
    title: t('Copies a link that opens this view'),
  });
  const produce = button(t('Produce…'), options.onProduce, {
    ...secondary,
    title: t('Sends messages to this topic: generated, or written by a form'),
  });
  let said = '';

  function showNow(state: SessionState, reading: Reading): void {
    const { phase } = state;
    const { whole, filtered } = reading;
    facts.textContent = factsOf(state, reading);
    facts.title = facts.textContent;
    const saying = newsOf(state, filtered);
    if (saying !== said) news.textContent = saying;
    said = saying;
    pause.textContent = phase === 'paused' ? t('Resume') : t('Pause');
    pause.hidden = whole || phase === 'full' || phase === 'ended';
    sendAgain.disabled = exportButton.disabled = state.matches === 0;
    searchWhole.disabled = !filtered || whole;
    searchWhole.title = filtered
      ? t('Looks through all messages, also those that are not held, and keeps the matches')
      : t('Search or filter for something first');
    wholeLine.hidden = !whole;
    bar.value = readPercent(state);
    progress.textContent = t('Searching the whole topic: {0} %', readPercent(state));
    stop.textContent = phase === 'paused' ? t('Go on') : t('Stop');
    stop.hidden = phase === 'full' || phase === 'ended';
  }

  return {
    toolbar: element(
      'header',
      { class: 'toolbar' },
      element('h1', {}, title),
      facts,
      news,
      element('div', { class: 'buttons' }, pause, columns.opener, exportButton, sendAgain, copyLink, produce),
      columns.panel,
    ),
    searchWhole,
    lines: [wholeLine, warning],
    show: (state, reading) => {
      keepingFocus(
        () => {
          showNow(state, reading);
        },
        stop,
        newest,
        searchWhole,
        pause,
        columns.opener,
      );
    },
    warn: (text = '') => {
      if (warning.textContent !== text) warning.textContent = text;
      warning.hidden = text === '';
    },
    say: (text) => {
      news.textContent = text;
    },
  };
}

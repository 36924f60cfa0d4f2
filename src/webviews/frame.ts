/** What list pages share: a toolbar with title, facts and buttons; the list; its notice; the detail beside it. */
import { element } from './dom.ts';

export interface Frame {
  /** Says facts beside the title, aloud too. */
  facts(text: string): void;
  /** Marks that newer data can be had. */
  stale(is: boolean): void;
}

export function createFrame(options: {
  readonly title: string;
  readonly buttons: readonly HTMLElement[];
  readonly staleText: string;
  readonly content: readonly HTMLElement[];
  readonly detail?: HTMLElement;
}): Frame {
  const facts = element('span', { class: 'facts', role: 'status', 'aria-live': 'polite' });
  const stale = element('span', { class: 'stale' }, options.staleText);
  stale.hidden = true;
  const toolbar = element('header', { class: 'toolbar' });
  toolbar.append(
    element('h1', {}, options.title),
    facts,
    stale,
    element('div', { class: 'buttons' }, ...options.buttons),
  );
  const main = document.querySelector('main');
  main?.replaceChildren(
    toolbar,
    element(
      'div',
      { class: 'split' },
      element('div', { class: 'content' }, ...options.content),
      ...(options.detail ? [options.detail] : []),
    ),
  );
  return {
    facts: (text) => {
      facts.textContent = text;
    },
    stale: (is) => {
      stale.hidden = !is;
    },
  };
}

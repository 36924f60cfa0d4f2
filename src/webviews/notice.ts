/** What stands in place of rows: loading, nothing there, or what went wrong and how to mend it. */
import type { Failure } from '../wire/rpc.ts';
import { button, element } from './dom.ts';
import { keepingFocus } from './focus.ts';

export interface NoticeButton {
  readonly label: string;
  readonly onClick: () => void;
}

export interface Notice {
  readonly element: HTMLElement;
  loading(text: string, buttons?: readonly NoticeButton[]): void;
  empty(text: string, buttons: readonly NoticeButton[]): void;
  failed(failure: Failure, buttons: readonly NoticeButton[]): void;
  hide(): void;
}

export function createNotice(): Notice {
  const root = element('div', { class: 'notice', role: 'status', 'aria-live': 'polite', tabindex: '-1' });
  root.hidden = true;
  const show = (kind: string, ...children: readonly Node[]): void => {
    keepingFocus(() => {
      root.className = `notice ${kind}`;
      root.replaceChildren(...children);
      root.hidden = false;
    }, root);
  };
  const row = (buttons: readonly NoticeButton[]): HTMLElement =>
    element(
      'div',
      { class: 'buttons' },
      ...buttons.map(({ label, onClick }, index) =>
        button(label, onClick, { class: index === 0 ? 'primary' : 'secondary' }),
      ),
    );
  return {
    element: root,
    loading: (text, buttons = []) => {
      const stop = buttons.length > 0 ? [row(buttons)] : [];
      show('loading', element('div', { class: 'bar' }), element('p', {}, text), ...stop);
    },
    empty: (text, buttons) => {
      show('empty', element('p', {}, text), row(buttons));
    },
    failed: ({ message, hint }, buttons) => {
      show(
        'failed',
        element('p', { class: 'what' }, message),
        ...(hint === undefined ? [] : [element('p', {}, hint)]),
        row(buttons),
      );
    },
    hide: () => {
      root.hidden = true;
      root.replaceChildren();
    },
  };
}

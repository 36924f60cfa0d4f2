/** A button and the panel that it opens below itself; Escape or a click elsewhere closes it, and the focus goes back. */
import { element } from './dom.ts';

/** Pixels between button and panel, and between panel and the page's edge. */
const GAP = 4;

export interface Popover {
  readonly opener: HTMLButtonElement;
  readonly panel: HTMLElement;
  close(): void;
}

/** `onOpen` fills the panel before it is seen. */
export function createPopover(label: string, content: HTMLElement, onOpen: () => void): Popover {
  const panel = element('div', { class: 'popover', role: 'dialog', 'aria-label': label }, content);
  panel.popover = 'auto';
  const opener = element('button', { type: 'button', class: 'secondary', 'aria-haspopup': 'dialog' }, label);
  opener.popoverTargetElement = panel;
  panel.addEventListener('beforetoggle', (event) => {
    if (event.newState !== 'open') return;
    onOpen();
    const { left, right, bottom } = opener.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    const toRight = left > clientWidth / 2;
    panel.style.top = `${bottom + GAP}px`;
    panel.style.maxHeight = `${clientHeight - bottom - 2 * GAP}px`;
    panel.style.left = toRight ? 'auto' : `${Math.max(GAP, left)}px`;
    panel.style.right = toRight ? `${Math.max(GAP, clientWidth - right)}px` : 'auto';
  });
  return {
    opener,
    panel,
    close: () => {
      panel.hidePopover();
    },
  };
}

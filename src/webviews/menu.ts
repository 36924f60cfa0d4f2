/** A menu that opens beside what it is about; Escape or a click elsewhere closes it, and the focus goes back. */
import { button, element } from './dom.ts';
import { roving } from './focus.ts';

/** Pixels between the menu and its opener, and between the menu and the page's edge. */
const GAP = 2;

export interface MenuItem {
  readonly label: string;
  readonly onClick: () => void;
}

export interface Menu {
  readonly element: HTMLElement;
  open(label: string, items: readonly MenuItem[], opener: HTMLElement): void;
}

export function createMenu(): Menu {
  const root = element('div', { class: 'popover menu', role: 'menu' });
  root.popover = 'auto';
  const entries = (): readonly HTMLElement[] => [...root.querySelectorAll<HTMLElement>('button')];
  roving(root, entries);
  root.addEventListener('keydown', ({ key }) => {
    // The key goes on from where the focus came from.
    if (key === 'Tab') root.hidePopover();
  });
  return {
    element: root,
    open: (label, items, opener) => {
      root.setAttribute('aria-label', label);
      root.replaceChildren(
        ...items.map(({ label: text, onClick }) =>
          button(
            text,
            () => {
              root.hidePopover();
              onClick();
            },
            { role: 'menuitem', tabindex: '-1' },
          ),
        ),
      );
      root.showPopover();
      const { left, top, bottom } = opener.getBoundingClientRect();
      const { clientWidth, clientHeight } = document.documentElement;
      const below = bottom + GAP + root.offsetHeight <= clientHeight;
      root.style.top = `${below ? bottom + GAP : Math.max(0, top - GAP - root.offsetHeight)}px`;
      root.style.left = `${Math.max(GAP, Math.min(left, clientWidth - root.offsetWidth - GAP))}px`;
      entries()[0]?.focus();
    },
  };
}

/** Tabs: arrow keys go from one to the next, and what they name is shown at once. */
import { element } from './dom.ts';
import { newId } from './forms.ts';

export interface Tab {
  readonly name: string;
  readonly label: string;
  readonly panel: HTMLElement;
}

export interface Tabs {
  readonly list: HTMLElement;
  readonly panels: readonly HTMLElement[];
  show(name: string): void;
  /** Leaves no choice but this one; undefined: all. */
  only(name: string | undefined): void;
}

export function createTabs(label: string, tabs: readonly Tab[], onShow: (name: string) => void): Tabs {
  const buttons = tabs.map(({ label: text, panel }) => {
    const button = element('button', { type: 'button', role: 'tab', class: 'tab', id: newId() }, text);
    panel.id = newId();
    panel.setAttribute('role', 'tabpanel');
    panel.setAttribute('aria-labelledby', button.id);
    button.setAttribute('aria-controls', panel.id);
    return button;
  });
  const show = (wanted: number): void => {
    tabs.forEach(({ panel }, at) => {
      panel.hidden = at !== wanted;
      buttons[at]?.setAttribute('aria-selected', String(at === wanted));
      buttons[at]?.setAttribute('tabindex', at === wanted ? '0' : '-1');
    });
  };
  const choose = (at: number): void => {
    show(at);
    buttons[at]?.focus();
    const tab = tabs[at];
    if (tab) onShow(tab.name);
  };
  buttons.forEach((button, at) => {
    button.addEventListener('click', () => {
      choose(at);
    });
    button.addEventListener('keydown', (event) => {
      const last = tabs.length - 1;
      const next: Readonly<Record<string, number>> = {
        ArrowRight: at === last ? 0 : at + 1,
        ArrowLeft: at === 0 ? last : at - 1,
        Home: 0,
        End: last,
      };
      const to = next[event.key];
      if (to === undefined) return;
      event.preventDefault();
      choose(to);
    });
  });
  show(0);
  const list = element('div', { class: 'tabs', role: 'tablist', 'aria-label': label }, ...buttons);
  return {
    list,
    only: (name) => {
      list.hidden = name !== undefined;
      const at = tabs.findIndex((tab) => tab.name === name);
      if (at >= 0) show(at);
    },
    panels: tabs.map(({ panel }) => panel),
    show: (name) => {
      const at = tabs.findIndex((tab) => tab.name === name);
      if (at >= 0) show(at);
    },
  };
}

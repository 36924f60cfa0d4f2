/** The pane beside a list that shows one of its rows whole. */
import { button, element } from './dom.ts';
import { t } from './host.ts';
import { roving } from './focus.ts';
import { coloured, type JsonField } from './json.ts';

export interface Field {
  readonly name: string;
  /** Null is shown as NULL. */
  readonly value: string | null;
  /** The name was pressed. */
  readonly onName?: (opener: HTMLElement) => void;
}

export interface DetailAction {
  readonly label: string;
  readonly meaning: string;
  readonly onClick: () => void;
}

export interface DetailContent {
  readonly title: string;
  readonly fields: readonly Field[];
  readonly error?: string;
  /** What to do about the error. */
  readonly hint?: string;
  readonly json?: {
    readonly title: string;
    readonly text: string;
    readonly onField?: (field: JsonField, opener: HTMLElement) => void;
  };
  /** What can be done with it. */
  readonly actions?: readonly DetailAction[];
  /** What else can be copied. */
  readonly copies?: readonly { readonly label: string; readonly text: string }[];
  readonly table?: {
    readonly title: string;
    readonly head: readonly string[];
    readonly rows: readonly (readonly string[])[];
  };
  /** Texts that are shown when they are asked for. */
  readonly folded?: readonly { readonly title: string; readonly text: string }[];
  /** Bytes, as lines of a dump. */
  readonly dump?: { readonly title: string; readonly text: string };
}

export interface Detail {
  readonly element: HTMLElement;
  show(content: DetailContent): void;
  hide(): void;
}

function tableOf({ title, head, rows }: NonNullable<DetailContent['table']>): HTMLElement {
  const titles = head.map((text) => {
    const cell = element('th', {}, text);
    cell.scope = 'col';
    return cell;
  });
  return element(
    'table',
    { 'aria-label': title },
    element('thead', {}, element('tr', {}, ...titles)),
    element(
      'tbody',
      {},
      ...rows.map((row) => element('tr', {}, ...row.map((text) => element('td', {}, text)))),
    ),
  );
}

function nameOf({ name, onName }: Field): HTMLElement {
  if (!onName) return element('dt', {}, name);
  const opener = button(
    name,
    () => {
      onName(opener);
    },
    { class: 'field-name', 'aria-haspopup': 'menu' },
  );
  return element('dt', {}, opener);
}

function valueOf({ value }: Field): HTMLElement {
  const shown = element('dd', {}, value ?? 'NULL');
  if (value === null) shown.className = 'null';
  return shown;
}

function documentOf({ title, text, onField }: NonNullable<DetailContent['json']>): HTMLElement {
  const shown = element('pre', {}, ...coloured(text, onField));
  const names = [...shown.querySelectorAll<HTMLElement>('[role="button"]')];
  const [first] = names;
  if (!first) return shown;
  first.tabIndex = 0;
  roving(shown, () => names);
  shown.setAttribute('role', 'group');
  shown.setAttribute('aria-label', title);
  return shown;
}

function actionsOf(actions: readonly DetailAction[]): HTMLElement {
  return element(
    'div',
    { class: 'actions' },
    ...actions.map(({ label, meaning, onClick }) =>
      button(label, onClick, { class: 'secondary', title: meaning }),
    ),
  );
}

/** `onClose` gives the focus back; the pane itself has no other state. */
export function createDetail(onCopy: (text: string) => void, onClose: () => void): Detail {
  const root = element('section', { class: 'detail', 'aria-label': t('Detail') });
  root.hidden = true;
  const hide = (): void => {
    root.hidden = true;
    root.replaceChildren();
  };
  const close = (): void => {
    hide();
    onClose();
  };
  root.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
  });
  return {
    element: root,
    hide,
    show: ({ title, fields, error, hint, json, copies = [], actions = [], table, folded = [], dump }) => {
      const header = element('header', {}, element('h2', {}, title));
      const text = json?.text ?? fields.map(({ name, value }) => `${name}\t${value ?? ''}`).join('\n');
      header.append(
        button(t('Copy'), () => {
          onCopy(text);
        }),
        ...copies.map(({ label, text: copied }) =>
          button(label, () => {
            onCopy(copied);
          }),
        ),
        button('×', close, { class: 'close', 'aria-label': t('Close detail'), title: t('Close (Esc)') }),
      );
      const list = element('dl');
      for (const field of fields) list.append(nameOf(field), valueOf(field));
      const scroll = element('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': title });
      if (error !== undefined) scroll.append(element('p', { class: 'error', role: 'alert' }, error));
      if (hint !== undefined) scroll.append(element('p', { class: 'hint' }, hint));
      scroll.append(list);
      if (json) scroll.append(element('h3', {}, json.title), documentOf(json));
      if (table) scroll.append(element('h3', {}, table.title), tableOf(table));
      for (const { title: name, text: whole } of folded) {
        scroll.append(
          element('details', {}, element('summary', {}, name), element('pre', {}, ...coloured(whole))),
        );
      }
      if (dump) {
        const reachable = { tabindex: '0', role: 'group', 'aria-label': dump.title };
        scroll.append(
          element('h3', {}, dump.title),
          element('code', { class: 'dump', ...reachable }, dump.text),
        );
      }
      root.replaceChildren(header, ...(actions.length === 0 ? [] : [actionsOf(actions)]), scroll);
      root.hidden = false;
    },
  };
}

/** The pane beside a list that shows one of its rows whole. */
import { button, element } from './dom.ts';
import { t } from './host.ts';
import { coloured } from './json.ts';

export interface Field {
  readonly name: string;
  /** Null is shown as NULL. */
  readonly value: string | null;
}

export interface DetailContent {
  readonly title: string;
  readonly fields: readonly Field[];
  readonly error?: string;
  /** What to do about the error. */
  readonly hint?: string;
  readonly json?: { readonly title: string; readonly text: string };
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
    show: ({ title, fields, error, hint, json, copies = [], table, folded = [], dump }) => {
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
      for (const { name, value } of fields) {
        const shown = element('dd', {}, value ?? 'NULL');
        if (value === null) shown.className = 'null';
        list.append(element('dt', {}, name), shown);
      }
      const scroll = element('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': title });
      if (error !== undefined) scroll.append(element('p', { class: 'error', role: 'alert' }, error));
      if (hint !== undefined) scroll.append(element('p', { class: 'hint' }, hint));
      scroll.append(list);
      if (json) scroll.append(element('h3', {}, json.title), element('pre', {}, ...coloured(json.text)));
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
      root.replaceChildren(header, scroll);
      root.hidden = false;
    },
  };
}

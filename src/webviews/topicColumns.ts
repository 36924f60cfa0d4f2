/** The columns of the message list, and the menu that chooses those of fields. */
import type { Field, MessageLine, RecordOrder } from '../wire/topic.ts';
import { button, element } from './dom.ts';
import type { GridColumn } from './grid.ts';
import { t } from './host.ts';
import { createPopover, type Popover } from './popover.ts';

export const fieldId = ({ of, path }: Field): string => `${of}:${path}`;

export function columnsOf(fields: readonly Field[]): readonly GridColumn<MessageLine>[] {
  return [
    {
      id: 'timestamp',
      title: t('Time (UTC)'),
      sortable: true,
      text: ({ timestamp }) => timestamp.replace('T', ' ').replace('Z', ''),
    },
    {
      id: 'partition',
      title: t('Partition'),
      align: 'end',
      sortable: true,
      text: ({ partition }) => String(partition),
    },
    { id: 'offset', title: t('Offset'), align: 'end', sortable: true, text: ({ offset }) => offset },
    { id: 'key', title: t('Key'), sortable: true, text: ({ key }) => key },
    ...fields.map((field, at): GridColumn<MessageLine> => ({
      id: fieldId(field),
      title: field.path,
      ...(field.of === 'header' ? { note: t('header') } : {}),
      sortable: true,
      // A message without the field has an empty cell, one whose field is null says so; JSON makes both null.
      text: ({ cells }) => {
        const cell = cells[at];
        return cell === undefined || cell === false ? '' : cell;
      },
    })),
    {
      id: 'value',
      title: t('Value'),
      grows: true,
      text: ({ preview, error }) => (error === undefined ? preview : `⚠ ${error}`),
      class: ({ error }) => (error === undefined ? 'code' : 'bad'),
    },
  ];
}

/** What a header sorts by; undefined for one that sorts nothing. */
export function orderBy(column: string, fields: readonly Field[]): RecordOrder['by'] | undefined {
  if (column === 'timestamp' || column === 'partition' || column === 'offset' || column === 'key')
    return column;
  return fields.find((field) => fieldId(field) === column);
}

export const columnOf = ({ by }: RecordOrder): string => (typeof by === 'string' ? by : fieldId(by));

export interface ColumnsMenu {
  readonly popover: Popover;
  /** Shows what there is to choose from, and what is chosen. */
  show(
    chosen: readonly Field[],
    known: { readonly fields: readonly string[]; readonly headers: readonly string[] },
  ): void;
}

export function createColumnsMenu(options: {
  readonly onChange: (fields: readonly Field[]) => void;
  readonly onFit: () => void;
}): ColumnsMenu {
  let chosen: readonly Field[] = [];
  let others: readonly Field[] = [];
  let made = '';
  const list = element('ul', { class: 'columns' });
  const none = element('p', { class: 'hint' }, t('Fields are listed once messages with fields are read.'));

  const change = (next: readonly Field[], focusOn: string): void => {
    options.onChange(next);
    list.querySelector<HTMLElement>(`[data-id="${CSS.escape(focusOn)}"]`)?.focus();
  };
  const move = (at: number, by: -1 | 1): void => {
    const next = [...chosen];
    const [one] = next.splice(at, 1);
    if (!one) return;
    next.splice(at + by, 0, one);
    const atEdge = at + by === 0 || at + by === next.length - 1;
    const direction = by < 0 ? 'up' : 'down';
    // At the edge this button is off: the focus goes to the box.
    change(next, atEdge ? fieldId(one) : `${fieldId(one)} ${direction}`);
  };
  const lineOf = (field: Field, at: number | undefined): HTMLElement => {
    const box = element('input', { type: 'checkbox' });
    box.checked = at !== undefined;
    box.dataset['id'] = fieldId(field);
    box.addEventListener('change', () => {
      change(at === undefined ? [...chosen, field] : chosen.filter((one) => one !== field), fieldId(field));
    });
    const name = field.of === 'header' ? t('header {0}', field.path) : field.path;
    const line = element(
      'li',
      {},
      element('label', { class: 'check' }, box, element('span', { title: name }, name)),
    );
    if (at === undefined) return line;
    for (const [label, meaning, by, direction, off] of [
      ['↑', t('Move {0} up', name), -1, 'up', at === 0],
      ['↓', t('Move {0} down', name), 1, 'down', at === chosen.length - 1],
    ] as const) {
      const mover = button(
        label,
        () => {
          move(at, by);
        },
        { class: 'toggle', 'aria-label': meaning, title: meaning },
      );
      mover.disabled = off;
      mover.dataset['id'] = `${fieldId(field)} ${direction}`;
      line.append(mover);
    }
    return line;
  };
  const fill = (): void => {
    list.replaceChildren(
      ...chosen.map((field, at) => lineOf(field, at)),
      ...others.map((field) => lineOf(field, undefined)),
    );
    none.hidden = list.childElementCount > 0;
  };
  const popover = createPopover(
    t('Columns'),
    element('div', {}, none, list, button(t('Fit all widths'), options.onFit, { class: 'secondary' })),
    fill,
  );
  return {
    popover,
    show: (next, { fields, headers }) => {
      const known: readonly Field[] = [
        ...fields.map((path): Field => ({ of: 'value', path })),
        ...headers.map((path): Field => ({ of: 'header', path })),
      ];
      const ids = new Set(next.map(fieldId));
      const now = JSON.stringify([next, known]);
      if (now === made) return;
      made = now;
      chosen = next;
      others = known.filter((field) => !ids.has(fieldId(field)));
      if (popover.panel.matches(':popover-open')) {
        const focused =
          document.activeElement instanceof HTMLElement ? document.activeElement.dataset['id'] : undefined;
        fill();
        if (focused !== undefined)
          list.querySelector<HTMLElement>(`[data-id="${CSS.escape(focused)}"]`)?.focus();
      }
    },
  };
}

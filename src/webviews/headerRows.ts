/** The headers of a message: names and values, in their order. */
import type { Header } from '../wire/produce.ts';
import { button, element } from './dom.ts';
import { labelled, textInput } from './forms.ts';
import { t } from './host.ts';

interface Row {
  readonly element: HTMLElement;
  readonly name: HTMLInputElement;
  readonly value: HTMLInputElement;
  readonly nothing: HTMLInputElement;
}

export interface HeaderRows {
  readonly element: HTMLElement;
  value: readonly Header<string>[];
}

export function createHeaderRows(onChange: () => void): HeaderRows {
  const list = element('div', { class: 'nodes' });
  let rows: Row[] = [];
  const add = ({ name: given, value: held }: Header<string>): Row => {
    const name = textInput();
    const value = textInput();
    const nothing = element('input', { type: 'checkbox', 'aria-label': t('This header has no value') });
    name.value = given;
    value.value = held ?? '';
    nothing.checked = value.disabled = held === null;
    nothing.addEventListener('change', () => {
      value.disabled = nothing.checked;
      onChange();
    });
    for (const box of [name, value]) box.addEventListener('input', onChange);
    const remove = button(
      t('Remove'),
      () => {
        rows = rows.filter((one) => one !== row);
        row.element.remove();
        more.focus();
        onChange();
      },
      { class: 'link remove', 'aria-label': t('Remove this header') },
    );
    const row: Row = {
      name,
      value,
      nothing,
      element: element(
        'div',
        { class: 'entry' },
        labelled(t('Name'), name),
        labelled(t('Value'), value),
        element('label', { class: 'check' }, nothing, 'null'),
        remove,
      ),
    };
    rows.push(row);
    list.append(row.element);
    return row;
  };
  const more = button(t('Add header'), () => {
    add({ name: '', value: '' }).name.focus();
    onChange();
  });
  return {
    element: element('fieldset', { class: 'node headers' }, element('legend', {}, t('Headers')), list, more),
    get value() {
      return rows.map(({ name, value, nothing }) => ({
        name: name.value,
        value: nothing.checked ? null : value.value,
      }));
    },
    set value(headers) {
      rows = [];
      list.replaceChildren();
      for (const header of headers) add(header);
    },
  };
}

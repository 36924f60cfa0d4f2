/** One small form for each kind of filter: it takes what is there, and gives the filter with its own part in it. */
import type { Field, Operator, RecordFilter } from '../wire/topic.ts';
import { element } from './dom.ts';
import { OPERATORS } from './filterParts.ts';
import { createChoice, labelled, newId, NO_TIME, textInput, timeInput } from './forms.ts';
import { t } from './host.ts';
import { inputText, inputTime } from './utc.ts';

/** What is known of the messages. */
export interface Known {
  readonly fields: readonly string[];
  readonly headers: readonly string[];
  readonly partitions: number;
}

export interface Wrong {
  readonly field: HTMLInputElement | undefined;
  readonly text: string;
}

export interface FilterEditor {
  readonly element: HTMLElement;
  show(filter: RecordFilter, known: Known): void;
  /** Returns what is wrong instead, when something is. */
  read(filter: RecordFilter): { readonly filter: RecordFilter } | { readonly wrong: Wrong };
}

export function createConditionEditor(of: Field['of']): FilterEditor {
  const names = element('datalist', { id: newId() });
  const path = textInput();
  path.setAttribute('list', names.id);
  const operator = createChoice<Operator>(OPERATORS);
  const value = textInput();
  const valueLine = labelled(t('Value'), value);
  operator.element.addEventListener('change', () => {
    valueLine.hidden = operator.value === 'exists';
  });
  return {
    element: element(
      'div',
      { class: 'editor' },
      labelled(of === 'value' ? t('Field') : t('Header'), path),
      names,
      labelled(t('Condition'), operator.element),
      valueLine,
    ),
    show: (_, { fields, headers }) => {
      names.replaceChildren(
        ...(of === 'value' ? fields : headers).map((name) => {
          const option = element('option');
          option.value = name;
          return option;
        }),
      );
    },
    read: (filter) => {
      const name = path.value.trim();
      if (name === '') {
        return {
          wrong: {
            field: path,
            text: of === 'value' ? t('The name of a field is needed.') : t('The name of a header is needed.'),
          },
        };
      }
      const condition = {
        field: { of, path: name },
        operator: operator.value,
        value: operator.value === 'exists' ? '' : value.value,
      };
      return { filter: { ...filter, conditions: [...(filter.conditions ?? []), condition] } };
    },
  };
}

export function createPartitionEditor(): FilterEditor {
  const boxes: HTMLInputElement[] = [];
  const list = element('fieldset', { class: 'editor checks' });
  return {
    element: list,
    show: ({ partitions }, known) => {
      boxes.splice(0);
      list.replaceChildren(element('legend', {}, t('Partitions')));
      for (let id = 0; id < known.partitions; id++) {
        const box = element('input', { type: 'checkbox' });
        box.checked = partitions?.includes(id) ?? false;
        boxes.push(box);
        list.append(element('label', { class: 'check' }, box, String(id)));
      }
    },
    read: (filter) => {
      const partitions = boxes.flatMap(({ checked }, id) => (checked ? [id] : []));
      if (partitions.length === 0) {
        return { wrong: { field: boxes[0], text: t('Choose at least one partition.') } };
      }
      return { filter: { ...filter, partitions } };
    },
  };
}

export function createTimeEditor(): FilterEditor {
  const from = timeInput(t('From (UTC)'));
  const to = timeInput(t('Before (UTC)'));
  return {
    element: element(
      'div',
      { class: 'editor' },
      labelled(t('From (UTC)'), from),
      labelled(t('Before (UTC)'), to),
    ),
    show: ({ time }) => {
      from.value = time?.from === undefined ? '' : inputText(time.from);
      to.value = time?.to === undefined ? '' : inputText(time.to);
    },
    read: (filter) => {
      const start = inputTime(from.value);
      const end = inputTime(to.value);
      if (start === undefined && end === undefined) return { wrong: { field: from, text: NO_TIME() } };
      if (start !== undefined && end !== undefined && end <= start) {
        return { wrong: { field: to, text: t('The end is not after the start.') } };
      }
      const time = {
        ...(start === undefined ? {} : { from: start }),
        ...(end === undefined ? {} : { to: end }),
      };
      return { filter: { ...filter, time } };
    },
  };
}

export function createWhetherEditor(name: 'tombstones' | 'problems'): FilterEditor {
  const which = createChoice<'only' | 'without'>([
    ['only', t('Only these')],
    ['without', t('All but these')],
  ]);
  return {
    element: element('div', { class: 'editor' }, labelled(t('Show'), which.element)),
    show: (filter) => {
      which.value = filter[name] ?? 'only';
    },
    read: (filter) => ({ filter: { ...filter, [name]: which.value } }),
  };
}

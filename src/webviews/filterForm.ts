/** The form that adds a part to the filter. */
import type { RecordFilter } from '../wire/topic.ts';
import { element } from './dom.ts';
import {
  createConditionEditor,
  createPartitionEditor,
  createTimeEditor,
  createWhetherEditor,
  type FilterEditor,
  type Known,
} from './filterEditors.ts';
import { createChoice, createProblem, labelled } from './forms.ts';
import { t } from './host.ts';
import { createPopover, type Popover } from './popover.ts';

type Kind = 'field' | 'header' | 'partition' | 'time' | 'tombstones' | 'problems';

export function createFilterForm(options: {
  readonly filter: () => RecordFilter;
  readonly known: () => Known;
  /** Resolves with what is wrong with it, if anything. */
  readonly apply: (filter: RecordFilter) => Promise<string | undefined>;
}): Popover {
  const editors: Readonly<Record<Kind, FilterEditor>> = {
    field: createConditionEditor('value'),
    header: createConditionEditor('header'),
    partition: createPartitionEditor(),
    time: createTimeEditor(),
    tombstones: createWhetherEditor('tombstones'),
    problems: createWhetherEditor('problems'),
  };
  const kind = createChoice<Kind>([
    ['field', t('Field')],
    ['header', t('Header')],
    ['partition', t('Partition')],
    ['time', t('Time (UTC)')],
    ['tombstones', t('Tombstones')],
    ['problems', t('Decode errors')],
  ]);
  kind.element.autofocus = true;
  const place = element('div');
  const problem = createProblem();
  const form = element(
    'form',
    {},
    labelled(t('Filter by'), kind.element),
    place,
    problem.element,
    element('div', { class: 'buttons' }, element('button', { type: 'submit', class: 'primary' }, t('Add'))),
  );
  form.noValidate = true;
  const show = (): void => {
    const editor = editors[kind.value];
    editor.show(options.filter(), options.known());
    place.replaceChildren(editor.element);
    tell(undefined);
  };
  const tell = (text: string | undefined, field?: HTMLInputElement): void => {
    problem.tell(text);
    for (const one of form.querySelectorAll('input')) {
      one.removeAttribute('aria-invalid');
      one.removeAttribute('aria-describedby');
    }
    if (!field) return;
    field.setAttribute('aria-invalid', 'true');
    field.setAttribute('aria-describedby', problem.element.id);
    field.focus();
  };
  kind.element.addEventListener('change', show);
  const popover = createPopover(t('Add filter'), form, show);
  const add = async (): Promise<void> => {
    const read = editors[kind.value].read(options.filter());
    if ('wrong' in read) {
      tell(read.wrong.text, read.wrong.field);
      return;
    }
    const refused = await options.apply(read.filter);
    if (refused === undefined) popover.close();
    else tell(refused, form.querySelector<HTMLInputElement>('.editor .field:last-child input') ?? undefined);
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void add();
  });
  return popover;
}

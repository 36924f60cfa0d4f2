/** A key or a value without a schema: JSON or text, sent as it is written. */
import type { DraftPath } from '../wire/produce.ts';
import { element } from './dom.ts';
import { createChoice, createProblem, labelled, newId } from './forms.ts';
import { jsonOf, parseJson } from './formLeaves.ts';
import type { FormNode } from './formTypes.ts';
import { t } from './host.ts';

function isJson(text: string): boolean {
  try {
    parseJson(text);
    return true;
  } catch {
    return false;
  }
}

/** `nullLabel`: what it means when there is none. */
export function createPlainPart(options: {
  readonly name: string;
  readonly nullLabel: string;
  readonly rows: number;
  /** It is text, whatever it looks like. */
  readonly textOnly: boolean;
  readonly onChange: () => void;
}): FormNode {
  const { name, textOnly, onChange } = options;
  const kind = createChoice<'json' | 'text'>([
    ['json', 'JSON'],
    ['text', t('Text')],
  ]);
  const area = element('textarea', { class: 'input json', id: newId() });
  area.rows = options.rows;
  area.spellcheck = false;
  const problem = createProblem(area);
  const nothing = element('input', { type: 'checkbox' });
  const settle = (): void => {
    area.disabled = kind.element.disabled = nothing.checked;
    problem.tell(undefined);
    onChange();
  };
  nothing.addEventListener('change', settle);
  kind.element.addEventListener('change', settle);
  area.addEventListener('input', () => {
    problem.tell(undefined);
    onChange();
  });
  const label = element('label', { class: 'told' }, name);
  label.htmlFor = area.id;
  return {
    element: element(
      'fieldset',
      { class: 'node plain' },
      element('legend', {}, name),
      element(
        'div',
        { class: 'entry' },
        ...(textOnly ? [] : [labelled(t('Written as'), kind.element)]),
        element('label', { class: 'check' }, nothing, options.nullLabel),
      ),
      label,
      area,
      problem.element,
    ),
    set: (value) => {
      nothing.checked = value === null || value === undefined;
      const text = typeof value === 'string' ? value : nothing.checked ? '' : jsonOf(value);
      area.value = text;
      kind.value = text === '' || isJson(text) ? 'json' : 'text';
      area.disabled = kind.element.disabled = nothing.checked;
      problem.tell(undefined);
    },
    read: (wrong) => {
      if (nothing.checked) return null;
      if (!textOnly && kind.value === 'json' && !isJson(area.value)) {
        wrong.push(() => {
          problem.tell(t('This is no JSON.'));
          return area;
        });
      }
      return area.value;
    },
    tell: (_path: DraftPath, reason) => {
      problem.tell(reason);
      return area;
    },
    clear: () => {
      problem.tell(undefined);
    },
    leftOut: false,
  };
}

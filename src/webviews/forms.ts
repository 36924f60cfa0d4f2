/** Fields of forms: choices, moments, and what is wrong with an answer, told beside it. */
import { element, type Attributes } from './dom.ts';
import { t } from './host.ts';

let made = 0;
export const newId = (): string => `field${++made}`;

export interface Choice<V extends string> {
  readonly element: HTMLSelectElement;
  value: V;
}

export function createChoice<V extends string>(
  options: readonly (readonly [V, string])[],
  attributes: Attributes = {},
): Choice<V> {
  const select = element('select', { class: 'input', ...attributes });
  for (const [value, text] of options) {
    const option = element('option', {}, text);
    option.value = value;
    select.append(option);
  }
  return {
    element: select,
    get value() {
      return select.value as V;
    },
    set value(next) {
      select.value = next;
    },
  };
}

export function labelled(text: string, control: HTMLElement): HTMLElement {
  control.id = newId();
  const label = element('label', {}, text);
  label.htmlFor = control.id;
  return element('span', { class: 'field' }, label, control);
}

export function textInput(attributes: Attributes = {}): HTMLInputElement {
  const input = element('input', { type: 'text', class: 'input', ...attributes });
  input.spellcheck = false;
  input.autocomplete = 'off';
  return input;
}

/** A moment, which the person gives in UTC. */
export function timeInput(label: string): HTMLInputElement {
  const input = element('input', { type: 'datetime-local', class: 'input', 'aria-label': label });
  input.step = '1';
  return input;
}

export interface Problem {
  readonly element: HTMLElement;
  /** Undefined: nothing is wrong. */
  readonly tell: (text: string | undefined) => void;
}

export function createProblem(...fields: readonly HTMLElement[]): Problem {
  const shown = element('span', { class: 'problem', role: 'alert', id: newId() });
  shown.hidden = true;
  for (const field of fields) field.setAttribute('aria-describedby', shown.id);
  return {
    element: shown,
    tell: (text) => {
      shown.textContent = text ?? '';
      shown.hidden = text === undefined;
      for (const field of fields) field.setAttribute('aria-invalid', String(text !== undefined));
    },
  };
}

/** Null when a text is no offset: int64, not negative. */
export function offsetOf(text: string): string | null {
  const digits = text.trim();
  return /^\d{1,19}$/.test(digits) && BigInt(digits) <= 9_223_372_036_854_775_807n ? digits : null;
}

export const NO_OFFSET = (): string => t('An offset is a whole number, as in 1200.');
export const NO_TIME = (): string => t('A date and a time are needed.');

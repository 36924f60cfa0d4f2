/** Fields of the form of a connection: each with its label, its help, and what is wrong with it. */
import { button, element } from './dom.ts';
import { createChoice, createProblem, newId, textInput, type Problem } from './forms.ts';
import { t } from './host.ts';

export interface Field {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement | HTMLSelectElement;
  readonly problem: Problem;
}

export interface TextField extends Field {
  value: string;
}

interface TextOptions {
  readonly help?: string;
  readonly secret?: boolean;
  /** It stands beside the field and puts text into it. */
  readonly choose?: () => Promise<string | null>;
}

function row(
  text: string,
  input: HTMLInputElement | HTMLSelectElement,
  options: { readonly help?: string; readonly beside?: HTMLElement },
): Field {
  input.id = newId();
  const label = element('label', {}, text);
  label.htmlFor = input.id;
  const problem = createProblem();
  const help = element('span', { class: 'help', id: newId() }, options.help ?? '');
  help.hidden = options.help === undefined;
  input.setAttribute('aria-describedby', `${help.id} ${problem.element.id}`);
  const control = element('span', { class: 'control' }, input, ...(options.beside ? [options.beside] : []));
  return {
    element: element('div', { class: 'entry' }, label, control, help, problem.element),
    input,
    problem: {
      ...problem,
      tell: (found) => {
        problem.tell(found);
        input.setAttribute('aria-invalid', String(found !== undefined));
      },
    },
  };
}

export function textField(text: string, { help, secret = false, choose }: TextOptions = {}): TextField {
  const input = textInput();
  if (secret) input.type = 'password';
  const beside = choose
    ? button(
        t('Choose…'),
        () => {
          void choose().then((path) => {
            if (path === null) return;
            input.value = path;
            input.dispatchEvent(new Event('input', { bubbles: true }));
          });
        },
        { class: 'secondary', 'aria-label': t('Choose a file: {0}', text) },
      )
    : undefined;
  const made = row(text, input, { ...(help === undefined ? {} : { help }), ...(beside ? { beside } : {}) });
  return {
    ...made,
    get value() {
      return secret ? input.value : input.value.trim();
    },
    set value(next) {
      input.value = next;
    },
  };
}

export function choiceField<V extends string>(
  text: string,
  options: readonly (readonly [V, string])[],
  help?: string,
): Field & { value: V } {
  const choice = createChoice(options);
  const { element: made, input, problem } = row(text, choice.element, help === undefined ? {} : { help });
  return {
    element: made,
    input,
    problem,
    get value() {
      return choice.value;
    },
    set value(next) {
      choice.value = next;
    },
  };
}

export interface Tick {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  checked: boolean;
}

export function tick(text: string, help?: string): Tick {
  const input = element('input', { type: 'checkbox', id: newId() });
  const label = element('label', {}, text);
  label.htmlFor = input.id;
  const shown = element('span', { class: 'help', id: newId() }, help ?? '');
  shown.hidden = help === undefined;
  input.setAttribute('aria-describedby', shown.id);
  return {
    element: element('div', { class: 'entry tick' }, input, label, shown),
    input,
    get checked() {
      return input.checked;
    },
    set checked(next) {
      input.checked = next;
    },
  };
}

export function section(title: string, ...content: readonly HTMLElement[]): HTMLElement {
  const heading = element('h2', { id: newId() }, title);
  return element('section', { 'aria-labelledby': heading.id }, heading, ...content);
}

/** Shown only while it is meant. */
export function part(...content: readonly HTMLElement[]): HTMLElement {
  return element('div', { class: 'part' }, ...content);
}

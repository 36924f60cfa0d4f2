/** Text that is looked for: what, where, and how. */
import type { Place, TextFilter } from '../wire/topic.ts';
import { button, element } from './dom.ts';
import { PLACES } from './filterParts.ts';
import { createChoice, createProblem, textInput } from './forms.ts';
import { t } from './host.ts';
import { createLater } from './pull.ts';

/** Milliseconds after the last key before it is looked for. */
const TYPING = 150;

export interface SearchBox {
  readonly nodes: readonly HTMLElement[];
  /** Null when nothing is looked for. */
  value: TextFilter | null;
  /** Undefined: nothing is wrong with it. */
  readonly tell: (problem: string | undefined) => void;
  readonly focus: () => void;
}

function createToggle(label: string, meaning: string, onChange: () => void): HTMLButtonElement {
  const made = button(
    label,
    () => {
      made.setAttribute('aria-pressed', String(made.getAttribute('aria-pressed') !== 'true'));
      onChange();
    },
    { class: 'toggle', title: meaning, 'aria-label': meaning, 'aria-pressed': 'false' },
  );
  return made;
}

export function createSearchBox(onChange: () => void, onLeave: () => void): SearchBox {
  const label = t('Search keys, values and headers');
  const input = textInput({ type: 'search', class: 'search', 'aria-label': label });
  input.placeholder = label;
  const changed = (): void => {
    if (input.value !== '') onChange();
  };
  const matchCase = createToggle('Aa', t('Match case'), changed);
  const regex = createToggle('.*', t('Use a regular expression'), changed);
  const place = createChoice<Place>(PLACES, { 'aria-label': t('Where to search') });
  place.element.addEventListener('change', changed);
  const problem = createProblem(input);
  input.addEventListener('input', createLater(onChange, TYPING));
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && input.value !== '') {
      input.value = '';
      onChange();
      event.preventDefault();
    } else if (event.key === 'ArrowDown') {
      onLeave();
      event.preventDefault();
    }
  });
  const isPressed = (toggle: HTMLButtonElement): boolean => toggle.getAttribute('aria-pressed') === 'true';
  return {
    nodes: [
      element('div', { class: 'group grows' }, input, matchCase, regex),
      place.element,
      problem.element,
    ],
    get value() {
      if (input.value === '') return null;
      return {
        pattern: input.value,
        place: place.value,
        regex: isPressed(regex),
        matchCase: isPressed(matchCase),
      };
    },
    set value(next) {
      input.value = next?.pattern ?? '';
      if (!next) return;
      place.value = next.place;
      regex.setAttribute('aria-pressed', String(next.regex));
      matchCase.setAttribute('aria-pressed', String(next.matchCase));
    },
    tell: problem.tell,
    focus: () => {
      input.select();
    },
  };
}

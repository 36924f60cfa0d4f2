/** What the generator makes: how many lines, how fast, from which seed, and the share of each fault. */
import type { FaultInfo, FaultName, GeneratorSettings, GeneratorState } from '../wire/produce.ts';
import { button, element } from './dom.ts';
import { createDial, type Dial } from './dial.ts';
import { createProblem, labelled, newId, textInput } from './forms.ts';
import { count, t } from './host.ts';
import { percentText, shareOf, wholeOf } from './numberText.ts';

const MOST_LINES = 100_000_000;
const MOST_RATE = 1_000_000;
const MOST_SEED = Number.MAX_SAFE_INTEGER;
/** Lines a second; the last one is as fast as it goes. */
const RATES = [
  ...[1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60, 80],
  ...[100, 120, 150, 200, 250, 300, 400, 500, 600, 800],
  ...[1000, 1200, 1500, 2000, 2500, 3000, 4000, 5000, 6000, 8000],
  ...[10_000, 12_000, 15_000, 20_000, Infinity],
];
const SHARES = [
  ...[0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075],
  ...[0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1],
];

export interface GeneratorForm {
  readonly element: HTMLFormElement;
  /** Takes what was set the last time. */
  show(faults: readonly FaultInfo[], settings: GeneratorSettings): void;
  /** Tells what came of it so far; what cannot be changed while it runs is held. */
  tell(state: GeneratorState): void;
  /** Undefined, and told, when something is wrong; `seek` moves the focus there. */
  read(seek: boolean): GeneratorSettings | undefined;
  /** What the host finds wrong with the faults. */
  refuse(text: string | undefined): void;
}

interface FaultRow {
  readonly name: FaultName;
  readonly dial: Dial;
  readonly element: HTMLTableRowElement;
  readonly sent: HTMLElement;
}

function createRate(onChange: () => void): Dial {
  const fastest = t('as fast as it goes');
  return createDial({
    label: t('Lines a second'),
    stops: RATES,
    text: (rate) => (rate === Infinity ? '' : String(rate)),
    spoken: (rate) => (rate === Infinity ? fastest : t('{0} lines a second', count(rate))),
    read: (text) => (text.trim() === '' ? Infinity : wholeOf(text, 1, MOST_RATE)),
    rule: t('A whole number from 1 to {0}; nothing: as fast as it goes', count(MOST_RATE)),
    onChange,
  });
}

function createFault({ name, effect }: FaultInfo, onChange: () => void): FaultRow {
  const dial = createDial({
    label: t('Share of {0} in percent', name),
    stops: SHARES,
    text: percentText,
    spoken: (share) => t('{0} % of the lines', percentText(share)),
    read: shareOf,
    rule: t('From 0 to 100'),
    onChange,
  });
  const effectId = newId();
  dial.slider.setAttribute('aria-describedby', effectId);
  const sent = element('td', { class: 'end sent' });
  const row = element(
    'tr',
    {},
    element('th', { class: 'name' }, name),
    element('td', { class: 'effect', id: effectId }, effect),
    element('td', {}, dial.slider),
    element('td', { class: 'share' }, dial.box, element('span', { class: 'unit' }, '%'), dial.problem),
    sent,
  );
  row.querySelector('th')?.setAttribute('scope', 'row');
  return { name, dial, element: row, sent };
}

/** `onChange`: something is another that may hold at once. */
export function createGeneratorForm(options: {
  readonly typicalShare: () => number;
  readonly onChange: () => void;
  readonly onSubmit: () => void;
}): GeneratorForm {
  const { onChange } = options;
  let rows: readonly FaultRow[] = [];

  const lines = textInput();
  lines.inputMode = 'numeric';
  const linesProblem = createProblem(lines);
  const endless = element('input', { type: 'checkbox' });
  const seed = textInput();
  seed.inputMode = 'numeric';
  const seedProblem = createProblem(seed);
  const seedHint = element('span', { class: 'hint', id: newId() }, t('Empty: another one each time.'));
  seed.setAttribute('aria-describedby', `${seedProblem.element.id} ${seedHint.id}`);
  seed.title = t(
    'The same seed sends the same lines on the same day, as long as nothing is changed meanwhile.',
  );
  const rate = createRate(onChange);
  rate.box.placeholder = t('as fast as it goes');

  const total = element('span', { class: 'hint' });
  const totalProblem = createProblem();
  const body = element('tbody');
  const all = (): number => rows.reduce((sum, { dial }) => sum + dial.value, 0);
  const tooMuch = (): boolean => all() > 1 + 1e-9;
  const sum = (): void => {
    total.textContent = t('{0} % of the lines have a fault', percentText(all()));
    totalProblem.tell(tooMuch() ? t('The shares of the faults are more than 100% together.') : undefined);
  };
  const onFault = (): void => {
    sum();
    if (!tooMuch()) onChange();
  };
  const setAll = (share: number): void => {
    for (const { dial } of rows) dial.value = share;
    onFault();
  };
  const settleLines = (): void => {
    lines.disabled = endless.checked || endless.disabled;
    if (lines.disabled) linesProblem.tell(undefined);
  };
  endless.addEventListener('change', () => {
    settleLines();
    onChange();
  });
  for (const box of [lines, seed]) box.addEventListener('change', onChange);

  const form = element(
    'form',
    { class: 'generator', 'aria-label': t('What is produced') },
    element(
      'fieldset',
      { class: 'how' },
      element('legend', {}, t('How much, how fast')),
      element(
        'div',
        { class: 'entry' },
        labelled(t('Lines'), lines),
        linesProblem.element,
        element('label', { class: 'check' }, endless, t('until stopped')),
      ),
      element(
        'div',
        { class: 'entry' },
        element('span', { class: 'name' }, t('Lines a second')),
        rate.slider,
        rate.box,
        rate.problem,
      ),
      element('div', { class: 'entry' }, labelled(t('Seed'), seed), seedHint, seedProblem.element),
    ),
    element(
      'fieldset',
      { class: 'faults' },
      element('legend', {}, t('Faults')),
      element(
        'div',
        { class: 'entry' },
        button(t('None'), () => {
          setAll(0);
        }),
        button(t('Typical'), () => {
          setAll(options.typicalShare());
        }),
        total,
        totalProblem.element,
      ),
      element(
        'table',
        {},
        element(
          'thead',
          {},
          element(
            'tr',
            {},
            element('th', {}, t('Fault')),
            element('th', {}, t('What becomes of it')),
            element('th', {}, t('Share')),
            element('th', {}, t('Percent')),
            element('th', { class: 'end' }, t('Sent')),
          ),
        ),
        body,
      ),
    ),
    // Enter in a field starts it; the button for it stands above.
    element('button', { type: 'submit', class: 'told', tabindex: '-1', 'aria-hidden': 'true' }),
  );
  form.noValidate = true;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    options.onSubmit();
  });

  return {
    element: form,
    show: (faults, settings) => {
      if (rows.length === 0) {
        rows = faults.map((fault) => createFault(fault, onFault));
        body.replaceChildren(...rows.map((row) => row.element));
      }
      lines.value = String(settings.count ?? 1000);
      endless.checked = settings.count === null;
      seed.value = settings.seed === null ? '' : String(settings.seed);
      rate.value = settings.rate ?? Infinity;
      for (const { name, dial } of rows) dial.value = settings.faults[name] ?? 0;
      sum();
      settleLines();
    },
    tell: ({ phase, faults }) => {
      const runs = phase === 'running' || phase === 'paused' || phase === 'stopping';
      seed.disabled = endless.disabled = runs;
      settleLines();
      for (const { name, sent } of rows) {
        const many = faults[name];
        const text = many === undefined ? '' : count(many);
        if (sent.textContent !== text) sent.textContent = text;
      }
    },
    read: (seek) => {
      const many = wholeOf(lines.value, 1, MOST_LINES);
      const start = wholeOf(seed.value, 0, MOST_SEED);
      const wrongLines = !endless.checked && many === undefined;
      const wrongSeed = seed.value.trim() !== '' && start === undefined;
      linesProblem.tell(wrongLines ? t('A whole number from 1 to {0}', count(MOST_LINES)) : undefined);
      seedProblem.tell(wrongSeed ? t('A whole number from 0 to {0}', count(MOST_SEED)) : undefined);
      const dials = [rate, ...rows.map(({ dial }) => dial)];
      const wrong = [
        ...(wrongLines ? [lines] : []),
        ...dials.filter(({ valid }) => !valid).map(({ box }) => box),
        ...(wrongSeed ? [seed] : []),
        ...(tooMuch() ? rows.filter(({ dial }) => dial.value > 0).map(({ dial }) => dial.box) : []),
      ];
      if (wrong.length > 0) {
        if (seek) wrong[0]?.focus();
        return undefined;
      }
      return {
        count: endless.checked ? null : (many ?? null),
        rate: rate.value === Infinity ? null : rate.value,
        seed: start ?? null,
        faults: Object.fromEntries(
          rows.filter(({ dial }) => dial.value > 0).map(({ name, dial }) => [name, dial.value]),
        ),
      };
    },
    refuse: (text) => {
      if (text !== undefined || !tooMuch()) totalProblem.tell(text);
    },
  };
}

/** A value by two controls: a slider over handy stops, and a box for any number. */
import { element } from './dom.ts';
import { createProblem, textInput } from './forms.ts';

export interface Dial {
  readonly slider: HTMLInputElement;
  readonly box: HTMLInputElement;
  readonly problem: HTMLElement;
  value: number;
  /** False while the box holds no such value. */
  readonly valid: boolean;
}

export function createDial(options: {
  /** Names both controls. */
  readonly label: string;
  /** Ascending; the last may be Infinity. */
  readonly stops: readonly number[];
  /** As the box holds it. */
  readonly text: (value: number) => string;
  /** As it is said aloud. */
  readonly spoken: (value: number) => string;
  /** Undefined: no such value. */
  readonly read: (text: string) => number | undefined;
  /** What a value must be. */
  readonly rule: string;
  readonly onChange: () => void;
}): Dial {
  const { label, stops, text, spoken, read, rule, onChange } = options;
  const slider = element('input', { type: 'range', class: 'slider', 'aria-label': label });
  slider.min = '0';
  slider.max = String(stops.length - 1);
  const box = textInput({ 'aria-label': label });
  box.inputMode = 'decimal';
  const problem = createProblem(box);
  let value = stops[0] ?? 0;
  let valid = true;

  /** The stop that is nearest from below. */
  const stopOf = (of: number): number =>
    Math.max(
      0,
      stops.findLastIndex((stop) => stop <= of),
    );
  const move = (): void => {
    slider.value = String(stopOf(value));
    slider.setAttribute('aria-valuetext', spoken(value));
  };
  const settle = (ok: boolean): void => {
    valid = ok;
    problem.tell(ok ? undefined : rule);
  };
  const show = (): void => {
    box.value = text(value);
    settle(true);
    move();
  };
  slider.addEventListener('input', () => {
    value = stops[Number(slider.value)] ?? value;
    show();
    onChange();
  });
  box.addEventListener('input', () => {
    const given = read(box.value);
    settle(given !== undefined);
    if (given === undefined) return;
    value = given;
    move();
    onChange();
  });
  box.addEventListener('change', () => {
    if (valid) show();
  });
  show();
  return {
    slider,
    box,
    problem: problem.element,
    get value() {
      return value;
    },
    set value(next) {
      value = next;
      // What a person types stays.
      if (document.activeElement !== box) show();
    },
    get valid() {
      return valid;
    },
  };
}

/** The controls of a message's single values: text, numbers, times, ticks, choices, and JSON for what no other fits. */
import type { FormField } from '../wire/produce.ts';
import { element } from './dom.ts';
import { textInput } from './forms.ts';
import { t } from './host.ts';

/** A value, or what is wrong with what stands there. */
export type Read = { readonly value: unknown } | { readonly wrong: string };

export interface Leaf {
  readonly control: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
  set(value: unknown): void;
  read(): Read;
}

/** Numbers that JavaScript would round are told by their digits (core/outgoing.ts). */
const exact = (digits: string) => ({ isLosslessNumber: true, value: digits });
const isExact = (value: unknown): value is { readonly value: string } =>
  typeof value === 'object' && value !== null && 'isLosslessNumber' in value && 'value' in value;

const numberOf = (digits: string): unknown => {
  const value = Number(digits);
  const written = digits.replace(/^\+/, '');
  return /^-?\d+$/.test(written) && !Number.isSafeInteger(value) ? exact(written) : value;
};

/** As a person reads a single value. */
function plainText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (isExact(value)) return value.value;
  return value === null || value === undefined ? '' : jsonOf(value);
}

/** Exact numbers by their digits. */
export function jsonOf(value: unknown): string {
  const digits: string[] = [];
  const marked = JSON.stringify(
    value,
    (_, item: unknown) => (isExact(item) ? `\u0000${digits.push(item.value) - 1}\u0000` : item),
    2,
  );
  return marked.replace(/"\\u0000(\d+)\\u0000"/g, (_, at: string) => digits[Number(at)] ?? '');
}

/** Throws SyntaxError. Numbers keep their digits where the browser tells them. */
export function parseJson(text: string): unknown {
  const revive = (_: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === 'number' && context?.source !== undefined ? numberOf(context.source) : value;
  return JSON.parse(text, revive);
}

type Of<K extends FormField['kind']> = Extract<FormField, { readonly kind: K }>;

/** What a control for times holds of a text; undefined for what is finer, of another zone or another age. */
function timeFor(kind: Of<'text'>['text'], shown: string): string | undefined {
  if (kind === 'date') return /^\d{4}-\d\d-\d\d$/.exec(shown)?.[0];
  const zone = kind === 'datetime' ? 'Z' : '';
  const pattern = new RegExp(`^(\\d{4}-\\d\\d-\\d\\d)[T ](\\d\\d:\\d\\d(:\\d\\d(\\.\\d{1,3})?0*)?)${zone}$`);
  const [, day, clock, , fraction = ''] = pattern.exec(shown) ?? [];
  if (day === undefined || clock === undefined) return undefined;
  return `${day}T${clock.replace(/\.\d*$/, '')}${fraction}`;
}

function textLeaf(field: Of<'text'>): Leaf {
  const input = textInput();
  const { text } = field;
  const isTime = text === 'date' || text === 'datetime' || text === 'localDatetime';
  if (text === 'decimal' || text === 'int64') input.inputMode = 'decimal';
  if (field.example !== undefined) input.placeholder = field.example;
  return {
    control: input,
    set: (value) => {
      const shown = plainText(value);
      const held = isTime && shown !== '' ? timeFor(text, shown) : undefined;
      const asTime = isTime && (shown === '' || held !== undefined);
      input.type = !asTime ? 'text' : text === 'date' ? 'date' : 'datetime-local';
      input.step = asTime && text !== 'date' ? '0.001' : '';
      input.value = held ?? shown;
    },
    read: () => {
      const { value, type } = input;
      if (type === 'text') return { value };
      if (value === '') {
        return { wrong: type === 'date' ? t('A date is needed.') : t('A date and a time are needed.') };
      }
      if (type === 'date') return { value };
      const whole = /T\d\d:\d\d$/.test(value) ? `${value}:00` : value;
      return { value: text === 'datetime' ? `${whole}Z` : whole };
    },
  };
}

function numberLeaf({ whole, words, range }: Of<'number'>): Leaf {
  const input = textInput();
  input.inputMode = whole ? 'numeric' : 'decimal';
  const rule = whole ? t('A whole number is needed.') : t('A number is needed.');
  return {
    control: input,
    set: (value) => {
      input.value = plainText(value);
    },
    read: () => {
      const text = input.value.trim();
      if (words && /^(NaN|-?Infinity)$/.test(text)) return { value: text };
      const isOne = whole ? /^[+-]?\d+$/.test(text) : /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
      if (!isOne) return { wrong: range === undefined ? rule : `${rule} ${range}` };
      return { value: numberOf(text) };
    },
  };
}

function booleanLeaf(): Leaf {
  const box = element('input', { type: 'checkbox' });
  return {
    control: box,
    set: (value) => {
      box.checked = value === true;
    },
    read: () => ({ value: box.checked }),
  };
}

function choiceLeaf({ options }: Of<'choice'>): Leaf {
  const select = element('select', { class: 'input' });
  options.forEach((one, at) => {
    const option = element('option', {}, plainText(one));
    option.value = String(at);
    select.append(option);
  });
  return {
    control: select,
    set: (value) => {
      const at = options.findIndex((one) => JSON.stringify(one) === JSON.stringify(value));
      select.value = String(Math.max(0, at));
    },
    read: () => ({ value: options[Number(select.value)] }),
  };
}

function jsonLeaf(): Leaf {
  const area = element('textarea', { class: 'input json' });
  area.rows = 4;
  area.spellcheck = false;
  return {
    control: area,
    set: (value) => {
      area.value = value === undefined ? '' : jsonOf(value);
    },
    read: () => {
      try {
        return { value: parseJson(area.value) };
      } catch {
        return { wrong: t('This is no JSON.') };
      }
    },
  };
}

/** Undefined for what has parts of its own. */
export function createLeaf(field: FormField): Leaf | undefined {
  switch (field.kind) {
    case 'text':
      return textLeaf(field);
    case 'number':
      return numberLeaf(field);
    case 'boolean':
      return booleanLeaf();
    case 'choice':
      return choiceLeaf(field);
    case 'json':
      return jsonLeaf();
    case 'object':
    case 'list':
    case 'map':
    case 'union':
    case 'ref':
    case 'null':
      return undefined;
  }
}

/** What is to be written there, beside what the schema says of it; undefined where the control shows it. */
export function hintOf(field: FormField): string | undefined {
  if (field.kind === 'number') return field.range ?? (field.whole ? t('whole number') : undefined);
  if (field.kind !== 'text') return undefined;
  switch (field.text) {
    case 'base64':
      return t('base64');
    case 'int64':
      return t('whole number');
    case 'datetime':
      return 'UTC';
    case 'decimal':
      return field.help === undefined ? t('decimal') : undefined;
    case 'text':
    case 'date':
    case 'localDatetime':
      return undefined;
  }
}

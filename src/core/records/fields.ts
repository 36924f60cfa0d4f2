/** What stands in a message: its texts, its fields, and a field by its path. */
import type { Message } from '../topics.ts';

/** A column or a condition speaks of one of these. */
export interface Field {
  readonly of: 'value' | 'header';
  /** Names of fields joined by dots; an index chooses of a list, without one each item counts. Or a header's name. */
  readonly path: string;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

/** Each scalar of a value, as it is shown; null has no text. */
export function* scalarTexts(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const item of value) yield* scalarTexts(item);
  else if (isObject(value)) for (const item of Object.values(value)) yield* scalarTexts(item);
  else if (value !== null && value !== undefined) yield `${value as number | boolean}`;
}

/** Where in a message a text is looked for. */
export type Place = 'anywhere' | 'key' | 'value' | 'headers';

/** What a person may look for in a message. */
export function* textsAt({ key, value, headers }: Message, place: Place): Generator<string> {
  if (key !== null && (place === 'key' || place === 'anywhere')) yield key;
  if (place === 'value' || place === 'anywhere') yield* scalarTexts(value);
  if (place === 'headers' || place === 'anywhere') {
    for (const header of headers) {
      yield header.name;
      if (header.value !== null) yield header.value;
    }
  }
}

function* found(value: unknown, names: readonly string[]): Generator {
  const [name, ...rest] = names;
  if (name === undefined) yield value;
  else if (Array.isArray(value) && !/^\d+$/.test(name)) for (const item of value) yield* found(item, names);
  else if (isObject(value) && Object.hasOwn(value, name)) yield* found(value[name], rest);
}

/** What a message holds there: nothing, one, or more where a list or a repeated header is on the way. */
export function valuesOf(
  message: Pick<Message, 'value' | 'headers'>,
  { of, path }: Field,
): readonly unknown[] {
  if (of === 'header') return message.headers.filter(({ name }) => name === path).map(({ value }) => value);
  // A field's own name may hold a dot.
  if (isObject(message.value) && Object.hasOwn(message.value, path)) return [message.value[path]];
  return [...found(message.value, path.split('.'))];
}

/** Undefined where there is no such field; null is a null. */
export function cellText(
  message: Pick<Message, 'value' | 'headers'>,
  field: Field,
): string | null | undefined {
  const values = valuesOf(message, field);
  if (values.length === 0) return undefined;
  if (values.length > 1) return JSON.stringify(values);
  const [only] = values;
  if (only === null || only === undefined) return null;
  return isObject(only) ? JSON.stringify(only) : `${only as string | number | boolean}`;
}

const DEEPEST = 4;

/** Paths of the scalar fields of a value, and of its lists. */
export function* pathsOf(value: unknown, path = '', depth = 0): Generator<string> {
  if (isObject(value) && !Array.isArray(value) && depth < DEEPEST) {
    for (const [name, item] of Object.entries(value))
      yield* pathsOf(item, path ? `${path}.${name}` : name, depth + 1);
  } else if (path) {
    yield path;
  }
}

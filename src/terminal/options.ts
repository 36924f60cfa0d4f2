/** Parsers of option values; what they refuse is wrong use. */
import { InvalidArgumentError } from 'commander';
import { isUserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { WireFormat } from '../core/orders.ts';
import type { Header } from '../core/topics.ts';

/** Makes a parser that throws UserError into one for commander. */
export function option<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      if (!isUserError(error)) throw error;
      throw new InvalidArgumentError([error.message, error.hint ?? ''].join(' ').trim());
    }
  };
}

/** For an option that may stand several times: gathers what each says. */
export const gathering =
  <T>(parse: (text: string) => T) =>
  (text: string, before: readonly T[] = []): readonly T[] => [...before, option(parse)(text)];

/** `name=value`; `wrong` says what it is where it is none. */
export function nameAndValue(text: string, wrong: string): readonly [name: string, value: string] {
  const end = text.indexOf('=');
  if (end <= 0) throw new InvalidArgumentError(wrong);
  return [text.slice(0, end), text.slice(end + 1)];
}

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
    throw new InvalidArgumentError(t('A whole number is needed.'));
  }
  return value;
}

/** `1000`, `1000/s` or `0.5/s`. */
export function rate(text: string): number {
  const value = Number(/^(\d+(?:\.\d+)?)(?:\/s)?$/.exec(text)?.[1]);
  if (!(value > 0)) throw new InvalidArgumentError(t('A rate is a number of lines a second, as in 1000/s.'));
  return value;
}

/** How many times as fast: `10`, `0.5x`. */
export function factor(text: string): number {
  const value = Number(/^(\d+(?:\.\d+)?)x?$/.exec(text)?.[1]);
  if (!(value > 0)) throw new InvalidArgumentError(t('A speed is a number, as in 10 for ten times as fast.'));
  return value;
}

/** Bytes in base64. */
export function base64(text: string): Uint8Array {
  const bytes = fromBase64(text);
  if (!bytes) throw new InvalidArgumentError(t('Bytes are written in base64.'));
  return bytes;
}

function fromBase64(text: string): Uint8Array | undefined {
  return /^[A-Za-z0-9+/]*={0,2}$/.test(text) ? Uint8Array.from(Buffer.from(text, 'base64')) : undefined;
}

/** `name=value`, or JSON: `{"name": …, "value": null}`, `{"name": …, "base64": …}`. */
export function header(text: string): Header<string | Uint8Array> {
  const wrong = (): InvalidArgumentError =>
    new InvalidArgumentError(t('A header is name=value, or {"name": …, "value": …} in JSON.'));
  if (!text.startsWith('{')) {
    const end = text.indexOf('=');
    if (end <= 0) throw wrong();
    return { name: text.slice(0, end), value: text.slice(end + 1) };
  }
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    // That it is none is all that matters.
    throw wrong();
  }
  const { name, value = null, base64: bytes } = given as Readonly<Record<string, unknown>>;
  const held = typeof bytes === 'string' ? fromBase64(bytes) : value;
  if (typeof name !== 'string') throw wrong();
  if (held === null || typeof held === 'string' || held instanceof Uint8Array) return { name, value: held };
  throw wrong();
}

/** An ISO date or time, in milliseconds since the epoch. */
export function time(text: string): number {
  const value = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(value)) throw new InvalidArgumentError(t('A time is written as 2026-01-31T12:00:00Z.'));
  return value;
}

export function format(text: string): WireFormat {
  if (text === 'avro' || text === 'json') return text;
  throw new InvalidArgumentError(t('The format is avro or json.'));
}

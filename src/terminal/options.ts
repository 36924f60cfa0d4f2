/** Parsers of option values; what they refuse is wrong use. */
import { InvalidArgumentError } from 'commander';
import { isUserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { WireFormat } from '../core/orders.ts';

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

/** Reads JSON; a number that JavaScript would round becomes text, or an ExactNumber where it is to be sent again. */
import { isLosslessNumber, isSafeNumber, LosslessNumber, parse as parseLossless } from 'lossless-json';
import { t } from '../core/l10n.ts';
import type { DecodeOptions } from '../core/ports.ts';
import { entryPath, fieldPath, itemPath, textOf, type Notes, type PayloadReader } from './reading.ts';

const IDENTIFIER = /^[\p{L}_$][\p{L}\p{N}_$]*$/u;

function noteNumbers(value: unknown, path: string, notes: Notes): void {
  if (typeof value !== 'object' || value === null) return;
  if (isLosslessNumber(value)) {
    const number = value.toString();
    notes.add({ path, type: 'number', readable: number, underlying: number });
  } else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) noteNumbers(item, itemPath(path, index), notes);
  } else {
    for (const [name, item] of Object.entries(value)) {
      noteNumbers(item, IDENTIFIER.test(name) ? fieldPath(path, name) : entryPath(path, name), notes);
    }
  }
}

const exact = (number: string): number | string => (isSafeNumber(number) ? Number(number) : number);
const marked = (number: string): number | LosslessNumber =>
  isSafeNumber(number) ? Number(number) : new LosslessNumber(number);

/** Notes the numbers that JavaScript would round. */
export const createJsonReader =
  ({ exactNumbers = false }: DecodeOptions = {}): PayloadReader =>
  (body, notes) => {
    const text = textOf(body);
    if (text === undefined) return { problem: { code: 'not-utf8', reason: t('the body is not UTF-8 text') } };
    try {
      const value = parseLossless(text, undefined, exactNumbers ? marked : exact);
      if (notes) noteNumbers(parseLossless(text, undefined, marked), '', notes);
      return { value };
    } catch {
      // The parser's message counts characters of a text that nobody sees.
      return { problem: { code: 'not-json', reason: t('the body is not JSON') } };
    }
  };

/** A document as JSON, with every digit of its numbers. */
import { stringify } from 'lossless-json';
import { isExactNumber, type ExactNumber } from '../../core/outgoing.ts';

/** How numbers with more digits than JavaScript's are written. */
export const EXACT = {
  test: isExactNumber,
  stringify: (value: unknown) => (value as ExactNumber).value,
};

export const jsonText = (document: unknown): string =>
  stringify(document, undefined, undefined, [EXACT]) ?? '';

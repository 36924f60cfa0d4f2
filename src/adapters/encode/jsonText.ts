/** A document as JSON, with every digit of its numbers. */
import { isSafeNumber, parse, stringify } from 'lossless-json';
import { exactNumber, isExactNumber, type ExactNumber } from '../../core/outgoing.ts';

/** How numbers with more digits than JavaScript's are written. */
export const EXACT = {
  test: isExactNumber,
  stringify: (value: unknown) => (value as ExactNumber).value,
};

const exact = (digits: string): unknown => (isSafeNumber(digits) ? Number(digits) : exactNumber(digits));

/** Throws where it is no JSON. */
export const parseExact = (text: string): unknown => parse(text, undefined, exact);

export const jsonText = (document: unknown): string =>
  stringify(document, undefined, undefined, [EXACT]) ?? '';

/** The one file that brings the parser of JSON with comments. */
import { isSafeNumber, parse, stringify } from 'lossless-json';
import { exactNumber } from '../core/outgoing.ts';
import type { MessageFiles } from '../core/ports.ts';
import { EXACT } from './encode/jsonText.ts';
import { parseMessages } from './messages/parseMessages.ts';
import { readMessageFile } from './messages/readMessageFile.ts';

const exact = (digits: string): unknown => (isSafeNumber(digits) ? Number(digits) : exactNumber(digits));

export const createMessageFiles = (): MessageFiles => ({
  parse: parseMessages,
  parseJson: (text) => {
    try {
      return { value: parse(text, undefined, exact) };
    } catch {
      // Text like any other.
      return undefined;
    }
  },
  print: (document) => stringify(document, undefined, 2, [EXACT]) ?? '',
  read: readMessageFile,
});

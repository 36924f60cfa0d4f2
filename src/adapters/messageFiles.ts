/** The one file that brings the parser of JSON with comments. */
import { stringify } from 'lossless-json';
import type { MessageFiles } from '../core/ports.ts';
import { EXACT, jsonText, parseExact } from './encode/jsonText.ts';
import { parseMessages } from './messages/parseMessages.ts';
import { readMessageFile } from './messages/readMessageFile.ts';

export const createMessageFiles = (): MessageFiles => ({
  parse: parseMessages,
  parseJson: (text) => {
    try {
      return { value: parseExact(text) };
    } catch {
      // Text like any other.
      return undefined;
    }
  },
  print: (document) => stringify(document, undefined, 2, [EXACT]) ?? '',
  printLine: jsonText,
  read: readMessageFile,
});

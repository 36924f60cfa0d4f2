/** Messages as a list shows them. */
import type { Message } from '../topics.ts';
import { cellText, type Field } from './fields.ts';

/** Characters of a value in the list; the whole is in the detail. */
const PREVIEW = 300;
/** Characters of a cell of its own. */
const CELL = 200;

/** A message as one line: the page never holds the whole of it. */
export interface MessageLine {
  /** Number of the record in its reading. */
  readonly record: number;
  readonly partition: number;
  /** int64 as text. */
  readonly offset: string;
  /** ISO 8601, UTC. */
  readonly timestamp: string;
  readonly key: string | null;
  /** The first characters of the value as JSON on one line; null for a tombstone. */
  readonly preview: string | null;
  /** Why it could not be decoded. */
  readonly error?: string;
  /** One for each field asked for; false where the message has no such field. */
  readonly cells: readonly (string | null | false)[];
}

const cut = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most)}…`);

function previewOf(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return cut(typeof value === 'string' ? value : JSON.stringify(value), PREVIEW).replace(/\s+/g, ' ');
}

export function messageLine(record: number, message: Message, fields: readonly Field[]): MessageLine {
  const { partition, offset, timestamp, key, value, error } = message;
  return {
    record,
    partition,
    offset,
    timestamp,
    key: key && cut(key, PREVIEW),
    preview: previewOf(value),
    ...(error === undefined ? {} : { error }),
    cells: fields.map((field) => {
      const text = cellText(message, field);
      return typeof text === 'string' ? cut(text, CELL) : text === undefined ? false : null;
    }),
  };
}

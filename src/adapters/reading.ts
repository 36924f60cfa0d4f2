/** What reading the bytes of a key or value gives, whatever the type of its schema. */
import type { LogicalValue, Problem } from '../core/explained.ts';

/** The value, or why the bytes do not hold one. */
export type Reading = { readonly value: unknown } | { readonly problem: Problem };

/** Reads what follows the schema id; with notes, tells also what the values' bytes hold. */
export type PayloadReader = (body: Uint8Array, notes?: Notes) => Reading;

/** Logical values that are told of one body: a message may hold millions. */
const MOST_NOTES = 2000;
const MOST_HEX_BYTES = 64;
/** Nine tell every float from the next. */
const MOST_FLOAT_DIGITS = 9;

export interface Notes {
  readonly logical: readonly LogicalValue[];
  /** Logical values beyond {@link MOST_NOTES}. */
  untold: number;
  /** Protobuf: fields that the schema does not know, and the message type that was read. */
  unknownFields: number;
  message?: string;
  /** Protobuf: the schema as a person can read it, where it was registered compiled. */
  schemaText?: string;
  add(value: LogicalValue): void;
}

export function createNotes(): Notes {
  const logical: LogicalValue[] = [];
  const notes: Notes = {
    logical,
    untold: 0,
    unknownFields: 0,
    add: (value) => {
      if (logical.length < MOST_NOTES) logical.push(value);
      else notes.untold += 1;
    },
  };
  return notes;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Undefined for bytes that are no UTF-8. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    // Not UTF-8: the caller shows the bytes.
    return undefined;
  }
}

/** The same bytes, not a copy. */
export const bufferOf = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
export const base64 = (bytes: Uint8Array): string => bufferOf(bytes).toString('base64');
/** `0x…` */
export const hex = (bytes: Uint8Array): string =>
  `0x${bufferOf(bytes).toString('hex', 0, MOST_HEX_BYTES)}${bytes.length > MOST_HEX_BYTES ? '…' : ''}`;

/** JSON has no other numbers; these are text. */
export const finite = (value: number): number | string => (Number.isFinite(value) ? value : String(value));

/** 32 bits as the shortest number that gives them again: 0.1, not 0.10000000149011612. */
export function shortFloat(value: number): number | string {
  if (!Number.isFinite(value)) return String(value);
  for (let digits = 6; digits <= MOST_FLOAT_DIGITS; digits += 1) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

/** A field's place in the document: see LogicalValue. */
export const fieldPath = (parent: string, name: string): string =>
  parent === '' ? name : `${parent}.${name}`;
export const itemPath = (parent: string, index: number): string => `${parent}[${index}]`;
export const entryPath = (parent: string, key: string): string => `${parent}[${JSON.stringify(key)}]`;

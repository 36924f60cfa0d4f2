/** Messages that a person writes, before a schema makes bytes of them, and what may be wrong with them. */
import { UserError } from './errors.ts';
import { t } from './l10n.ts';
import type { Header } from './topics.ts';

/**
 * A number with more digits than JavaScript's own hold, told by its text: as the JSON library marks it, so that either
 * takes the other's. Told by its mark, not its class: it crosses threads, pages and bundles.
 */
export interface ExactNumber {
  readonly isLosslessNumber: true;
  readonly value: string;
}
export const exactNumber = (digits: string): ExactNumber => ({ isLosslessNumber: true, value: digits });
export const isExactNumber = (value: unknown): value is ExactNumber =>
  typeof value === 'object' &&
  value !== null &&
  'isLosslessNumber' in value &&
  value.isLosslessNumber === true;

/** The digits of any number of a document: JavaScript's, a bigint, or an {@link ExactNumber}; else undefined. */
export function digitsOf(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  return isExactNumber(value) ? value.value : undefined;
}

/**
 * One message as a person writes it: values as the message viewer shows them (decimals, dates, int64 as text, bytes in
 * base64, unions plain), numbers that JavaScript would round as {@link ExactNumber}.
 */
export interface OutgoingDraft {
  readonly topic: string;
  /** Null or undefined: without a key. */
  readonly key?: unknown;
  /** Null deletes (a tombstone). */
  readonly value: unknown;
  /** Text, or bytes as they are. */
  readonly headers?: readonly Header<string | Uint8Array>[];
  /** Without it the key decides. */
  readonly partition?: number;
  /** Milliseconds since the epoch; without it the time of sending. */
  readonly timestampMs?: number;
  /** Sent as they are in the place of key and value, with no schema asked. */
  readonly keyBytes?: Uint8Array;
  readonly valueBytes?: Uint8Array;
}

/** A draft of a file, and where it stands there. */
export interface PlacedDraft {
  readonly draft: OutgoingDraft;
  /** `line 12`, `messages[3]` */
  readonly place: string;
  /** Which of several documents it was made of: what is wrong with it begins with that. */
  readonly index?: number;
  readonly atMs?: number;
}

/** From the message's root: `['value', 'items', 2, 'price']`. */
export type DraftPath = readonly (string | number)[];

export interface DraftFinding {
  readonly path: DraftPath;
  /** What is expected, and what was found; translated, without the place. */
  readonly reason: string;
}

const IDENTIFIER = /^[\p{L}_$@][\p{L}\p{N}_$]*$/u;

/** `value.items[2].price`, `value.prices["e u r"]`. */
export const pathText = (path: DraftPath): string =>
  path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    if (!IDENTIFIER.test(step)) return `${text}[${JSON.stringify(step)}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');

export const findingText = ({ path, reason }: DraftFinding): string => `${pathText(path)}: ${reason}`;

const MOST_TOLD = 20;

/** UserError `bad-message`: what a message has that its schema does not take, all of it at once. */
export class BadMessage extends UserError {
  readonly findings: readonly DraftFinding[];

  /** `which` names the message where there are several: `messages[3]`, `line 12`. */
  constructor(findings: readonly DraftFinding[], which?: string) {
    const told = findings.slice(0, MOST_TOLD).map(findingText);
    const untold = findings.length - told.length;
    const lines = [...told, ...(untold > 0 ? [t('and {0} more', untold)] : [])];
    super('bad-message', which === undefined ? lines.join('\n') : `${which}: ${lines.join('\n')}`, {
      hint: t('Nothing of this message was sent.'),
    });
    this.findings = findings;
  }
}

/** By its marks, which hold across bundles where its class does not. */
export const isBadMessage = (error: unknown): error is BadMessage =>
  error instanceof Error && 'code' in error && error.code === 'bad-message' && 'findings' in error;

const MOST_SHOWN = 40;

/** A value in a few words, for who reads why it does not fit: `text "12.5x"`, `number 5`, `a list`. */
export function valueText(value: unknown): string {
  const digits = digitsOf(value);
  if (digits !== undefined) return t('the number {0}', digits);
  if (value === undefined) return t('nothing');
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string') {
    const text = value.length > MOST_SHOWN ? `${value.slice(0, MOST_SHOWN)}…` : value;
    return t('the text {0}', JSON.stringify(text));
  }
  return Array.isArray(value) ? t('a list') : t('an object');
}

/** Paths begin with the message's index where there are several. */
export const findingsAt = (
  findings: readonly DraftFinding[],
  index: number | undefined,
): readonly DraftFinding[] =>
  index === undefined ? findings : findings.map((one) => ({ ...one, path: [index, ...one.path] }));

/** `int expected, found the text "x"` */
export const expected = (what: string, found: unknown): string =>
  t('{0} expected, found {1}', what, valueText(found));

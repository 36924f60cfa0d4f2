/** `${…}` in the texts of a message, filled anew at each sending. */
import { t } from './l10n.ts';
import { type DraftFinding, type DraftPath, isExactNumber } from './outgoing.ts';

/** What the placeholders of one message are filled from. */
export interface Filling {
  /** Milliseconds since the epoch; the same for the whole message. */
  readonly nowMs: number;
  /** Counts the messages of a sending, or of a document while it is open, from 1. */
  readonly seq: number;
  readonly uuid: () => string;
  /** From 0, below 1. */
  readonly random: () => number;
}

/** As a person writes them, for who looks for one. */
export const PLACEHOLDERS = [
  '${uuid}',
  '${now}',
  '${today}',
  '${seq}',
  '${int:1..10}',
  '${pick:a|b|c}',
] as const;

/** `$${` stands for `${` itself. */
const PLACEHOLDER = /\$(\$?)\{([^{}]*)\}/g;
const RANGE = /^int:(-?\d{1,15})\.\.(-?\d{1,15})$/;

function evaluate(text: string, { nowMs, seq, uuid, random }: Filling): string | number | undefined {
  switch (text) {
    case 'uuid':
      return uuid();
    case 'now':
      return new Date(nowMs).toISOString();
    case 'today':
      return new Date(nowMs).toISOString().slice(0, 10);
    case 'seq':
      return seq;
  }
  const range = RANGE.exec(text);
  if (range) {
    const [least, most] = [Number(range[1]), Number(range[2])];
    return least > most ? undefined : least + Math.floor(random() * (most - least + 1));
  }
  if (!text.startsWith('pick:')) return undefined;
  const choices = text.slice('pick:'.length).split('|');
  return choices[Math.floor(random() * choices.length)];
}

function fillText(text: string, filling: Filling, unknown: (placeholder: string) => void): string | number {
  if (!text.includes('${')) return text;
  const [whole] = text.matchAll(PLACEHOLDER);
  if (whole?.[0] === text && whole[1] === '') {
    const value = evaluate(whole[2] ?? '', filling);
    if (value === undefined) unknown(text);
    return value ?? text;
  }
  return text.replace(PLACEHOLDER, (all, escaped: string, name: string) => {
    if (escaped !== '') return `\${${name}}`;
    const value = evaluate(name, filling);
    if (value === undefined) unknown(all);
    return String(value ?? all);
  });
}

/** What is an object, and holds no texts. */
const isWhole = (part: object): boolean => isExactNumber(part) || part instanceof Uint8Array;

/** Whether there is something to fill, so that the same document may give other messages. */
export function hasPlaceholders(document: unknown): boolean {
  if (typeof document === 'string') return document.includes('${');
  if (typeof document !== 'object' || document === null) return false;
  return Object.values(document).some(hasPlaceholders);
}

/** Escapes what would be taken for a placeholder in texts that are to stay as they are. */
export function escapePlaceholders(document: unknown): unknown {
  if (typeof document === 'string') return document.replace(PLACEHOLDER, (all) => `$${all}`);
  if (Array.isArray(document)) return document.map(escapePlaceholders);
  if (typeof document !== 'object' || document === null || isWhole(document)) return document;
  return Object.fromEntries(
    Object.entries(document).map(([name, value]) => [name, escapePlaceholders(value)]),
  );
}

/**
 * A placeholder that is a whole text becomes a number where its value is one (`seq`, `int`); names of fields are not
 * filled. Placeholders that are unknown are found, and stay.
 */
export function fillPlaceholders(
  document: unknown,
  filling: Filling,
): { readonly document: unknown; readonly findings: readonly DraftFinding[] } {
  const findings: DraftFinding[] = [];
  const fill = (part: unknown, path: DraftPath): unknown => {
    if (typeof part === 'string') {
      return fillText(part, filling, (placeholder) => {
        const reason = t('{0} is no placeholder; there are {1}', placeholder, PLACEHOLDERS.join(', '));
        findings.push({ path, reason });
      });
    }
    if (Array.isArray(part)) return part.map((item, index) => fill(item, [...path, index]));
    if (typeof part !== 'object' || part === null || isWhole(part)) return part;
    return Object.fromEntries(
      Object.entries(part).map(([name, item]) => [name, fill(item, [...path, name])]),
    );
  };
  return { document: fill(document, []), findings };
}

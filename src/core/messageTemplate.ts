/** A message as a file holds it, `{topic, key, value, headers, partition, timestamp}`, made into a draft. */
import { t } from './l10n.ts';
import {
  BadMessage,
  digitsOf,
  expected,
  isExactNumber,
  type DraftFinding,
  type DraftPath,
  type OutgoingDraft,
} from './outgoing.ts';
import { fillPlaceholders, type Filling } from './placeholders.ts';
import type { Header } from './topics.ts';

export const MESSAGE_FIELDS = ['topic', 'key', 'value', 'headers', 'partition', 'timestamp'] as const;

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value);

type Found = (path: DraftPath, reason: string) => void;

const headerValue = (value: unknown): string | Uint8Array | null | undefined =>
  value === null || typeof value === 'string' || value instanceof Uint8Array ? value : digitsOf(value);

/** `{name: value}`, with a list of values for a name that comes more than once, or `[{name, value}]`. */
function headersOf(given: unknown, found: Found): readonly Header<string | Uint8Array>[] {
  const headers: Header<string | Uint8Array>[] = [];
  const add = (name: unknown, value: unknown, path: DraftPath): void => {
    const text = headerValue(value);
    if (typeof name !== 'string') found([...path, 'name'], expected(t('text'), name));
    else if (text === undefined) found(path, expected(t('text or null'), value));
    else headers.push({ name, value: text });
  };
  if (Array.isArray(given)) {
    for (const [index, one] of (given as unknown[]).entries()) {
      const path = ['headers', index];
      if (isObject(one)) add(one['name'], one['value'] ?? null, path);
      else found(path, expected('{"name": …, "value": …}', one));
    }
  } else if (isObject(given)) {
    for (const [name, value] of Object.entries(given)) {
      const path = ['headers', name];
      if (!Array.isArray(value)) add(name, value, path);
      else for (const [index, one] of value.entries()) add(name, one, [...path, index]);
    }
  } else if (given !== undefined && given !== null) {
    found(['headers'], expected(t('an object'), given));
  }
  return headers;
}

function timestampOf(given: unknown, found: Found): number | undefined {
  if (given === undefined || given === null) return undefined;
  const ms = typeof given === 'string' ? Date.parse(given) : Number(digitsOf(given) ?? NaN);
  if (Number.isSafeInteger(ms) && ms >= 0) return ms;
  found(['timestamp'], expected(t('a time as {0}', '2026-01-31T12:30:00Z'), given));
  return undefined;
}

function partitionOf(given: unknown, found: Found): number | undefined {
  if (given === undefined || given === null) return undefined;
  if (typeof given === 'number' && Number.isInteger(given) && given >= 0) return given;
  found(['partition'], expected(t('the number of a partition'), given));
  return undefined;
}

/** `topic` is taken where the message names none. Throws {@link BadMessage}. */
export function draftOf(document: unknown, topic?: string): OutgoingDraft {
  const findings: DraftFinding[] = [];
  const found: Found = (path, reason) => void findings.push({ path, reason });
  if (!isObject(document)) throw new BadMessage([{ path: [], reason: expected(t('a message'), document) }]);
  for (const name of Object.keys(document)) {
    if (name === '$schema' || (MESSAGE_FIELDS as readonly string[]).includes(name)) continue;
    found([name], t('there is no such field: a message has {0}', MESSAGE_FIELDS.join(', ')));
  }
  const { topic: own = topic, key, value, headers, partition, timestamp } = document;
  if (typeof own !== 'string' || own === '') found(['topic'], expected(t('the name of a topic'), own));
  if (value === undefined) found(['value'], t('it is missing; null deletes'));
  const header = headersOf(headers, found);
  const number = partitionOf(partition, found);
  const timestampMs = timestampOf(timestamp, found);
  if (findings.length > 0) throw new BadMessage(findings);
  return {
    topic: String(own),
    ...(key === undefined || key === null ? {} : { key }),
    value,
    ...(header.length > 0 ? { headers: header } : {}),
    ...(number === undefined ? {} : { partition: number }),
    ...(timestampMs === undefined ? {} : { timestampMs }),
  };
}

/** A draft as a file holds it. Bytes that no document holds are left out. */
export function documentOf({ topic, key, value, headers = [], partition, timestampMs }: OutgoingDraft): Json {
  const names = headers.map(({ name }) => name);
  const plain = headers.filter(({ value: held }) => !(held instanceof Uint8Array));
  const isEach = new Set(names).size === names.length;
  return {
    topic,
    ...(key === undefined || key === null ? {} : { key }),
    value,
    ...(plain.length === 0
      ? {}
      : { headers: isEach ? Object.fromEntries(plain.map(({ name, value: held }) => [name, held])) : plain }),
    ...(partition === undefined ? {} : { partition }),
    ...(timestampMs === undefined ? {} : { timestamp: new Date(timestampMs).toISOString() }),
  };
}

/** As {@link draftOf}, its placeholders filled. Throws {@link BadMessage}. */
export function filledDraft(document: unknown, filling: Filling, topic?: string): OutgoingDraft {
  const filled = fillPlaceholders(document, filling);
  if (filled.findings.length > 0) throw new BadMessage(filled.findings);
  return draftOf(filled.document, topic);
}

export interface ExportOptions {
  /** Where it is sent, in the place of the topic that it came from. */
  readonly topic?: string;
  readonly keepPartitions?: boolean;
  readonly keepTimestamps?: boolean;
}

/** Whether a document is a message that the viewer exported, not one that a person wrote. */
export const isExported = (document: unknown): boolean =>
  isObject(document) && 'offset' in document && 'value' in document;

function bytesHeader(header: unknown, bytesOf: (base64: string) => Uint8Array): unknown {
  const { name, base64 } = (header ?? {}) as Json;
  return typeof base64 === 'string' ? { name, value: bytesOf(base64) } : header;
}

/**
 * A message that the viewer exported: its value is encoded again; of what is no text, and of a value that could not be
 * decoded, the bytes go as they were (`bytesOf` reads base64). Throws {@link BadMessage}.
 */
export function exportedDraft(
  document: unknown,
  bytesOf: (base64: string) => Uint8Array,
  { topic, keepPartitions = false, keepTimestamps = false }: ExportOptions = {},
): OutgoingDraft {
  const { topic: from, key, keyBase64, value, headers, partition, timestamp, error } = document as Json;
  const keyBytes = typeof keyBase64 === 'string' ? bytesOf(keyBase64) : undefined;
  const draft = draftOf(
    {
      topic: topic ?? from,
      ...(keyBytes ? {} : { key }),
      value,
      headers: Array.isArray(headers) ? headers.map((one) => bytesHeader(one, bytesOf)) : headers,
      ...(keepPartitions ? { partition } : {}),
      ...(keepTimestamps ? { timestamp } : {}),
    },
    undefined,
  );
  return {
    ...draft,
    ...(keyBytes ? { keyBytes } : {}),
    ...(typeof error === 'string' && typeof value === 'string' ? { valueBytes: bytesOf(value) } : {}),
  };
}

/** Reads a key or a value: by the schema id in its frame (a 0 byte, four bytes of id, then the body), or as it is. */
import type { ExplainedPart } from '../core/explained.ts';
import { t } from '../core/l10n.ts';
import type { RegisteredSchema } from '../core/schemas.ts';
import { base64, bufferOf, textOf, type Notes, type PayloadReader, type Reading } from './reading.ts';
import type { SchemaReader } from './schemaReaders.ts';

const FRAME_BYTES = 5;

/** Undefined for bytes without a frame. */
export const schemaIdOf = (bytes: Uint8Array): number | undefined =>
  bytes[0] === 0 && bytes.length >= FRAME_BYTES ? bufferOf(bytes).readUInt32BE(1) : undefined;

export interface Payload {
  /** Of the frame, known to the registry or not. */
  readonly schemaId: number | null;
  readonly schema: RegisteredSchema | undefined;
  readonly form: ExplainedPart['form'];
  readonly reading: Reading;
}

/** A number's bytes are UTF-8 too, as often as not; text that a person wrote holds no 0. */
export function plainText(bytes: Uint8Array): string | undefined {
  const text = textOf(bytes);
  return text?.includes('\0') ? undefined : text;
}

function unframed(
  value: Uint8Array,
  readJson: PayloadReader | undefined,
  notes?: Notes,
): Pick<Payload, 'form' | 'reading'> {
  if (readJson) {
    const json = readJson(value, notes);
    if ('value' in json) return { form: 'plain-json', reading: json };
    const text = plainText(value);
    if (text !== undefined) return { form: 'text', reading: { value: text } };
  }
  return { form: 'bytes', reading: { problem: unframedProblem(value) } };
}

function unframedProblem(value: Uint8Array): Extract<Reading, { problem: unknown }>['problem'] {
  if (value.length === 0) return { code: 'empty', reason: t('the value is empty') };
  return value[0] === 0
    ? { code: 'too-short', reason: t('the value is too short for a schema id: {0} bytes', value.length) }
    : { code: 'not-framed', reason: t('the first byte is {0}, not 0: no schema id', value[0] ?? 0) };
}

/** `readJson`: for a value without a frame, where that may be JSON or text. */
export function readValue(
  value: Uint8Array,
  readers: ReadonlyMap<number, SchemaReader>,
  readJson: PayloadReader | undefined,
  notes?: Notes,
): Payload {
  const schemaId = schemaIdOf(value);
  const reader = schemaId === undefined ? undefined : readers.get(schemaId);
  if (schemaId === undefined || !reader) {
    return { schemaId: null, schema: undefined, ...unframed(value, readJson, notes) };
  }
  const { schema, read } = reader;
  const reading = read(value.subarray(FRAME_BYTES), notes);
  return { schemaId, schema, form: schema?.type ?? 'bytes', reading };
}

/** A key's first byte may be 0 by chance, as a number's is: what no schema of the registry fits is text, or bytes. */
export function readKey(key: Uint8Array, readers: ReadonlyMap<number, SchemaReader>, notes?: Notes): Payload {
  const schemaId = schemaIdOf(key);
  const { schema, read } = (schemaId === undefined ? undefined : readers.get(schemaId)) ?? {};
  if (schemaId !== undefined && schema && read) {
    return { schemaId, schema, form: schema.type, reading: read(key.subarray(FRAME_BYTES), notes) };
  }
  const text = plainText(key);
  return {
    schemaId: null,
    schema: undefined,
    form: text === undefined ? 'bytes' : 'text',
    reading: { value: text ?? base64(key) },
  };
}

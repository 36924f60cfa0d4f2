/** Decodes messages by the schema id in their frame: a 0 byte, four bytes of id, then the body. */
import { parse as parseLossless, isSafeNumber } from 'lossless-json';
import { t } from '../core/l10n.ts';
import type { MessageDecoder, SchemaRegistry } from '../core/ports.ts';
import type { Message, RawMessage } from '../core/topics.ts';
import { createAvroReader, type AvroReader, type Reading } from './avroSchema.ts';

const FRAME_BYTES = 5;
const utf8 = new TextDecoder('utf-8', { fatal: true });

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    // Not UTF-8: the caller shows the bytes.
    return undefined;
  }
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const readable = (bytes: Uint8Array): string => textOf(bytes) ?? base64(bytes);

/** A number that JavaScript would round stays text. */
const readJson: AvroReader = (body) => {
  const text = textOf(body);
  if (text === undefined) return { problem: t('the body is not UTF-8 text') };
  try {
    return {
      value: parseLossless(text, undefined, (number) => (isSafeNumber(number) ? Number(number) : number)),
    };
  } catch {
    // The parser's message counts characters of a text that nobody sees.
    return { problem: t('the body is not JSON') };
  }
};

async function createReader(registry: SchemaRegistry, id: number): Promise<AvroReader> {
  const found = await registry.schema(id);
  if (!found) return () => ({ problem: t('the registry has no schema with id {0}', id) });
  switch (found.type) {
    case 'JSON':
      return readJson;
    case 'PROTOBUF':
      return () => ({ problem: t('schema {0} is Protobuf, which cannot be decoded', id) });
    case 'AVRO':
      try {
        return createAvroReader(found.schema, found.references);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        return () => ({ problem: t('schema {0} cannot be read: {1}', id, reason) });
      }
  }
}

const schemaIdOf = (value: Uint8Array): number | undefined =>
  value[0] === 0 && value.length >= FRAME_BYTES
    ? Buffer.from(value.buffer, value.byteOffset, value.length).readUInt32BE(1)
    : undefined;

function keep<K, V>(known: Map<K, Promise<V>>, key: K, ask: () => Promise<V>): Promise<V> {
  const answer = known.get(key) ?? ask();
  known.set(key, answer);
  answer.catch(() => known.delete(key));
  return answer;
}

/** What the registry answered is kept for the decoder's life; what it did not answer is asked for again. */
export function createMessageDecoder(registry: SchemaRegistry): MessageDecoder {
  const readers = new Map<number, Promise<AvroReader>>();
  const unframed = new Map<string, Promise<boolean>>();

  const readerOf = (id: number): Promise<AvroReader> => keep(readers, id, () => createReader(registry, id));
  /** A topic without a value schema may carry JSON or text as it is. */
  const plainAllowed = (topic: string): Promise<boolean> =>
    keep(unframed, topic, async () => !(await registry.subjects()).includes(`${topic}-value`));

  /** Asks for all that a batch needs, so that its messages are then decoded without waiting. */
  const prepare = async (messages: readonly RawMessage[]): Promise<Sources> => {
    const byId = new Map<number, AvroReader>();
    const plain = new Map<string, boolean>();
    for (const { topic, value } of messages) {
      if (value === null) continue;
      const id = schemaIdOf(value);
      if (id !== undefined && !byId.has(id)) byId.set(id, await readerOf(id));
      if (id === undefined && !plain.has(topic)) plain.set(topic, await plainAllowed(topic));
    }
    return { byId, plain };
  };

  return {
    decode: async (messages) => {
      const sources = await prepare(messages);
      return messages.map((message) => decodeOne(message, sources));
    },
  };
}

interface Sources {
  readonly byId: ReadonlyMap<number, AvroReader>;
  /** Topic → whether its messages may be plain JSON or text. */
  readonly plain: ReadonlyMap<string, boolean>;
}

function readUnframed(value: Uint8Array, plainAllowed: boolean): Reading {
  if (plainAllowed) {
    const json = readJson(value);
    if ('value' in json) return json;
    const text = textOf(value);
    if (text !== undefined && !text.includes('\0')) return { value: text };
  }
  if (value.length === 0) return { problem: t('the value is empty') };
  return value[0] === 0
    ? { problem: t('the value is too short for a schema id: {0} bytes', value.length) }
    : { problem: t('the first byte is {0}, not 0: no schema id', value[0] ?? 0) };
}

function read({ topic, value }: RawMessage, sources: Sources): { schemaId: number | null; reading: Reading } {
  if (value === null) return { schemaId: null, reading: { value: null } };
  const schemaId = schemaIdOf(value);
  const reader = schemaId === undefined ? undefined : sources.byId.get(schemaId);
  if (schemaId === undefined || !reader) {
    return { schemaId: null, reading: readUnframed(value, sources.plain.get(topic) ?? false) };
  }
  return { schemaId, reading: reader(value.subarray(FRAME_BYTES)) };
}

function decodeOne(raw: RawMessage, sources: Sources): Message {
  const { schemaId, reading } = read(raw, sources);
  return {
    topic: raw.topic,
    partition: raw.partition,
    offset: raw.offset,
    timestamp: new Date(raw.timestampMs).toISOString(),
    key: raw.key && readable(raw.key),
    value: 'value' in reading ? reading.value : base64(raw.value ?? new Uint8Array()),
    headers: raw.headers.map(({ name, value }) => ({ name, value: value && readable(value) })),
    schemaId,
    ...('problem' in reading ? { error: reading.problem } : {}),
  };
}

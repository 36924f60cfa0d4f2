/** Decodes messages by the schema ids in their frames. */
import { isUserError } from '../core/errors.ts';
import type { DecodeOptions, MessageDecoder, SchemaSource } from '../core/ports.ts';
import type { Header, Message, RawMessage, ShownHeader } from '../core/topics.ts';
import { jsonText } from './encode/jsonText.ts';
import { explainPart } from './explainPart.ts';
import { createJsonReader } from './jsonReader.ts';
import { base64, type PayloadReader } from './reading.ts';
import { plainText, readKey, readValue, schemaIdOf, type Payload } from './readPayload.ts';
import { createSchemaReader, unreadable, type SchemaReader } from './schemaReaders.ts';

/** Keys of a topic that begin as a frame does, by chance: after so many the registry is not asked for others. */
const MOST_STRANGE_KEYS = 50;
/** Milliseconds: what a Date can be. */
const LATEST_TIME = 8.64e15;
/** Milliseconds after which an id that the registry did not know is asked for again. */
const ASK_AGAIN = 5000;

function keep<K, V>(known: Map<K, Promise<V>>, key: K, ask: () => Promise<V>): Promise<V> {
  const answer = known.get(key) ?? ask();
  known.set(key, answer);
  answer.catch(() => known.delete(key));
  return answer;
}

/** What a batch of messages needs, so that each is then decoded without waiting. */
interface Sources {
  readonly readers: ReadonlyMap<number, SchemaReader>;
  /** Topic → what reads its messages, where they may be plain JSON or text. */
  readonly plain: ReadonlyMap<string, PayloadReader | undefined>;
}

/** A schema whose references are gone stops the reading of its own messages, and of no others. */
async function readerFrom(registry: SchemaSource, id: number, options: DecodeOptions): Promise<SchemaReader> {
  try {
    return await createSchemaReader(id, await registry.schema(id), options);
  } catch (error) {
    if (!isUserError(error) || error.code === 'registry-unreachable') throw error;
    return unreadable(id, error);
  }
}

/** What the registry answered is kept for the decoder's life; what it did not answer is asked for again. */
export function createMessageDecoder(registry: SchemaSource, options: DecodeOptions = {}): MessageDecoder {
  const known = new Map<number, Promise<SchemaReader>>();
  const unframed = new Map<string, Promise<PayloadReader | undefined>>();
  const readJson = createJsonReader(options);
  const strangeKeys = new Map<string, number>();

  const unknownSince = new Map<number, number>();

  const askFor = async (id: number): Promise<SchemaReader> => {
    const reader = await readerFrom(registry, id, options);
    if (reader.schema) unknownSince.delete(id);
    else unknownSince.set(id, Date.now());
    return reader;
  };
  const readerOf = (id: number): Promise<SchemaReader> => {
    if (Date.now() - (unknownSince.get(id) ?? Infinity) > ASK_AGAIN) {
      unknownSince.delete(id);
      known.delete(id);
    }
    return keep(known, id, () => askFor(id));
  };
  /** A topic without a value schema may carry JSON or text as it is. */
  const plainReader = (topic: string): Promise<PayloadReader | undefined> =>
    keep(unframed, topic, async () =>
      (await registry.subjects()).includes(`${topic}-value`) ? undefined : readJson,
    );
  const keyReader = async (topic: string, id: number): Promise<SchemaReader | undefined> => {
    const strange = strangeKeys.get(topic) ?? 0;
    if (strange >= MOST_STRANGE_KEYS && !known.has(id)) return undefined;
    const isNew = !known.has(id);
    const reader = await readerOf(id);
    if (isNew && !reader.schema) strangeKeys.set(topic, strange + 1);
    return reader;
  };

  const prepare = async (messages: readonly RawMessage[]): Promise<Sources> => {
    const readers = new Map<number, SchemaReader>();
    const plain = new Map<string, PayloadReader | undefined>();
    for (const { topic, key, value } of messages) {
      const keyId = key === null ? undefined : schemaIdOf(key);
      if (keyId !== undefined && !readers.has(keyId)) {
        const reader = await keyReader(topic, keyId);
        if (reader) readers.set(keyId, reader);
      }
      if (value === null) continue;
      const id = schemaIdOf(value);
      if (id !== undefined && !readers.has(id)) readers.set(id, await readerOf(id));
      if (id === undefined && !plain.has(topic)) plain.set(topic, await plainReader(topic));
    }
    return { readers, plain };
  };

  return {
    decode: async (messages) => {
      const sources = await prepare(messages);
      return messages.map((message) => decodeOne(message, sources));
    },
    explain: async (message) => {
      const { readers, plain } = await prepare([message]);
      const { topic, key, value } = message;
      return {
        key:
          key && (await explainPart(key, `${topic}-key`, registry, (notes) => readKey(key, readers, notes))),
        value:
          value &&
          (await explainPart(value, `${topic}-value`, registry, (notes) =>
            readValue(value, readers, plain.get(topic), notes),
          )),
      };
    },
  };
}

const NO_VALUE = { schemaId: null, reading: { value: null } } satisfies Partial<Payload>;

type ShownKey = Pick<Message, 'key' | 'keyBase64' | 'keySchemaId'>;

function plainKey(key: Uint8Array): ShownKey {
  const text = plainText(key);
  if (text !== undefined) return { key: text };
  const bytes = base64(key);
  return { key: bytes, keyBase64: bytes };
}

function headerOf({ name, value }: Header): ShownHeader {
  const text = value && plainText(value);
  if (!value || text !== undefined) return { name, value: text ?? null };
  const bytes = base64(value);
  return { name, value: bytes, base64: bytes };
}

function keyOf(key: Uint8Array, readers: Sources['readers']): ShownKey {
  const { schemaId, reading } = readKey(key, readers);
  if (schemaId === null || 'problem' in reading) return plainKey(key);
  const { value } = reading;
  return { key: typeof value === 'string' ? value : jsonText(value), keySchemaId: schemaId };
}

/** A broker may keep times that no date reaches, as nanoseconds by mistake: the last one there is stands for them. */
const isoOf = (ms: number): string =>
  new Date(Math.max(-LATEST_TIME, Math.min(LATEST_TIME, ms))).toISOString();

function decodeOne(raw: RawMessage, { readers, plain }: Sources): Message {
  const { key } = raw;
  const { schemaId, reading } =
    raw.value === null ? NO_VALUE : readValue(raw.value, readers, plain.get(raw.topic));
  return {
    topic: raw.topic,
    partition: raw.partition,
    offset: raw.offset,
    timestamp: isoOf(raw.timestampMs),
    // Most keys have no frame, and what is spared here is spared for each message.
    ...(key === null ? { key } : key[0] === 0 ? keyOf(key, readers) : plainKey(key)),
    value: 'value' in reading ? reading.value : base64(raw.value ?? new Uint8Array()),
    headers: raw.headers.map(headerOf),
    schemaId,
    ...('problem' in reading ? { error: reading.problem.reason } : {}),
  };
}

/** Encodes messages that a person wrote by the newest schemas of their topic. */
import { isUserError, messageOf, UserError } from '../core/errors.ts';
import type { PartSchema } from '../core/jsonSchema.ts';
import { t } from '../core/l10n.ts';
import { namedSchemas } from '../core/namedSchemas.ts';
import {
  BadMessage,
  expected,
  type DraftFinding,
  type DraftPath,
  type OutgoingDraft,
} from '../core/outgoing.ts';
import type { MessageEncoder, OutgoingMessage, SubjectRegistry } from '../core/ports.ts';
import type { SubjectVersion } from '../core/schemas.ts';
import { createAvroWriter } from './encode/avroWriter.ts';
import { jsonText, parseExact } from './encode/jsonText.ts';
import type { PartWriter, Writing } from './encode/partWriter.ts';

const FRAME_BYTES = 5;

type Registry = Pick<SubjectRegistry, 'latest' | 'referenced'>;

interface Part {
  readonly version: SubjectVersion;
  readonly writer: PartWriter;
}

async function writerFor(registry: Registry, version: SubjectVersion): Promise<PartWriter> {
  const { type, schema, references = [], refersTo = [] } = version;
  switch (type) {
    case 'AVRO':
      return createAvroWriter(schema, references);
    case 'PROTOBUF':
      return (await import('./protobuf.ts')).createProtobufWriter(schema, references);
    case 'JSON': {
      const named = await namedSchemas(registry, refersTo);
      return (await import('./jsonValidator.ts')).createJsonWriter(schema, named);
    }
  }
}

async function partOf(registry: Registry, subject: string): Promise<Part | undefined> {
  const version = await registry.latest(subject);
  if (!version) return undefined;
  try {
    return { version, writer: await writerFor(registry, version) };
  } catch (error) {
    if (isUserError(error) && error.code === 'registry-unreachable') throw error;
    throw new UserError(
      'unreadable-schema',
      t('Version {0} of {1} cannot be used: {2}', version.version, subject, messageOf(error)),
      { hint: t('Register a schema that is one, then send again.'), cause: error },
    );
  }
}

function framed({ id }: SubjectVersion, body: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(FRAME_BYTES + body.length);
  bytes.writeUInt32BE(id, 1);
  bytes.set(body, FRAME_BYTES);
  return bytes;
}

/** Without a schema: text as it is, anything else as JSON. */
const plain = (value: unknown): Uint8Array =>
  Buffer.from(typeof value === 'string' ? value : jsonText(value), 'utf8');

function read(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: parseExact(text) };
  } catch {
    // Text like any other.
    return undefined;
  }
}

/** The viewer shows a key that is no text as JSON: what does not fit as text is read so. */
function writeKey(writer: PartWriter, key: unknown): Writing {
  const writing = writer.write(key, ['key']);
  if ('body' in writing || typeof key !== 'string') return writing;
  const parsed = read(key);
  const again = parsed && writer.write(parsed.value, ['key']);
  return again && ('body' in again || typeof parsed.value === 'object') ? again : writing;
}

const writeValue = (writer: PartWriter, value: unknown): Writing => writer.write(value, ['value']);

const headerBytes = (value: string | Uint8Array | null): Uint8Array | null =>
  typeof value === 'string' ? Buffer.from(value, 'utf8') : value;

/** What no schema says of a message. */
function envelopeFindings({
  topic,
  value,
  headers = [],
  partition,
  timestampMs,
}: OutgoingDraft): DraftFinding[] {
  const findings: DraftFinding[] = [];
  const add = (path: DraftPath, reason: string): void => void findings.push({ path, reason });
  if (typeof (topic as unknown) !== 'string' || topic === '')
    add(['topic'], expected(t('the name of a topic'), topic));
  if (value === undefined) add(['value'], t('it is missing; null deletes'));
  for (const [index, { name, value: held }] of headers.entries()) {
    if (typeof (name as unknown) !== 'string') add(['headers', index, 'name'], expected(t('text'), name));
    if (held !== null && typeof held !== 'string' && !((held as unknown) instanceof Uint8Array)) {
      add(['headers', index, 'value'], expected(t('text or null'), held));
    }
  }
  if (partition !== undefined && !(Number.isInteger(partition) && partition >= 0)) {
    add(['partition'], expected(t('the number of a partition'), partition));
  }
  if (timestampMs !== undefined && !(Number.isSafeInteger(timestampMs) && timestampMs >= 0)) {
    add(['timestamp'], expected(t('a time since 1970'), timestampMs));
  }
  return findings;
}

/** What the registry answered is kept for the encoder's life; what it did not answer is asked for again. */
export function createMessageEncoder(registry: Registry): MessageEncoder {
  const parts = new Map<string, Promise<Part | undefined>>();
  const part = (subject: string): Promise<Part | undefined> => {
    const known = parts.get(subject) ?? partOf(registry, subject);
    parts.set(subject, known);
    known.catch(() => parts.delete(subject));
    return known;
  };
  const both = async (topic: string): Promise<readonly [Part | undefined, Part | undefined]> =>
    Promise.all([part(`${topic}-key`), part(`${topic}-value`)]);

  const schemaOf = (found: Part): PartSchema => {
    const { subject, version, id, type } = found.version;
    return { subject, version, id, type, schema: found.writer.jsonSchema() };
  };

  return {
    encode: async (draft) => {
      const { topic, key, value, headers = [], partition, timestampMs, keyBytes, valueBytes } = draft;
      const findings = envelopeFindings(valueBytes ? { ...draft, value: null } : draft);
      const bytesOf = (found: Part | undefined, document: unknown, write: typeof writeValue): Uint8Array => {
        if (!found) return plain(document);
        const made = write(found.writer, document);
        if ('body' in made) return framed(found.version, made.body);
        findings.push(...made.findings);
        return new Uint8Array();
      };
      const known = typeof (topic as unknown) === 'string' && topic !== '';
      const [keyPart, valuePart] = known ? await both(topic) : [];
      const hasKey = keyBytes === undefined && key !== null && key !== undefined;
      const heldKey = hasKey ? bytesOf(keyPart, key, writeKey) : null;
      const isGiven = valueBytes === undefined && value !== null && value !== undefined;
      const held = isGiven ? bytesOf(valuePart, value, writeValue) : null;
      if (findings.length > 0) throw new BadMessage(findings);
      return {
        key: keyBytes ?? heldKey,
        value: valueBytes ?? held,
        ...(headers.length > 0
          ? { headers: headers.map((one) => ({ name: one.name, value: headerBytes(one.value) })) }
          : {}),
        ...(partition === undefined ? {} : { partition }),
        ...(timestampMs === undefined ? {} : { timestampMs }),
      } satisfies OutgoingMessage;
    },
    messageSchema: async (topic) => {
      const [key, value] = await both(topic);
      return {
        topic,
        ...(key ? { key: schemaOf(key) } : {}),
        ...(value ? { value: schemaOf(value) } : {}),
      };
    },
  };
}

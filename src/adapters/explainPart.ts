/** All that can be told of a key or value: the schemas, both forms of its values, what to do where it fails. */
import { parse as parseLossless, stringify } from 'lossless-json';
import { nextStep, type ExplainedPart, type ReaderSchema, type WriterSchema } from '../core/explained.ts';
import type { SchemaSource } from '../core/ports.ts';
import type { RegisteredSchema } from '../core/schemas.ts';
import { base64, createNotes, type Notes } from './reading.ts';
import type { Payload } from './readPayload.ts';

/** Indented, unless it is no JSON: the text of Protobuf stays as it is. */
function indented({ type, schema }: Pick<RegisteredSchema, 'type' | 'schema'>): string {
  if (type === 'PROTOBUF') return schema;
  try {
    return stringify(parseLossless(schema), undefined, 2) ?? schema;
  } catch (error) {
    if (error instanceof SyntaxError) return schema;
    throw error;
  }
}

async function writerOf(
  registry: SchemaSource,
  schema: RegisteredSchema,
  { message, schemaText }: Notes,
): Promise<WriterSchema> {
  return {
    id: schema.id,
    type: schema.type,
    text: schemaText ?? indented(schema),
    versions: await registry.holders(schema.id),
    ...(message === undefined ? {} : { message }),
  };
}

/** Of the topic's own subject; of another one where only that holds the writer's schema. */
async function readerOf(
  registry: SchemaSource,
  subject: string,
  versions: WriterSchema['versions'],
): Promise<ReaderSchema | null> {
  const other = versions.find((one) => one.subject === subject) ?? versions[0];
  const found = await registry.latest(other?.subject ?? subject);
  return found
    ? { subject: found.subject, version: found.version, id: found.id, text: indented(found) }
    : null;
}

/** `subject` is the one that the topic's key or value has by the registry's usual strategy. */
export async function explainPart(
  bytes: Uint8Array,
  subject: string,
  registry: SchemaSource,
  read: (notes: Notes) => Payload,
): Promise<ExplainedPart> {
  const notes = createNotes();
  const { schema, form, reading } = read(notes);
  const writer = schema ? await writerOf(registry, schema, notes) : null;
  const failed = 'problem' in reading;
  return {
    bytes: bytes.length,
    form,
    value: failed ? base64(bytes) : reading.value,
    // What was noted before the bytes stopped fitting is no part of a document.
    logical: failed ? [] : notes.logical,
    untold: failed ? 0 : notes.untold,
    writer,
    reader: await readerOf(registry, subject, writer?.versions ?? []),
    unknownFields: notes.unknownFields,
    ...(failed ? { failure: { ...reading.problem, next: nextStep(reading.problem.code, subject) } } : {}),
  };
}

/** What reads by a schema of the registry, whatever its type. */
import { messageOf } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { DecodeOptions } from '../core/ports.ts';
import type { RegisteredSchema } from '../core/schemas.ts';
import { createAvroReader } from './avroSchema.ts';
import { createJsonReader } from './jsonReader.ts';
import type { PayloadReader } from './reading.ts';

/** A schema, unless the registry does not know the id, and what reads by it, or says why it cannot. */
export interface SchemaReader {
  readonly schema?: RegisteredSchema;
  readonly read: PayloadReader;
}

async function readerFor(
  { type, schema, references = [] }: RegisteredSchema,
  options: DecodeOptions,
): Promise<PayloadReader> {
  switch (type) {
    case 'JSON':
      return createJsonReader(options);
    case 'PROTOBUF': {
      const { createProtobufReader } = await import('./protobuf.ts');
      return createProtobufReader(schema, references);
    }
    case 'AVRO':
      return createAvroReader(schema, references, options);
  }
}

/** Says of every body why its schema cannot be used. */
export function unreadable(id: number, error: unknown): SchemaReader {
  const reason = t('schema {0} cannot be read: {1}', id, messageOf(error));
  return { read: () => ({ problem: { code: 'unreadable-schema', reason } }) };
}

export async function createSchemaReader(
  id: number,
  schema: RegisteredSchema | undefined,
  options: DecodeOptions = {},
): Promise<SchemaReader> {
  if (!schema) {
    const reason = t('the registry has no schema with id {0}', id);
    return { read: () => ({ problem: { code: 'unknown-schema', reason } }) };
  }
  try {
    return { schema, read: await readerFor(schema, options) };
  } catch (error) {
    return { schema, ...unreadable(id, error) };
  }
}

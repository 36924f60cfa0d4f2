/** Writes documents by an Avro schema: what the viewer shows, encoded again, gives the same bytes. */
import { parseAvro } from '../../core/avroTypes.ts';
import { compileAvro } from '../avroSchema.ts';
import { toAvro } from './avroDocument.ts';
import { avroJsonSchema } from './avroJsonSchema.ts';
import { parseExact } from './jsonText.ts';
import type { PartWriter } from './partWriter.ts';

/** Throws when the text is no Avro schema. `references`: texts, each after those that it needs itself. */
export function createAvroWriter(schema: string, references: readonly string[] = []): PartWriter {
  const type = parseAvro(schema, references, parseExact);
  const compiled = compileAvro(schema, references).type;
  return {
    write: (document, path) => {
      const made = toAvro(type, document, path);
      return 'value' in made ? { body: compiled.toBuffer(made.value) } : made;
    },
    jsonSchema: () => avroJsonSchema(type),
  };
}

/** Avro bodies as the schema that wrote them holds them: what another schema is then tried on. */
import type { AvroBodyReader } from '../core/ports.ts';
import { compileAvro } from './avroSchema.ts';
import { firstMisfit, holdsCounts } from './avroWalk.ts';

/** Throws when the text is no Avro schema. `references`: texts, each after those that it needs itself. */
export function createBodyReader(schema: string, references: readonly string[] = []): AvroBodyReader {
  const { type } = compileAvro(schema, references);
  const counted = holdsCounts(type);
  return (bytes) => {
    const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    try {
      if (counted && firstMisfit(type, body) !== undefined) return undefined;
      const decoded = type.decode(body, 0);
      return decoded.offset === body.length ? { value: decoded.value as unknown } : undefined;
    } catch {
      // Bytes can break the decoder in many ways; that they hold no value is all that matters here.
      return undefined;
    }
  };
}

/** Avro bodies as the schema that wrote them holds them: what another schema is then tried on. */
import { types, Type, type ForSchemaOptions, type Schema } from 'avsc';
import type { AvroBodyReader } from '../core/ports.ts';
import { AVRO_TYPES } from './avroSchema.ts';
import { firstMisfit, holdsCounts } from './avroWalk.ts';

/** Longs beyond 2^53, which the library refuses otherwise. */
function createLongType(): Type {
  const unused = (): never => {
    throw new Error('longs are only read');
  };
  return types.LongType.__with({
    fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE(),
    toBuffer: unused,
    // Where a default of the schema is one.
    fromJSON: (value: unknown) => value,
    toJSON: unused,
    isValid: () => true,
    compare: unused,
  });
}

function typeHook(part: Schema, options: ForSchemaOptions): Type | undefined {
  if (part === 'long') return createLongType();
  if (typeof part !== 'object' || !('type' in part)) return undefined;
  const inner = (part as unknown as Readonly<Record<string, unknown>>)['type'];
  if (typeof inner === 'object') return Type.forSchema(inner as Schema, options);
  // A name of the schema, wrapped: { "type": "shop.Money" }.
  if (typeof inner === 'string' && !AVRO_TYPES.has(inner)) return Type.forSchema(inner, options);
  return inner === 'long' ? createLongType() : undefined;
}

/** Throws when the text is no Avro schema. `references`: texts, each after those that it needs itself. */
export function createBodyReader(schema: string, references: readonly string[] = []): AvroBodyReader {
  const options: Partial<ForSchemaOptions> = { registry: {}, typeHook, wrapUnions: 'always' };
  for (const reference of new Set(references)) Type.forSchema(JSON.parse(reference) as Schema, options);
  const type = Type.forSchema(JSON.parse(schema) as Schema, options);
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

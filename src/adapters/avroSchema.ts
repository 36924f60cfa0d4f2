/** Reads Avro by any schema of the registry into plain values that a person can read and JSON can hold. */
import { types, Type, type ForSchemaOptions, type Schema } from 'avsc';
import { t } from '../core/l10n.ts';
import type { DecodeOptions } from '../core/ports.ts';
import { bareValue, logicalOf, type Logical, type LogicalSchema } from './avroLogical.ts';
import { noteAvro } from './avroNotes.ts';
import { firstMisfit, holdsCounts } from './avroWalk.ts';
import { base64, bufferOf, finite, shortFloat, type PayloadReader, type Reading } from './reading.ts';

type Plain = (value: unknown) => unknown;

const AVRO_TYPES = new Set([
  ...['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'],
  ...['record', 'error', 'enum', 'array', 'map', 'fixed'],
]);

function createLongType(): Type {
  const unused = (): never => {
    throw new Error('longs are only read and written');
  };
  return types.LongType.__with({
    fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE(),
    toBuffer: (value: bigint) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64LE(value);
      return bytes;
    },
    isValid: (value: unknown) => typeof value === 'bigint',
    fromJSON: unused,
    toJSON: unused,
    compare: unused,
  });
}

/** Compiles the way from what avsc reads to plain values, once for each type of a schema. */
function createPlain(logicals: ReadonlyMap<Type, Logical>, namedBranches: boolean): (type: Type) => Plain {
  const known = new Map<Type, Plain>();
  const build = (type: Type): Plain => {
    const logical = logicals.get(type);
    if (logical) return (value) => logical.readable(value) ?? bareValue(value);
    if (type instanceof types.RecordType) {
      const fields = type.fields.map((field) => ({ name: field.name, plain: plainOf(field.type) }));
      return (value) => {
        const record: Record<string, unknown> = {};
        for (const { name, plain } of fields) record[name] = plain((value as Record<string, unknown>)[name]);
        return record;
      };
    }
    if (type instanceof types.ArrayType) {
      const items = plainOf(type.itemsType);
      return (value) => (value as unknown[]).map(items);
    }
    if (type instanceof types.MapType) {
      const values = plainOf(type.valuesType as Type);
      return (value) =>
        Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, values(item)]));
    }
    if (type instanceof types.WrappedUnionType) {
      const branches = new Map(type.types.map((branch) => [branch.branchName, plainOf(branch)]));
      const named = namedBranches && type.types.filter(({ typeName }) => typeName !== 'null').length > 1;
      return (value) => {
        const entry = Object.entries(value ?? {})[0];
        if (!entry) return null;
        const shown = branches.get(entry[0])?.(entry[1]);
        return named ? { [entry[0]]: shown } : shown;
      };
    }
    switch (type.typeName) {
      case 'bytes':
      case 'fixed':
        return (value) => base64(value as Uint8Array);
      case 'float':
        return (value) => shortFloat(value as number);
      case 'double':
        return (value) => finite(value as number);
      case 'abstract:long':
        return String;
      default:
        return (value) => value;
    }
  };
  const plainOf = (type: Type): Plain => {
    const ready = known.get(type);
    if (ready) return ready;
    // A recursive type meets itself while it is built.
    known.set(type, (value) => plain(value));
    const plain = build(type);
    known.set(type, plain);
    return plain;
  };
  return plainOf;
}

/** Defaults serve a reader with another schema; avsc would check each by a type that only reads. */
const withoutDefaults = (text: string): Schema =>
  JSON.parse(text, (name, value: unknown) => (name === 'default' ? undefined : value)) as Schema;

/** The schema as avsc's type, and which of its types are logical. */
export function compileAvro(
  schema: string,
  references: readonly string[],
): { readonly type: Type; readonly logicals: ReadonlyMap<Type, Logical> } {
  const logicals = new Map<Type, Logical>();
  const typeHook = (part: Schema, options: ForSchemaOptions): Type | undefined => {
    if (part === 'long') return createLongType();
    if (typeof part !== 'object' || !('type' in part)) return undefined;
    const { logicalType, ...bare } = part as unknown as Record<string, unknown>;
    const inner = bare['type'];
    if (typeof inner === 'object') return Type.forSchema(inner as Schema, options);
    // A name of the schema, wrapped: { "type": "shop.Money" }.
    if (typeof inner === 'string' && !AVRO_TYPES.has(inner)) return Type.forSchema(inner, options);
    if (logicalType === undefined) return inner === 'long' ? createLongType() : undefined;
    const type = inner === 'long' ? createLongType() : Type.forSchema(bare as unknown as Schema, options);
    const logical = logicalOf(part as unknown as LogicalSchema, type.typeName);
    if (logical) logicals.set(type, logical);
    return type;
  };
  const options: Partial<ForSchemaOptions> = { registry: {}, typeHook, wrapUnions: 'always' };
  for (const reference of new Set(references)) Type.forSchema(withoutDefaults(reference), options);
  return { type: Type.forSchema(withoutDefaults(schema), options), logicals };
}

/** Compiles a schema. Throws when the text is no Avro schema. `options`: as of the decoder. */
export function createAvroReader(
  schema: string,
  references: readonly string[] = [],
  { namedBranches = false }: DecodeOptions = {},
): PayloadReader {
  const { type, logicals } = compileAvro(schema, references);
  const plain = createPlain(logicals, namedBranches)(type);
  const counted = holdsCounts(type);
  const unfit = (field: string | undefined): Reading => ({
    problem: field
      ? { code: 'unfit', reason: t('the bytes do not fit the schema at field {0}', field), field }
      : { code: 'unfit', reason: t('the bytes do not fit the schema') },
  });
  return (bytes, notes) => {
    const body = bufferOf(bytes);
    try {
      const misfit = counted ? firstMisfit(type, body) : undefined;
      if (misfit !== undefined) return unfit(misfit);
      const decoded = type.decode(body, 0);
      if (decoded.offset < 0) return unfit(firstMisfit(type, body));
      const left = body.length - decoded.offset;
      if (left > 0) return { problem: { code: 'left-over', reason: t('{0} bytes are left over', left) } };
      if (notes) noteAvro(type, decoded.value, (part) => logicals.get(part), notes);
      return { value: plain(decoded.value) };
    } catch {
      // Bytes can break the decoder in many ways (a union's index, a depth beyond the stack); what counts is where.
      return unfit(firstMisfit(type, body));
    }
  };
}

/** Reads Avro by any schema of the registry into plain values that a person can read and JSON can hold. */
import { types, Type, type ForSchemaOptions, type Schema } from 'avsc';
import { fromDays, timeOfDay, timestamp } from '../core/dates.ts';
import { fromTwosComplement, fromUnscaled } from '../core/decimal.ts';
import { t } from '../core/l10n.ts';
import { remember } from '../core/remember.ts';

type Plain = (value: unknown) => unknown;
type LogicalSchema = Readonly<Record<string, unknown>> & { readonly logicalType: string };

/** The value, or why the bytes do not hold one. */
export type Reading = { readonly value: unknown } | { readonly problem: string };
export type AvroReader = (body: Uint8Array) => Reading;

/** Fails for a day that no date reaches. */
const dateOf = remember(fromDays);
const base64: Plain = (value) => Buffer.from(value as Uint8Array).toString('base64');
const finite: Plain = (value) => (Number.isFinite(value) ? value : String(value));

function createLongType(): Type {
  const unused = (): never => {
    throw new Error('longs are only read');
  };
  return types.LongType.__with({
    fromBuffer: (buffer: Buffer) => buffer.readBigInt64LE(),
    toBuffer: unused,
    fromJSON: unused,
    toJSON: unused,
    isValid: unused,
    compare: unused,
  });
}

/** How a logical type reads; undefined for one that is unknown or sits on the wrong type: then it is ignored. */
function logicalPlain({ logicalType, scale = 0, size }: LogicalSchema, typeName: string): Plain | undefined {
  const count = (value: unknown): bigint => BigInt(value as bigint | number);
  switch (`${logicalType}:${typeName}`) {
    case 'decimal:bytes':
    case 'decimal:fixed':
      return (value) => fromUnscaled(fromTwosComplement(value as Uint8Array), Number(scale));
    case 'date:int':
      return (value) => dateOf(value as number);
    case 'time-millis:int':
      return (value) => timeOfDay(count(value), 3);
    case 'time-micros:abstract:long':
      return (value) => timeOfDay(count(value), 6);
    case 'timestamp-millis:abstract:long':
      return (value) => `${timestamp(count(value), 3)}Z`;
    case 'timestamp-micros:abstract:long':
      return (value) => `${timestamp(count(value), 6)}Z`;
    case 'timestamp-nanos:abstract:long':
      return (value) => `${timestamp(count(value), 9)}Z`;
    case 'local-timestamp-millis:abstract:long':
      return (value) => timestamp(count(value), 3);
    case 'local-timestamp-micros:abstract:long':
      return (value) => timestamp(count(value), 6);
    case 'uuid:fixed': {
      if (size !== 16) return undefined;
      return (value) =>
        Buffer.from(value as Uint8Array)
          .toString('hex')
          .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
    }
    default:
      return undefined;
  }
}

/** Compiles the way from what avsc reads to plain values, once for each type of a schema. */
function createPlain(logicals: ReadonlyMap<Type, LogicalSchema>): (type: Type) => Plain {
  const known = new Map<Type, Plain>();
  const build = (type: Type): Plain => {
    const logical = logicals.get(type);
    const byLogical = logical && logicalPlain(logical, type.typeName);
    if (byLogical) return byLogical;
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
      return (value) => {
        const entry = Object.entries(value ?? {})[0];
        return entry ? branches.get(entry[0])?.(entry[1]) : null;
      };
    }
    switch (type.typeName) {
      case 'bytes':
      case 'fixed':
        return base64;
      case 'float':
      case 'double':
        return finite;
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

/** The path of the first field that the bytes do not hold. */
function misfit(type: Type, body: Buffer, path: string): string {
  if (!(type instanceof types.RecordType)) return path;
  let position = 0;
  for (const field of type.fields) {
    const name = path ? `${path}.${field.name}` : field.name;
    try {
      const { offset } = field.type.decode(body, position);
      if (offset < 0) return misfit(field.type, body.subarray(position), name);
      position = offset;
    } catch {
      // The decoder's own message names no field; the field that made it throw is what is looked for here.
      return misfit(field.type, body.subarray(position), name);
    }
  }
  return path;
}

/** Compiles a schema. Throws when the text is no Avro schema. */
export function createAvroReader(schema: string, references: readonly string[] = []): AvroReader {
  const logicals = new Map<Type, LogicalSchema>();
  const typeHook = (part: Schema, options: ForSchemaOptions): Type | undefined => {
    if (part === 'long') return createLongType();
    if (typeof part !== 'object' || !('type' in part)) return undefined;
    const { logicalType, ...bare } = part as unknown as Record<string, unknown>;
    const inner = bare['type'];
    if (typeof inner === 'object') return Type.forSchema(inner as Schema, options);
    if (logicalType === undefined) return inner === 'long' ? createLongType() : undefined;
    const type = inner === 'long' ? createLongType() : Type.forSchema(bare as unknown as Schema, options);
    logicals.set(type, part as unknown as LogicalSchema);
    return type;
  };
  const options: Partial<ForSchemaOptions> = { registry: {}, typeHook, wrapUnions: 'always' };
  for (const reference of references) Type.forSchema(JSON.parse(reference) as Schema, options);
  const type = Type.forSchema(JSON.parse(schema) as Schema, options);
  const plain = createPlain(logicals)(type);
  return (bytes) => {
    const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    const unfit = (): Reading => {
      const field = misfit(type, body, '');
      return {
        problem: field
          ? t('the bytes do not fit the schema at field {0}', field)
          : t('the bytes do not fit the schema'),
      };
    };
    try {
      const decoded = type.decode(body, 0);
      if (decoded.offset < 0) return unfit();
      const left = body.length - decoded.offset;
      if (left > 0) return { problem: t('{0} bytes are left over', left) };
      return { value: plain(decoded.value) };
    } catch {
      // Bytes can break the decoder in many ways (a union's index, a date out of range); what counts is where.
      return unfit();
    }
  };
}

/** The JSON Schema of what the viewer shows by an Avro schema, and the encoder takes. */
import {
  branchName,
  simpleName,
  type AvroField,
  type AvroRecord,
  type AvroType,
} from '../../core/avroTypes.ts';
import { refStep, type JsonSchema } from '../../core/jsonSchema.ts';
import { shownOf, storedDefault } from './avroDocument.ts';
import { leafOf, type AvroLeaf } from './avroLeaves.ts';

const BASE64 = '^[A-Za-z0-9+/]*={0,2}$';
const INT = { minimum: -2_147_483_648, maximum: 2_147_483_647 };
const LONG: JsonSchema = { type: ['string', 'integer'], format: 'int64', pattern: '^-?[0-9]{1,19}$' };
const CLOCK = '([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,N})?)?';
const DATE = '([0-9]{4}|[+-][0-9]{6})-[0-9]{2}-[0-9]{2}';
const DIGITS: Readonly<Record<string, number>> = { millis: 3, micros: 6, nanos: 9 };

const base64 = (size?: number): JsonSchema => {
  const length =
    size === undefined ? {} : { minLength: Math.ceil(size / 3) * 4, maxLength: Math.ceil(size / 3) * 4 };
  const example = Buffer.alloc(size ?? 0).toString('base64');
  return { type: 'string', format: 'base64', pattern: BASE64, ...length, examples: [example] };
};

function decimal(precision: number, scale: number): JsonSchema {
  const whole = Math.max(1, precision - scale);
  const fraction = scale === 0 ? '' : `(\\.[0-9]{0,${scale}})?`;
  return {
    type: ['string', 'number'],
    format: 'decimal',
    pattern: `^[+-]?[0-9]{${scale > 0 ? 0 : 1},${whole}}${fraction}$`,
    examples: [scale === 0 ? '0' : `0.${'0'.repeat(scale)}`],
    description: `decimal(${precision},${scale})`,
  };
}

function logicalSchema(type: AvroLeaf, name: string): JsonSchema {
  const digits = DIGITS[name.split('-').at(-1) ?? ''] ?? 0;
  const clock = CLOCK.replace('N', String(digits));
  if (name.startsWith('decimal(') && type.kind !== 'enum' && type.logical) {
    return decimal(type.logical.precision, type.logical.scale);
  }
  switch (name) {
    case 'big-decimal': {
      const pattern = '^[+-]?[0-9]*(\\.[0-9]*)?$';
      return { type: ['string', 'number'], format: 'decimal', pattern, examples: ['0.00'] };
    }
    case 'duration':
      return { type: 'string', format: 'duration', pattern: '^P', examples: ['P1D'] };
    case 'uuid':
      return { type: 'string', format: 'uuid' };
    case 'date':
      return { type: ['string', 'integer'], format: 'date' };
    case 'time-millis':
    case 'time-micros': {
      const example = `12:00:00.${'0'.repeat(digits)}`;
      return {
        type: ['string', 'integer'],
        format: 'time-of-day',
        pattern: `^(${clock}|-?[0-9]+)$`,
        examples: [example],
      };
    }
  }
  const zoned = !name.startsWith('local-');
  return {
    type: ['string', 'integer'],
    format: zoned ? 'date-time' : 'local-date-time',
    ...(zoned ? {} : { pattern: `^(${DATE}[T ]${clock}|-?[0-9]+)$` }),
    examples: [`2026-01-31T12:00:00.${'0'.repeat(digits)}${zoned ? 'Z' : ''}`],
  };
}

function leafSchema(type: AvroLeaf): JsonSchema {
  const { logical } = leafOf(type);
  if (logical) return logicalSchema(type, logical.name);
  if (type.kind === 'enum') {
    return { title: simpleName(type.name), enum: type.symbols, ...docOf(type) };
  }
  if (type.kind === 'fixed') return base64(type.size);
  switch (type.name) {
    case 'null':
    case 'boolean':
      return { type: type.name };
    case 'string':
      return type.logical?.name === 'uuid' ? { type: 'string', format: 'uuid' } : { type: 'string' };
    case 'int':
      return { type: 'integer', ...INT };
    case 'long':
      return LONG;
    case 'float':
    case 'double':
      return { type: ['number', 'string'], pattern: '^(NaN|-?Infinity)$' };
    case 'bytes':
      return base64();
  }
}

const docOf = ({ doc }: { readonly doc?: string }): { description?: string } =>
  doc === undefined ? {} : { description: doc };

/** `type` may hold itself: each record is one of the definitions. */
export function avroJsonSchema(type: AvroType): JsonSchema {
  const definitions: Record<string, JsonSchema> = {};
  const record = (made: AvroRecord): JsonSchema => {
    const $ref = `#/definitions/${refStep(made.name)}`;
    if (!Object.hasOwn(definitions, made.name)) {
      definitions[made.name] = {};
      definitions[made.name] = {
        title: simpleName(made.name),
        ...docOf(made),
        type: 'object',
        properties: Object.fromEntries(made.fields.map((field) => [field.name, fieldSchema(field)])),
        required: made.fields.filter((field) => field.default === undefined).map(({ name }) => name),
        additionalProperties: false,
      };
    }
    return { $ref };
  };
  const union = (branches: readonly AvroType[]): JsonSchema => {
    const several = branches.filter((one) => !('name' in one) || one.name !== 'null').length > 1;
    const titled = (branch: AvroType): JsonSchema => {
      const made = schemaOf(branch);
      return several && made.$ref === undefined && made.type !== 'null'
        ? { title: branchName(branch), ...made }
        : made;
    };
    const named = branches
      .filter((branch) => several && branchName(branch) !== 'null')
      .map((branch): JsonSchema => {
        const name = branchName(branch);
        return {
          'x-branch': name,
          type: 'object',
          properties: { [name]: schemaOf(branch) },
          required: [name],
          additionalProperties: false,
        };
      });
    return { anyOf: [...branches.map(titled), ...named] };
  };
  const schemaOf = (part: AvroType): JsonSchema => {
    switch (part.kind) {
      case 'record':
        return record(part);
      case 'array':
        return { type: 'array', items: schemaOf(part.items) };
      case 'map':
        return { type: 'object', additionalProperties: schemaOf(part.values) };
      case 'union':
        return union(part.branches);
      case 'primitive':
      case 'fixed':
      case 'enum':
        return leafSchema(part);
    }
  };
  const fieldSchema = (field: AvroField): JsonSchema => {
    const made = schemaOf(field.type);
    const shown =
      field.default === undefined
        ? {}
        : { default: shownOf(field.type, storedDefault(field.type, field.default)) };
    // Beside a `$ref` draft 7 has nothing count.
    const bare = made.$ref === undefined ? made : { anyOf: [made] };
    return field.doc === undefined && field.default === undefined
      ? made
      : { ...bare, ...docOf(field), ...shown };
  };
  const root = schemaOf(type);
  const has = Object.keys(definitions).length > 0;
  return { ...root, ...(has ? { definitions } : {}) };
}

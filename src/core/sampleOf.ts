/** A document that a JSON Schema takes, to begin with. */
import { lookUp, type JsonSchema, type JsonType } from './jsonSchema.ts';

/** Records within records, after which only what must be there is there. */
const DEEP = 3;
/** A type that must hold itself without end has no sample. */
const DEEPEST = 24;

type Json = Readonly<Record<string, unknown>>;

const typesOf = ({ type }: JsonSchema): readonly JsonType[] =>
  type === undefined ? [] : typeof type === 'string' ? [type] : type;

const TEXTS: Readonly<Record<string, string>> = {
  date: '2026-01-31',
  'date-time': '2026-01-31T12:00:00Z',
  time: '12:00:00Z',
  int64: '0',
  decimal: '0',
  base64: '',
  uuid: '00000000-0000-4000-8000-000000000000',
  email: 'name@example.com',
  uri: 'https://example.com',
  ipv4: '192.0.2.1',
  hostname: 'example.com',
};

/** Filled anew at each sending. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  date: '${today}',
  'date-time': '${now}',
  uuid: '${uuid}',
};

function textFor({ format, minLength = 0, maxLength = Infinity }: JsonSchema): string {
  const known = format === undefined ? undefined : TEXTS[format];
  return known ?? 'text'.padEnd(minLength, 'x').slice(0, maxLength);
}

function numberFor(schema: JsonSchema): number {
  const { minimum = -Infinity, maximum = Infinity } = schema;
  const { exclusiveMinimum, multipleOf } = schema as { exclusiveMinimum?: unknown; multipleOf?: unknown };
  const step = typeof multipleOf === 'number' && multipleOf > 0 ? multipleOf : 1;
  const least = typeof exclusiveMinimum === 'number' ? Math.max(minimum, exclusiveMinimum + step) : minimum;
  return least > 0 ? Math.min(Math.ceil(least / step) * step, maximum) : Math.min(0, maximum);
}

const refOf = ({ $ref, anyOf }: JsonSchema): string | undefined =>
  $ref ?? (anyOf?.length === 1 ? anyOf[0]?.$ref : undefined);

/** Whether a schema leads to one of the definitions that are being made. */
function isOpen(schema: JsonSchema, open: readonly string[]): boolean {
  const refs = [refOf(schema), schema.items && refOf(schema.items)];
  return refs.some((ref) => ref !== undefined && open.includes(ref));
}

/**
 * A sample of what the schema takes: its `default` or first example where it has one, all fields that do not lead back
 * into what holds them. With `placeholders`, dates, times and UUIDs are such as the moment of sending gives.
 */
export function sampleOf(root: JsonSchema, { placeholders = false } = {}): unknown {
  const merged = (part: JsonSchema): JsonSchema => {
    const { allOf = [], ...own } = part;
    return allOf.reduce<JsonSchema>((whole, one) => {
      const more = merged(one.$ref === undefined ? one : (lookUp(root, one.$ref) ?? {}));
      return {
        ...more,
        ...whole,
        ...(whole.properties || more.properties
          ? { properties: { ...more.properties, ...whole.properties } }
          : {}),
        required: [...(more.required ?? []), ...(whole.required ?? [])],
      };
    }, own);
  };
  const object = (part: JsonSchema, open: readonly string[]): Json => {
    const { properties = {}, required = [], additionalProperties } = part;
    const taken = new Set<string>();
    const fields = Object.entries(properties).filter(([name, field]) => {
      if (required.includes(name)) return true;
      if (open.length > DEEP || isOpen(field, open)) return false;
      const oneof = field['x-oneof'];
      const isFirst = oneof === undefined || !taken.has(oneof);
      if (oneof !== undefined) taken.add(oneof);
      return isFirst;
    });
    if (fields.length === 0 && typeof additionalProperties === 'object' && required.length === 0) {
      return isOpen(additionalProperties, open) ? {} : { key: make(additionalProperties, open) };
    }
    return Object.fromEntries(fields.map(([name, field]) => [name, make(field, open)]));
  };
  const array = ({ items, minItems = 0 }: JsonSchema, open: readonly string[]): readonly unknown[] => {
    const length = Math.max(
      minItems,
      items === undefined || isOpen(items, open) || open.length > DEEP ? 0 : 1,
    );
    return Array.from({ length }, () => make(items ?? {}, open));
  };
  /** A union's: the first that is not null, unless it leads back. */
  const branch = (branches: readonly JsonSchema[], open: readonly string[]): JsonSchema => {
    const given = branches.filter((one) => !('x-branch' in one) && !typesOf(one).includes('null'));
    const nothing = branches.find((one) => typesOf(one).includes('null'));
    const closed = given.find((one) => !isOpen(one, open));
    return closed ?? nothing ?? given[0] ?? {};
  };
  const make = (given: JsonSchema, open: readonly string[]): unknown => {
    if (open.length > DEEPEST) return null;
    const part = merged(given);
    if (part.default !== undefined) return part.default;
    const placeholder = placeholders && part.format !== undefined ? PLACEHOLDERS[part.format] : undefined;
    if (placeholder !== undefined) return placeholder;
    if (part.examples?.length) return part.examples[0];
    if (part.const !== undefined) return part.const;
    if (part.enum?.length) return part.enum[0];
    const ref = refOf(part);
    if (ref !== undefined) {
      const found = lookUp(root, ref);
      return found ? make(found, [...open, ref]) : null;
    }
    const branches = part.anyOf ?? part.oneOf;
    if (branches?.length) {
      const { anyOf: _any, oneOf: _one, ...own } = part;
      const chosen = branch(branches, open);
      const to = refOf(chosen);
      return make(merged({ ...own, allOf: [chosen] }), to === undefined ? open : [...open, to]);
    }
    const [type = part.properties ? 'object' : part.items ? 'array' : undefined] = typesOf(part).filter(
      (one, _, all) => one !== 'null' || all.length === 1,
    );
    switch (type) {
      case 'object':
        return object(part, open);
      case 'array':
        return array(part, open);
      case 'string':
        return textFor(part);
      case 'integer':
      case 'number':
        return numberFor(part);
      case 'boolean':
        return false;
      case 'null':
        return null;
      case undefined:
        return {};
    }
  };
  return make(root, []);
}

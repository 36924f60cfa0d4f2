/** Avro schemas as values, every name resolved. */
import { messageOf, UserError } from './errors.ts';
import { t } from './l10n.ts';

const PRIMITIVES = ['null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string'] as const;
export type PrimitiveName = (typeof PRIMITIVES)[number];

export interface Logical {
  readonly name: string;
  /** Of a decimal. */
  readonly precision: number;
  readonly scale: number;
}

interface Named {
  /** With its namespace. */
  readonly name: string;
  /** With their namespaces. */
  readonly aliases: readonly string[];
}
export interface AvroPrimitive {
  readonly kind: 'primitive';
  readonly name: PrimitiveName;
  readonly logical?: Logical;
}
export interface AvroFixed extends Named {
  readonly kind: 'fixed';
  readonly size: number;
  readonly logical?: Logical;
}
export interface AvroEnum extends Named {
  readonly kind: 'enum';
  readonly symbols: readonly string[];
  readonly default?: string;
  readonly doc?: string;
}
export interface AvroField {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly type: AvroType;
  /** Undefined: there is none; a default of null is null. */
  readonly default?: unknown;
  readonly doc?: string;
}
/** May hold itself. */
export interface AvroRecord extends Named {
  readonly kind: 'record';
  readonly fields: readonly AvroField[];
  readonly doc?: string;
}
export type AvroType =
  | AvroPrimitive
  | AvroFixed
  | AvroEnum
  | AvroRecord
  | { readonly kind: 'array'; readonly items: AvroType }
  | { readonly kind: 'map'; readonly values: AvroType }
  | { readonly kind: 'union'; readonly branches: readonly AvroType[] };
export type AvroUnion = Extract<AvroType, { kind: 'union' }>;

type Json = Readonly<Record<string, unknown>>;
type KnownTypes = Map<string, AvroFixed | AvroEnum | AvroRecord>;

const isPrimitive = (name: string): name is PrimitiveName => (PRIMITIVES as readonly string[]).includes(name);
const isObject = (part: unknown): part is Json =>
  typeof part === 'object' && part !== null && !Array.isArray(part);
const texts = (part: unknown): readonly string[] =>
  Array.isArray(part) ? part.filter((one): one is string => typeof one === 'string') : [];
const docOf = ({ doc }: Json): { doc?: string } => (typeof doc === 'string' ? { doc } : {});
const qualified = (name: string, namespace: string): string =>
  name.includes('.') || namespace === '' ? name : `${namespace}.${name}`;
const namespaceOf = (name: string): string => name.slice(0, Math.max(0, name.lastIndexOf('.')));

/** The last part of a name. */
export const simpleName = (name: string): string => name.slice(name.lastIndexOf('.') + 1);

function invalid(reason: string, cause?: unknown): UserError {
  return new UserError('not-a-schema', t('This is no Avro schema: {0}', reason), {
    ...(cause === undefined ? {} : { cause }),
  });
}

function logicalOf({ logicalType, precision, scale, type }: Json): { logical?: Logical } {
  if (typeof logicalType !== 'string') return {};
  // On any other type the specification has it ignored.
  if (logicalType === 'decimal' && type !== 'bytes' && type !== 'fixed') return {};
  return { logical: { name: logicalType, precision: Number(precision ?? 0), scale: Number(scale ?? 0) } };
}

function nameOf(part: Json, namespace: string): Named {
  const { name, namespace: own, aliases } = part;
  if (typeof name !== 'string' || name === '') throw invalid(t('a {0} has no name', String(part['type'])));
  const full = qualified(name, typeof own === 'string' ? own : namespace);
  return { name: full, aliases: texts(aliases).map((alias) => qualified(alias, namespaceOf(full))) };
}

function fieldOf(part: unknown, record: string, known: KnownTypes): AvroField {
  if (!isObject(part) || typeof part['name'] !== 'string' || !('type' in part)) {
    throw invalid(t('a field of {0} has no name or no type', record));
  }
  return {
    name: part['name'],
    aliases: texts(part['aliases']),
    type: build(part['type'], namespaceOf(record), known),
    ...('default' in part ? { default: part['default'] } : {}),
    ...docOf(part),
  };
}

function define<T extends AvroFixed | AvroEnum | AvroRecord>(made: T, known: KnownTypes): T {
  if (known.has(made.name)) throw invalid(t('{0} is defined twice', made.name));
  known.set(made.name, made);
  return made;
}

function recordOf(part: Json, namespace: string, known: KnownTypes): AvroRecord {
  const fields: AvroField[] = [];
  const record: AvroRecord = { kind: 'record', ...nameOf(part, namespace), fields, ...docOf(part) };
  if (!Array.isArray(part['fields'])) throw invalid(t('the record {0} has no fields', record.name));
  // Before its fields: a record may hold itself.
  define(record, known);
  for (const one of part['fields'] as unknown[]) {
    const field = fieldOf(one, record.name, known);
    if (fields.some(({ name }) => name === field.name)) {
      throw invalid(t('{0} has the field {1} twice', record.name, field.name));
    }
    fields.push(field);
  }
  return record;
}

function enumOf(part: Json, namespace: string, known: KnownTypes): AvroEnum {
  const fallback = part['default'];
  const made: AvroEnum = {
    kind: 'enum',
    ...nameOf(part, namespace),
    symbols: texts(part['symbols']),
    ...(typeof fallback === 'string' ? { default: fallback } : {}),
    ...docOf(part),
  };
  return define(made, known);
}

function fixedOf(part: Json, namespace: string, known: KnownTypes): AvroFixed {
  const size = Number(part['size']);
  const made: AvroFixed = { kind: 'fixed', ...nameOf(part, namespace), size, ...logicalOf(part) };
  return define(made, known);
}

function reference(name: string, namespace: string, known: KnownTypes): AvroType {
  const found = known.get(qualified(name, namespace)) ?? known.get(name);
  if (!found) throw invalid(t('nothing is called {0}', name));
  return found;
}

function build(part: unknown, namespace: string, known: KnownTypes): AvroType {
  if (typeof part === 'string') {
    return isPrimitive(part) ? { kind: 'primitive', name: part } : reference(part, namespace, known);
  }
  if (Array.isArray(part)) {
    return { kind: 'union', branches: part.map((branch) => build(branch, namespace, known)) };
  }
  if (!isObject(part)) throw invalid(t('{0} is no type', JSON.stringify(part)));
  const { type } = part;
  switch (type) {
    case 'record':
    case 'error':
      return recordOf(part, namespace, known);
    case 'enum':
      return enumOf(part, namespace, known);
    case 'fixed':
      return fixedOf(part, namespace, known);
    case 'array':
      return { kind: 'array', items: build(part['items'], namespace, known) };
    case 'map':
      return { kind: 'map', values: build(part['values'], namespace, known) };
  }
  if (typeof type === 'string' && isPrimitive(type)) {
    return { kind: 'primitive', name: type, ...logicalOf(part) };
  }
  return build(type, namespace, known);
}

function parsed(text: string, parse: (text: string) => unknown): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw invalid(messageOf(error), error);
  }
}

/**
 * `references` are the texts of what it refers to, each after those that it needs; `parse` may keep defaults of more
 * digits than JavaScript's. Throws UserError `not-a-schema`.
 */
export function parseAvro(
  text: string,
  references: readonly string[] = [],
  parse: (text: string) => unknown = JSON.parse,
): AvroType {
  const known: KnownTypes = new Map();
  for (const one of references) build(parsed(one, parse), '', known);
  return build(parsed(text, parse), '', known);
}

function logicalText(base: string, logical: Logical | undefined): string {
  if (!logical) return base;
  return logical.name === 'decimal'
    ? `${base} decimal(${logical.precision},${logical.scale})`
    : `${base} ${logical.name}`;
}

/** A type in a few words: `bytes decimal(10,2)`, `null | string`, `array of int`. */
export function typeText(type: AvroType): string {
  switch (type.kind) {
    case 'primitive':
      return logicalText(type.name, type.logical);
    case 'fixed':
      return logicalText(`fixed(${type.size})`, type.logical);
    case 'enum':
    case 'record':
      return `${type.kind} ${simpleName(type.name)}`;
    case 'array':
      return `array of ${typeText(type.items)}`;
    case 'map':
      return `map of ${typeText(type.values)}`;
    case 'union':
      return type.branches.map(typeText).join(' | ');
  }
}

/** How the value of a union names its branch. */
export function branchName(type: AvroType): string {
  return 'name' in type ? type.name : type.kind;
}

/** What a form shows of a JSON Schema (core/jsonSchema.ts): one kind of control for each place, and a value to begin with. */
import { lookUp, type JsonSchema, type JsonType } from './jsonSchema.ts';
import { sampleOf } from './sampleOf.ts';

/** How a text is asked for. `datetime`: with a zone; `localDatetime`: without one. */
export type TextKind = 'text' | 'decimal' | 'int64' | 'date' | 'datetime' | 'localDatetime' | 'base64';

interface Described {
  /** The name of its type, where it has one. */
  readonly title?: string;
  readonly help?: string;
  /** Null is one of its values. */
  readonly nullable: boolean;
  /** What it begins with when it comes into the form. */
  readonly sample: unknown;
}

export interface ObjectEntry {
  readonly name: string;
  /** It can be left out. */
  readonly optional: boolean;
  /** Of those with the same name only one may be there. */
  readonly oneof?: string;
  readonly field: FormField;
}

export interface Branch {
  readonly label: string;
  /** The value is told by this name: `{"BRANCH": value}`. */
  readonly wrap?: string;
  readonly field: FormField;
}

export type FormField = Described &
  (
    | { readonly kind: 'text'; readonly text: TextKind; readonly pattern?: string; readonly example?: string }
    /** `words`: NaN and Infinity too. */
    | { readonly kind: 'number'; readonly whole: boolean; readonly words: boolean; readonly range?: string }
    | { readonly kind: 'boolean' }
    | { readonly kind: 'choice'; readonly options: readonly unknown[] }
    | { readonly kind: 'object'; readonly entries: readonly ObjectEntry[] }
    | { readonly kind: 'list'; readonly item: FormField }
    | { readonly kind: 'map'; readonly value: FormField }
    | { readonly kind: 'union'; readonly branches: readonly Branch[] }
    /** One of the form's definitions, so that a type may hold itself. */
    | { readonly kind: 'ref'; readonly name: string }
    | { readonly kind: 'null' }
    /** What no control fits is written as JSON. */
    | { readonly kind: 'json' }
  );

export interface MessageForm {
  readonly root: FormField;
  readonly definitions: Readonly<Record<string, FormField>>;
}

const TEXTS: Readonly<Record<string, TextKind>> = {
  decimal: 'decimal',
  int64: 'int64',
  date: 'date',
  'date-time': 'datetime',
  'local-date-time': 'localDatetime',
  base64: 'base64',
};

const typesOf = ({ type }: JsonSchema): readonly JsonType[] =>
  type === undefined ? [] : typeof type === 'string' ? [type] : type;

/** Keywords with which a value means more than a control can show. */
const DEEP = [
  'allOf',
  'if',
  'not',
  'patternProperties',
  'dependentSchemas',
  'dependencies',
  'const',
] as const;

/** The bounds of 32 bits are no news. */
function rangeOf({ minimum, maximum }: JsonSchema): string | undefined {
  const isWide =
    (minimum === -(2 ** 31) && maximum === 2 ** 31 - 1) || (minimum === 0 && maximum === 2 ** 32 - 1);
  return isWide || (minimum === undefined && maximum === undefined)
    ? undefined
    : `${minimum ?? ''}…${maximum ?? ''}`;
}

const hasParts = ({ kind }: FormField): boolean =>
  kind === 'object' || kind === 'list' || kind === 'map' || kind === 'union' || kind === 'ref';

export function formOf(schema: JsonSchema): MessageForm {
  const definitions: Record<string, FormField> = {};
  const made = new Set<string>();

  const { definitions: named, $defs } = schema as JsonSchema & { readonly $defs?: JsonSchema['definitions'] };
  const held = { ...(named ? { definitions: named } : {}), ...($defs ? { $defs } : {}) };

  const described = (part: JsonSchema, nullable: boolean): Described => ({
    ...(part.title === undefined ? {} : { title: part.title }),
    ...(part.description === undefined ? {} : { help: part.description }),
    nullable,
    // What it leads to is found as in the whole.
    sample: sampleOf({ ...part, ...held }),
  });

  /** Registered before it is made, so that it may lead to itself. */
  const ref = (name: string, own: Described): FormField => {
    const found = lookUp(schema, name);
    if (!found) return { ...own, kind: 'json' };
    const known = (definitions[name] ??= { ...own, kind: 'object', entries: [] });
    if (!made.has(name)) {
      made.add(name);
      definitions[name] = make(found);
    }
    const now = definitions[name] ?? known;
    // Only what has parts can lead to itself.
    return hasParts(now) ? { ...own, kind: 'ref', name } : { ...now, ...own };
  };

  const entries = ({ properties = {}, required = [] }: JsonSchema): readonly ObjectEntry[] =>
    Object.entries(properties).map(([name, property]) => ({
      name,
      // One with a default is there with it, which is the same.
      optional: !required.includes(name) && property.default === undefined,
      ...(property['x-oneof'] === undefined ? {} : { oneof: property['x-oneof'] }),
      field: make(property),
    }));

  /** Of a union of several each branch is told by its name where it has one. */
  const union = (part: JsonSchema, all: readonly JsonSchema[]): FormField => {
    const nullable = all.some((one) => typesOf(one).length === 1 && typesOf(one)[0] === 'null');
    const some = all.filter((one) => !(typesOf(one).length === 1 && typesOf(one)[0] === 'null'));
    const named = some.filter((one) => one['x-branch'] !== undefined);
    const { anyOf: _any, oneOf: _one, ...own } = part;
    const [only] = some;
    if (named.length === 0 && some.length === 1 && only) {
      const field = make({ ...only, ...own });
      return { ...field, ...described(part, nullable || field.nullable) };
    }
    const branches =
      named.length > 0
        ? named.flatMap((one): Branch[] => {
            const wrap = one['x-branch'] ?? '';
            const held = one.properties?.[wrap];
            return held ? [{ label: wrap, wrap, field: make(held) }] : [];
          })
        : some.map((one, at): Branch => {
            const field = make(one);
            return { label: labelOf(one, field) ?? String(at + 1), field };
          });
    return { ...described(part, nullable), kind: 'union', branches };
  };

  const labelOf = (part: JsonSchema, field: FormField): string | undefined =>
    part.title ??
    (field.kind === 'ref' ? definitions[field.name]?.title : undefined) ??
    typesOf(part).find((one) => one !== 'null');

  const make = (part: JsonSchema): FormField => {
    const types = typesOf(part);
    const nullable = types.includes('null') && types.length > 1;
    const own = described(part, nullable);
    if (part.$ref !== undefined) return ref(part.$ref, own);
    const branches = part.anyOf ?? part.oneOf;
    if (branches && !('allOf' in part)) return union(part, branches);
    if (DEEP.some((word) => word in part)) return { ...own, kind: 'json' };
    if (part.enum) return choice(part.enum, own);
    const some = types.filter((one) => one !== 'null');
    const [type = part.properties ? 'object' : undefined] = some;
    // Two forms of one value, as text and as number, have a format, or are a number's words.
    const isPlain = some.length <= 1 || part.format !== undefined || type === 'number';
    if (!isPlain) return { ...own, kind: 'json' };
    switch (type) {
      case 'string':
        return text(part, own);
      case 'integer':
      case 'number':
        return number(part, own, type === 'integer', some.includes('string'));
      case 'boolean':
        return { ...own, kind: 'boolean' };
      case 'object':
        return object(part, own);
      case 'array': {
        const { items } = part;
        const single = typeof items === 'object' && !Array.isArray(items);
        return single ? { ...own, kind: 'list', item: make(items) } : { ...own, kind: 'json' };
      }
      case undefined:
        return { ...own, kind: types.length === 1 ? 'null' : 'json' };
    }
  };

  const choice = (options: readonly unknown[], own: Described): FormField => ({
    ...own,
    nullable: own.nullable || options.includes(null),
    kind: 'choice',
    options: options.filter((one) => one !== null),
  });
  const text = (part: JsonSchema, own: Described): FormField => {
    const { format = '', pattern, examples: [example] = [] } = part;
    return {
      ...own,
      kind: 'text',
      text: TEXTS[format] ?? 'text',
      ...(pattern === undefined ? {} : { pattern }),
      ...(typeof example === 'string' && example !== '' ? { example } : {}),
    };
  };
  const number = (part: JsonSchema, own: Described, whole: boolean, words: boolean): FormField => {
    const range = rangeOf(part);
    return { ...own, kind: 'number', whole, words, ...(range === undefined ? {} : { range }) };
  };
  const object = (part: JsonSchema, own: Described): FormField => {
    const { properties, additionalProperties } = part;
    if (properties && Object.keys(properties).length > 0)
      return { ...own, kind: 'object', entries: entries(part) };
    if (typeof additionalProperties === 'object') {
      return { ...own, kind: 'map', value: make(additionalProperties) };
    }
    return additionalProperties === false
      ? { ...own, kind: 'object', entries: [] }
      : { ...own, kind: 'json' };
  };

  return { root: make(schema), definitions };
}

/** Files that hold a schema: of which kind, and for which subject. */
import { UserError } from './errors.ts';
import { t } from './l10n.ts';
import type { SchemaReference, SchemaType } from './schemas.ts';

const fileName = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;

function ofJson(text: string): SchemaType | undefined {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    // While it is typed it is often no JSON; then it is no schema either.
    return undefined;
  }
  if (typeof found !== 'object' || found === null) return undefined;
  const { $schema, type, name, properties } = found as Readonly<Record<string, unknown>>;
  if (typeof $schema === 'string') return $schema.includes('json-schema.org') ? 'JSON' : undefined;
  if (typeof name === 'string' && ['record', 'enum', 'fixed'].includes(String(type))) return 'AVRO';
  return type === 'object' && typeof properties === 'object' ? 'JSON' : undefined;
}

/** By the name and, for `.json`, by what is in it; undefined for what is no schema. */
export function schemaTypeOf(path: string, text: string): SchemaType | undefined {
  switch (/\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? '') {
    case 'avsc':
      return 'AVRO';
    case 'proto':
      return 'PROTOBUF';
    case 'json':
      return ofJson(text);
    default:
      return undefined;
  }
}

/** Throws UserError `not-a-schema`. */
export function mustBeSchema(path: string, text: string): SchemaType {
  const type = schemaTypeOf(path, text);
  if (type) return type;
  throw new UserError('not-a-schema', t('{0} is no schema.', fileName(path)), {
    hint: t('A schema is a file .avsc (Avro), .proto (Protobuf) or .json (JSON Schema or Avro).'),
  });
}

/**
 * The subject that a file is for, by its name: `orders-value.v2.avsc` is for `orders-value`, and `orders.avsc` too where
 * that subject is there. The subject need not be there.
 */
export function guessSubject(path: string, subjects: readonly string[] = []): string {
  const name = fileName(path).replace(/\.\w+$/, '');
  const bare = name.replace(/[-_. ](v(ersion)?[-_. ]?)?\d+$/i, '').replace(/[-_. ](draft|new|next)$/i, '');
  const candidates = [name, bare, `${name}-value`, `${bare}-value`];
  const known = candidates.find((candidate) => subjects.includes(candidate));
  if (known !== undefined) return known;
  const begins = subjects
    .filter((subject) => bare.startsWith(subject) || bare.startsWith(subject.replace(/-value$/, '')))
    .toSorted((one, other) => other.length - one.length)[0];
  return begins ?? (/-(key|value)$/.test(bare) ? bare : `${bare}-value`);
}

/** The topic whose values, or keys, a subject describes. */
export const topicOf = (subject: string): string => subject.replace(/-(key|value)$/, '');

/** `NAME=SUBJECT:VERSION`. Throws UserError `bad-reference`. */
export function parseReference(text: string): SchemaReference {
  const [, name, subject, version] = /^([^=]+)=(.+):(\d+)$/.exec(text) ?? [];
  if (name === undefined || subject === undefined) {
    throw new UserError('bad-reference', t('"{0}" is no reference.', text), {
      hint: t('NAME=SUBJECT:VERSION, as in com.shop.Address=address-value:1'),
    });
  }
  return { name, subject, version: Number(version) };
}

/** JSON with indentation; any other text as it is. */
export function prettySchema(schema: string): string {
  try {
    return JSON.stringify(JSON.parse(schema), null, 2);
  } catch (error) {
    // Protobuf schemas are no JSON: their text is shown as it is.
    if (error instanceof SyntaxError) return schema;
    throw error;
  }
}

/** JSON Schemas of messages: what a form is built from, and what the editor completes by. */

/**
 * JSON Schema, draft 7. Of a topic with Avro or Protobuf it has these keywords and no others:
 * - `$ref` (always `#/definitions/NAME`, and alone, but for the root's `definitions`), one definition for each record or
 *   message, so that a type may hold itself; where a `$ref` needs a description or default it is the only one of `anyOf`;
 * - `type`: one name, or a list where a value has two forms. The first is the one that the viewer shows: `int64`, as
 *   `["string", "integer"]`, is text or a number; a double is `["number", "string"]`, the text being `NaN` or `Infinity`;
 * - `properties`, `required`, `additionalProperties` (false, or the schema of a map's values), `items`, `enum`;
 * - `anyOf` for unions, a nullable one beginning with `{"type": "null"}` where the schema's own union does. Branches of a
 *   union of several have a `title`. Where the value alone may not tell the branch, a branch is also taken as
 *   `{"BRANCH": value}`: such an alternative has `x-branch`, the name of its branch;
 * - `pattern`, `minimum`, `maximum`, `minLength`, `maxLength`;
 * - `format`: `date`, `date-time`, `uuid`, and of our own, which other tools ignore, `int64`, `decimal`, `time-of-day`,
 *   `local-date-time`, `duration`, `base64`;
 * - `x-oneof`, in Protobuf: of the fields with the same name of a oneof only one may be there;
 * - `title`, `description` (of Avro's `doc`, of comments in Protobuf), `default` as the viewer would show it, `examples`.
 *
 * Of a topic with JSON Schema it is the registered schema itself, with all that it has, what it refers to moved into
 * `definitions`.
 */
export interface JsonSchema {
  readonly $schema?: string;
  readonly $ref?: string;
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
  readonly title?: string;
  readonly description?: string;
  readonly type?: JsonType | readonly JsonType[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly 'x-branch'?: string;
  readonly 'x-oneof'?: string;
}
export type JsonType = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object';

/** What the messages of a topic may be; a part without a subject takes anything. */
export interface MessageSchema {
  readonly topic: string;
  readonly value?: PartSchema;
  readonly key?: PartSchema;
}
export interface PartSchema {
  readonly subject: string;
  readonly version: number;
  readonly id: number;
  readonly type: 'AVRO' | 'JSON' | 'PROTOBUF';
  readonly schema: JsonSchema;
}

/** Follows `#/…` from the root; undefined where it leads nowhere. */
export function lookUp(root: JsonSchema, ref: string): JsonSchema | undefined {
  if (ref === '#') return root;
  if (!ref.startsWith('#/')) return undefined;
  let at: unknown = root;
  for (const step of ref.slice(2).split('/')) {
    const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[name];
  }
  return typeof at === 'object' && at !== null ? at : undefined;
}

/** A name as a step of a `$ref`. */
export const refStep = (name: string): string =>
  encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'));

/** Keywords whose values are documents, in which a `$ref` is a name like any other. */
const DOCUMENTS = new Set(['default', 'examples', 'enum', 'const']);

/** The same schema with each of its references changed; `$id` goes, which would turn them elsewhere. */
export function mapRefs(schema: JsonSchema, change: (ref: string) => string): JsonSchema {
  const walk = (part: unknown, isNames: boolean): unknown => {
    if (Array.isArray(part)) return part.map((item) => walk(item, false));
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(
      Object.entries(part).flatMap(([name, value]: [string, unknown]): [string, unknown][] => {
        if (isNames) return [[name, walk(value, false)]];
        if (name === '$ref' && typeof value === 'string') return [[name, change(value)]];
        if ((name === '$id' || name === 'id' || name === '$schema') && typeof value === 'string') return [];
        if (DOCUMENTS.has(name)) return [[name, value]];
        const names = ['properties', 'definitions', '$defs', 'patternProperties', 'dependentSchemas'];
        return [[name, walk(value, names.includes(name))]];
      }),
    );
  };
  return walk(schema, false) as JsonSchema;
}

/** The JSON Schema of a document of messages: the envelope, and for each topic what its registered schemas say. */
import { mapRefs, refStep, type JsonSchema, type JsonType, type MessageSchema } from './jsonSchema.ts';
import { t } from './l10n.ts';

type Json = Readonly<Record<string, unknown>>;

const PLACEHOLDER = '\\$\\{';
/** Keywords whose values are documents, and those whose values are schemas by names of the person's. */
const DOCUMENTS = new Set(['default', 'examples', 'const', 'enum', 'required']);
const NAMES = new Set(['definitions', '$defs', 'properties', 'patternProperties', 'dependentSchemas']);

/** Takes a placeholder wherever a value is: what it becomes is checked at each sending. */
function withPlaceholders(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withPlaceholders);
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).map(([name, value]: [string, unknown]): [string, unknown] => {
    if (DOCUMENTS.has(name)) return [name, value];
    if (!NAMES.has(name)) return [name, withPlaceholders(value)];
    const named = Object.entries(value as Json).map(([one, of]) => [one, withPlaceholders(of)] as const);
    return [name, Object.fromEntries(named)];
  });
  return loosened(Object.fromEntries(entries));
}

function loosened(schema: JsonSchema): JsonSchema {
  const { enum: values, type, pattern, format, minLength: _least, maxLength: _most, ...other } = schema;
  if (values !== undefined) {
    const { title, description, ...rest } = other;
    const about = { ...(title ? { title } : {}), ...(description ? { description } : {}) };
    return {
      ...about,
      anyOf: [
        { ...rest, enum: values },
        { type: 'string', pattern: PLACEHOLDER },
      ],
    };
  }
  const types = type === undefined ? [] : [type].flat();
  const scalar = types.filter((one) => one !== 'object' && one !== 'array' && one !== 'null');
  if (scalar.length === 0) return schema;
  const isText = scalar.includes('string');
  const all: readonly JsonType[] = isText ? types : [...types, 'string'];
  // Of a text that may be anything, anything may be a placeholder.
  if (isText && pattern === undefined && format === undefined) return schema;
  const own = isText ? (pattern ?? FORMATS[format ?? '']) : undefined;
  if (isText && own === undefined) return { ...other, type: all };
  return { ...other, type: all, pattern: own === undefined ? PLACEHOLDER : `${own}|${PLACEHOLDER}` };
}

/** What a format says, as far as a pattern can. */
const FORMATS: Readonly<Record<string, string>> = {
  date: '^[+-]?[0-9]{4,6}-[0-9]{2}-[0-9]{2}$',
  'date-time': '^[+-]?[0-9]{4,6}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+(Z|[+-][0-9:]+)$',
  uuid: '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$',
};

const HEADER = { type: ['string', 'number', 'null'] as const };

function envelope(topics: readonly string[]): Json {
  return {
    type: 'object',
    required: ['topic', 'value'],
    additionalProperties: false,
    properties: {
      $schema: { type: 'string' },
      topic: {
        description: t('Where it goes.'),
        anyOf: [{ enum: topics }, { type: 'string', minLength: 1 }],
      },
      key: { description: t('Messages with the same key go to the same partition.') },
      value: { description: t('As the message viewer shows it; null deletes.') },
      headers: {
        description: t('Names and values; a list of values for a name that comes more than once.'),
        anyOf: [
          { type: 'object', additionalProperties: { anyOf: [HEADER, { type: 'array', items: HEADER }] } },
          {
            type: 'array',
            items: {
              type: 'object',
              properties: { name: { type: 'string' }, value: HEADER },
              required: ['name'],
              additionalProperties: false,
            },
          },
        ],
      },
      partition: {
        description: t('Without it the key decides.'),
        type: ['integer', 'string'],
        minimum: 0,
        pattern: PLACEHOLDER,
      },
      timestamp: {
        description: t('Without it the time of sending.'),
        type: ['string', 'integer'],
        examples: ['${now}'],
      },
    },
    // A keyword of VS Code's JSON.
    defaultSnippets: [{ label: t('A message'), body: { topic: '$1', key: '$2', value: '$3' } }],
  };
}

/** `definitions` of a part, and the way to it. */
function moved(name: string, schema: JsonSchema): readonly [JsonSchema, JsonSchema] {
  const home = `#/definitions/${refStep(name)}`;
  const loose = withPlaceholders(schema) as JsonSchema;
  return [mapRefs(loose, (ref) => (ref === '#' ? home : ref.replace(/^#/, home))), { $ref: home }];
}

/** `topics` are offered, others are no error; `schemas` of those that have any. */
export function messageFileSchema(topics: readonly string[], schemas: readonly MessageSchema[]): Json {
  const definitions: Record<string, object> = {};
  const perTopic = schemas.flatMap(({ topic, key, value }) => {
    const properties: Record<string, object> = {};
    for (const [part, found] of [
      ['key', key],
      ['value', value],
    ] as const) {
      if (!found) continue;
      const [schema, ref] = moved(`${topic}-${part}`, found.schema);
      definitions[`${topic}-${part}`] = schema;
      properties[part] = part === 'value' ? { anyOf: [{ type: 'null' }, ref] } : ref;
    }
    return Object.keys(properties).length === 0
      ? []
      : [{ if: { properties: { topic: { const: topic } }, required: ['topic'] }, then: { properties } }];
  });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    if: { type: 'array' },
    then: { type: 'array', items: { $ref: '#/definitions/%20message' } },
    else: { $ref: '#/definitions/%20message' },
    definitions: {
      ...definitions,
      // No topic's part is called so.
      ' message': { ...envelope(topics), ...(perTopic.length > 0 ? { allOf: perTopic } : {}) },
    },
  };
}

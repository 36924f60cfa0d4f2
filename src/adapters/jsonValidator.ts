/** Writes documents that a JSON Schema takes, and tries one on what is stored; the one file that brings the validator. */
import { Ajv, type AnySchemaObject, type ErrorObject, type ValidateFunction } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import draft6 from 'ajv/dist/refs/json-schema-draft-06.json';
import AjvDraft4 from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import { isSafeNumber } from 'lossless-json';
import { mapRefs, refStep, type JsonSchema } from '../core/jsonSchema.ts';
import { t } from '../core/l10n.ts';
import { digitsOf, exactNumber, expected, valueText, type DraftFinding } from '../core/outgoing.ts';
import type { Trial } from '../core/ports.ts';
import type { NamedSchema } from '../core/schemas.ts';
import { jsonText } from './encode/jsonText.ts';
import type { PartWriter } from './encode/partWriter.ts';
import { at } from './jsonPointer.ts';
import { declaredNames, trialOf } from './jsonTrial.ts';

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const OPTIONS = { allErrors: true, strict: false, logger: false } as const;

/** What this file needs of each of the validators: they are classes of their own. */
type Validator = Pick<Ajv, keyof Ajv>;

function validatorOf(version: string, options: object): Validator {
  const all = { ...OPTIONS, ...options };
  if (version.includes('draft-04')) return new AjvDraft4(all);
  if (version.includes('2019-09')) return new Ajv2019(all);
  if (version.includes('2020-12')) return new Ajv2020(all);
  return new Ajv(all).addMetaSchema(draft6);
}

function compile(
  schema: AnySchemaObject,
  references: readonly NamedSchema[],
  options = {},
): ValidateFunction {
  const version = typeof schema['$schema'] === 'string' ? schema['$schema'] : '';
  const validator = validatorOf(version, options);
  addFormats(validator as Ajv);
  for (const { name, schema: text } of references) {
    const { $id: _id, ...other } = JSON.parse(text) as AnySchemaObject;
    validator.addSchema(other, name);
  }
  return validator.compile(schema);
}

/** Patterns that are none by the stricter rules for Unicode are taken by those of before. */
function compileAny(schema: AnySchemaObject, references: readonly NamedSchema[]): ValidateFunction {
  try {
    return compile(schema, references);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return compile(schema, references, { unicodeRegExp: false });
  }
}

function findingOf(error: ErrorObject, document: unknown): DraftFinding | undefined {
  const { path, value } = at(document, error.instancePath);
  const params = error.params as Readonly<Record<string, unknown>>;
  const found = (reason: string, more: readonly string[] = []): DraftFinding => ({
    path: [...path, ...more],
    reason,
  });
  switch (error.keyword) {
    case 'type': {
      const types = [params['type']].flat().map(String).join(', ');
      return found(expected(types, value));
    }
    case 'required':
      return found(t('it is required, and missing'), [String(params['missingProperty'])]);
    case 'additionalProperties':
      return found(t('there is no such field'), [String(params['additionalProperty'])]);
    case 'unevaluatedProperties':
      return found(t('there is no such field'), [String(params['unevaluatedProperty'])]);
    case 'enum': {
      const values = (params['allowedValues'] as readonly unknown[]).map((one) => JSON.stringify(one));
      return found(expected(t('one of {0}', values.join(', ')), value));
    }
    case 'const':
      return found(expected(JSON.stringify(params['allowedValue']), value));
    case 'pattern':
      return found(expected(t('text by the pattern {0}', String(params['pattern'])), value));
    case 'format':
      return found(expected(String(params['format']), value));
    // They say only that what stands inside did not fit.
    case 'if':
      return undefined;
    default:
      return found(`${error.message ?? error.keyword} (${valueText(value)})`);
  }
}

/** Numbers as the validator knows them: what is exact is rounded for it. */
function rounded(document: unknown): unknown {
  const digits = digitsOf(document);
  if (digits !== undefined) return typeof document === 'number' ? document : Number(digits);
  if (Array.isArray(document)) return document.map(rounded);
  if (typeof document !== 'object' || document === null) return document;
  return Object.fromEntries(Object.entries(document).map(([name, item]) => [name, rounded(item)]));
}

/** The same document with other values at some places. */
function replaced(document: unknown, changes: ReadonlyMap<string, unknown>, pointer = ''): unknown {
  if (changes.has(pointer)) return changes.get(pointer);
  const step = (name: string): string => `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  if (Array.isArray(document))
    return document.map((item, index) => replaced(item, changes, step(String(index))));
  if (typeof document !== 'object' || document === null || digitsOf(document) !== undefined) return document;
  return Object.fromEntries(
    Object.entries(document).map(([name, item]) => [name, replaced(item, changes, step(name))]),
  );
}

/** The viewer shows a number that JavaScript would round as text: where a number must be, it is one again. */
function numbersFromText(errors: readonly ErrorObject[], document: unknown): Map<string, unknown> {
  const changes = new Map<string, unknown>();
  for (const { keyword, instancePath, params } of errors) {
    const types = keyword === 'type' ? [(params as { type: unknown }).type].flat() : [];
    const { value } = at(document, instancePath);
    if (!types.includes('integer') && !types.includes('number')) continue;
    if (typeof value === 'string' && NUMBER.test(value) && !isSafeNumber(value)) {
      changes.set(instancePath, exactNumber(value));
    }
  }
  return changes;
}

/** The registered schema with what it refers to among its definitions. */
function bundled(schema: JsonSchema, references: readonly NamedSchema[]): JsonSchema {
  const parsed = references.map(({ name, schema: text }) => ({
    name,
    schema: JSON.parse(text) as JsonSchema,
  }));
  const moved =
    (home: string) =>
    (ref: string): string => {
      const [file = '', pointer = ''] = ref.split('#');
      if (file === '') return `#${home}${pointer}`;
      const found = parsed.find(
        (one) =>
          one.name === file ||
          file.endsWith(`/${one.name}`) ||
          (one.schema as { $id?: unknown }).$id === file,
      );
      return found ? `#/definitions/${refStep(found.name)}${pointer}` : ref;
    };
  const own = mapRefs(schema, moved(''));
  if (parsed.length === 0) return own;
  const more: Record<string, JsonSchema> = {};
  for (const { name, schema: one } of parsed) {
    more[name] = mapRefs(one, moved(`/definitions/${refStep(name)}`));
  }
  return { ...own, definitions: { ...own.definitions, ...more } };
}

/** Throws an Error with the reason when the text is no JSON Schema. */
export function createJsonWriter(schema: string, references: readonly NamedSchema[] = []): PartWriter {
  const parsed = JSON.parse(schema) as AnySchemaObject;
  const validate = compileAny(parsed, references);
  const errorsOf = (document: unknown): readonly ErrorObject[] =>
    validate(rounded(document)) ? [] : (validate.errors ?? []);
  return {
    write: (given, path) => {
      const first = errorsOf(given);
      const changes = first.length === 0 ? undefined : numbersFromText(first, given);
      const document = changes && changes.size > 0 ? replaced(given, changes) : given;
      const errors = document === given ? first : errorsOf(document);
      if (errors.length === 0) return { body: Buffer.from(jsonText(document)) };
      const findings = errors.flatMap((error) => findingOf(error, document) ?? []);
      return { findings: findings.map((one) => ({ ...one, path: [...path, ...one.path] })) };
    },
    jsonSchema: () => bundled(parsed, references),
  };
}

/** Throws an Error with the reason when the text is no JSON Schema. */
export function createJsonTrial(schema: string, references: readonly NamedSchema[] = []): Trial {
  const parsed = JSON.parse(schema) as AnySchemaObject;
  const validate = compileAny(parsed, references);
  const names = declaredNames([parsed, ...references.map((one) => JSON.parse(one.schema) as unknown)]);
  return trialOf((document) => (validate(document) ? [] : (validate.errors ?? [])), names);
}

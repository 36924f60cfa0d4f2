/** Why a JSON Schema does not take what is stored: in words without the values, so that a million messages are few reasons. */
import type { ErrorObject } from 'ajv';
import type { Finding } from '../core/avroResolution.ts';
import { t } from '../core/l10n.ts';
import type { Trial } from '../core/ports.ts';
import { at } from './jsonPointer.ts';
import { textOf } from './reading.ts';

/** The names of all fields that schemas declare, at any place. */
export function declaredNames(schemas: readonly unknown[]): ReadonlySet<string> {
  const names = new Set<string>();
  const walk = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return;
    for (const [keyword, inner] of Object.entries(part as Readonly<Record<string, unknown>>)) {
      if (keyword === 'properties' && typeof inner === 'object' && inner !== null) {
        for (const name of Object.keys(inner)) names.add(name);
      }
      walk(inner);
    }
  };
  schemas.forEach(walk);
  return names;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

const json = (value: unknown): string => JSON.stringify(value);
const not = (what: string): string => t('it is not {0}', what);

/** The field that is meant below the place of the error, if any, and the reason. */
function meaningOf({ keyword, params, message }: ErrorObject, value: unknown): readonly [string[], string] {
  const given = params as Readonly<Record<string, unknown>>;
  switch (keyword) {
    case 'type':
      return [[], t('{0} expected, found {1}', [given['type']].flat().join(', '), kindOf(value))];
    case 'required':
      return [[String(given['missingProperty'])], t('it is required, and missing')];
    case 'additionalProperties':
      return [[String(given['additionalProperty'])], t('there is no such field')];
    case 'unevaluatedProperties':
      return [[String(given['unevaluatedProperty'])], t('there is no such field')];
    case 'enum':
      return [[], not(t('one of {0}', (given['allowedValues'] as readonly unknown[]).map(json).join(', ')))];
    case 'const':
      return [[], not(json(given['allowedValue']))];
    case 'pattern':
      return [[], not(t('text by the pattern {0}', String(given['pattern'])))];
    case 'format':
      return [[], not(String(given['format']))];
    case 'anyOf':
      return [[], t('it fits none of the forms that it may have')];
    case 'oneOf':
      return [
        [],
        given['passingSchemas'] === null
          ? t('it fits none of the forms that it may have')
          : t('it fits more than one of the forms that it may have'),
      ];
    default:
      return [[], message ?? keyword];
  }
}

/** Without what only says that something inside did not fit, and what a choice of forms says of each form. */
function telling(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const choices = errors.filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf');
  return errors.filter(
    ({ keyword, schemaPath }) =>
      keyword !== 'if' && !choices.some((choice) => schemaPath.startsWith(`${choice.schemaPath}/`)),
  );
}

/**
 * Fields are named as for Avro: items of lists, and what a map calls its entries, are not told apart. Numbers are those of
 * JavaScript, as the validator knows them.
 */
export function trialOf(
  errorsOf: (document: unknown) => readonly ErrorObject[],
  names: ReadonlySet<string>,
): Trial {
  const findingOf = (error: ErrorObject, document: unknown): Finding => {
    const { path, value } = at(document, error.instancePath);
    const [more, reason] = meaningOf(error, value);
    const known = path.filter((step): step is string => typeof step === 'string' && names.has(step));
    return { effect: 'unreadable', field: [...known, ...more].join('.'), reason };
  };
  return (body) => {
    const text = textOf(body);
    if (text === undefined) return { problem: t('the body is not UTF-8 text') };
    let document: unknown;
    try {
      document = JSON.parse(text);
    } catch {
      // The parser's message counts characters of a text that nobody sees.
      return { problem: t('the body is not JSON') };
    }
    return { findings: telling(errorsOf(document)).map((error) => findingOf(error, document)) };
  };
}

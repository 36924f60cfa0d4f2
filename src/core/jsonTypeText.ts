/** The types that a value may have by a JSON Schema, in a few words. */
import { lookUp, type JsonSchema } from './jsonSchema.ts';

/** References that lead to references, and forms within forms. */
const MOST_DEPTH = 20;

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'number' ? (Number.isInteger(value) ? 'integer' : 'number') : typeof value;
}

function typesOf(root: JsonSchema, part: JsonSchema, depth: number): readonly string[] {
  if (depth > MOST_DEPTH) return [];
  const target = part.$ref === undefined ? undefined : lookUp(root, part.$ref);
  if (target) return typesOf(root, target, depth + 1);
  const { type, format, anyOf, oneOf, allOf } = part;
  if (type !== undefined) {
    return [type].flat().map((name) => (name === 'string' && format === 'date' ? 'string date' : name));
  }
  const values = part.enum ?? (part.const === undefined ? undefined : [part.const]);
  if (values) return values.map(typeOf);
  return (anyOf ?? oneOf ?? allOf ?? []).flatMap((one) => typesOf(root, one, depth + 1));
}

/** `null | string`, null always first; empty for anything. Of the formats only that of dates is told. */
export function jsonTypeText(root: JsonSchema, part: JsonSchema): string {
  const types = [...new Set(typesOf(root, part, 0))];
  return [...types.filter((type) => type === 'null'), ...types.filter((type) => type !== 'null').sort()].join(
    ' | ',
  );
}

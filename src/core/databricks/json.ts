/** Parts of an answer, as far as they have the form that the REST reference says. */
import type { Json, JsonObject } from './ports.ts';

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
export const objectsOf = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? (value as readonly Json[]).filter(isObject) : [];
export const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

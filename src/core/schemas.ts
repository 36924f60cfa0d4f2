/** Schemas as the registry holds them. */

export type SchemaType = 'AVRO' | 'JSON' | 'PROTOBUF';

export interface RegisteredSchema {
  readonly id: number;
  readonly type: SchemaType;
  /** The schema's own text. */
  readonly schema: string;
  /** The texts of the schemas it refers to, each after those that it needs itself. */
  readonly references?: readonly string[];
}

export interface SubjectVersion extends RegisteredSchema {
  readonly subject: string;
  readonly version: number;
  /** What it refers to directly; missing when nothing. */
  readonly refersTo?: readonly SchemaReference[];
}

/** By what name a schema calls a version of another subject. */
export interface SchemaReference {
  readonly name: string;
  readonly subject: string;
  readonly version: number;
}

/** A schema that another refers to, by the name that it has there. */
export interface NamedSchema {
  readonly name: string;
  readonly schema: string;
}

export const COMPATIBILITY_LEVELS = [
  'NONE',
  'BACKWARD',
  'BACKWARD_TRANSITIVE',
  'FORWARD',
  'FORWARD_TRANSITIVE',
  'FULL',
  'FULL_TRANSITIVE',
] as const;
/** Which versions a new one must go with, and in which direction. */
export type CompatibilityLevel = (typeof COMPATIBILITY_LEVELS)[number];

/** What the registry says of a draft. */
export interface Verdict {
  readonly compatible: boolean;
  /** In the registry's own words. */
  readonly messages: readonly string[];
}

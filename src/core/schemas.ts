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
}

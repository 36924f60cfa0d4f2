/** Schemas as the registry holds them. */

export type SchemaType = 'AVRO' | 'JSON' | 'PROTOBUF';

/** A schema that another refers to. */
export interface ReferencedSchema {
  /** As the other names it: the type's full name in Avro, the imported file in Protobuf. */
  readonly name: string;
  readonly schema: string;
}

export interface RegisteredSchema {
  readonly id: number;
  readonly type: SchemaType;
  /** The schema's own text. */
  readonly schema: string;
  /** The schemas it refers to, each after those that it needs itself. */
  readonly references?: readonly ReferencedSchema[];
}

export interface SubjectVersion extends RegisteredSchema {
  readonly subject: string;
  readonly version: number;
}

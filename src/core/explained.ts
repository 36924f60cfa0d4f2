/** What the bytes of a message hold: both forms of each logical value, the schemas, and why they cannot be decoded. */
import { t } from './l10n.ts';
import type { SchemaType } from './schemas.ts';

export type ProblemCode =
  | 'empty'
  | 'too-short'
  | 'not-framed'
  | 'unknown-schema'
  | 'unreadable-schema'
  | 'unknown-message'
  | 'not-utf8'
  | 'not-json'
  | 'unfit'
  | 'left-over';

/** Why bytes could not be decoded. */
export interface Problem {
  readonly code: ProblemCode;
  /** Translated; names the field where the bytes stop fitting, if there is one. */
  readonly reason: string;
  /** Path as in {@link LogicalValue}. */
  readonly field?: string;
}

export interface Failure extends Problem {
  /** What to do, as a sentence. */
  readonly next: string;
}

/** A value whose bytes hold another form than the one that a person reads. */
export interface LogicalValue {
  /** From the document's root: `total.price`, `items[0]`, `prices["eur"]`; empty for the root itself. */
  readonly path: string;
  /** As the schema says it: `decimal(10,2)`, `date`, `long`, `google.protobuf.Timestamp`. */
  readonly type: string;
  /** As the document shows it: `12.50`, `2019-12-09`, base64 for bytes. */
  readonly readable: string;
  /**
   * A whole number in decimal, or bytes as `0x…`; long ones are cut, with `…` at the end. Of a message of Protobuf its
   * fields: `seconds 1575895296, nanos 0`.
   */
  readonly underlying: string;
  /** Of a decimal: its digits as a whole number. */
  readonly unscaled?: string;
}

export interface SubjectAndVersion {
  readonly subject: string;
  readonly version: number;
}

/** The schema that the frame's id names: it was written with this one. */
export interface WriterSchema {
  readonly id: number;
  readonly type: SchemaType;
  /** Indented. */
  readonly text: string;
  /** Where the registry holds it; none when it does not tell. */
  readonly versions: readonly SubjectAndVersion[];
  /** Protobuf: the full name of the message type that the frame names. */
  readonly message?: string;
}

/** The newest version of the subject: who reads the topic today takes this one. */
export interface ReaderSchema extends SubjectAndVersion {
  readonly id: number;
  readonly text: string;
}

/** A key or a value. */
export interface ExplainedPart {
  readonly bytes: number;
  readonly form: SchemaType | 'plain-json' | 'text' | 'bytes';
  /** The document, as {@link Message}'s value; base64 for bytes. */
  readonly value: unknown;
  readonly logical: readonly LogicalValue[];
  /** Logical values beyond those that are told. */
  readonly untold: number;
  /** Null for what is not framed, or by an id that the registry does not know. */
  readonly writer: WriterSchema | null;
  readonly reader: ReaderSchema | null;
  /** Protobuf: fields of the bytes that the schema does not know. */
  readonly unknownFields: number;
  readonly failure?: Failure;
}

/** Null for a key or value that is null. */
export interface Explained {
  readonly key: ExplainedPart | null;
  readonly value: ExplainedPart | null;
}

/** The next step for whom a problem stops, as a sentence. */
export function nextStep(code: ProblemCode, subject: string): string {
  switch (code) {
    case 'empty':
      return t(
        'An empty value is no tombstone: the producer must send null to delete, or bytes with a schema id.',
      );
    case 'too-short':
    case 'not-framed':
      return t(
        "It was produced without the registry's serializer: let the producer use it, or remove the subject {0} if the topic holds plain text.",
        subject,
      );
    case 'unknown-schema':
      return t('Register the schema here, or point to the registry that the producer registers with.');
    case 'unreadable-schema':
      return t(
        'Look at the schema in the registry: it, or a schema that it refers to, is not what its type says.',
      );
    case 'unknown-message':
      return t(
        'The schema was replaced by one with fewer messages, or the frame is not of this registry: ask who produces.',
      );
    case 'not-utf8':
    case 'not-json':
      return t(
        'The schema is a JSON Schema, the bytes are not JSON: let the producer use the serializer for JSON Schema.',
      );
    case 'unfit':
    case 'left-over':
      return t(
        'It was written with another schema than its id names: compare what the producer registers with what it writes.',
      );
  }
}

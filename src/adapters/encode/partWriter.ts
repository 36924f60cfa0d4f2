/** What writes the documents of one schema, whatever its type. */
import type { JsonSchema } from '../../core/jsonSchema.ts';
import type { DraftFinding, DraftPath } from '../../core/outgoing.ts';

/** What follows the schema id, or all that is wrong with the document. */
export type Writing = { readonly body: Uint8Array } | { readonly findings: readonly DraftFinding[] };

export interface PartWriter {
  /** `path` leads to the document, for findings. */
  write(document: unknown, path: DraftPath): Writing;
  jsonSchema(): JsonSchema;
}

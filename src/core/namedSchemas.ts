/** What a JSON Schema refers to, by the names that it uses. */
import type { SubjectRegistry } from './ports.ts';
import type { NamedSchema, SchemaReference } from './schemas.ts';

export function namedSchemas(
  registry: Pick<SubjectRegistry, 'referenced'>,
  references: readonly SchemaReference[],
): Promise<readonly NamedSchema[]> {
  return Promise.all(
    references.map(async (one) => ({
      name: one.name,
      // Behind those that it needs itself.
      schema: (await registry.referenced([one])).at(-1) ?? '{}',
    })),
  );
}

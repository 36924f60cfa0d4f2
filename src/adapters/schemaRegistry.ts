import type { SchemaRegistry } from '../core/ports.ts';

export function createSchemaRegistry(_url: string): SchemaRegistry {
  throw new Error('not built yet');
}

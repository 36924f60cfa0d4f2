/** What a deployment does, and to what. */

/** In the order in which they are made; what is deleted goes in the reverse. */
export const RESOURCE_TYPES = [
  'folder',
  'file',
  'schema',
  'volume',
  'secretScope',
  'pipeline',
  'job',
] as const;
export type ResourceType = (typeof RESOURCE_TYPES)[number];

/** `release`: it left the bundle, and stays there; it is only no longer ours. */
export type ActionKind = 'create' | 'update' | 'delete' | 'release' | 'same';

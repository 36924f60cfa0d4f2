/** Names of things as titles and questions say them: with the Kafka that they are in. */
import type { Place } from './place.ts';

/** `orders · prod`; of the sandbox the name alone. */
export const named = (name: string, { label }: Pick<Place, 'label'>): string =>
  label === undefined ? name : `${name} · ${label}`;

/** The one Kafka that all open documents of messages go to: VS Code takes one JSON Schema for all of them. */
import type { Place } from './place.ts';

/** Without documents the sandbox; undefined where they go to several. */
export function sharedPlace<P extends Pick<Place, 'connection'>>(
  places: readonly P[],
  sandbox: P,
): P | undefined {
  const [first = sandbox, ...others] = places;
  return others.every(({ connection }) => connection === first.connection) ? first : undefined;
}

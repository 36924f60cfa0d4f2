/** The cluster that a command is about: the sandbox's, or the one of the connection it was called on. */
import type { ConnectionProfile } from '../core/connections.ts';
import type { Cluster, Lakehouse } from '../core/ports.ts';
import type { ConnectionBadge } from '../wire/page.ts';
import type { Connections } from './connections.ts';
import { targetOf } from './tree.ts';

/** All that there are. */
export interface Places {
  lakehouse(): Lakehouse;
  readonly connections: Connections;
}

export interface Place {
  /** Of the connection; undefined for the sandbox. */
  readonly connection: string | undefined;
  /** What a person calls the connection; undefined for the sandbox. */
  readonly label: string | undefined;
  readonly cluster: Cluster;
}

export function placeAt(room: Places, connection: string | undefined): Place {
  return {
    connection,
    label: connection === undefined ? undefined : room.connections.get(connection).name,
    cluster: connection === undefined ? room.lakehouse() : room.connections.cluster(connection),
  };
}

/** The argument is what a command is given: a node of a tree, its target, or anything else. */
export function placeOf(room: Places, argument: unknown): Place {
  const target = targetOf(argument);
  return placeAt(room, target && 'connection' in target ? target.connection : undefined);
}

export const badgeOf = ({ name, colour, readOnly }: ConnectionProfile): ConnectionBadge => ({
  name,
  colour,
  readOnly,
});

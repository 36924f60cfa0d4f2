/** The cluster that a command is about: the sandbox's, or the one of the connection it was called on. */
import type { Cluster } from '../core/ports.ts';
import type { Room } from './room.ts';
import { targetOf } from './tree.ts';

export interface Place {
  /** Of the connection; undefined for the sandbox. */
  readonly connection: string | undefined;
  readonly cluster: Cluster;
}

export function placeAt(room: Room, connection: string | undefined): Place {
  return {
    connection,
    cluster: connection === undefined ? room.lakehouse() : room.connections.cluster(connection),
  };
}

/** The argument is what a command is given: a node of a tree, its target, or anything else. */
export function placeOf(room: Room, argument: unknown): Place {
  const target = targetOf(argument);
  return placeAt(room, target && 'connection' in target ? target.connection : undefined);
}

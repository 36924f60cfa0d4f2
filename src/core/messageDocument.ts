/** A document of messages (`.orders`): JSON with comments, one message or a list of them. */
import type { Place } from './fieldPlaces.ts';
import type { DraftPath } from './outgoing.ts';

export interface DocumentMessage extends Place {
  /** As it stands there, placeholders and all; numbers that JavaScript would round as ExactNumber. */
  readonly document: unknown;
  /** Where a path of the message stands; where the text has no such thing, the nearest around it. */
  placeOf(path: DraftPath): Place;
}

export interface MessageDocument {
  readonly messages: readonly DocumentMessage[];
  /** Of a document that is a list. */
  readonly list?: Place;
  /** Why it is no JSON. */
  readonly problems: readonly (Place & { readonly reason: string })[];
}

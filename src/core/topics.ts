/** Topics and their messages, as a person reads them. */

export interface Partition {
  readonly id: number;
  /** First offset that can be read, and the offset the next message will get; int64 as text. */
  readonly low: string;
  readonly high: string;
}

export interface Topic {
  readonly name: string;
  readonly partitions: readonly Partition[];
  /** Messages now readable: the sum of high − low. */
  readonly messages: number;
  readonly internal: boolean;
}

/** One of a message's headers; a name may come more than once. */
export interface Header<V = Uint8Array> {
  readonly name: string;
  readonly value: V | null;
}

/** A message as the broker holds it. */
export interface RawMessage {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  /** Milliseconds since the epoch. */
  readonly timestampMs: number;
  readonly key: Uint8Array | null;
  readonly value: Uint8Array | null;
  readonly headers: readonly Header[];
}

/** A message decoded for people: decimals as text with their scale, dates ISO, int64 text, unions plain. */
/** `value` is text, or base64 where the bytes are none: `base64` then says so, which text may look like too. */
export interface ShownHeader extends Header<string> {
  readonly base64?: string;
}

export interface Message {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  /** ISO 8601, UTC, with milliseconds. */
  readonly timestamp: string;
  /** Decoded by the schema of its frame, as JSON unless it is a string; else text, else base64. */
  readonly key: string | null;
  /** The same as `key` where that is base64, which text may look like too. */
  readonly keyBase64?: string;
  readonly value: unknown;
  readonly headers: readonly ShownHeader[];
  readonly schemaId: number | null;
  /** Only for a key that a schema of the registry was found for. */
  readonly keySchemaId?: number;
  /** Why the value could not be decoded; `value` then holds the bytes in base64. */
  readonly error?: string;
}

export type ReadStart =
  | { readonly from: 'beginning' }
  | { readonly from: 'end' }
  /** About so many messages of the end, spread over the partitions. */
  | { readonly from: 'newest'; readonly count: number }
  | { readonly from: 'offset'; readonly offset: string }
  | { readonly from: 'time'; readonly timestampMs: number }
  /** Where an earlier reading stood: partition → offset, int64 as text. */
  | { readonly from: 'cursors'; readonly offsets: Readonly<Record<number, string>> };

/** Where a reading stops, for each partition; `now` is the end it had when the reading began. */
export type ReadEnd =
  | { readonly until: 'forever' }
  | { readonly until: 'now' }
  | { readonly until: 'offset'; readonly offset: string }
  | { readonly until: 'time'; readonly timestampMs: number };

export interface FollowRequest {
  readonly start: ReadStart;
  readonly end: ReadEnd;
  /** All, without it. */
  readonly partitions?: readonly number[];
}

/** What came of a topic that is followed, and where the reading stands. */
export interface Followed {
  readonly messages: readonly RawMessage[];
  /** Partition → offset that is read next, int64 as text: where another reading goes on. */
  readonly cursors: Readonly<Record<number, string>>;
  /** Offsets passed since the start, and those still to pass: to the end asked for, or to the newest message. */
  readonly passed: number;
  readonly left: number;
  /** Messages that retention deleted before they could be read. */
  readonly lost: number;
  /** Partitions that no broker leads now: their messages come when one does. */
  readonly leaderless: readonly number[];
}

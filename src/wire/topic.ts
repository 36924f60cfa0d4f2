/** The message viewer and its host. */
import type { HostCalls } from './page.ts';

/** A message as one line: the page never holds the whole of it. */
export interface MessageLine {
  readonly partition: number;
  /** int64 as text. */
  readonly offset: string;
  /** ISO 8601, UTC. */
  readonly timestamp: string;
  readonly key: string | null;
  /** The first characters of the value as JSON on one line; null for a tombstone. */
  readonly preview: string | null;
  /** Why it could not be decoded. */
  readonly error?: string;
}

export interface MessageDetail extends MessageLine {
  /** The value, formatted. */
  readonly json: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly schemaId: number | null;
}

export interface TopicInfo {
  readonly topic: string;
  readonly messages: number;
  readonly partitions: number;
}

export type TopicCalls = HostCalls & {
  readonly info: { readonly params: null; readonly result: TopicInfo };
  /** Newest first. `next` continues; missing when the beginning of the topic is reached. */
  readonly messages: {
    readonly params: { readonly before?: string; readonly limit: number };
    readonly result: { readonly messages: readonly MessageLine[]; readonly next?: string };
  };
  readonly message: {
    readonly params: { readonly partition: number; readonly offset: string };
    readonly result: MessageDetail;
  };
};

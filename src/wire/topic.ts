/** The message viewer, its host, and the thread that holds the messages. */
import type { ExplainedPart } from '../core/explained.ts';
import type { Histogram } from '../core/records/histogram.ts';
import type { RecordFilter } from '../core/records/filter.ts';
import type { Field } from '../core/records/fields.ts';
import type { MessageLine } from '../core/records/lines.ts';
import type { RecordOrder } from '../core/records/order.ts';
import type { Chosen, ReadRequest, RowsAsked, RowsFound, SessionState } from '../core/records/session.ts';
import type { Header, RawMessage, ReadEnd, ReadStart } from '../core/topics.ts';
import type { TopicView } from '../core/records/topicView.ts';
import type { ConnectionBadge, HostCalls } from './page.ts';

export type { TopicView } from '../core/records/topicView.ts';

export type { Place } from '../core/records/fields.ts';
export type { Condition, Operator, RecordFilter, TextFilter } from '../core/records/filter.ts';
export type {
  Chosen,
  ExplainedPart,
  Field,
  Header,
  Histogram,
  MessageLine,
  ReadEnd,
  ReadRequest,
  ReadStart,
  RecordOrder,
  RowsFound,
  SessionState,
};

export interface MessageDetail {
  readonly record: number;
  readonly partition: number;
  /** int64 as text. */
  readonly offset: string;
  /** ISO 8601, UTC. */
  readonly timestamp: string;
  readonly key: string | null;
  /** The value, formatted. */
  readonly json: string;
  readonly headers: readonly Header<string>[];
  readonly schemaId: number | null;
  /** Why it could not be decoded. */
  readonly error?: string;
  /** Bytes of the value; null for a tombstone. */
  readonly size: number | null;
  /** The first bytes of the value as a dump: offset, hexadecimal, text. */
  readonly bytes: string;
  /** The value's schemas, and both forms of what is not stored as it is shown; null for a tombstone. */
  readonly explained: ExplainedPart | null;
}

export type ExportFormat = 'ndjson' | 'csv' | 'parquet';

/** What the thread answers. */
export type SessionCalls = {
  /** Ends the reading before and begins anew. */
  readonly read: { readonly params: ReadRequest; readonly result: null };
  readonly pause: { readonly params: null; readonly result: null };
  readonly resume: { readonly params: null; readonly result: null };
  readonly state: { readonly params: null; readonly result: SessionState };
  readonly filter: { readonly params: RecordFilter; readonly result: null };
  /** Null: the newest first. Answers when the order is made. */
  readonly sort: { readonly params: RecordOrder | null; readonly result: null };
  readonly rows: { readonly params: RowsAsked; readonly result: RowsFound };
  readonly message: { readonly params: { readonly record: number }; readonly result: MessageDetail };
  /** Null while nothing is held. */
  readonly histogram: { readonly params: { readonly buckets: number }; readonly result: Histogram | null };
};

/** What only the host asks of the thread. */
export type ThreadCalls = SessionCalls & {
  /** Writes the matches in the order shown; fields are columns of a CSV. */
  readonly write: {
    readonly params: {
      readonly path: string;
      readonly format: ExportFormat;
      readonly fields: readonly Field[];
    };
    readonly result: { readonly written: number };
  };
  /** Keeps what is chosen now, the oldest first, to be fetched in batches. */
  readonly take: {
    readonly params: Chosen;
    readonly result: { readonly id: number; readonly count: number };
  };
  /** Null after the last. */
  readonly next: {
    readonly params: { readonly id: number };
    readonly result: readonly RawMessage[] | null;
  };
  readonly drop: { readonly params: { readonly id: number }; readonly result: null };
};

export type ThreadNotices = {
  /** The state may be another. */
  readonly changed: null;
  readonly written: number;
};

export interface OpenedTopic {
  readonly topic: string;
  readonly partitions: number;
  /** Messages of the topic now, held or not. */
  readonly messages: number;
  /** Null at the first time. */
  readonly view: TopicView | null;
  /** Null for the sandbox. */
  readonly connection: ConnectionBadge | null;
}

export type TopicCalls = HostCalls &
  SessionCalls & {
    readonly opened: { readonly params: null; readonly result: OpenedTopic };
    /** Opens the page that produces to the topic. */
    readonly produce: { readonly params: null; readonly result: null };
    /** Keeps it for the next time. */
    readonly keep: { readonly params: TopicView; readonly result: null };
    /** A link that opens this view; on the clipboard. */
    readonly copyLink: { readonly params: TopicView; readonly result: null };
    /** A command of the terminal that sends each of them again; on the clipboard. */
    readonly copyCommand: { readonly params: Chosen; readonly result: null };
    /** Opens them as a document to change and send. */
    readonly asDocument: { readonly params: Chosen; readonly result: null };
    /** Asks where to and how fast, then sends them as they are. */
    readonly replay: { readonly params: Chosen; readonly result: null };
    /** Asks where to, then writes. `path` is null when given up. */
    readonly export: {
      readonly params: { readonly fields: readonly Field[] };
      readonly result: { readonly path: string | null };
    };
  };

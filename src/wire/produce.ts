/** The page that produces to a topic, and its host. */
import type { FaultName } from '../core/faults.ts';
import type { GeneratorSettings, GeneratorState } from '../core/generatorSession.ts';
import type { MessageForm } from '../core/messageForm.ts';
import type { DraftFinding, DraftPath } from '../core/outgoing.ts';
import type { Header } from '../core/topics.ts';
import type { ConnectionBadge, HostCalls } from './page.ts';
import type { Failure } from './rpc.ts';

export type { FaultName } from '../core/faults.ts';
export type { Branch, FormField, MessageForm, ObjectEntry } from '../core/messageForm.ts';
export type { GeneratorPhase, GeneratorSettings, GeneratorState } from '../core/generatorSession.ts';

export interface FaultInfo {
  readonly name: FaultName;
  /** What becomes of such a line, as a person reads it. */
  readonly effect: string;
}

export interface OpenedProduce {
  readonly topic: string;
  /** Null for the sandbox. */
  readonly connection: ConnectionBadge | null;
  /** What there is to choose from, this one among them. */
  readonly topics: readonly string[];
  /** Those that the generator's orders go to; none in another Kafka than the sandbox's. */
  readonly orderTopics: readonly string[];
  readonly faults: readonly FaultInfo[];
  /** The share of each fault when a person wants a little of everything. */
  readonly typicalShare: number;
  /** Of the last time. */
  readonly settings: GeneratorSettings;
}

export interface GeneratorLook extends GeneratorState {
  /** Why it ended too early. */
  readonly failure: Failure | null;
}

export type GeneratorCalls = {
  readonly start: {
    readonly params: { readonly topic: string; readonly settings: GeneratorSettings };
    readonly result: null;
  };
  /** Keeps them for the next time; rate and faults hold at once for what runs. */
  readonly set: { readonly params: GeneratorSettings; readonly result: null };
  readonly pause: { readonly params: null; readonly result: null };
  readonly resume: { readonly params: null; readonly result: null };
  /** Answers when all that was on its way is acknowledged. */
  readonly stop: { readonly params: null; readonly result: null };
  readonly look: { readonly params: null; readonly result: GeneratorLook };
  /** Opens the topic at what was sent. */
  readonly showSent: { readonly params: null; readonly result: null };
};

/** A key or a value with a schema. */
export interface FormPart {
  readonly subject: string;
  readonly version: number;
  readonly type: string;
  readonly form: MessageForm;
}

/** What a person wrote; texts and numbers as the encoder takes them (core/outgoing.ts). */
export interface MessageDraft {
  /** Null: without a key. */
  readonly key: unknown;
  /** Null: a tombstone. */
  readonly value: unknown;
  readonly headers: readonly Header<string>[];
  /** Null: the key decides. */
  readonly partition: number | null;
}

export interface OpenedMessage {
  readonly topic: string;
  /** Null while the topic is not there. */
  readonly partitions: number | null;
  /** Null: no schema, anything goes. */
  readonly key: FormPart | null;
  readonly value: FormPart | null;
  /** Of the last time. */
  readonly last: MessageDraft | null;
}

export interface SentMessage {
  readonly partition: number;
  /** int64 as text. */
  readonly offset: string;
}

export type SendResult =
  | { readonly sent: SentMessage }
  /** All that is wrong, by its place; nothing was sent. */
  | { readonly findings: readonly DraftFinding[] };

export type { DraftFinding, DraftPath, Header };

type OfTopic = { readonly topic: string; readonly draft: MessageDraft };

export type MessageCalls = {
  /** The form of the topic's newest schemas. */
  readonly message: { readonly params: { readonly topic: string }; readonly result: OpenedMessage };
  /** Keeps it for the next time, too. */
  readonly send: { readonly params: OfTopic; readonly result: SendResult };
  readonly keep: { readonly params: OfTopic; readonly result: null };
  readonly showMessage: {
    readonly params: SentMessage & { readonly topic: string };
    readonly result: null;
  };
  /** Opens it as a document that can be sent, too. */
  readonly asDocument: { readonly params: OfTopic; readonly result: null };
};

export type ProduceCalls = HostCalls &
  GeneratorCalls &
  MessageCalls & {
    readonly opened: { readonly params: null; readonly result: OpenedProduce };
    /** Another topic. */
    readonly choose: { readonly params: { readonly topic: string }; readonly result: null };
  };

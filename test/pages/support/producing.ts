/** The host of the produce page on a lakehouse in memory: the product's own session, encoder and answers, without VS Code. */
import { createMessageDecoder } from '../../../src/adapters/messageDecoder.ts';
import { createMessageEncoder } from '../../../src/adapters/messageEncoder.ts';
import { TOPICS } from '../../../src/core/orders.ts';
import { failureOf } from '../../../src/core/errors.ts';
import { createGeneratorSession, type GeneratorSettings } from '../../../src/core/generatorSession.ts';
import type { OutgoingDraft } from '../../../src/core/outgoing.ts';
import type {
  Broker,
  OutgoingMessage,
  SchemaRegistry,
  Sent,
  SubjectRegistry,
} from '../../../src/core/ports.ts';
import type { SchemaType, SubjectVersion } from '../../../src/core/schemas.ts';
import type { Message } from '../../../src/core/topics.ts';
import { messageCalls, parseDraft } from '../../../src/editor/messageCalls.ts';
import { generatorCalls, openedOn } from '../../../src/editor/produceCalls.ts';
import type { MessageDraft, ProduceCalls, SentMessage } from '../../../src/wire/produce.ts';
import type { Failure, Handlers } from '../../../src/wire/rpc.ts';
import { memoryLakehouse, type MemoryLakehouse } from '../../support/memoryLakehouse.ts';
import { Refused } from './scriptedHost.ts';

export const SETTINGS: GeneratorSettings = { count: 1000, rate: 100, faults: {}, seed: null };
export const PARTITIONS = 3;

export interface Subject {
  readonly type: SchemaType;
  /** As JSON where it is no text. */
  readonly schema: unknown;
}

export interface Producing {
  readonly handlers: Handlers<ProduceCalls>;
  readonly memory: MemoryLakehouse;
  readonly session: ReturnType<typeof createGeneratorSession>;
  readonly remembered: GeneratorSettings[];
  readonly shown: (readonly [topic: string, since: number])[];
  readonly commands: string[];
  /** Subject → its newest schema. */
  readonly subjects: Record<string, Subject>;
  /** Messages of the form, as the message viewer would show them. */
  readonly messages: Message[];
  readonly drafts: Map<string, MessageDraft>;
  readonly looked: (SentMessage & { readonly topic: string })[];
  readonly documents: OutgoingDraft[];
  topic: string;
  /** While there is one, nothing may be started, nor sent. */
  refusal: Failure | undefined;
}

export function producing(
  options: {
    readonly settings?: GeneratorSettings;
    readonly memory?: MemoryLakehouse;
    readonly topic?: string;
    readonly subjects?: Readonly<Record<string, Subject>>;
  } = {},
): Producing {
  const { settings = SETTINGS, memory = memoryLakehouse() } = options;
  const session = createGeneratorSession({
    lakehouse: () => memory.lakehouse,
    now: () => performance.now(),
  });
  const versions = (): SubjectVersion[] =>
    Object.entries(made.subjects).map(([subject, { type, schema }], at) => ({
      subject,
      type,
      schema: typeof schema === 'string' ? schema : JSON.stringify(schema),
      version: 1,
      id: 7 + at,
    }));
  const registry = {
    latest: (subject: string) => Promise.resolve(versions().find((one) => one.subject === subject)),
    schema: (id: number) => Promise.resolve(versions().find((one) => one.id === id)),
    subjects: () => Promise.resolve(versions().map(({ subject }) => subject)),
    referenced: () => Promise.resolve([]),
  } as unknown as SchemaRegistry & SubjectRegistry;
  /** Takes messages, and gives each the next offset; they are shown as the viewer would. */
  const take = async (topic: string, messages: readonly OutgoingMessage[]): Promise<readonly Sent[]> => {
    const raw = messages.map(({ key, value, headers = [], partition = 1 }, at) => ({
      ...{ topic, partition, offset: String(41 + made.messages.length + at), timestampMs: 0 },
      ...{ key, value, headers },
    }));
    made.messages.push(...(await createMessageDecoder(registry).decode(raw)));
    return raw.map(({ partition, offset }) => ({ partition, offset }));
  };
  const partitions = Array.from({ length: PARTITIONS }, (_, id) => ({ id, low: '0', high: '41' }));
  const broker = {
    topic: (name: string) => Promise.resolve({ name, partitions }),
    batchLimit: () => Promise.resolve(1_000_000),
    producer: () => Promise.resolve({ send: take, close: () => Promise.resolve() }),
  } as unknown as Broker;
  const mayDo = (): void => {
    if (made.refusal) throw new Refused(made.refusal);
  };
  const made: Producing = {
    memory,
    session,
    remembered: [],
    shown: [],
    commands: [],
    subjects: { ...options.subjects },
    messages: [],
    drafts: new Map(),
    looked: [],
    documents: [],
    topic: options.topic ?? 'orders',
    refusal: undefined,
    handlers: {
      copy: () => null,
      command: ({ id }) => {
        made.commands.push(id);
        return null;
      },
      ...generatorCalls({
        session,
        remember: (next) => {
          made.remembered.push(next);
        },
        mayStart: mayDo,
        showSent: (topic, since) => {
          made.shown.push([topic, since]);
        },
        describe: failureOf,
      }),
      ...messageCalls({
        cluster: () => ({
          broker: () => Promise.resolve(broker),
          messageEncoder: () => Promise.resolve(createMessageEncoder(registry)),
        }),
        maySend: mayDo,
        onSent: () => undefined,
        // Through JSON, as the editor keeps it.
        last: (topic) => parseDraft(JSON.parse(JSON.stringify(made.drafts.get(topic) ?? null))),
        remember: (topic, draft) => {
          made.drafts.set(topic, draft);
        },
        show: (topic, sent) => {
          made.looked.push({ topic, ...sent });
        },
        asDocument: (draft) => {
          made.documents.push(draft);
          return Promise.resolve();
        },
      }),
      opened: () =>
        openedOn(made.topic, ['payments'], Object.values(TOPICS), made.remembered.at(-1) ?? settings),
      choose: ({ topic }) => {
        made.topic = topic;
        return null;
      },
    },
  };
  return made;
}

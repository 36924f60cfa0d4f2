/** What the form of a message may ask; free of VS Code, so that a test can stand behind a page with it. */
import { isUserError } from '../core/errors.ts';
import type { PartSchema } from '../core/jsonSchema.ts';
import { formOf } from '../core/messageForm.ts';
import { isBadMessage, type OutgoingDraft } from '../core/outgoing.ts';
import { sendMessages } from '../core/sendMessages.ts';
import type { Cluster } from '../core/ports.ts';
import type { FormPart, MessageCalls, MessageDraft, SentMessage } from '../wire/produce.ts';
import type { Handlers } from '../wire/rpc.ts';

export interface MessagePlace {
  readonly cluster: () => Pick<Cluster, 'broker' | 'messageEncoder'>;
  /** Throws when nothing may be sent from here. */
  readonly maySend: () => void;
  readonly onSent: () => void;
  /** Undefined at the first time. */
  readonly last: (topic: string) => MessageDraft | undefined;
  readonly remember: (topic: string, draft: MessageDraft) => void;
  readonly show: (topic: string, sent: SentMessage) => void;
  readonly asDocument: (draft: OutgoingDraft) => Promise<void>;
}

const partOf = (part: PartSchema | undefined): FormPart | null =>
  part ? { subject: part.subject, version: part.version, type: part.type, form: formOf(part.schema) } : null;

export const outgoing = (topic: string, draft: MessageDraft): OutgoingDraft => ({
  topic,
  key: draft.key,
  value: draft.value,
  headers: draft.headers,
  ...(draft.partition === null ? {} : { partition: draft.partition }),
});

/** What is remembered may come from another version; of a form the form itself takes what it can. */
export function parseDraft(value: unknown): MessageDraft | undefined {
  if (typeof value !== 'object' || value === null || !('value' in value)) return undefined;
  const given = value as Readonly<Record<string, unknown>>;
  const headers: readonly unknown[] = Array.isArray(given['headers']) ? given['headers'] : [];
  const partition = given['partition'];
  return {
    key: given['key'] ?? null,
    value: given['value'] ?? null,
    headers: headers.flatMap((one) => {
      const { name, value: held } = (one ?? {}) as Readonly<Record<string, unknown>>;
      const isOne = typeof name === 'string' && (held === null || typeof held === 'string');
      return isOne ? [{ name, value: held }] : [];
    }),
    partition: typeof partition === 'number' && Number.isSafeInteger(partition) ? partition : null,
  };
}

export function messageCalls(place: MessagePlace): Handlers<MessageCalls> {
  const partitionsOf = async (topic: string): Promise<number | null> => {
    try {
      return (await (await place.cluster().broker()).topic(topic)).partitions.length;
    } catch (error) {
      // The first message makes no topic, so the form says that it is not there.
      if (isUserError(error) && error.code === 'unknown-topic') return null;
      throw error;
    }
  };
  return {
    message: async ({ topic }) => {
      const [partitions, schema] = await Promise.all([
        partitionsOf(topic),
        place
          .cluster()
          .messageEncoder()
          .then((encoder) => encoder.messageSchema(topic)),
      ]);
      return {
        topic,
        partitions,
        key: partOf(schema.key),
        value: partOf(schema.value),
        last: place.last(topic) ?? null,
      };
    },
    send: async ({ topic, draft }) => {
      place.maySend();
      place.remember(topic, draft);
      try {
        const [sent] = await sendMessages(place.cluster(), [outgoing(topic, draft)]);
        if (!sent) throw new Error('the broker told no place');
        place.onSent();
        return { sent: { partition: sent.partition, offset: sent.offset } };
      } catch (error) {
        if (isBadMessage(error)) return { findings: error.findings };
        throw error;
      }
    },
    keep: ({ topic, draft }) => {
      place.remember(topic, draft);
      return null;
    },
    showMessage: ({ topic, partition, offset }) => {
      place.show(topic, { partition, offset });
      return null;
    },
    asDocument: async ({ topic, draft }) => {
      await place.asDocument(outgoing(topic, draft));
      return null;
    },
  };
}

/** Sends messages by kafkajs, and tells where each of them is. */
import { Partitioners, type Message, type ProducerRecord, type RecordMetadata } from 'kafkajs';
import { isUserError, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { OutgoingMessage, Producer, Sent } from '../core/ports.ts';
import { nextStep } from './connectionName.ts';
import { asUserError, createKafka, type Prepared } from './kafkaConnection.ts';
import { kafkaHeaders } from './kafkaHeaders.ts';

const asBuffer = (bytes: Uint8Array | null): Buffer | null =>
  bytes === null || Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes);

const kafkaMessage = ({ key, value, headers, partition, timestampMs }: OutgoingMessage): Message => ({
  key: asBuffer(key),
  value: asBuffer(value),
  ...(headers && headers.length > 0 ? { headers: kafkaHeaders(headers) } : {}),
  ...(partition === undefined ? {} : { partition }),
  ...(timestampMs === undefined ? {} : { timestamp: String(timestampMs) }),
});

/** Messages of a batch keep their order in each partition, which begins where the broker says. */
function placesOf(
  messages: readonly Message[],
  partitionOf: (message: Message) => number,
  acknowledged: readonly RecordMetadata[],
): readonly Sent[] {
  const next = new Map(
    acknowledged.map(({ partition, baseOffset = '-1' }) => [partition, BigInt(baseOffset)]),
  );
  return messages.map((message) => {
    const partition = partitionOf(message);
    const offset = next.get(partition) ?? -1n;
    next.set(partition, offset + 1n);
    return { partition, offset: offset.toString() };
  });
}

export async function createProducer(prepared: Prepared): Promise<Producer> {
  const partitions = new WeakMap<Message, number>();
  const producer = createKafka(prepared, 'patient').producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: () => {
      const choose = Partitioners.DefaultPartitioner();
      return (args) => {
        // When it is tried again, a message without a key stays where it was meant to go.
        const partition = partitions.get(args.message) ?? choose(args);
        partitions.set(args.message, partition);
        return partition;
      };
    },
  });
  await producer.connect();
  let failure: UserError | undefined;
  return {
    send: async (topic, outgoing) => {
      // After a failure the numbers by which the broker knows repeats are no longer certain.
      if (failure) throw failure;
      const messages = outgoing.map(kafkaMessage);
      const record: ProducerRecord = { topic, acks: -1, messages };
      try {
        const acknowledged = await producer.send(record);
        return placesOf(messages, (message) => partitions.get(message) ?? 0, acknowledged);
      } catch (error) {
        const found = asUserError(error, prepared.access);
        const { connection } = prepared.access;
        // What the sandbox does not answer is told as what was not acknowledged.
        if (isUserError(found) && found.code !== 'broker-unreachable') {
          failure = found;
          throw found;
        }
        failure = new UserError('not-acknowledged', t('Kafka did not acknowledge the last messages.'), {
          ...nextStep(connection),
          cause: error,
        });
        throw failure;
      }
    },
    close: () => producer.disconnect(),
  };
}

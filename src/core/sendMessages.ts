/** Sends messages that a person wrote: all of them, or none where one is not in order. */
import { sizeOf } from './delivery.ts';
import { isUserError, UserError } from './errors.ts';
import { t } from './l10n.ts';
import { BadMessage, findingsAt, isBadMessage, type DraftFinding, type OutgoingDraft } from './outgoing.ts';
import type { Broker, Cluster, MessageEncoder, OutgoingMessage, Producer, Sent } from './ports.ts';

export interface SentMessage extends Sent {
  readonly topic: string;
}

interface Encoded {
  readonly topic: string;
  readonly message: OutgoingMessage;
}

/** What its broker must agree to of each topic. */
interface Bounds {
  readonly partitions: readonly number[];
  readonly limit: number;
}

/** Of a batch, in the broker's own counting: an upper bound. */
const BATCH_OVERHEAD = 128;

/** What the topic does not take of a message that its schema takes. */
function beyond({ message }: Encoded, { partitions, limit }: Bounds): readonly DraftFinding[] {
  const { partition } = message;
  const size = sizeOf(message);
  return [
    ...(partition !== undefined && !partitions.includes(partition)
      ? [{ path: ['partition'], reason: t('the topic has the partitions {0}', partitions.join(', ')) }]
      : []),
    ...(size > limit
      ? [{ path: ['value'], reason: t('{0} bytes are more than the topic takes ({1})', size, limit) }]
      : []),
  ];
}

async function boundsOf(broker: Broker, topics: ReadonlySet<string>): Promise<ReadonlyMap<string, Bounds>> {
  const found = await Promise.all(
    [...topics].map(async (name): Promise<[string, Bounds]> => {
      const [topic, limit] = await Promise.all([broker.topic(name), broker.batchLimit(name)]);
      return [name, { partitions: topic.partitions.map(({ id }) => id), limit: limit - BATCH_OVERHEAD }];
    }),
  );
  return new Map(found);
}

const placed = (findings: readonly DraftFinding[], index: number, of: number): readonly DraftFinding[] =>
  findingsAt(findings, of === 1 ? undefined : index);

/** Throws {@link BadMessage} with what is wrong in all of them. */
export async function encodeAll(
  encoder: Pick<MessageEncoder, 'encode'>,
  drafts: readonly OutgoingDraft[],
): Promise<readonly Encoded[]> {
  const findings: DraftFinding[] = [];
  const encoded: Encoded[] = [];
  for (const [index, draft] of drafts.entries()) {
    try {
      encoded.push({ topic: draft.topic, message: await encoder.encode(draft) });
    } catch (error) {
      if (!isBadMessage(error)) throw error;
      findings.push(...placed(error.findings, index, drafts.length));
    }
  }
  if (findings.length > 0) throw new BadMessage(findings);
  return encoded;
}

/** The batches in which messages go: neighbours of one topic, as many as the topic takes at once. */
function* batchesOf(
  encoded: readonly Encoded[],
  bounds: ReadonlyMap<string, Bounds>,
): Generator<{ topic: string; messages: readonly OutgoingMessage[] }> {
  let batch: OutgoingMessage[] = [];
  let bytes = 0;
  for (const [index, { topic, message }] of encoded.entries()) {
    batch.push(message);
    bytes += sizeOf(message);
    const next = encoded[index + 1];
    const limit = bounds.get(topic)?.limit ?? 0;
    if (next?.topic === topic && bytes + sizeOf(next.message) <= limit) continue;
    yield { topic, messages: batch };
    batch = [];
    bytes = 0;
  }
}

async function sendAll(
  producer: Producer,
  encoded: readonly Encoded[],
  bounds: ReadonlyMap<string, Bounds>,
): Promise<readonly SentMessage[]> {
  const sent: SentMessage[] = [];
  try {
    for (const { topic, messages } of batchesOf(encoded, bounds)) {
      const places = await producer.send(topic, messages);
      sent.push(...places.map((place) => ({ topic, ...place })));
    }
    return sent;
  } catch (error) {
    if (!isUserError(error) || sent.length === 0) throw error;
    const { code, message, hint } = error;
    const before = t('{0} messages were acknowledged before.', sent.length);
    throw new UserError(code, `${message} ${before}`, {
      ...(hint === undefined ? {} : { hint }),
      cause: error,
    });
  }
}

/**
 * Encodes all of them before the first is sent. Returns where each is. Throws {@link BadMessage} with what is wrong in
 * all of them, UserError `unknown-topic`, `not-acknowledged` and others.
 */
export async function sendMessages(
  cluster: Pick<Cluster, 'broker' | 'messageEncoder'>,
  drafts: readonly OutgoingDraft[],
): Promise<readonly SentMessage[]> {
  const [broker, encoder] = await Promise.all([cluster.broker(), cluster.messageEncoder()]);
  const encoded = await encodeAll(encoder, drafts);
  const bounds = await boundsOf(broker, new Set(encoded.map(({ topic }) => topic)));
  const findings = encoded.flatMap((one, index) => {
    const bound = bounds.get(one.topic);
    return bound ? placed(beyond(one, bound), index, encoded.length) : [];
  });
  if (findings.length > 0) throw new BadMessage(findings);
  const producer = await broker.producer();
  try {
    return await sendAll(producer, encoded, bounds);
  } finally {
    await producer.close();
  }
}

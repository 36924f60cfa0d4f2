/** Sends a stream of messages: as fast as it goes, at a rate, or with the distances in time that they had. */
import { createSender, type Sender } from './delivery.ts';
import { throwIfCancelled, UserError } from './errors.ts';
import type { OnEvent } from './events.ts';
import type { Gate } from './gate.ts';
import { t } from './l10n.ts';
import { BadMessage, findingsAt, isBadMessage, type PlacedDraft } from './outgoing.ts';
import { createPacer, systemClock, type Clock } from './pacer.ts';
import type { Broker, MessageEncoder, OutgoingMessage, Producer, Sent } from './ports.ts';
import { createProgress } from './progress.ts';
import { startRunning, type Running } from './running.ts';
import type { RawMessage } from './topics.ts';

/** A message on its way to a topic. */
export interface Replayed {
  readonly topic: string;
  readonly message: OutgoingMessage;
  /** When it was, milliseconds since the epoch: what the distances are measured by. */
  readonly atMs?: number;
}

export type Pace =
  | { readonly by: 'speed' }
  | { readonly by: 'rate'; readonly perSecond: number }
  /** The distances in time that the messages had: 2 is twice as fast. */
  | { readonly by: 'times'; readonly factor: number };

/** Offsets that messages got in a partition; others may have written between them. */
export interface SentRange {
  readonly topic: string;
  readonly partition: number;
  /** int64 as text. */
  readonly first: string;
  readonly last: string;
  readonly messages: number;
}

export interface ReplayEnd {
  /** Messages that all in-sync replicas hold. */
  readonly sent: number;
  readonly ranges: readonly SentRange[];
  /** What stopped it; what was sent until then counts. */
  readonly failure?: Error;
}

export type Replay = Running<ReplayEnd> & { sent(): number };

export interface ReplayOptions {
  readonly pace: Pace;
  /** How many there are, where that is known. */
  readonly total?: number;
  readonly clock?: Clock;
}

function createRanges(): { add(topic: string, places: readonly Sent[]): void; all(): readonly SentRange[] } {
  const ranges = new Map<string, SentRange>();
  return {
    add: (topic, places) => {
      for (const { partition, offset } of places) {
        const key = `${topic}/${partition}`;
        const before = ranges.get(key);
        const first = before?.first ?? offset;
        ranges.set(key, { topic, partition, first, last: offset, messages: (before?.messages ?? 0) + 1 });
      }
    },
    all: () =>
      [...ranges.values()].sort(
        (one, other) => one.topic.localeCompare(other.topic) || one.partition - other.partition,
      ),
  };
}

/** Senders of all topics that come, over one producer. */
interface Senders {
  add(one: Replayed): Promise<void>;
  flush(): Promise<void>;
  finish(): Promise<void>;
}

function createSenders(
  broker: Broker,
  producer: Producer,
  onEvent: OnEvent,
  onSent: (topic: string, places: readonly Sent[]) => void,
): Senders {
  const known = new Map<string, Sender>();
  const senderOf = async (topic: string): Promise<Sender> => {
    const ready = known.get(topic);
    if (ready) return ready;
    // kafkajs would ask for a topic that is not there for a long time.
    await broker.topic(topic);
    const batchLimit = await broker.batchLimit(topic);
    const made = createSender(producer, topic, {
      batchLimit,
      onEvent,
      onSent: (places) => {
        onSent(topic, places);
      },
    });
    known.set(topic, made);
    return made;
  };
  return {
    add: async ({ topic, message }) => {
      const sender = await senderOf(topic);
      if (await sender.add(message)) return;
      throw new UserError(
        'too-large',
        t('A message is larger than {0} takes ({1} bytes).', topic, sender.limit),
        { hint: t('Raise max.message.bytes of the topic, or leave the message out.') },
      );
    },
    flush: async () => {
      for (const sender of known.values()) await sender.flush();
    },
    finish: async () => {
      for (const sender of known.values()) await sender.finish();
    },
  };
}

interface Waiting {
  /** Resolves when the next of them may go; false when it was stopped. */
  next(one: Replayed): Promise<boolean>;
}

function waitingFor(
  { pace, clock = systemClock }: ReplayOptions,
  gate: Gate,
  senders: Senders,
  signal: AbortSignal,
): Waiting {
  const pacer = createPacer(pace.by === 'rate' ? pace.perSecond : undefined, clock);
  let granted = 0;
  let began: { readonly clock: number; readonly atMs: number } | undefined;
  const passGate = async (): Promise<boolean> => {
    const before = clock.now();
    if (!gate.paused) return false;
    await senders.flush();
    if (!(await gate.pass(signal))) return false;
    pacer.restart();
    if (began) began = { ...began, clock: began.clock + clock.now() - before };
    return true;
  };
  const rated = async (): Promise<void> => {
    if (granted === 0) {
      await senders.flush();
      granted = await pacer.take(10_000, signal);
    }
    granted -= 1;
  };
  const timed = async (atMs: number, factor: number): Promise<void> => {
    began ??= { clock: clock.now(), atMs };
    for (;;) {
      const left = (atMs - began.atMs) / factor - (clock.now() - began.clock);
      if (left <= 0 || signal.aborted) return;
      await senders.flush();
      // In steps, so that a pause and a stop are seen.
      await clock.sleep(Math.min(left, 250), signal);
      await passGate();
    }
  };
  return {
    next: async ({ atMs }) => {
      await passGate();
      if (pace.by === 'rate') await rated();
      else if (pace.by === 'times' && atMs !== undefined) await timed(atMs, pace.factor);
      return !signal.aborted;
    },
  };
}

/**
 * Sends what the source gives, in its order for each topic. Stops where the source fails, and says so in its end.
 * `signal` aborted is the same as stop().
 */
export function startReplay(
  broker: Broker,
  source: AsyncIterable<readonly Replayed[]>,
  options: ReplayOptions,
  onEvent: OnEvent,
  signal: AbortSignal,
): Replay {
  const ranges = createRanges();
  let sent = 0;
  const progress = createProgress(onEvent, t('Sending messages'), t('messages'), options.total);

  const pump = async (senders: Senders, gate: Gate, stopped: AbortSignal): Promise<void> => {
    const waiting = waitingFor(options, gate, senders, stopped);
    for await (const batch of source) {
      for (const one of batch) {
        if (!(await waiting.next(one))) return;
        await senders.add(one);
      }
      if (options.pace.by !== 'speed') await senders.flush();
    }
  };
  const work = async (gate: Gate, stopped: AbortSignal): Promise<void> => {
    const producer = await broker.producer();
    const senders = createSenders(broker, producer, onEvent, (topic, places) => {
      ranges.add(topic, places);
      sent += places.length;
      progress(sent);
    });
    try {
      try {
        await pump(senders, gate, stopped);
      } finally {
        // What came before what went wrong is sent.
        await senders.finish();
      }
    } finally {
      await producer.close();
    }
  };
  const running = startRunning<ReplayEnd>(work, () => ({ sent, ranges: ranges.all() }), signal);
  return Object.assign(running, { sent: () => sent });
}

export interface RawOptions {
  /** To the partition of the same number; else the key decides. */
  readonly keepPartitions?: boolean;
  /** With the time that they had; else with the time of sending. */
  readonly keepTimestamps?: boolean;
}

/** Messages as they were: bytes, key and headers. */
export async function* rawReplay(
  batches: AsyncIterable<readonly RawMessage[]>,
  topic: string,
  { keepPartitions = false, keepTimestamps = false }: RawOptions = {},
): AsyncGenerator<readonly Replayed[]> {
  for await (const batch of batches) {
    yield batch.map(({ key, value, headers, partition, timestampMs }): Replayed => ({
      topic,
      atMs: timestampMs,
      message: {
        key,
        value,
        ...(headers.length > 0 ? { headers } : {}),
        ...(keepPartitions ? { partition } : {}),
        ...(keepTimestamps ? { timestampMs } : {}),
      },
    }));
  }
}

/** Encodes drafts as they come. Throws {@link BadMessage} that names the place of the first that does not fit. */
export async function* draftReplay(
  encoder: MessageEncoder,
  batches: AsyncIterable<readonly PlacedDraft[]>,
  signal: AbortSignal,
): AsyncGenerator<readonly Replayed[]> {
  for await (const batch of batches) {
    const encoded: Replayed[] = [];
    for (const { draft, place, index, atMs } of batch) {
      throwIfCancelled(signal);
      try {
        const message = await encoder.encode(draft);
        encoded.push({ topic: draft.topic, message, ...(atMs === undefined ? {} : { atMs }) });
      } catch (error) {
        if (encoded.length > 0) yield encoded;
        throw isBadMessage(error) ? new BadMessage(findingsAt(error.findings, index), place) : error;
      }
    }
    yield encoded;
  }
}

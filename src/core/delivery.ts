/** Sends messages in batches, one batch on its way while the next is filled, and counts what was acknowledged. */
import type { OnEvent } from './events.ts';
import type { FaultCounts, FaultName } from './faults.ts';
import { t } from './l10n.ts';
import type { OutgoingMessage, Producer, Sent } from './ports.ts';

/** What came of producing or importing. */
export interface Delivery {
  /** Messages that all in-sync replicas hold. */
  readonly sent: number;
  /** Rows that could not be sent; each is in the rejects file. */
  readonly rejected: number;
  readonly rejectsFile: string | null;
  /** How many of those sent carry which fault. */
  readonly faults: FaultCounts;
}

/** Says so when an acknowledgement takes long: the producer goes on trying for a while. */
const SLOW_MS = 3000;

/** How a delivery ended: with `failure` when something stopped it; what was sent until then counts. */
export interface DeliveryEnd {
  readonly delivery: Delivery;
  readonly failure?: Error;
}

export const asFailure = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error(String(thrown));

const BATCH_MESSAGES = 5000;
/** Of a batch, and of each message in it, in the broker's own counting: an upper bound. */
const BATCH_OVERHEAD = 128;
const MESSAGE_OVERHEAD = 40;

/** What the lengths of a header take, at most. */
const HEADER_OVERHEAD = 10;

/** Bytes of a message as a batch counts them: an upper bound. A character has at most three bytes. */
export function sizeOf({ key, value, headers = [] }: OutgoingMessage): number {
  const ofHeaders = headers.reduce(
    (sum, header) => sum + header.name.length * 3 + (header.value?.length ?? 0) + HEADER_OVERHEAD,
    0,
  );
  return (key?.length ?? 0) + (value?.length ?? 0) + ofHeaders + MESSAGE_OVERHEAD;
}

export interface Sender {
  /** False when the broker would never take a message of this size; it is then not added. */
  add(message: OutgoingMessage, fault?: FaultName): Promise<boolean>;
  /** Sends what is waiting, without waiting for its acknowledgement. */
  flush(): Promise<void>;
  /** Sends what is waiting; resolves when everything is acknowledged. */
  finish(): Promise<void>;
  sent(): number;
  faults(): FaultCounts;
  /** Bytes a message may have, key and value together. */
  readonly limit: number;
}

/**
 * `batchLimit`: bytes the broker takes at once. All messages of a batch may fall into one partition, so that is the
 * bound of the whole batch. After a failure every call throws it again.
 */
export function createSender(
  producer: Producer,
  topic: string,
  options: {
    readonly batchLimit: number;
    readonly onEvent?: OnEvent;
    readonly onSent?: (places: readonly Sent[]) => void;
  },
): Sender {
  const limit = options.batchLimit - BATCH_OVERHEAD;
  const counts: Partial<Record<FaultName, number>> = {};
  let sent = 0;
  let messages: OutgoingMessage[] = [];
  let faults: FaultName[] = [];
  let bytes = 0;
  let onItsWay: Promise<unknown> = Promise.resolve();

  const flush = async (): Promise<void> => {
    await onItsWay;
    if (messages.length === 0) return;
    const batch = messages;
    const batchFaults = faults;
    messages = [];
    faults = [];
    bytes = 0;
    const slow = setTimeout(() => {
      const message = t('Kafka does not answer; still trying.');
      options.onEvent?.({ type: 'message', level: 'warning', message });
    }, SLOW_MS);
    const stopTimer = (): void => {
      clearTimeout(slow);
    };
    onItsWay = producer
      .send(topic, batch)
      .finally(stopTimer)
      .then((places) => {
        sent += batch.length;
        for (const fault of batchFaults) counts[fault] = (counts[fault] ?? 0) + 1;
        options.onSent?.(places);
      });
    // Whoever calls next gets the failure; it must not count as unhandled until then.
    onItsWay.catch(() => undefined);
  };

  return {
    add: async (message, fault) => {
      const size = sizeOf(message);
      if (size > limit) return false;
      if (messages.length >= BATCH_MESSAGES || bytes + size > limit) await flush();
      messages.push(message);
      bytes += size;
      if (fault) faults.push(fault);
      return true;
    },
    flush,
    finish: async () => {
      await flush();
      await onItsWay;
    },
    sent: () => sent,
    faults: () => ({ ...counts }),
    limit: limit - MESSAGE_OVERHEAD,
  };
}

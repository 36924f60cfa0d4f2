/** Produces generated orders, good and bad, into a topic. */
import { damaged } from './damage.ts';
import { asFailure, createSender, type Delivery, type DeliveryEnd, type Sender } from './delivery.ts';
import { isCancelled } from './errors.ts';
import type { OnEvent } from './events.ts';
import type { FaultCounts, FaultShares } from './faults.ts';
import { withFaults } from './faultyStream.ts';
import { createGate, type Gate } from './gate.ts';
import { generateOrders } from './generator.ts';
import { t } from './l10n.ts';
import { TOPICS, type WireFormat } from './orders.ts';
import { createPacer, systemClock, type Pacer } from './pacer.ts';
import type { Lakehouse, OrderEncoder } from './ports.ts';
import { createProgress } from './progress.ts';

export const PARTITIONS = 3;
/** Lines a second when neither a count nor a rate is given. */
export const DEFAULT_RATE = 100;
const CHUNK_LINES = 2500;

export interface ProduceOptions {
  /** Lines to send; undefined: until stopped. */
  readonly count?: number;
  /** Lines a second; undefined: as fast as it goes with a count, {@link DEFAULT_RATE} without. */
  readonly rate?: number;
  readonly seed: number;
  readonly faults: FaultShares;
  /** The generator's today, milliseconds since the epoch. */
  readonly clock: number;
  readonly format: WireFormat;
}

export interface Production {
  pause(): void;
  resume(): void;
  /** Ends it; what is on its way is still waited for. */
  stop(): void;
  readonly paused: boolean;
  /** What was acknowledged so far. */
  delivery(): Delivery;
  /** Resolves when it has ended, never rejects. */
  readonly ended: Promise<DeliveryEnd>;
}

/** A new seed, for who gives none. */
export const anySeed = (): number => Math.floor(Math.random() * 2 ** 31);

async function pump(
  options: ProduceOptions,
  encoder: OrderEncoder,
  sender: Sender,
  gate: Gate,
  pacer: Pacer,
  signal: AbortSignal,
): Promise<void> {
  const items = withFaults(generateOrders(options.seed, options.clock), options.faults, options.seed);
  const paced = options.rate !== undefined || options.count === undefined;
  for (let left = options.count ?? Infinity; left > 0;) {
    if (await gate.pass(signal)) pacer.restart();
    const granted = await pacer.take(Math.min(left, CHUNK_LINES), signal);
    if (signal.aborted) break;
    left -= granted;
    for (let index = 0; index < granted; index += 1) {
      const { value: item, done } = items.next();
      if (done) return;
      await sender.add(damaged(encoder.encode(item.line), item.damage), item.fault);
    }
    if (paced) await sender.flush();
  }
  await sender.finish();
}

/** Faults that were asked for show also when none was drawn. */
function countsOf(shares: FaultShares, counts: FaultCounts): FaultCounts {
  return { ...Object.fromEntries([...shares.keys()].map((name) => [name, 0])), ...counts };
}

/** Starts producing. `signal` aborted is the same as stop(). */
export function startProducing(
  lakehouse: Pick<Lakehouse, 'broker' | 'encoder'>,
  options: ProduceOptions,
  onEvent: OnEvent,
  signal: AbortSignal,
): Production {
  const gate = createGate();
  const stopper = new AbortController();
  const stop = (): void => {
    stopper.abort();
  };
  let sender: Sender | undefined;
  const delivery = (): Delivery => ({
    sent: sender?.sent() ?? 0,
    rejected: 0,
    rejectsFile: null,
    faults: countsOf(options.faults, sender?.faults() ?? {}),
  });

  const work = async (): Promise<void> => {
    const rate = options.rate ?? (options.count === undefined ? DEFAULT_RATE : undefined);
    const topic = TOPICS[options.format];
    const [broker, encoder] = await Promise.all([lakehouse.broker(), lakehouse.encoder(options.format)]);
    await broker.ensureTopic(topic, PARTITIONS);
    const batchLimit = await broker.batchLimit(topic);
    const progress = createProgress(onEvent, t('Sending orders'), t('lines'), options.count);
    const producer = await broker.producer();
    try {
      const made = createSender(producer, topic, {
        batchLimit,
        onEvent,
        onSent: () => {
          progress(made.sent());
        },
      });
      sender = made;
      await pump(options, encoder, made, gate, createPacer(rate, systemClock), stopper.signal);
    } finally {
      await producer.close();
    }
  };

  const run = async (): Promise<DeliveryEnd> => {
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    try {
      await work();
      return { delivery: delivery() };
    } catch (error) {
      return isCancelled(error)
        ? { delivery: delivery() }
        : { delivery: delivery(), failure: asFailure(error) };
    } finally {
      signal.removeEventListener('abort', stop);
    }
  };

  return {
    pause: () => {
      gate.pause();
    },
    resume: () => {
      gate.resume();
    },
    stop,
    get paused() {
      return gate.paused;
    },
    delivery,
    ended: run(),
  };
}

/** Produces generated orders, good and bad, into a topic. */
import { damaged } from './damage.ts';
import { createSender, type Delivery, type DeliveryEnd, type Sender } from './delivery.ts';
import type { OnEvent } from './events.ts';
import { checkShares, type FaultCounts, type FaultName, type FaultShares } from './faults.ts';
import { withFaults } from './faultyStream.ts';
import type { Gate } from './gate.ts';
import { generateOrders } from './generator.ts';
import { t } from './l10n.ts';
import { TOPICS, type WireFormat } from './orders.ts';
import { createPacer, systemClock, type Pacer } from './pacer.ts';
import type { Lakehouse, OrderEncoder, Producer } from './ports.ts';
import { createProgress } from './progress.ts';
import { startRunning, type Running } from './running.ts';

export const PARTITIONS = 3;
/** Lines a second when neither a count nor a rate is given. */
export const DEFAULT_RATE = 100;
const CHUNK_LINES = 2500;

export interface ProduceOptions {
  /** Lines to send; undefined: until stopped. */
  readonly count?: number;
  /**
   * Lines a second; Infinity: as fast as it goes; undefined: as fast as it goes with a count, {@link DEFAULT_RATE}
   * without.
   */
  readonly rate?: number;
  readonly seed: number;
  readonly faults: FaultShares;
  /** The generator's today, milliseconds since the epoch. */
  readonly clock: number;
  readonly format: WireFormat;
  /** Told of each batch that was acknowledged. */
  readonly onSent?: (lines: number) => void;
}

export interface Production extends Running<DeliveryEnd> {
  /** Lines a second from now on; Infinity: as fast as it goes. */
  setRate(perSecond: number): void;
  /** For the lines made from now on. Throws UserError `bad-faults`. */
  setFaults(shares: FaultShares): void;
  /** Milliseconds since the epoch; undefined before the first batch. */
  readonly firstSentAt: number | undefined;
  /** What was acknowledged so far. */
  delivery(): Delivery;
}

/** A new seed, for who gives none. */
export const anySeed = (): number => Math.floor(Math.random() * 2 ** 31);

/** What may change while it runs. */
interface Dials {
  readonly pacer: Pacer;
  /** Lines are sent as they come, not by the full batch. */
  paced: boolean;
  faults: FaultShares;
}

const limitOf = (rate: number): number | undefined => (rate === Infinity ? undefined : rate);

async function pump(
  options: ProduceOptions,
  dials: Dials,
  encoder: OrderEncoder,
  sender: Sender,
  gate: Gate,
  signal: AbortSignal,
): Promise<void> {
  const lines = generateOrders(options.seed, options.clock);
  const items = withFaults(lines, () => dials.faults, options.seed);
  for (let left = options.count ?? Infinity; left > 0;) {
    // What was made counts before a pause begins.
    if (gate.paused) await sender.finish();
    if (await gate.pass(signal)) dials.pacer.restart();
    const granted = await dials.pacer.take(Math.min(left, CHUNK_LINES), signal);
    if (signal.aborted) break;
    // A pause may have begun while it waited.
    if (gate.paused) continue;
    left -= granted;
    for (let index = 0; index < granted; index += 1) {
      const { value: item, done } = items.next();
      if (done) return;
      await sender.add(damaged(encoder.encode(item.line), item.damage), item.fault);
    }
    if (dials.paced) await sender.flush();
  }
  await sender.finish();
}

/** Faults that were asked for show also when none was drawn. */
function countsOf(asked: Iterable<FaultName>, counts: FaultCounts): FaultCounts {
  return { ...Object.fromEntries([...asked].map((name) => [name, 0])), ...counts };
}

/** Starts producing. `signal` aborted is the same as stop(). */
export function startProducing(
  lakehouse: Pick<Lakehouse, 'broker' | 'encoder'>,
  options: ProduceOptions,
  onEvent: OnEvent,
  signal: AbortSignal,
): Production {
  let sender: Sender | undefined;
  let firstSentAt: number | undefined;
  const rate = options.rate ?? (options.count === undefined ? DEFAULT_RATE : Infinity);
  const dials: Dials = {
    pacer: createPacer(limitOf(rate), systemClock),
    paced: rate !== Infinity,
    faults: options.faults,
  };
  const asked = new Set(options.faults.keys());
  const delivery = (): Delivery => ({
    sent: sender?.sent() ?? 0,
    rejected: 0,
    rejectsFile: null,
    faults: countsOf(asked, sender?.faults() ?? {}),
  });

  const work = async (gate: Gate, stopped: AbortSignal): Promise<void> => {
    const topic = TOPICS[options.format];
    const [broker, encoder] = await Promise.all([lakehouse.broker(), lakehouse.encoder(options.format)]);
    await broker.ensureTopic(topic, PARTITIONS);
    const batchLimit = await broker.batchLimit(topic);
    const progress = createProgress(onEvent, t('Sending orders'), t('lines'), options.count);
    const producer = await broker.producer();
    const timed: Producer = {
      ...producer,
      send: (to, messages) => {
        firstSentAt ??= Date.now();
        return producer.send(to, messages);
      },
    };
    try {
      const made = createSender(timed, topic, {
        batchLimit,
        onEvent,
        onSent: (places) => {
          progress(made.sent());
          options.onSent?.(places.length);
        },
      });
      sender = made;
      // Connecting took a while, and nothing is owed for it.
      dials.pacer.restart();
      await pump(options, dials, encoder, made, gate, stopped);
    } finally {
      await producer.close();
    }
  };

  const running = startRunning<DeliveryEnd>(work, () => ({ delivery: delivery() }), signal);
  return {
    pause: running.pause,
    resume: running.resume,
    stop: running.stop,
    get paused() {
      return running.paused;
    },
    setRate: (perSecond) => {
      dials.paced = perSecond !== Infinity;
      dials.pacer.setRate(limitOf(perSecond));
    },
    setFaults: (shares) => {
      dials.faults = checkShares(shares);
      for (const name of shares.keys()) asked.add(name);
    },
    get firstSentAt() {
      return firstSentAt;
    },
    delivery,
    ended: running.ended,
  };
}

/** The story generator as a page drives it: one production at a time, whose rate and faults change while it runs. */
import type { DeliveryEnd } from './delivery.ts';
import { UserError } from './errors.ts';
import { checkShares, faultsFor, type FaultCounts, type FaultName, type FaultShares } from './faults.ts';
import { t } from './l10n.ts';
import { TOPICS, type WireFormat } from './orders.ts';
import type { Lakehouse } from './ports.ts';
import { anySeed, startProducing, type Production } from './produce.ts';
import { createRateMeter, type RateMeter } from './rateMeter.ts';

/** What may change while it runs. */
export interface Dials {
  /** Lines a second; null: as fast as it goes. */
  readonly rate: number | null;
  /** Fault → share of the lines, in [0, 1]; one that is missing is 0. */
  readonly faults: Readonly<Partial<Record<FaultName, number>>>;
}

export interface GeneratorSettings extends Dials {
  /** Lines to send; null: until stopped. */
  readonly count: number | null;
  /** Null: another one each time. */
  readonly seed: number | null;
}

export type GeneratorPhase = 'idle' | 'running' | 'paused' | 'stopping' | 'ended';

export interface GeneratorState {
  readonly phase: GeneratorPhase;
  /** Of this production, or of the one that ended; null before the first. */
  readonly topic: string | null;
  readonly seed: number | null;
  readonly count: number | null;
  /** Lines acknowledged; of them, a second, and in each second of the last minute. */
  readonly sent: number;
  readonly perSecond: number;
  readonly minute: readonly number[];
  readonly faults: FaultCounts;
  /** Milliseconds since the start, pauses not counted. */
  readonly elapsed: number;
  /** Milliseconds since the epoch; null before the first batch. */
  readonly firstSentAt: number | null;
  /** What does not stop it, such as a slow broker. */
  readonly warning: string | null;
}

export interface GeneratorSession {
  /** Throws UserError `already-producing`, `bad-faults`. */
  start(format: WireFormat, settings: GeneratorSettings): void;
  /** Nothing when none runs. Throws UserError `bad-faults`. */
  change(dials: Dials): void;
  pause(): void;
  resume(): void;
  /** Resolves when it ended; to undefined when none runs. */
  stop(): Promise<DeliveryEnd | undefined>;
  state(): GeneratorState;
  /** Why the last one ended too early. */
  readonly failure: Error | undefined;
}

/** What is remembered may come from another version: what is no good is as the first time. */
export function parseGeneratorSettings(value: unknown): GeneratorSettings {
  const given = (typeof value === 'object' && value !== null ? value : {}) as Readonly<
    Record<string, unknown>
  >;
  const whole = (name: string, least: number, otherwise: number | null): number | null => {
    const number = given[name];
    if (number === null) return null;
    return typeof number === 'number' && Number.isSafeInteger(number) && number >= least ? number : otherwise;
  };
  const rate = given['rate'];
  const shares = (given['faults'] ?? {}) as Readonly<Record<string, unknown>>;
  const faults = Object.fromEntries(
    faultsFor('message').flatMap((name) => {
      const share = shares[name];
      return typeof share === 'number' && share > 0 && share <= 1 ? [[name, share]] : [];
    }),
  );
  return {
    count: whole('count', 1, 1000),
    rate: rate === null ? null : typeof rate === 'number' && rate > 0 && rate < Infinity ? rate : 100,
    faults: Object.values(faults).reduce((sum, share) => sum + share, 0) > 1 + 1e-9 ? {} : faults,
    seed: whole('seed', 0, null),
  };
}

/** The shares in the order of the faults, whatever order they came in: a seed then draws the same. */
const sharesOf = ({ faults }: Dials): FaultShares =>
  checkShares(
    new Map(
      faultsFor('message').flatMap((name) => {
        const share = faults[name] ?? 0;
        return share === 0 ? [] : [[name, share] as const];
      }),
    ),
  );

const rateOf = ({ rate }: Dials): number => rate ?? Infinity;

interface Run {
  readonly production: Production;
  readonly format: WireFormat;
  readonly settings: GeneratorSettings;
  readonly seed: number;
  readonly meter: RateMeter;
  readonly startedAt: number;
  pausedAt: number | undefined;
  /** Milliseconds in pauses that are over. */
  pauses: number;
  stopping: boolean;
  warning: string | null;
  end: (DeliveryEnd & { readonly at: number }) | undefined;
}

const IDLE: GeneratorState = {
  phase: 'idle',
  topic: null,
  seed: null,
  count: null,
  sent: 0,
  perSecond: 0,
  minute: [],
  faults: {},
  elapsed: 0,
  firstSentAt: null,
  warning: null,
};

function phaseOf({ end, stopping, pausedAt }: Run): GeneratorPhase {
  if (end) return 'ended';
  if (stopping) return 'stopping';
  return pausedAt === undefined ? 'running' : 'paused';
}

export function createGeneratorSession(options: {
  readonly lakehouse: () => Pick<Lakehouse, 'broker' | 'encoder'>;
  /** Milliseconds; only differences count. */
  readonly now: () => number;
  /** Told of each end. */
  readonly onEnd?: (end: DeliveryEnd, state: GeneratorState) => void;
}): GeneratorSession {
  const { now } = options;
  let run: Run | undefined;

  const elapsedOf = ({ startedAt, end, pausedAt, pauses }: Run): number =>
    (end?.at ?? pausedAt ?? now()) - startedAt - pauses;
  const stateOf = (of: Run): GeneratorState => {
    const { sent, faults } = of.end?.delivery ?? of.production.delivery();
    const over = of.end !== undefined;
    return {
      phase: phaseOf(of),
      topic: TOPICS[of.format],
      seed: of.seed,
      count: of.settings.count,
      sent,
      perSecond: over ? 0 : of.meter.perSecond(),
      minute: of.meter.minute(),
      faults,
      elapsed: elapsedOf(of),
      firstSentAt: of.production.firstSentAt ?? null,
      warning: over ? null : of.warning,
    };
  };

  const running = (): Run | undefined => (run?.end ? undefined : run);
  const resume = (of: Run): void => {
    if (of.pausedAt === undefined) return;
    of.pauses += now() - of.pausedAt;
    of.pausedAt = undefined;
    of.production.resume();
  };

  const start = (format: WireFormat, settings: GeneratorSettings): void => {
    if (running()) {
      throw new UserError('already-producing', t('Orders are being produced already.'), {
        hint: t('Stop that first.'),
      });
    }
    const seed = settings.seed ?? anySeed();
    /** What ended is measured to its end. */
    let endedAt: number | undefined;
    const meter = createRateMeter(() => endedAt ?? now());
    const production = startProducing(
      options.lakehouse(),
      {
        ...(settings.count === null ? {} : { count: settings.count }),
        rate: rateOf(settings),
        seed,
        clock: Date.now(),
        faults: sharesOf(settings),
        format,
        onSent: (lines) => {
          meter.add(lines);
          mine.warning = null;
        },
      },
      (event) => {
        if (event.type === 'message' && event.level === 'warning') mine.warning = event.message;
      },
      new AbortController().signal,
    );
    const mine: Run = {
      production,
      format,
      settings,
      seed,
      meter,
      startedAt: now(),
      pausedAt: undefined,
      pauses: 0,
      stopping: false,
      warning: null,
      end: undefined,
    };
    run = mine;
    void production.ended.then((end) => {
      endedAt = mine.pausedAt ?? now();
      mine.end = { ...end, at: endedAt };
      options.onEnd?.(end, stateOf(mine));
    });
  };

  return {
    start,
    change: (dials) => {
      const shares = sharesOf(dials);
      const now = running();
      now?.production.setRate(rateOf(dials));
      now?.production.setFaults(shares);
    },
    pause: () => {
      const of = running();
      if (!of || of.stopping || of.pausedAt !== undefined) return;
      of.pausedAt = now();
      of.production.pause();
    },
    resume: () => {
      const of = running();
      if (of) resume(of);
    },
    stop: async () => {
      const of = running();
      if (!of) return undefined;
      of.stopping = true;
      of.production.stop();
      return of.production.ended;
    },
    state: () => (run ? stateOf(run) : IDLE),
    get failure() {
      return run?.end?.failure;
    },
  };
}

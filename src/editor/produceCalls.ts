/** What the produce page may ask of the generator; free of VS Code, so that a test can stand behind a page with it. */
import { FAULTS, faultsFor, TYPICAL_SHARE, type FaultName } from '../core/faults.ts';
import type { GeneratorSession, GeneratorSettings } from '../core/generatorSession.ts';
import { t } from '../core/l10n.ts';
import { formatOf } from '../core/orders.ts';
import type { GeneratorCalls, OpenedProduce } from '../wire/produce.ts';
import type { Failure, Handlers } from '../wire/rpc.ts';

function effectOf(name: FaultName): string {
  const { breaks } = FAULTS[name];
  switch (breaks) {
    case 'duplicates':
      return t('sent twice: counted as a duplicate');
    case 'silver':
      return name === 'late' ? t('comes late: breaks no rule') : t('untidy: breaks no rule, is cleaned');
    default:
      return t('breaks {0}', breaks);
  }
}

export interface GeneratorPlace {
  readonly session: GeneratorSession;
  readonly remember: (settings: GeneratorSettings) => void;
  /** Throws when nothing may be started from here. */
  readonly mayStart: () => void;
  readonly showSent: (topic: string, since: number) => void;
  readonly describe: (error: unknown) => Failure;
}

/** What the page shows of a topic, among those that there are. */
export function openedOn(
  topic: string,
  existing: readonly string[],
  orderTopics: readonly string[],
  settings: GeneratorSettings,
): OpenedProduce {
  return {
    topic,
    connection: null,
    topics: [...new Set([...orderTopics, topic, ...existing])].sort(),
    orderTopics,
    faults: faultsFor('message').map((name) => ({ name, effect: effectOf(name) })),
    typicalShare: TYPICAL_SHARE,
    settings,
  };
}

export function generatorCalls(place: GeneratorPlace): Handlers<GeneratorCalls> {
  const { session } = place;
  return {
    start: ({ topic, settings }) => {
      place.mayStart();
      const format = formatOf(topic);
      if (!format) throw new Error(`orders do not go to ${topic}`);
      place.remember(settings);
      session.start(format, settings);
      return null;
    },
    set: (settings) => {
      session.change(settings);
      place.remember(settings);
      return null;
    },
    pause: () => {
      session.pause();
      return null;
    },
    resume: () => {
      session.resume();
      return null;
    },
    stop: async () => {
      await session.stop();
      return null;
    },
    look: () => ({
      ...session.state(),
      failure: session.failure ? place.describe(session.failure) : null,
    }),
    showSent: () => {
      const { topic, firstSentAt } = session.state();
      if (topic !== null && firstSentAt !== null) place.showSent(topic, firstSentAt);
      return null;
    },
  };
}

/** Follows an update of a pipeline by its events, each once, also one that comes to the log late. */
import { throwIfCancelled, UserError } from '../errors.ts';
import { t } from '../l10n.ts';
import { systemClock, type Clock } from '../pacer.ts';
import { createPatience } from './passing.ts';
import type { PipelineEvent, Pipelines, PipelineUpdate } from './ports.ts';
import { isOver, updateState } from './stateText.ts';

const POLL_MS = 3000;
/** Events may be seen this much later than others that carry a later time. */
const LATE_MS = 15_000;
/** The last events of an update come to the log after its state. */
const LAST_LOOKS = 2;

export interface UpdateNews {
  readonly update: PipelineUpdate;
  /** New ones, in the order of the log. */
  readonly events: readonly PipelineEvent[];
  /** Nothing more comes. */
  readonly over: boolean;
}

const moment = (ms: number): string => new Date(ms).toISOString();

/** One that was started a moment ago may not be told yet. */
const FIRST_LOOKS = 5;

interface FollowOptions {
  readonly clock?: Pick<Clock, 'sleep'>;
  /** It was started a moment ago. */
  readonly isNew?: boolean;
}

/**
 * Gives news as they come, at first all that is there. A workspace that does not answer for a while is waited for.
 * Throws UserError `unknown-update`, Cancelled.
 */
export async function* followUpdate(
  pipelines: Pick<Pipelines, 'update' | 'events'>,
  pipeline: string,
  updateId: string,
  signal: AbortSignal,
  { clock = systemClock, isNew = false }: FollowOptions = {},
): AsyncGenerator<UpdateNews> {
  const patience = createPatience();
  const seen = new Set<string>();
  let newestMs = 0;
  let looksLeft = LAST_LOOKS;
  let missesLeft = isNew ? FIRST_LOOKS : 0;

  /** New events since the newest one; `past`: the log goes on with later updates. */
  const read = async (update: PipelineUpdate, ended: boolean, events: PipelineEvent[]): Promise<boolean> => {
    const from = Math.max(update.createdMs, newestMs) - LATE_MS;
    for await (const page of pipelines.events(pipeline, moment(from))) {
      throwIfCancelled(signal);
      let past = false;
      for (const event of page) {
        // The log is the whole pipeline's, and goes on with later updates.
        if (event.updateId !== updateId) {
          past ||= ended && newestMs > 0 && Date.parse(event.timestamp) > newestMs + LATE_MS;
          continue;
        }
        newestMs = Math.max(newestMs, Date.parse(event.timestamp));
        if (seen.has(event.id)) continue;
        seen.add(event.id);
        events.push(event);
      }
      if (past) return true;
    }
    return false;
  };

  for (;;) {
    throwIfCancelled(signal);
    const events: PipelineEvent[] = [];
    let update: PipelineUpdate | undefined;
    let over = false;
    try {
      // The state is asked first: what it ended with is in the events that are read after it.
      update = await pipelines.update(pipeline, updateId);
      if (!update && missesLeft === 0) {
        throw new UserError('unknown-update', t('This update is not there any more.'), {
          hint: t('A workspace keeps updates and their events for a while only.'),
        });
      }
      missesLeft = update ? 0 : missesLeft - 1;
      if (update) {
        const ended = isOver(updateState(update.state));
        const past = await read(update, ended, events);
        if (ended) looksLeft = past || events.length === 0 ? looksLeft - 1 : LAST_LOOKS - 1;
        over = ended && (past || looksLeft <= 0);
      }
      patience.good();
    } catch (error) {
      if (!patience.bears(error)) throw error;
    }
    if (update) yield { update, events, over };
    if (over) return;
    await clock.sleep(POLL_MS, signal);
  }
}

/** A schema change before it is made: which stored messages the draft cannot read, and what of the pipeline breaks. */
import type { Draft } from './drafts.ts';
import { throwIfCancelled, UserError } from './errors.ts';
import type { OnEvent } from './events.ts';
import { t } from './l10n.ts';
import { createOffsetRuns, type OffsetRun, type OffsetRuns } from './offsetRuns.ts';
import type { Impact } from './pipelineImpact.ts';
import { createProgress } from './progress.ts';
import { createJudges, undecodable } from './rehearsalJudges.ts';
import type { Found, Judge, Kind, TriedCluster } from './rehearsalJudges.ts';
import type { SchemaChange } from './schemaDiff.ts';
import type { SchemaType } from './schemas.ts';
import type { RawMessage, ReadStart } from './topics.ts';

export interface RehearsalOptions {
  readonly draft: Draft;
  readonly topic: string;
  /** Only so many of the newest messages; without it all. */
  readonly limit?: number;
}

/** Messages that meet the same trouble. */
export interface Trouble extends Found {
  /** The schema that wrote them; null when they name none. */
  readonly schemaId: number | null;
  readonly messages: number;
  readonly places: readonly OffsetRun[];
  /** Whether `places` leaves some out. */
  readonly placesCut: boolean;
}

export interface WriterCount {
  readonly schemaId: number | null;
  readonly messages: number;
  readonly readable: number;
  readonly different: number;
  readonly unreadable: number;
  readonly undecodable: number;
}

/** messages = readable + different + unreadable + undecodable + empty. */
export interface Rehearsal {
  readonly subject: string;
  /** Of the draft. */
  readonly type: SchemaType;
  readonly topic: string;
  /** Messages of the topic, and those of them that were tried. */
  readonly inTopic: number;
  readonly messages: number;
  /** As they were written. */
  readonly readable: number;
  /** Read, but as another value. */
  readonly different: number;
  readonly unreadable: number;
  /** Not readable today either. */
  readonly undecodable: number;
  /** Without a value. */
  readonly empty: number;
  readonly writers: readonly WriterCount[];
  /** The most messages first. */
  readonly troubles: readonly Trouble[];
  /** Against the newest version of the subject; none for what is not Avro. */
  readonly changes: readonly SchemaChange[];
  readonly pipeline: readonly Impact[];
}

const FRAME_BYTES = 5;

interface Group extends Found {
  readonly schemaId: number | null;
  messages: number;
  readonly places: OffsetRuns;
}

function schemaIdOf(value: Uint8Array): number | undefined {
  if (value[0] !== 0 || value.length < FRAME_BYTES) return undefined;
  return new DataView(value.buffer, value.byteOffset, value.length).getUint32(1);
}

function createTally() {
  // Each trouble of each writer is one object.
  const groups = new Map<Found, Group>();
  const writers = new Map<number | null, Record<Kind, number>>();
  const blank = (): Record<Kind, number> => ({ readable: 0, different: 0, unreadable: 0, undecodable: 0 });
  const total = blank();
  let empty = 0;
  return {
    empty: () => {
      empty += 1;
    },
    trouble: ({ partition, offset }: RawMessage, schemaId: number | null, found: Found) => {
      const group = groups.get(found) ?? { ...found, schemaId, messages: 0, places: createOffsetRuns() };
      groups.set(found, group);
      group.messages += 1;
      group.places.add(partition, offset);
    },
    count: (schemaId: number | null, kind: Kind) => {
      const counts = writers.get(schemaId) ?? blank();
      writers.set(schemaId, counts);
      counts[kind] += 1;
      total[kind] += 1;
    },
    result: () => {
      const sum = (counts: Record<Kind, number>): number =>
        counts.readable + counts.different + counts.unreadable + counts.undecodable;
      return {
        messages: sum(total) + empty,
        ...total,
        empty,
        writers: [...writers]
          .sort(([one], [other]) => (one ?? -1) - (other ?? -1))
          .map(([schemaId, counts]) => ({ schemaId, messages: sum(counts), ...counts })),
        troubles: [...groups.values()]
          .sort((one, other) => other.messages - one.messages)
          .map(({ places, ...rest }) => ({ ...rest, places: places.runs(), placesCut: places.cut() })),
      };
    },
  };
}

/**
 * Reads what is stored and tries the draft on it; changes nothing. Throws UserError `not-values`, `not-a-schema`,
 * `unknown-topic`, and Cancelled.
 */
export async function rehearse(
  cluster: TriedCluster,
  { draft, topic, limit }: RehearsalOptions,
  onEvent: OnEvent,
  signal: AbortSignal,
): Promise<Rehearsal> {
  if (draft.subject.endsWith('-key')) {
    throw new UserError(
      'not-values',
      t('Only the schema of values can be rehearsed; {0} is of keys.', draft.subject),
    );
  }
  const [registry, broker] = await Promise.all([cluster.registry(), cluster.broker()]);
  const { judgeOf, changes, pipeline } = await createJudges(cluster, registry, draft);
  const { messages: inTopic } = await broker.topic(topic);
  const judges = new Map<number, Judge>();
  const tally = createTally();
  const unframed = undecodable(t('it names no schema'));
  const judge = (message: RawMessage, value: Uint8Array): void => {
    const id = schemaIdOf(value);
    const known = id === undefined ? undefined : judges.get(id);
    if (id === undefined || !known) {
      tally.trouble(message, null, unframed);
      tally.count(null, 'undecodable');
      return;
    }
    tally.count(
      id,
      known(value.subarray(FRAME_BYTES), (found) => {
        tally.trouble(message, id, found);
      }),
    );
  };
  const wanted = Math.min(limit ?? Infinity, inTopic);
  const progress = createProgress(onEvent, t('Rehearsing on {0}', topic), t('messages'), wanted);
  const start: ReadStart = limit === undefined ? { from: 'beginning' } : { from: 'newest', count: limit };
  let done = 0;
  for await (const batch of broker.read(topic, start, signal)) {
    throwIfCancelled(signal);
    for (const { value } of batch) {
      const id = value && schemaIdOf(value);
      if (typeof id === 'number' && !judges.has(id)) {
        judges.set(id, await judgeOf(id));
      }
    }
    for (const message of batch) {
      if (message.value === null) tally.empty();
      else judge(message, message.value);
    }
    done += batch.length;
    progress(done);
  }
  return {
    subject: draft.subject,
    type: draft.type,
    topic,
    inTopic,
    ...tally.result(),
    changes,
    pipeline,
  };
}

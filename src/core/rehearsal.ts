/** A schema change before it is made: which stored messages the draft cannot read, and what of the pipeline breaks. */
import { resolve, type Check, type Finding } from './avroResolution.ts';
import { parseAvro, type AvroType } from './avroTypes.ts';
import type { Draft } from './drafts.ts';
import { messageOf, throwIfCancelled, UserError } from './errors.ts';
import type { OnEvent } from './events.ts';
import { t } from './l10n.ts';
import { createOffsetRuns, type OffsetRun, type OffsetRuns } from './offsetRuns.ts';
import { pipelineImpact, type Impact } from './pipelineImpact.ts';
import type { AvroBodies, AvroBodyReader, Lakehouse, SubjectRegistry } from './ports.ts';
import { createProgress } from './progress.ts';
import { diffAvro, type SchemaChange } from './schemaDiff.ts';
import type { RawMessage, ReadStart } from './topics.ts';

export interface RehearsalOptions {
  readonly draft: Draft;
  readonly topic: string;
  /** Only so many of the newest messages; without it all. */
  readonly limit?: number;
}

/** Messages that meet the same trouble. */
export interface Trouble {
  /** `undecodable`: nothing reads them as it is, whatever the draft says. */
  readonly effect: Finding['effect'] | 'undecodable';
  /** The schema that wrote them; null when they name none. */
  readonly schemaId: number | null;
  /** As the draft calls it; empty for the whole. */
  readonly field: string;
  readonly reason: string;
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
  /** Against the newest version of the subject. */
  readonly changes: readonly SchemaChange[];
  readonly pipeline: readonly Impact[];
}

type Kind = 'readable' | Trouble['effect'];
type Found = Pick<Trouble, 'effect' | 'field' | 'reason'>;
/** Tells each trouble of a message once. */
type Judge = (body: Uint8Array, tell: (found: Found) => void) => Kind;

const FRAME_BYTES = 5;
const undecodable = (reason: string): Found => ({ effect: 'undecodable', field: '', reason });

interface Group extends Found {
  readonly schemaId: number | null;
  messages: number;
  readonly places: OffsetRuns;
}

function schemaIdOf(value: Uint8Array): number | undefined {
  if (value[0] !== 0 || value.length < FRAME_BYTES) return undefined;
  return new DataView(value.buffer, value.byteOffset, value.length).getUint32(1);
}

function judgeOf(read: AvroBodyReader, check: Check | undefined, misfit: Found): Judge {
  return (body, tell) => {
    const found = read(body);
    if (!found) {
      tell(misfit);
      return 'undecodable';
    }
    if (!check) return 'readable';
    const met = new Set<Finding>();
    check(found.value, (finding) => met.add(finding));
    let kind: Kind = 'readable';
    for (const finding of met) {
      tell(finding);
      if (kind !== 'unreadable') kind = finding.effect;
    }
    return kind;
  };
}

const never =
  (found: Found): Judge =>
  (_body, tell) => {
    tell(found);
    return 'undecodable';
  };

async function createJudge(
  registry: SubjectRegistry,
  bodies: AvroBodies,
  draft: AvroType,
  id: number,
): Promise<Judge> {
  const writer = await registry.schema(id);
  if (!writer) return never(undecodable(t('the registry has no schema with id {0}', id)));
  if (writer.type !== 'AVRO') return never(undecodable(t('schema {0} is {1}, not Avro', id, writer.type)));
  try {
    const { check } = resolve(parseAvro(writer.schema, writer.references), draft);
    const misfit = undecodable(t('the bytes do not fit the schema'));
    return judgeOf(bodies(writer.schema, writer.references), check, misfit);
  } catch (error) {
    return never(undecodable(t('schema {0} cannot be read: {1}', id, messageOf(error))));
  }
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
 * Reads what is stored and tries the draft on it; changes nothing. Throws UserError `not-avro`, `not-values`,
 * `not-a-schema`, `unknown-topic`, and Cancelled.
 */
export async function rehearse(
  lakehouse: Pick<Lakehouse, 'broker' | 'registry' | 'avroBodies'>,
  { draft, topic, limit }: RehearsalOptions,
  onEvent: OnEvent,
  signal: AbortSignal,
): Promise<Rehearsal> {
  if (draft.type !== 'AVRO') {
    throw new UserError('not-avro', t('Only a change of an Avro schema can be rehearsed.'));
  }
  if (draft.subject.endsWith('-key')) {
    throw new UserError(
      'not-values',
      t('Only the schema of values can be rehearsed; {0} is of keys.', draft.subject),
    );
  }
  const [registry, broker, bodies] = await Promise.all([
    lakehouse.registry(),
    lakehouse.broker(),
    lakehouse.avroBodies(),
  ]);
  const reader = parseAvro(draft.schema, await registry.referenced(draft.references));
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
        judges.set(id, await createJudge(registry, bodies, reader, id));
      }
    }
    for (const message of batch) {
      if (message.value === null) tally.empty();
      else judge(message, message.value);
    }
    done += batch.length;
    progress(done);
  }
  const latest = draft.latest?.type === 'AVRO' ? draft.latest : undefined;
  return {
    subject: draft.subject,
    topic,
    inTopic,
    ...tally.result(),
    changes: latest ? diffAvro(parseAvro(latest.schema, latest.references), reader) : [],
    pipeline: pipelineImpact(draft.subject, reader),
  };
}

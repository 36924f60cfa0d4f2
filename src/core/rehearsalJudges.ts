/** What judges one stored message for a rehearsal: by the schema that wrote it, and the draft. */
import { resolve, type Check, type Finding } from './avroResolution.ts';
import { parseAvro, type AvroType } from './avroTypes.ts';
import type { Draft } from './drafts.ts';
import { messageOf, UserError } from './errors.ts';
import { t } from './l10n.ts';
import { namedSchemas } from './namedSchemas.ts';
import { jsonImpact, pipelineImpact, type Impact } from './pipelineImpact.ts';
import type { AvroBodyReader, Cluster, SubjectRegistry, Trial } from './ports.ts';
import type { JsonSchema } from './jsonSchema.ts';
import { diffAvro, type SchemaChange } from './schemaDiff.ts';
import type { RegisteredSchema } from './schemas.ts';

/** `undecodable`: nothing reads them as it is, whatever the draft says. */
export type Effect = Finding['effect'] | 'undecodable';
export type Kind = 'readable' | Effect;
export interface Found {
  readonly effect: Effect;
  /** As the draft calls it; empty for the whole. */
  readonly field: string;
  readonly reason: string;
}
/** Tells each trouble of a message once; each is one object for all messages that meet it. */
export type Judge = (body: Uint8Array, tell: (found: Found) => void) => Kind;

export interface Judges {
  /** Of the messages that a schema wrote. */
  readonly judgeOf: (schemaId: number) => Promise<Judge>;
  /** Against the newest version of the subject; none for what is not Avro. */
  readonly changes: readonly SchemaChange[];
  readonly pipeline: readonly Impact[];
}

export type TriedCluster = Pick<
  Cluster,
  'broker' | 'registry' | 'avroBodies' | 'jsonTrials' | 'protobufTrials'
>;

/** Troubles of one schema that are told apart; more is for no one to read. */
const MOST_TROUBLES = 500;

export const undecodable = (reason: string): Found => ({ effect: 'undecodable', field: '', reason });

function tellAll(found: Iterable<Found>, tell: (found: Found) => void): Kind {
  let kind: Kind = 'readable';
  for (const one of found) {
    tell(one);
    if (kind !== 'unreadable') kind = one.effect;
  }
  return kind;
}

const always =
  (found: Found): Judge =>
  (_body, tell) =>
    tellAll([found], tell);

function ofAvro(read: AvroBodyReader, check: Check | undefined): Judge {
  const misfit = undecodable(t('the bytes do not fit the schema'));
  return (body, tell) => {
    const found = read(body);
    if (!found) return tellAll([misfit], tell);
    if (!check) return 'readable';
    const met = new Set<Finding>();
    check(found.value, (finding) => met.add(finding));
    return tellAll(met, tell);
  };
}

/** The same object for the same trouble. */
function createSame(): (found: Found) => Found {
  const known = new Map<string, Found>();
  return (found) => {
    const full = known.size >= MOST_TROUBLES;
    const key = JSON.stringify([found.effect, found.field, found.reason]);
    const rest = JSON.stringify([found.effect]);
    const same = known.get(key) ?? (full ? known.get(rest) : undefined);
    if (same) return same;
    const made = full ? { ...found, field: '', reason: t('more reasons than are told apart') } : found;
    known.set(full ? rest : key, made);
    return made;
  };
}

function ofTrial(trial: Trial): Judge {
  const same = createSame();
  return (body, tell) => {
    const tried = trial(body);
    const found = 'problem' in tried ? [undecodable(tried.problem)] : tried.findings;
    return tellAll(new Set(found.map(same)), tell);
  };
}

interface Tried extends Omit<Judges, 'judgeOf'> {
  /** May throw: then nothing reads what the schema wrote. */
  readonly judge: (writer: RegisteredSchema) => Judge;
}

async function tryAvro(cluster: TriedCluster, registry: SubjectRegistry, draft: Draft): Promise<Tried> {
  const bodies = await cluster.avroBodies();
  const reader: AvroType = parseAvro(draft.schema, await registry.referenced(draft.references));
  const latest = draft.latest?.type === 'AVRO' ? draft.latest : undefined;
  return {
    judge: ({ schema, references }) => {
      const { check } = resolve(parseAvro(schema, references), reader);
      return ofAvro(bodies(schema, references), check);
    },
    changes: latest ? diffAvro(parseAvro(latest.schema, latest.references), reader) : [],
    pipeline: pipelineImpact(draft.subject, reader),
  };
}

function compiled<T>(compile: () => T, refuse: (reason: string) => string): T {
  try {
    return compile();
  } catch (error) {
    throw new UserError('not-a-schema', refuse(messageOf(error)), { cause: error });
  }
}

async function tryJson(cluster: TriedCluster, registry: SubjectRegistry, draft: Draft): Promise<Tried> {
  const trials = await cluster.jsonTrials();
  const references = await namedSchemas(registry, draft.references);
  const trial = compiled(
    () => trials(draft.schema, references),
    (reason) => t('This is no JSON Schema: {0}', reason),
  );
  return {
    judge: () => ofTrial(trial),
    changes: [],
    pipeline: jsonImpact(draft.subject, JSON.parse(draft.schema) as JsonSchema),
  };
}

async function tryProtobuf(cluster: TriedCluster, registry: SubjectRegistry, draft: Draft): Promise<Tried> {
  const trials = await cluster.protobufTrials();
  const references = await registry.referenced(draft.references);
  const trialOf = compiled(
    () => trials(draft.schema, references),
    (reason) => t('This is no Protobuf schema: {0}', reason),
  );
  return {
    judge: ({ schema, references: theirs }) => ofTrial(trialOf(schema, theirs)),
    changes: [],
    pipeline: [],
  };
}

/** Throws UserError `not-a-schema`. */
export async function createJudges(
  cluster: TriedCluster,
  registry: SubjectRegistry,
  draft: Draft,
): Promise<Judges> {
  const tryDraft = { AVRO: tryAvro, JSON: tryJson, PROTOBUF: tryProtobuf }[draft.type];
  const { judge, changes, pipeline } = await tryDraft(cluster, registry, draft);
  return {
    changes,
    pipeline,
    judgeOf: async (id) => {
      const writer = await registry.schema(id);
      if (!writer) return always(undecodable(t('the registry has no schema with id {0}', id)));
      if (writer.type !== draft.type) {
        const reason = t('{0} cannot be read as {1}', writer.type, draft.type);
        return always({ effect: 'unreadable', field: '', reason });
      }
      try {
        return judge(writer);
      } catch (error) {
        return always(undecodable(t('schema {0} cannot be read: {1}', id, messageOf(error))));
      }
    },
  };
}

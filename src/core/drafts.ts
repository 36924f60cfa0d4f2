/** A schema that is not registered yet, and what the versions that are there say of it. */
import { resolve } from './avroResolution.ts';
import { parseAvro } from './avroTypes.ts';
import { isUserError } from './errors.ts';
import type { SubjectRegistry } from './ports.ts';
import { diffAvro, type SchemaChange } from './schemaDiff.ts';
import type { CompatibilityLevel, SchemaReference, SchemaType, SubjectVersion, Verdict } from './schemas.ts';

export interface Draft {
  readonly subject: string;
  readonly type: SchemaType;
  readonly schema: string;
  readonly references: readonly SchemaReference[];
  /** Of the subject, in their order; none: it is not there yet. */
  readonly versions: readonly SubjectVersion[];
  readonly latest?: SubjectVersion;
}

/** Why an Avro draft does not go with a version. */
export interface Clash {
  readonly version: number;
  /** `backward`: the draft cannot read that version's messages; `forward`: that version cannot read the draft's. */
  readonly direction: 'backward' | 'forward';
  /** Names of fields with points between; empty for the whole. */
  readonly field: string;
  readonly reason: string;
}

export interface DraftCheck extends Verdict {
  readonly level: CompatibilityLevel;
  /** Who gave the verdict: the registry, or core, where the registry cannot. */
  readonly by: 'registry' | 'core';
  readonly clashes: readonly Clash[];
  /** Against the newest version; none for what is not Avro. */
  readonly changes: readonly SchemaChange[];
}

async function versionsOf(registry: SubjectRegistry, subject: string): Promise<readonly SubjectVersion[]> {
  try {
    return await registry.versions(subject);
  } catch (error) {
    if (isUserError(error) && error.code === 'unknown-subject') return [];
    throw error;
  }
}

/** Without `references` it refers to what the newest version refers to. */
export async function createDraft(
  registry: SubjectRegistry,
  given: Pick<Draft, 'subject' | 'type' | 'schema'> & { readonly references?: readonly SchemaReference[] },
): Promise<Draft> {
  const versions = await versionsOf(registry, given.subject);
  const latest = versions.at(-1);
  return {
    ...given,
    references: given.references ?? latest?.refersTo ?? [],
    versions,
    ...(latest ? { latest } : {}),
  };
}

/** The versions that a level holds a draft against. */
function comparedWith({ versions, latest }: Draft, level: CompatibilityLevel): readonly SubjectVersion[] {
  if (level === 'NONE' || !latest) return [];
  return level.endsWith('_TRANSITIVE') ? versions : [latest];
}

function clashesOf(draft: Draft, references: readonly string[], level: CompatibilityLevel): readonly Clash[] {
  const mine = parseAvro(draft.schema, references);
  const backward = /^(BACKWARD|FULL)/.test(level);
  const forward = /^(FORWARD|FULL)/.test(level);
  return comparedWith(draft, level)
    .filter(({ type }) => type === 'AVRO')
    .flatMap(({ version, schema, references: theirs }) => {
      const other = parseAvro(schema, theirs);
      const found = [
        ...(backward ? resolve(other, mine).findings.map((one) => ({ direction: 'backward', ...one })) : []),
        ...(forward ? resolve(mine, other).findings.map((one) => ({ direction: 'forward', ...one })) : []),
      ] as const;
      return found
        .filter(({ effect }) => effect === 'unreadable')
        .map(({ direction, field, reason }) => ({
          version,
          direction: direction as Clash['direction'],
          field,
          reason,
        }));
    });
}

async function verdictOf(registry: SubjectRegistry, draft: Draft): Promise<Verdict | undefined> {
  try {
    return await registry.check(draft.subject, draft.type, draft.schema, draft.references);
  } catch (error) {
    if (isUserError(error) && error.code === 'check-unsupported' && draft.type === 'AVRO') return undefined;
    throw error;
  }
}

/**
 * Asks the registry, and finds out why: it may say no without a reason. Changes nothing. Throws UserError `not-a-schema`,
 * `check-unsupported`.
 */
export async function checkDraft(registry: SubjectRegistry, draft: Draft): Promise<DraftCheck> {
  const level = await registry.compatibility(draft.subject);
  const verdict = await verdictOf(registry, draft);
  if (draft.type !== 'AVRO') {
    return { compatible: true, messages: [], ...verdict, level, by: 'registry', clashes: [], changes: [] };
  }
  const references = await registry.referenced(draft.references);
  const clashes = clashesOf(draft, references, level);
  const { latest } = draft;
  return {
    ...(verdict ?? { compatible: clashes.length === 0, messages: [] }),
    level,
    by: verdict ? 'registry' : 'core',
    clashes,
    changes:
      latest?.type === 'AVRO'
        ? diffAvro(parseAvro(latest.schema, latest.references), parseAvro(draft.schema, references))
        : [],
  };
}

/** What becomes of a value when a schema reads it that did not write it: the resolution of the Avro specification. */
import { branchName, simpleName, typeText } from './avroTypes.ts';
import type { AvroEnum, AvroRecord, AvroType, AvroUnion, Logical, PrimitiveName } from './avroTypes.ts';
import { fromTwosComplement } from './decimal.ts';
import { t } from './l10n.ts';

export interface Finding {
  /** `unreadable`: not at all; `different`: as another value than the one that was written. */
  readonly effect: 'unreadable' | 'different';
  /** Names of fields with points between, as the reader has them; empty for the whole value. */
  readonly field: string;
  readonly reason: string;
}

type Tell = (finding: Finding) => void;
/** Tells what is wrong with one value; each finding is one object for all values that meet it. */
export type Check = (value: unknown, tell: Tell) => void;

export interface Resolution {
  /** For values as the writer's schema reads them, unions as `{ branch: value }`; undefined: all are well. */
  readonly check?: Check;
  /** All that a value may meet. */
  readonly findings: readonly Finding[];
}

interface Work {
  readonly findings: Finding[];
  /**
   * Pairs of records that were met, each compiled once: one that holds itself meets itself, and types that many share
   * would be compiled once for each way to them. What is found names the first way.
   */
  readonly known: Map<AvroRecord, Map<AvroRecord, { check?: Check }>>;
}

const PROMOTIONS: Readonly<Partial<Record<PrimitiveName, readonly PrimitiveName[]>>> = {
  int: ['long', 'float', 'double'],
  long: ['float', 'double'],
  float: ['double'],
  string: ['bytes'],
  bytes: ['string'],
};

function namesMatch(
  writer: { readonly name: string },
  reader: { readonly name: string; readonly aliases: readonly string[] },
): boolean {
  return [reader.name, ...reader.aliases].some((name) => simpleName(name) === simpleName(writer.name));
}

/** Whether the reader takes such a value at all; what is inside is not looked at. */
function takes(writer: AvroType, reader: AvroType): boolean {
  if (writer.kind === 'primitive' && reader.kind === 'primitive') {
    return writer.name === reader.name || (PROMOTIONS[writer.name]?.includes(reader.name) ?? false);
  }
  if (writer.kind === 'fixed' && reader.kind === 'fixed') {
    return writer.size === reader.size && namesMatch(writer, reader);
  }
  if (writer.kind === 'enum' && reader.kind === 'enum') return namesMatch(writer, reader);
  if (writer.kind === 'record' && reader.kind === 'record') return namesMatch(writer, reader);
  return writer.kind === reader.kind;
}

/** The branch that is the same, else the first that takes it. */
function branchFor(writer: AvroType, { branches }: AvroUnion): AvroType | undefined {
  const same = branches.find((branch) => branchName(branch) === branchName(writer) && takes(writer, branch));
  return same ?? branches.find((branch) => takes(writer, branch));
}

const logicalOf = (type: AvroType): Logical | undefined => ('logical' in type ? type.logical : undefined);

/** The same bytes under another logical type are another value. */
function ofLogical(writer: AvroType, reader: AvroType, path: string, work: Work): Check | undefined {
  const before = logicalOf(writer);
  const after = logicalOf(reader);
  const different = (): Check =>
    fail(work, 'different', path, t('{0} is read as {1}', typeText(writer), typeText(reader)));
  if (before?.name !== after?.name) {
    // Ids and texts are the same text.
    return (before ?? after)?.name === 'uuid' && (after ?? before)?.name === 'uuid' ? undefined : different();
  }
  if (before?.name !== 'decimal' || !after) return undefined;
  if (before.scale !== after.scale) return different();
  if (before.precision <= after.precision) return undefined;
  const limit = 10n ** BigInt(after.precision);
  const check = different();
  return (value, tell) => {
    const unscaled = fromTwosComplement(value as Uint8Array);
    if (unscaled >= limit || unscaled <= -limit) check(value, tell);
  };
}

function fail(work: Work, effect: Finding['effect'], field: string, reason: string): Check {
  const finding: Finding = { effect, field, reason };
  work.findings.push(finding);
  return (_value, tell) => {
    tell(finding);
  };
}

/** A number of more digits than the wider type holds is read as its neighbour. */
function ofWidening(writer: AvroType, reader: AvroType, path: string, work: Work): Check | undefined {
  if (writer.kind !== 'primitive' || reader.kind !== 'primitive') return undefined;
  if (writer.name !== 'int' && writer.name !== 'long') return undefined;
  if (reader.name !== 'float' && reader.name !== 'double') return undefined;
  // A double holds every int.
  if (writer.name === 'int' && reader.name === 'double') return undefined;
  const read = reader.name === 'float' ? Math.fround : Number;
  const reason = t('{0} has more digits than {1} holds', writer.name, reader.name);
  const check = fail(work, 'different', path, reason);
  return (value, tell) => {
    const whole = BigInt(value as bigint | number);
    if (BigInt(read(Number(whole))) !== whole) check(value, tell);
  };
}

function ofUnion(writer: AvroUnion, reader: AvroType, path: string, work: Work): Check | undefined {
  const checks = new Map<string, Check>();
  for (const branch of writer.branches) {
    const check = compile(branch, reader, path, work);
    if (check) checks.set(branchName(branch), check);
  }
  if (checks.size === 0) return undefined;
  return (value, tell) => {
    const [name, inner] = value === null ? ['null', null] : (Object.entries(value as object)[0] ?? ['null']);
    checks.get(name)?.(inner, tell);
  };
}

function ofEnum(writer: AvroEnum, reader: AvroEnum, path: string, work: Work): Check | undefined {
  const missing = writer.symbols.filter((symbol) => !reader.symbols.includes(symbol));
  if (missing.length === 0) return undefined;
  const { default: fallback } = reader;
  const checks = new Map(
    missing.map((symbol) => [
      symbol,
      fallback === undefined
        ? fail(work, 'unreadable', path, t('the symbol {0} is gone, and there is no default', symbol))
        : fail(work, 'different', path, t('the symbol {0} is gone, and is read as {1}', symbol, fallback)),
    ]),
  );
  return (value, tell) => {
    checks.get(value as string)?.(value, tell);
  };
}

function ofFields(writer: AvroRecord, reader: AvroRecord, path: string, work: Work): Check | undefined {
  const always: Check[] = [];
  const inside: { readonly name: string; readonly check: Check }[] = [];
  for (const field of reader.fields) {
    const at = path === '' ? field.name : `${path}.${field.name}`;
    const names = [field.name, ...field.aliases];
    const written = names
      .map((name) => writer.fields.find((one) => one.name === name))
      .find((one) => one !== undefined);
    if (written) {
      const check = compile(written.type, field.type, at, work);
      if (check) inside.push({ name: written.name, check });
    } else if (field.default === undefined) {
      always.push(fail(work, 'unreadable', at, t('it was not written, and there is no default')));
    }
  }
  if (always.length + inside.length === 0) return undefined;
  return (value, tell) => {
    for (const check of always) check(value, tell);
    for (const { name, check } of inside) check((value as Record<string, unknown>)[name], tell);
  };
}

function ofRecord(writer: AvroRecord, reader: AvroRecord, path: string, work: Work): Check | undefined {
  const readers = work.known.get(writer) ?? new Map<AvroRecord, { check?: Check }>();
  work.known.set(writer, readers);
  const open = readers.get(reader);
  if (open) return (value, tell) => open.check?.(value, tell);
  const holder: { check?: Check } = {};
  readers.set(reader, holder);
  const check = ofFields(writer, reader, path, work);
  if (check) holder.check = check;
  return check;
}

function compile(writer: AvroType, reader: AvroType, path: string, work: Work): Check | undefined {
  if (writer.kind === 'union') return ofUnion(writer, reader, path, work);
  if (reader.kind === 'union') {
    const branch = branchFor(writer, reader);
    if (branch) return compile(writer, branch, path, work);
  }
  if (!takes(writer, reader)) {
    const reason = t('{0} cannot be read as {1}', typeText(writer), typeText(reader));
    return fail(work, 'unreadable', path, reason);
  }
  if (writer.kind === 'record' && reader.kind === 'record') return ofRecord(writer, reader, path, work);
  if (writer.kind === 'enum' && reader.kind === 'enum') return ofEnum(writer, reader, path, work);
  if (writer.kind === 'array' && reader.kind === 'array') {
    const check = compile(writer.items, reader.items, path, work);
    return (
      check &&
      ((value, tell) => {
        for (const item of value as unknown[]) check(item, tell);
      })
    );
  }
  if (writer.kind === 'map' && reader.kind === 'map') {
    const check = compile(writer.values, reader.values, path, work);
    return (
      check &&
      ((value, tell) => {
        for (const item of Object.values(value as object)) check(item, tell);
      })
    );
  }
  return ofLogical(writer, reader, path, work) ?? ofWidening(writer, reader, path, work);
}

/** How the reader's schema reads what the writer's wrote. */
export function resolve(writer: AvroType, reader: AvroType): Resolution {
  const work: Work = { findings: [], known: new Map() };
  const check = compile(writer, reader, '', work);
  return { findings: work.findings, ...(check ? { check } : {}) };
}

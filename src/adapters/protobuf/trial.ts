/** What a draft makes of the messages that another Protobuf schema wrote, by the bytes that stand in each. */
import type { Finding } from '../../core/avroResolution.ts';
import { t } from '../../core/l10n.ts';
import type { ProtobufTrials } from '../../core/ports.ts';
import { bufferOf } from '../reading.ts';
import { readMessage } from './message.ts';
import type { FieldPlan, Holds, MessagePlan } from './plan.ts';
import { openProtobuf, problemOf, type OpenSchema } from './reader.ts';
import { BYTES, GROUP, Unfit, WireReader } from './wire.ts';

type Tell = (effect: Finding['effect'], field: string, reason: string) => void;
type Scalar = Extract<Holds, { kind: 'scalar' }>;
/** The same number in both schemas. */
interface Pair {
  readonly before: FieldPlan;
  readonly after: FieldPlan;
}

const fieldOf = ({ fields, byNumber }: MessagePlan, number: number): FieldPlan | undefined =>
  fields[byNumber.get(number) ?? -1];

/** The entries of a map have no name of their own, and are called as the map. */
const join = (path: string, { name }: FieldPlan, owner: MessagePlan): string =>
  owner.name === '' ? path : path === '' ? name : `${path}.${name}`;

function typeOf({ holds, repeated }: FieldPlan): string {
  if (holds.kind === 'map') {
    const [key, value] = holds.entry.fields;
    return `map<${key ? typeOf(key) : ''}, ${value ? typeOf(value) : ''}>`;
  }
  const type = holds.kind === 'message' ? holds.plan().name : holds.type;
  return repeated ? `repeated ${type}` : type;
}

/** Whether a value of this wire type is one of the field. */
function takes({ holds, repeated }: FieldPlan, wire: number): boolean {
  if (holds.kind === 'map') return wire === BYTES;
  if (holds.kind === 'message') return wire === (holds.delimited ? GROUP : BYTES);
  return wire === holds.scalar.wire || (repeated && wire === BYTES);
}

/** Several where they are packed. Throws {@link Unfit}. */
function scalarsIn({ scalar }: Scalar, wire: number, raw: Buffer): readonly unknown[] {
  const reader = new WireReader(raw);
  if (wire === scalar.wire) return [scalar.read(reader)];
  const packed = new WireReader(reader.bytes());
  const held: unknown[] = [];
  while (!packed.done) held.push(scalar.read(packed));
  return held;
}

/** Alike for values that are the same, whatever type holds them. */
function comparable(held: unknown): unknown {
  if (typeof held === 'boolean') return BigInt(held);
  if (typeof held === 'number') return Number.isInteger(held) ? BigInt(held) : held;
  // Text is its bytes in UTF-8.
  if (typeof held === 'string') return Buffer.from(held).toString('latin1');
  return held instanceof Uint8Array ? bufferOf(held).toString('latin1') : held;
}

/** Of a number of an enum. */
function nameOf({ scalar, values }: Scalar, held: unknown): string | undefined {
  const name = values && scalar.plain(held);
  return typeof name === 'string' ? name : undefined;
}

/** What is said of a value that the draft reads otherwise; undefined: it is the same. */
function otherwise(before: Scalar, was: unknown, after: Scalar, is: unknown): string | undefined {
  if (!Object.is(comparable(was), comparable(is))) return t('{0} is read as {1}', before.type, after.type);
  if (!after.values) return undefined;
  const name = nameOf(after, is);
  const old = nameOf(before, was);
  // The writer's schema has no name for it either.
  if (before.values && old === undefined) return undefined;
  if (name === undefined) {
    return old === undefined
      ? t('the number {0} has no name in the draft', String(is))
      : t('the number {0} ({1}) has no name in the draft', String(is), old);
  }
  // One number may have several names.
  if (old === undefined || after.values[old] === is) return undefined;
  return t('{0} is read as {1}', old, name);
}

const planOf = (holds: Exclude<Holds, Scalar>): MessagePlan =>
  holds.kind === 'map' ? holds.entry : holds.plan();

function compareValue({ before, after }: Pair, wire: number, raw: Buffer, path: string, tell: Tell): void {
  const [one, other] = [before.holds, after.holds];
  const another = (): string => t('{0} is read as {1}', typeOf(before), typeOf(after));
  if (one.kind !== 'scalar' && other.kind !== 'scalar') {
    const reader = new WireReader(raw);
    const bytes = wire === GROUP ? reader.group() : reader.bytes();
    compareMessage(planOf(one), planOf(other), bytes, path, tell);
    return;
  }
  if (one.kind !== 'scalar' || other.kind !== 'scalar') {
    tell('different', path, another());
    return;
  }
  if (one.type === other.type && !other.values) return;
  const held = scalarsIn(one, wire, raw);
  let read: readonly unknown[];
  try {
    read = scalarsIn(other, wire, raw);
  } catch (error) {
    if (!(error instanceof Unfit)) throw error;
    tell('unreadable', path, reasonOf(error));
    return;
  }
  if (held.length !== read.length) {
    tell('different', path, another());
    return;
  }
  for (const [index, was] of held.entries()) {
    const reason = otherwise(one, was, other, read[index]);
    if (reason !== undefined) tell('different', path, reason);
  }
}

/** An enum that is not set is read as its first name. */
function compareUnset({ before, after }: Pair, path: string, tell: Tell): void {
  if (!before.implicit || !after.implicit) return;
  if (before.holds.kind !== 'scalar' || after.holds.kind !== 'scalar') return;
  const [one, other] = [before.holds, after.holds];
  if (!one.values || !other.values || one.scalar.zero === other.scalar.zero) return;
  if (other.values[String(one.scalar.zero)] === one.values[String(one.scalar.zero)]) return;
  tell('different', path, t('{0} is read as {1}', String(one.scalar.zero), String(other.scalar.zero)));
}

/** Fields that the writer's schema does not know are lost today too, and are passed over. */
function compareMessage(
  writer: MessagePlan,
  draft: MessagePlan,
  bytes: Buffer,
  path: string,
  tell: Tell,
): void {
  const times = new Map<number, number>();
  /** Of the draft's fields in a oneof: those that hold a value so far. */
  const chosen = new Set<number>();
  const reader = new WireReader(bytes);
  while (!reader.done) {
    const tag = reader.varint32();
    const [number, wire] = [tag >>> 3, tag & 7];
    const raw = reader.raw(wire);
    const before = fieldOf(writer, number);
    const after = fieldOf(draft, number);
    if (!before) continue;
    if (!after) {
      tell(
        'different',
        join(path, before, writer),
        t('the draft does not know field {0}: its value is lost', number),
      );
      continue;
    }
    const at = join(path, after, draft);
    times.set(number, (times.get(number) ?? 0) + 1);
    if (before.name !== after.name && before.name !== '' && writer.name !== '') {
      tell('different', at, t('it was called {0}', before.name));
    }
    if (!takes(after, wire)) {
      tell('unreadable', at, t('{0} cannot be read as {1}', typeOf(before), typeOf(after)));
      continue;
    }
    compareValue({ before, after }, wire, raw, at, tell);
    if (before.repeated && !after.repeated && after.holds.kind !== 'map' && times.get(number) === 2) {
      tell('different', at, t('only the last of its values is read'));
    }
    const place = draft.byNumber.get(number) ?? -1;
    for (const other of after.others) {
      const gone = draft.fields[other];
      if (!gone || !chosen.delete(other)) continue;
      if (before.others.some((one) => writer.fields[one]?.number === gone.number)) continue;
      tell('different', join(path, gone, draft), t('only one of {0} is kept', after.oneof ?? ''));
    }
    if (after.others.length > 0) chosen.add(place);
  }
  for (const after of draft.fields) {
    const before = times.has(after.number) ? undefined : fieldOf(writer, after.number);
    if (before) compareUnset({ before, after }, join(path, after, draft), tell);
  }
}

function reasonOf({ why }: Unfit): string {
  switch (why) {
    case 'utf8':
      return t('it is not UTF-8 text');
    case 'missing':
      return t('it is required, and missing');
    case 'deep':
      return t('it lies too deep');
    case 'ends':
    case 'type':
    case 'tag':
      return t('its bytes do not fit the draft');
  }
}

/** Why the bytes are no such message; undefined: they are one. */
function misfit(plan: MessagePlan, bytes: Uint8Array, { planNamed }: OpenSchema): Unfit | undefined {
  try {
    readMessage(plan, bytes, { notes: undefined, planNamed });
    return undefined;
  } catch (error) {
    if (error instanceof Unfit) return error;
    throw error;
  }
}

/**
 * A message is held against the draft's of the same name, else against the one at the same place. What a type of another
 * wire type would find is `unreadable`, though some readers pass over it as they do over what they do not know.
 */
export const createProtobufTrials: ProtobufTrials = (draft, references = []) => {
  const reader = openProtobuf(draft, references);
  return (writer, theirs = []) => {
    const written = openProtobuf(writer, theirs);
    return (body) => {
      const opened = written.open(body);
      if ('problem' in opened) return { problem: opened.problem.reason };
      const { bytes, indexes } = opened;
      const torn = misfit(opened.plan, bytes, written);
      if (torn) return { problem: problemOf(torn).reason };
      const findings: Finding[] = [];
      const tell: Tell = (effect, field, reason) => findings.push({ effect, field, reason });
      const plan = reader.planNamed(opened.plan.name) ?? reader.planAt(indexes);
      if (!plan) {
        tell('unreadable', '', t('the draft has no message {0}', opened.plan.name));
        return { findings };
      }
      if (plan.name !== opened.plan.name) {
        tell('different', '', t('the message {0} is called {1} in the draft', opened.plan.name, plan.name));
      }
      compareMessage(opened.plan, plan, bufferOf(bytes), '', tell);
      // What the values alone do not tell: a field that is required, a text within what was bytes.
      const unfit = findings.some(({ effect }) => effect === 'unreadable')
        ? undefined
        : misfit(plan, bytes, reader);
      if (unfit) {
        const names = unfit.steps.filter((step): step is string => typeof step === 'string');
        tell('unreadable', names.join('.'), reasonOf(unfit));
      }
      return { findings };
    };
  };
};

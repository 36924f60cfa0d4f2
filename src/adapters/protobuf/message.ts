/** Reads the bytes of a message into a document. */
import { bufferOf, entryPath, fieldPath, itemPath, type Notes } from '../reading.ts';
import { knownShape } from './knownMessages.ts';
import type { FieldPlan, Holds, MessagePlan } from './plan.ts';
import { BYTES, GROUP, Unfit, WireReader } from './wire.ts';

/** As deep as the other libraries of Protobuf go. */
const MOST_DEPTH = 100;
const NOTHING = Buffer.alloc(0);
const ANY = 'google.protobuf.Any';

/** What is at hand while a body is read. */
export interface Context {
  readonly notes: Notes | undefined;
  /** The message of a name, for google.protobuf.Any. */
  readonly planNamed: (name: string) => MessagePlan | undefined;
}

/** Where in the document; the path is kept only where it is noted. */
interface Place {
  readonly path: string;
  readonly depth: number;
}
const ROOT: Place = { path: '', depth: 0 };

/** Tells an error where it happened. */
function within<T>(step: Unfit['steps'][number], read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unfit) error.steps.unshift(step);
    throw error;
  }
}

/** What came for a field so far and now: a scalar's value, a message's bytes; a list where there can be many. */
function collect({ holds, repeated }: FieldPlan, before: unknown, wire: number, reader: WireReader): unknown {
  const list = (before ?? []) as unknown[];
  if (holds.kind !== 'scalar') {
    const delimited = holds.kind === 'message' && holds.delimited;
    if (wire !== (delimited ? GROUP : BYTES)) throw new Unfit('type');
    const bytes = delimited ? reader.group() : reader.bytes();
    // A message that comes in parts: one after the other they are the whole.
    if (!repeated && holds.kind === 'message') {
      return before === undefined ? bytes : Buffer.concat([before as Buffer, bytes]);
    }
    list.push(bytes);
    return list;
  }
  const { scalar } = holds;
  if (wire === scalar.wire) {
    if (!repeated) return scalar.read(reader);
    list.push(scalar.read(reader));
    return list;
  }
  if (!repeated || wire !== BYTES) throw new Unfit('type');
  const packed = new WireReader(reader.bytes());
  while (!packed.done) list.push(scalar.read(packed));
  return list;
}

/** What the bytes hold for each field, by its place. */
function gather(plan: MessagePlan, bytes: Buffer, { notes }: Context): readonly unknown[] {
  const held: unknown[] = [];
  const reader = new WireReader(bytes);
  let current: FieldPlan | undefined;
  try {
    while (!reader.done) {
      current = undefined;
      const tag = reader.varint32();
      if (tag >>> 3 === 0) throw new Unfit('tag');
      const place = plan.byNumber.get(tag >>> 3);
      current = place === undefined ? undefined : plan.fields[place];
      if (place === undefined || !current) {
        reader.skip(tag & 7);
        if (notes) notes.unknownFields += 1;
        continue;
      }
      held[place] = collect(current, held[place], tag & 7, reader);
      for (const other of current.others) held[other] = undefined;
    }
  } catch (error) {
    if (error instanceof Unfit && current) error.steps.unshift(current.name);
    throw error;
  }
  return held;
}

function readOne(holds: Holds, held: unknown, { path, depth }: Place, context: Context): unknown {
  if (holds.kind === 'message') {
    return readMessage(holds.plan(), held as Buffer, context, { path, depth: depth + 1 });
  }
  if (holds.kind === 'map') {
    return Object.fromEntries(
      (held as readonly Buffer[]).map((bytes) => readEntry(holds.entry, bytes, { path, depth }, context)),
    );
  }
  const { scalar, type } = holds;
  const value = scalar.plain(held);
  if (scalar.underlying && context.notes) {
    context.notes.add({ path, type, readable: String(value), underlying: scalar.underlying(held) });
  }
  return value;
}

function readEntry(
  entry: MessagePlan,
  bytes: Buffer,
  { path, depth }: Place,
  context: Context,
): readonly [string, unknown] {
  const [key, value] = entry.fields;
  const [heldKey, heldValue] = gather(entry, bytes, context);
  if (key?.holds.kind !== 'scalar' || !value) throw new TypeError('a map without key and value');
  const { scalar } = key.holds;
  const name = String(heldKey === undefined ? scalar.zero : scalar.plain(heldKey));
  if (heldValue === undefined && value.holds.kind === 'scalar') return [name, value.holds.scalar.zero];
  const place = { path: context.notes ? entryPath(path, name) : '', depth };
  return [name, within({ key: name }, () => readOne(value.holds, heldValue ?? NOTHING, place, context))];
}

function readField(field: FieldPlan, held: unknown, { path, depth }: Place, context: Context): unknown {
  const { holds, name, repeated } = field;
  const own = { path: context.notes ? fieldPath(path, name) : '', depth };
  if (!repeated) return readOne(holds, held, own, context);
  return (held as readonly unknown[]).map((item, index) =>
    within(index, () => readOne(holds, item, { path: itemPath(own.path, index), depth }, context)),
  );
}

function readFields(
  plan: MessagePlan,
  bytes: Buffer,
  context: Context,
  place: Place,
): Record<string, unknown> {
  const held = gather(plan, bytes, context);
  const entries: (readonly [string, unknown])[] = [];
  for (const [index, field] of plan.fields.entries()) {
    const { name, holds } = field;
    if (held[index] !== undefined) {
      entries.push([name, within(name, () => readField(field, held[index], place, context))]);
    } else if (field.required) {
      within(name, () => {
        throw new Unfit('missing');
      });
    } else if (field.implicit && holds.kind === 'scalar') entries.push([name, holds.scalar.zero]);
  }
  // A field may have any name, also one that an object has by itself.
  return Object.fromEntries(entries);
}

/** A message of any type, where the schema knows it. */
function readAny(
  fields: Readonly<Record<string, unknown>>,
  context: Context,
  { path, depth }: Place,
): unknown {
  const { type_url: url, value } = fields;
  if (typeof url !== 'string' || typeof value !== 'string') return fields;
  const plan = context.planNamed(url.slice(url.lastIndexOf('/') + 1));
  if (!plan) return { '@type': url, value };
  const bytes = Buffer.from(value, 'base64');
  const inner = readMessage(plan, bytes, context, { path, depth: depth + 1 });
  return knownShape(plan.name) || plan.name === ANY
    ? { '@type': url, value: inner }
    : { '@type': url, ...(inner as object) };
}

/**
 * A document with the schema's own field names: what is set, and of the fields that cannot tell "not set" from their
 * default (scalars of proto3) that default too; lists, maps and messages only where they are set. Whole numbers of 64
 * bits as text, bytes in base64, enums by name, well-known types as the JSON mapping of Protobuf writes them.
 * Throws {@link Unfit}.
 */
export function readMessage(plan: MessagePlan, bytes: Uint8Array, context: Context, place = ROOT): unknown {
  if (place.depth > MOST_DEPTH) throw new Unfit('deep');
  const shape = knownShape(plan.name);
  const body = bufferOf(bytes);
  if (plan.name === ANY) {
    return readAny(readFields(plan, body, { ...context, notes: undefined }, place), context, place);
  }
  if (!shape) return readFields(plan, body, context, place);
  const fields = readFields(plan, body, { ...context, notes: undefined }, place);
  const known = shape(fields);
  if (!known) return fields;
  const { value, note } = known;
  if (note && context.notes) {
    context.notes.add({ path: place.path, type: plan.name, readable: String(value), ...note });
  }
  return value;
}

/** Writes documents as the Protobuf serializer of the registry does: the message's place in the schema, then the message. */
import { Writer } from 'protobufjs';
import { t } from '../../core/l10n.ts';
import { expected, isExactNumber, type DraftFinding, type DraftPath } from '../../core/outgoing.ts';
import type { PartWriter } from '../encode/partWriter.ts';
import { protobufJsonSchema } from './jsonSchema.ts';
import { knownDocument } from './knownDocuments.ts';
import { createPlans, type FieldPlan, type Holds, type MessagePlan } from './plan.ts';
import { enumWrite, SCALAR_WRITES, type ScalarWrite } from './scalarWrites.ts';
import { parseProtobuf } from './schema.ts';
import { BYTES, GROUP, GROUP_END } from './wire.ts';

const ANY = 'google.protobuf.Any';
const VALUE = 'google.protobuf.Value';
const NULL_VALUE = 'google.protobuf.NullValue';
/** The first message of the file: a single 0. */
const FIRST_MESSAGE = Buffer.from([0]);

type Json = Readonly<Record<string, unknown>>;
type ScalarHolds = Extract<Holds, { kind: 'scalar' }>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value);
const writeOf = ({ type, values }: ScalarHolds): ScalarWrite | undefined =>
  values ? enumWrite(values) : SCALAR_WRITES[type];
/** Whether null is a value of it; elsewhere it says that the field is not set. */
const takesNull = (holds: Holds): boolean =>
  holds.kind === 'message'
    ? holds.plan().name === VALUE
    : holds.kind === 'scalar' && holds.type === NULL_VALUE;

class DocumentWriter {
  readonly findings: DraftFinding[] = [];
  readonly #planNamed: (name: string) => MessagePlan | undefined;

  constructor(planNamed: (name: string) => MessagePlan | undefined) {
    this.#planNamed = planNamed;
  }

  #found(path: DraftPath, reason: string): void {
    this.findings.push({ path, reason });
  }

  message(plan: MessagePlan, value: unknown, path: DraftPath, into: Writer): void {
    const known = knownDocument(plan.name);
    const apart = known?.fields(value);
    if (apart) {
      this.#fields(plan, apart, path, into, true);
    } else if (plan.name === ANY && isObject(value) && typeof value['@type'] === 'string') {
      this.#any(plan, value['@type'], value, path, into);
    } else if (isObject(value)) {
      this.#fields(plan, value, path, into);
    } else {
      this.#found(path, expected(known?.expects() ?? t('an object with {0}', plan.name), value));
    }
  }

  #any(plan: MessagePlan, url: string, value: Json, path: DraftPath, into: Writer): void {
    const inner = this.#planNamed(url.slice(url.lastIndexOf('/') + 1));
    if (!inner) {
      const { '@type': _type, ...rest } = value;
      this.#fields(plan, { ...rest, type_url: url }, path, into);
      return;
    }
    const { '@type': _type, ...fields } = value;
    const body = Writer.create();
    const held = knownDocument(inner.name) || inner.name === ANY ? value['value'] : fields;
    this.message(inner, held, path, body);
    const bytes = Buffer.from(body.finish()).toString('base64');
    this.#fields(plan, { type_url: url, value: bytes }, path, into);
  }

  /** `apart`: the document has no such names, so that findings are told of the whole. */
  #fields(plan: MessagePlan, value: Json, path: DraftPath, into: Writer, apart = false): void {
    const given = new Map<FieldPlan, { readonly item: unknown; readonly at: DraftPath }>();
    for (const [name, item] of Object.entries(value)) {
      const at = apart ? path : [...path, name];
      const field = plan.fields.find((one) => one.name === name || one.jsonName === name);
      if (!field) {
        const names = plan.fields.map((one) => one.name).join(', ');
        this.#found(at, t('there is no such field: {0} has {1}', plan.name, names));
      } else if (item !== undefined && (item !== null || takesNull(field.holds))) {
        if (given.has(field)) this.#found(at, t('{0} is there twice', field.name));
        given.set(field, { item, at });
      }
    }
    for (const field of plan.fields) {
      const found = given.get(field);
      if (found) {
        const other = field.others.map((place) => plan.fields[place]).find((one) => one && given.has(one));
        if (other && plan.fields.indexOf(other) < plan.fields.indexOf(field)) {
          this.#found(found.at, t('{0} is there already: only one of them may be', other.name));
        }
        this.#field(field, found.item, found.at, into);
      } else if (field.required) this.#found([...path, field.name], t('it is required, and missing'));
    }
  }

  #field(field: FieldPlan, item: unknown, path: DraftPath, into: Writer): void {
    const { holds, number } = field;
    if (holds.kind === 'map') {
      this.#map(holds.entry, number, item, path, into);
    } else if (!field.repeated) {
      this.#one(holds, number, item, path, into, field.implicit);
    } else if (!Array.isArray(item)) {
      this.#found(path, expected(t('a list'), item));
    } else if (holds.kind === 'scalar' && field.packed) {
      if (item.length === 0) return;
      into.uint32(((number << 3) | BYTES) >>> 0).fork();
      for (const [index, one] of item.entries()) this.#scalar(holds, one, [...path, index], into);
      into.ldelim();
    } else {
      for (const [index, one] of item.entries()) this.#one(holds, number, one, [...path, index], into);
    }
  }

  #one(
    holds: Exclude<Holds, { kind: 'map' }>,
    number: number,
    item: unknown,
    path: DraftPath,
    into: Writer,
    implicit = false,
  ): void {
    if (holds.kind === 'scalar') {
      this.#scalar(holds, item, path, into, { tag: ((number << 3) | holds.scalar.wire) >>> 0, implicit });
    } else if (holds.delimited) {
      into.uint32(((number << 3) | GROUP) >>> 0);
      this.message(holds.plan(), item, path, into);
      into.uint32(((number << 3) | GROUP_END) >>> 0);
    } else {
      into.uint32(((number << 3) | BYTES) >>> 0).fork();
      this.message(holds.plan(), item, path, into);
      into.ldelim();
    }
  }

  /** What an implicit field holds when it is not there is not written. */
  #scalar(
    holds: ScalarHolds,
    item: unknown,
    path: DraftPath,
    into: Writer,
    field?: { readonly tag: number; readonly implicit: boolean },
  ): void {
    const write = writeOf(holds);
    const isNull = item === null && holds.type === NULL_VALUE;
    const held = isNull ? 0 : write?.hold(item);
    if (!write || held === undefined) {
      this.#found(path, expected(write?.expects() ?? holds.type, item));
      return;
    }
    const plain = held instanceof Uint8Array ? Buffer.from(held).toString('base64') : held;
    const shown =
      typeof plain === 'bigint' ? plain.toString() : holds.values ? holds.scalar.plain(plain) : plain;
    if (field?.implicit && Object.is(shown, holds.scalar.zero)) return;
    if (field) into.uint32(field.tag);
    write.write(into, held);
  }

  #map(entry: MessagePlan, number: number, item: unknown, path: DraftPath, into: Writer): void {
    const [key, value] = entry.fields;
    if (!isObject(item) || key?.holds.kind !== 'scalar' || !value || value.holds.kind === 'map') {
      this.#found(path, expected(t('an object'), item));
      return;
    }
    for (const [name, one] of Object.entries(item)) {
      const at = [...path, name];
      const given =
        key.holds.type === 'bool' ? (name === 'true' ? true : name === 'false' ? false : name) : name;
      into.uint32(((number << 3) | BYTES) >>> 0).fork();
      this.#one(key.holds, 1, given, at, into);
      this.#one(value.holds, 2, one, at, into);
      into.ldelim();
    }
  }
}

/** By the first message of the schema. Throws an Error with the reason when the text is none, or has no message. */
export function createProtobufWriter(schema: string, references: readonly string[] = []): PartWriter {
  const parsed = parseProtobuf(schema, references);
  const planOf = createPlans();
  const type = parsed.messageAt([0]);
  if (!type) throw new Error(t('the schema has no message'));
  const plan = planOf(type);
  const planNamed = (name: string): MessagePlan | undefined => {
    const found = parsed.named(name);
    return found && planOf(found);
  };
  return {
    write: (document, path) => {
      const writer = new DocumentWriter(planNamed);
      const body = Writer.create();
      writer.message(plan, document, path, body);
      if (writer.findings.length > 0) return { findings: writer.findings };
      return { body: Buffer.concat([FIRST_MESSAGE, body.finish()]) };
    },
    jsonSchema: () => protobufJsonSchema(plan),
  };
}

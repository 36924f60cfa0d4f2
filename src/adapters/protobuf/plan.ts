/** What reading a message needs to know of its type, found once for each. */
import { Enum, MapField, Type, type Field } from 'protobufjs';
import { enumScalar, SCALARS, type Scalar } from './scalars.ts';
import { BYTES } from './wire.ts';

export interface MessagePlan {
  /** Without a dot in front. */
  readonly name: string;
  /** In the order of the schema. */
  readonly fields: readonly FieldPlan[];
  /** The field's place among the fields, by its number. */
  readonly byNumber: ReadonlyMap<number, number>;
  readonly comment?: string;
}

export type Holds =
  | {
      readonly kind: 'scalar';
      readonly type: string;
      readonly scalar: Scalar;
      /** Of an enum: its numbers by their names. */
      readonly values?: Readonly<Record<string, number>>;
    }
  | { readonly kind: 'message'; readonly plan: () => MessagePlan; readonly delimited: boolean }
  /** Each entry is a message of a key and a value. */
  | { readonly kind: 'map'; readonly entry: MessagePlan };

export interface FieldPlan {
  readonly name: string;
  readonly number: number;
  readonly holds: Holds;
  readonly repeated: boolean;
  readonly required: boolean;
  /** Places of the other fields of its oneof, which it takes the place of. */
  readonly others: readonly number[];
  /** Shown also when it is not set: a scalar of proto3 that cannot tell "not set" from its default. */
  readonly implicit: boolean;
  /** As JSON may name it too. */
  readonly jsonName: string;
  /** Of many numbers: written as one run of bytes. */
  readonly packed: boolean;
  readonly oneof?: string;
  readonly comment?: string;
}

const bare = (name: string): string => name.replace(/^\./, '');
const camelCase = (name: string): string =>
  name.replace(/_+([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase());

export function createPlans(): (type: Type) => MessagePlan {
  const known = new Map<Type, MessagePlan>();
  const holdsOf = (field: Field): Holds => {
    const scalar = SCALARS[field.type];
    if (scalar) return { kind: 'scalar', type: field.type, scalar };
    const type = field.resolvedType;
    if (type instanceof Enum) {
      const first = Object.values(type.values)[0] ?? 0;
      const scalar = enumScalar(type.valuesById, first);
      return { kind: 'scalar', type: bare(type.fullName), scalar, values: type.values };
    }
    if (!(type instanceof Type)) throw new Error(`unresolved: ${field.type}`);
    return { kind: 'message', plan: () => planOf(type), delimited: field.delimited };
  };
  const planOf = (type: Type): MessagePlan => {
    const ready = known.get(type);
    if (ready) return ready;
    const all = type.fieldsArray;
    const fields = all.map((field): FieldPlan => {
      const holds: Holds =
        field instanceof MapField ? { kind: 'map', entry: entryOf(field, holdsOf(field)) } : holdsOf(field);
      const siblings = field.partOf?.fieldsArray ?? [];
      return {
        // An extension is named as JSON names it.
        name: field.name.startsWith('.') ? `[${bare(field.name)}]` : field.protoName,
        number: field.id,
        holds,
        repeated: field.repeated,
        required: field.required,
        others: siblings.filter((one) => one !== field).map((one) => all.indexOf(one)),
        implicit: holds.kind === 'scalar' && !field.repeated && !field.hasPresence,
        jsonName: (field.options?.['json_name'] as string | undefined) ?? camelCase(field.protoName),
        // protobufjs says it of texts too, which cannot be.
        packed: field.packed && holds.kind === 'scalar' && holds.scalar.wire !== BYTES,
        ...(siblings.length > 1 && field.partOf ? { oneof: field.partOf.name } : {}),
        ...(field.comment ? { comment: field.comment } : {}),
      };
    });
    const plan = {
      name: bare(type.fullName),
      fields,
      byNumber: new Map(fields.map(({ number }, place) => [number, place])),
      ...(type.comment ? { comment: type.comment } : {}),
    };
    known.set(type, plan);
    return plan;
  };
  return planOf;
}

function entryOf({ keyType }: MapField, value: Holds): MessagePlan {
  const key = SCALARS[keyType];
  if (!key) throw new Error(`no key of a map: ${keyType}`);
  const part = { repeated: false, required: false, others: [], implicit: true, packed: false };
  return {
    name: '',
    fields: [
      {
        ...part,
        name: 'key',
        jsonName: 'key',
        number: 1,
        holds: { kind: 'scalar', type: keyType, scalar: key },
      },
      { ...part, name: 'value', jsonName: 'value', number: 2, holds: value },
    ],
    byNumber: new Map([
      [1, 0],
      [2, 1],
    ]),
  };
}

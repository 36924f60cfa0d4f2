/** The JSON Schema of what the viewer shows by a Protobuf schema, and the encoder takes. */
import { refStep, type JsonSchema } from '../../core/jsonSchema.ts';
import { t } from '../../core/l10n.ts';
import type { FieldPlan, Holds, MessagePlan } from './plan.ts';

const WHOLE = (minimum: number, maximum: number): JsonSchema => ({ type: 'integer', minimum, maximum });
const INT32 = WHOLE(-(2 ** 31), 2 ** 31 - 1);
const UINT32 = WHOLE(0, 2 ** 32 - 1);
const INT64: JsonSchema = { type: ['string', 'integer'], format: 'int64', pattern: '^-?[0-9]{1,19}$' };
const UINT64: JsonSchema = { type: ['string', 'integer'], format: 'int64', pattern: '^[0-9]{1,20}$' };
const NUMBER: JsonSchema = { type: ['number', 'string'], pattern: '^(NaN|-?Infinity)$' };
const BASE64: JsonSchema = {
  type: 'string',
  format: 'base64',
  pattern: '^[A-Za-z0-9+/_-]*={0,2}$',
  examples: [''],
};

const SCALARS: Readonly<Record<string, JsonSchema>> = {
  double: NUMBER,
  float: NUMBER,
  int32: INT32,
  sint32: INT32,
  sfixed32: INT32,
  uint32: UINT32,
  fixed32: UINT32,
  int64: INT64,
  sint64: INT64,
  sfixed64: INT64,
  uint64: UINT64,
  fixed64: UINT64,
  bool: { type: 'boolean' },
  string: { type: 'string' },
  bytes: BASE64,
};

const KNOWN: Readonly<Record<string, JsonSchema>> = {
  'google.protobuf.Timestamp': { type: 'string', format: 'date-time' },
  'google.protobuf.Duration': {
    type: 'string',
    pattern: '^[+-]?[0-9]+(\\.[0-9]{1,9})?s$',
    examples: ['1.5s'],
  },
  'google.protobuf.FieldMask': { type: 'string' },
  'google.protobuf.Struct': { type: 'object' },
  'google.protobuf.ListValue': { type: 'array' },
  'google.protobuf.Value': {},
  'google.protobuf.Any': {
    type: 'object',
    properties: { '@type': { type: 'string', examples: ['type.googleapis.com/'] } },
    required: ['@type'],
  },
  'confluent.type.Decimal': {
    type: ['string', 'number'],
    format: 'decimal',
    pattern: '^[+-]?[0-9]*(\\.[0-9]*)?$',
    examples: ['0.00'],
  },
  'google.protobuf.DoubleValue': NUMBER,
  'google.protobuf.FloatValue': NUMBER,
  'google.protobuf.Int64Value': INT64,
  'google.protobuf.UInt64Value': UINT64,
  'google.protobuf.Int32Value': INT32,
  'google.protobuf.UInt32Value': UINT32,
  'google.protobuf.BoolValue': { type: 'boolean' },
  'google.protobuf.StringValue': { type: 'string' },
  'google.protobuf.BytesValue': BASE64,
};

/** The message may hold itself: each message is one of the definitions. */
export function protobufJsonSchema(plan: MessagePlan): JsonSchema {
  const definitions: Record<string, JsonSchema> = {};
  const message = (one: MessagePlan): JsonSchema => {
    const known = KNOWN[one.name];
    if (known) return known;
    if (!Object.hasOwn(definitions, one.name)) {
      definitions[one.name] = {};
      const required = one.fields.filter((field) => field.required).map(({ name }) => name);
      definitions[one.name] = {
        title: one.name.slice(one.name.lastIndexOf('.') + 1),
        ...(one.comment === undefined ? {} : { description: one.comment }),
        type: 'object',
        properties: Object.fromEntries(one.fields.map((field) => [field.name, fieldSchema(field, one)])),
        ...(required.length > 0 ? { required } : {}),
        additionalProperties: false,
      };
    }
    return { $ref: `#/definitions/${refStep(one.name)}` };
  };
  const held = (holds: Holds): JsonSchema => {
    switch (holds.kind) {
      case 'message':
        return message(holds.plan());
      case 'map': {
        const value = holds.entry.fields[1];
        return { type: 'object', additionalProperties: value ? held(value.holds) : {} };
      }
      case 'scalar':
        return holds.values ? { enum: Object.keys(holds.values) } : (SCALARS[holds.type] ?? {});
    }
  };
  const fieldSchema = (field: FieldPlan, { fields }: MessagePlan): JsonSchema => {
    const one = held(field.holds);
    const made: JsonSchema = field.repeated ? { type: 'array', items: one } : one;
    const names = [field, ...field.others.map((place) => fields[place])].flatMap((each) => each?.name ?? []);
    const description = [
      ...(field.comment === undefined ? [] : [field.comment]),
      ...(field.oneof === undefined ? [] : [t('Only one of {0} may be there.', names.join(', '))]),
    ].join('\n');
    if (description === '') return made;
    // Beside a `$ref` draft 7 has nothing count.
    const bare: JsonSchema = made.$ref === undefined ? made : { anyOf: [made] };
    return { ...bare, description, ...(field.oneof === undefined ? {} : { 'x-oneof': field.oneof }) };
  };
  return { ...message(plan), definitions };
}

/** Reads what the Protobuf serializer of the registry wrote: the message's place in the schema, then the message. */
import { t } from '../../core/l10n.ts';
import type { Problem } from '../../core/explained.ts';
import { entryPath, fieldPath, itemPath, type PayloadReader } from '../reading.ts';
import { readVarint, unzigzag } from '../varint.ts';
import { descriptorText } from './descriptor.ts';
import { readMessage } from './message.ts';
import { createPlans, type MessagePlan } from './plan.ts';
import { parseProtobuf } from './schema.ts';
import { Unfit } from './wire.ts';

/** Messages within messages that a schema can reasonably have. */
const MOST_INDEXES = 100;

/**
 * The indexes that lead to the message, and where the message begins; undefined when the bytes hold none. Their count
 * and each of them in zigzag; a single 0 stands for the first message.
 * https://docs.confluent.io/platform/current/schema-registry/fundamentals/serdes-develop/index.html#wire-format
 */
function readIndexes(
  body: Uint8Array,
): { readonly indexes: readonly number[]; readonly end: number } | undefined {
  const count = readVarint(body, 0);
  if (!count) return undefined;
  const left = Number(unzigzag(count.value));
  if (left === 0) return { indexes: [0], end: count.next };
  if (left < 0 || left > MOST_INDEXES) return undefined;
  const indexes: number[] = [];
  let end = count.next;
  for (let index = 0; index < left; index += 1) {
    const found = readVarint(body, end);
    if (!found) return undefined;
    indexes.push(Number(unzigzag(found.value)));
    end = found.next;
  }
  return { indexes, end };
}

export function problemOf({ steps, why }: Unfit): Problem {
  const field = steps.reduce<string>((path, step) => {
    if (typeof step === 'string') return fieldPath(path, step);
    return typeof step === 'number' ? itemPath(path, step) : entryPath(path, step.key);
  }, '');
  const at = field === '' ? {} : { field };
  const code = 'unfit';
  if (field === '') return { code, reason: t('the bytes do not fit the schema'), ...at };
  switch (why) {
    case 'ends':
      return { code, reason: t('the bytes end within field {0}', field), ...at };
    case 'type':
      return { code, reason: t('field {0} is written as another type than the schema says', field), ...at };
    case 'utf8':
      return { code, reason: t('field {0} is not UTF-8 text', field), ...at };
    case 'missing':
      return { code, reason: t('field {0} is required, and missing', field), ...at };
    case 'deep':
      return { code, reason: t('field {0} lies too deep', field), ...at };
    case 'tag':
      return { code, reason: t('the bytes do not fit the schema at field {0}', field), ...at };
  }
}

/** The message of a body, and its bytes. */
export interface Opened {
  readonly indexes: readonly number[];
  readonly plan: MessagePlan;
  readonly bytes: Uint8Array;
}

export interface OpenSchema {
  readonly open: (body: Uint8Array) => Opened | { readonly problem: Problem };
  readonly planAt: (indexes: readonly number[]) => MessagePlan | undefined;
  readonly planNamed: (name: string) => MessagePlan | undefined;
}

/** Throws an Error with the reason when the text is no Protobuf schema, or imports what is not to be had. */
export function openProtobuf(schema: string, references: readonly string[] = []): OpenSchema {
  const parsed = parseProtobuf(schema, references);
  const planOf = createPlans();
  const planNamed = (name: string): MessagePlan | undefined => {
    const type = parsed.named(name);
    return type && planOf(type);
  };
  const byIndexes = new Map<string, MessagePlan>();
  const planAt = (indexes: readonly number[]): MessagePlan | undefined => {
    const key = indexes.join('.');
    const type = byIndexes.has(key) ? undefined : parsed.messageAt(indexes);
    if (type) byIndexes.set(key, planOf(type));
    return byIndexes.get(key);
  };
  const open: OpenSchema['open'] = (body) => {
    const frame = readIndexes(body);
    if (!frame) return { problem: { code: 'unfit', reason: t('the index of the message cannot be read') } };
    const plan = planAt(frame.indexes);
    if (!plan) {
      const reason = t('the schema has no message at index {0}', frame.indexes.join('.'));
      return { problem: { code: 'unknown-message', reason } };
    }
    return { indexes: frame.indexes, plan, bytes: body.subarray(frame.end) };
  };
  return { open, planAt, planNamed };
}

/** Throws as {@link openProtobuf} does. */
export function createProtobufReader(schema: string, references: readonly string[] = []): PayloadReader {
  const { open, planNamed } = openProtobuf(schema, references);
  const text = descriptorText(schema);
  return (body, notes) => {
    if (notes && text !== undefined) notes.schemaText = text;
    const opened = open(body);
    if ('problem' in opened) return opened;
    const { plan, bytes } = opened;
    if (notes) notes.message = plan.name;
    try {
      return { value: readMessage(plan, bytes, { notes, planNamed }) };
    } catch (error) {
      if (error instanceof Unfit) return { problem: problemOf(error) };
      throw error;
    }
  };
}

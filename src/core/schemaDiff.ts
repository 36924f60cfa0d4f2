/** What changed between two Avro schemas, in words, and who can still read whom. */
import { resolve } from './avroResolution.ts';
import { branchName, simpleName, typeText } from './avroTypes.ts';
import type { AvroEnum, AvroField, AvroRecord, AvroType } from './avroTypes.ts';
import { t } from './l10n.ts';

export interface SchemaChange {
  readonly kind: 'added' | 'removed' | 'renamed' | 'retyped' | 'symbols' | 'name' | 'default' | 'doc';
  /** Names of fields with points between, as the newer schema has them; empty for the whole. */
  readonly field: string;
  /** One line, without the field. */
  readonly text: string;
  /** The newer schema reads what the older wrote, as it was written. */
  readonly backward: boolean;
  /** The older schema reads what the newer writes, as it is written. */
  readonly forward: boolean;
}

type Add = (change: SchemaChange) => void;
type Seen = Map<AvroRecord, Set<AvroRecord>>;

const SAFE = { backward: true, forward: true };
const shown = (value: unknown): string => JSON.stringify(value);
const same = (one: unknown, other: unknown): boolean => shown(one) === shown(other);
const readsAll = (writer: AvroType, reader: AvroType): boolean =>
  resolve(writer, reader).findings.length === 0;

function retyped(before: AvroType, after: AvroType, field: string): SchemaChange {
  return {
    kind: 'retyped',
    field,
    text: t('the type was {0} and is {1}', typeText(before), typeText(after)),
    backward: readsAll(before, after),
    forward: readsAll(after, before),
  };
}

function compareEnums(before: AvroEnum, after: AvroEnum, field: string, add: Add): void {
  const gone = before.symbols.filter((symbol) => !after.symbols.includes(symbol));
  const fresh = after.symbols.filter((symbol) => !before.symbols.includes(symbol));
  if (gone.length + fresh.length === 0) return;
  add({
    kind: 'symbols',
    field,
    text: [
      ...(fresh.length > 0 ? [t('new symbols: {0}', fresh.join(', '))] : []),
      ...(gone.length > 0 ? [t('symbols that are gone: {0}', gone.join(', '))] : []),
    ].join('; '),
    backward: readsAll(before, after),
    forward: readsAll(after, before),
  });
}

function compareTypes(before: AvroType, after: AvroType, field: string, add: Add, seen: Seen): void {
  if (before.kind === 'record' && after.kind === 'record') {
    compareRecords(before, after, field, add, seen);
  } else if (before.kind === 'enum' && after.kind === 'enum' && before.name === after.name) {
    compareEnums(before, after, field, add);
  } else if (before.kind === 'array' && after.kind === 'array') {
    compareTypes(before.items, after.items, field, add, seen);
  } else if (before.kind === 'map' && after.kind === 'map') {
    compareTypes(before.values, after.values, field, add, seen);
  } else if (before.kind === 'union' && after.kind === 'union' && typeText(before) === typeText(after)) {
    for (const [index, branch] of before.branches.entries()) {
      compareTypes(branch, after.branches[index] ?? branch, field, add, seen);
    }
  } else if (typeText(before) !== typeText(after) || branchName(before) !== branchName(after)) {
    add(retyped(before, after, field));
  }
}

function compareFields(before: AvroField, after: AvroField, field: string, add: Add, seen: Seen): void {
  if (before.name !== after.name) {
    add({
      kind: 'renamed',
      field,
      text: t('it was called {0}, which is now an alias', before.name),
      backward: true,
      forward: before.default !== undefined,
    });
  }
  compareTypes(before.type, after.type, field, add, seen);
  if (!same(before.default, after.default)) {
    const text =
      before.default === undefined
        ? t('it has a default now: {0}', shown(after.default))
        : after.default === undefined
          ? t('the default {0} is gone', shown(before.default))
          : t('the default was {0} and is {1}', shown(before.default), shown(after.default));
    add({ kind: 'default', field, text, ...SAFE });
  }
  if (before.doc !== after.doc) add({ kind: 'doc', field, text: t('its description changed'), ...SAFE });
}

function compareRecords(before: AvroRecord, after: AvroRecord, path: string, add: Add, seen: Seen): void {
  const others = seen.get(before) ?? new Set();
  if (others.has(after)) return;
  seen.set(before, others.add(after));
  if (before.name !== after.name) {
    const alike = (one: AvroRecord, other: AvroRecord): boolean =>
      [other.name, ...other.aliases].some((name) => simpleName(name) === simpleName(one.name));
    const text = t('the record was called {0} and is {1}', before.name, after.name);
    add({ kind: 'name', field: path, text, backward: alike(before, after), forward: alike(after, before) });
  }
  if (before.doc !== after.doc) {
    add({ kind: 'doc', field: path, text: t('its description changed'), ...SAFE });
  }
  const kept = new Set<AvroField>();
  for (const field of after.fields) {
    const at = path === '' ? field.name : `${path}.${field.name}`;
    const old = [field.name, ...field.aliases]
      .map((name) => before.fields.find((one) => one.name === name))
      .find((one) => one !== undefined);
    if (old) {
      kept.add(old);
      compareFields(old, field, at, add, seen);
    } else {
      const type = typeText(field.type);
      const text =
        field.default === undefined
          ? t('new, {0}, without a default', type)
          : t('new, {0}, with the default {1}', type, shown(field.default));
      add({ kind: 'added', field: at, text, backward: field.default !== undefined, forward: true });
    }
  }
  for (const field of before.fields.filter((one) => !kept.has(one))) {
    const at = path === '' ? field.name : `${path}.${field.name}`;
    const text = t('gone; it was {0}', typeText(field.type));
    add({ kind: 'removed', field: at, text, backward: true, forward: field.default !== undefined });
  }
}

/** In the order of the newer schema, with what is gone after what stayed. */
export function diffAvro(before: AvroType, after: AvroType): readonly SchemaChange[] {
  const changes: SchemaChange[] = [];
  const add: Add = (change) => changes.push(change);
  compareTypes(before, after, '', add, new Map());
  return changes;
}

/** What a change means for those who read and write. */
export function safetyText({ backward, forward }: SchemaChange): string {
  if (backward && forward) return t('safe both ways');
  if (backward) return t('not safe for those who read with the older schema');
  if (forward) return t('not safe for the messages that are there');
  return t('safe in neither direction');
}

export function changeText(change: SchemaChange): string {
  const { field, text } = change;
  return `${field === '' ? t('the whole') : field}: ${text} (${safetyText(change)})`;
}

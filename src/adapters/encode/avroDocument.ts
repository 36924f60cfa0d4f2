/** A document as the viewer shows it, made into the value that avsc writes: unions as `{ branch: value }`. */
import {
  branchName,
  typeText,
  type AvroField,
  type AvroPrimitive,
  type AvroRecord,
  type AvroType,
  type AvroUnion,
} from '../../core/avroTypes.ts';
import { UserError } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';
import { expected, isExactNumber, type DraftFinding, type DraftPath } from '../../core/outgoing.ts';
import { leafOf, plainLeaf } from './avroLeaves.ts';

/** `shown`: it is all as the viewer shows it, with every field; what is not is taken only where no branch fits so. */
interface Stored {
  readonly value: unknown;
  readonly shown: boolean;
}
type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value);
const isNull = (type: AvroType): boolean => type.kind === 'primitive' && type.name === 'null';
const wrapped = (type: AvroType, value: unknown): unknown =>
  isNull(type) ? null : { [branchName(type)]: value };

/** Names that differ in case only, or stand in another field's aliases, are what was meant. */
function meant(name: string, fields: readonly AvroField[]): string | undefined {
  const lower = name.toLowerCase();
  return fields.find((field) => [field.name, ...field.aliases].some((one) => one.toLowerCase() === lower))
    ?.name;
}

class Conversion {
  readonly findings: DraftFinding[] = [];

  #found(path: DraftPath, reason: string): Stored | undefined {
    this.findings.push({ path, reason });
    return undefined;
  }

  /** Undefined: findings say why. */
  of(type: AvroType, value: unknown, path: DraftPath): Stored | undefined {
    switch (type.kind) {
      case 'record':
        return this.#record(type, value, path);
      case 'array':
        if (!Array.isArray(value)) return this.#found(path, expected(t('a list'), value));
        return this.#all(
          (value as unknown[]).map((item, index) => this.of(type.items, item, [...path, index])),
          (items) => items,
        );
      case 'map': {
        if (!isObject(value)) return this.#found(path, expected(t('an object'), value));
        const entries = Object.entries(value);
        return this.#all(
          entries.map(([key, item]) => this.of(type.values, item, [...path, key])),
          (items) => Object.fromEntries(entries.map(([key], index) => [key, items[index]])),
        );
      }
      case 'union':
        return this.#union(type, value, path);
      case 'primitive':
      case 'fixed':
      case 'enum': {
        const leaf = leafOf(type);
        const stored = leaf.store(value);
        if (stored === undefined) return this.#found(path, expected(leaf.expects, value));
        return { value: stored, shown: Object.is(leaf.show(stored), value) };
      }
    }
  }

  #all(parts: readonly (Stored | undefined)[], make: (values: unknown[]) => unknown): Stored | undefined {
    const values: unknown[] = [];
    let shown = true;
    for (const part of parts) {
      if (!part) return undefined;
      values.push(part.value);
      shown &&= part.shown;
    }
    return { value: make(values), shown };
  }

  #record(type: AvroRecord, value: unknown, path: DraftPath): Stored | undefined {
    if (!isObject(value)) return this.#found(path, expected(t('an object with {0}', typeText(type)), value));
    const { fields } = type;
    let whole = true;
    for (const name of Object.keys(value)) {
      if (fields.some((field) => field.name === name)) continue;
      const close = meant(name, fields);
      const reason = close
        ? t('there is no such field; {0} may be meant', close)
        : t(
            'there is no such field: {0} has {1}',
            typeText(type),
            fields.map((field) => field.name).join(', '),
          );
      this.#found([...path, name], reason);
      whole = false;
    }
    let complete = true;
    const parts = fields.map((field): Stored | undefined => {
      const at = [...path, field.name];
      if (Object.hasOwn(value, field.name) && value[field.name] !== undefined) {
        return this.of(field.type, value[field.name], at);
      }
      complete = false;
      if (field.default !== undefined)
        return { value: storedDefault(field.type, field.default), shown: false };
      return this.#found(at, t('{0} is missing', typeText(field.type)));
    });
    const made = this.#all(parts, (values) =>
      Object.fromEntries(fields.map(({ name }, index) => [name, values[index]])),
    );
    return whole && made ? { value: made.value, shown: made.shown && complete } : undefined;
  }

  #union(type: AvroUnion, value: unknown, path: DraftPath): Stored | undefined {
    const { branches } = type;
    if (value === null) {
      if (branches.some(isNull)) return { value: null, shown: true };
      return this.#found(path, expected(typeText(type), value));
    }
    const given = branches.filter((branch) => !isNull(branch));
    const [only, ...others] = given;
    // By far the most: what is wrong in it is told where it is.
    if (only && others.length === 0 && namedIn(value, given) === undefined) {
      const part = this.of(only, value, path);
      return part && { value: wrapped(only, part.value), shown: part.shown };
    }
    const named = namedIn(value, given);
    const inner = named && (value as Json)[branchName(named)];
    const fitting = given.flatMap((branch) => fit(branch, value, path));
    if (named) fitting.push(...fit(named, inner, path).map((one) => ({ ...one, shown: true })));
    const shown = fitting.filter((one) => one.shown);
    const [first, ...more] = shown.length > 0 ? shown : fitting;
    if (first && more.length === 0) {
      return { value: wrapped(first.branch, first.value), shown: first.shown };
    }
    if (first) {
      const names = [first, ...more].map(({ branch }) => JSON.stringify(branchName(branch)));
      const reason = t('it may be {0}: say which, as in {1}', names.join(', '), `{${names[0] ?? ''}: …}`);
      return this.#found(path, reason);
    }
    // None fits: what is wrong in the one that is meant is told where it is.
    if (named) return this.of(named, inner, [...path, branchName(named)]);
    const records = isObject(value) ? given.filter(({ kind }) => kind === 'record') : [];
    if (records.length === 1 && records[0]) return this.of(records[0], value, path);
    return this.#found(path, expected(typeText(type), value));
  }
}

/** The branch that the only name of an object names: `{"string": "x"}`. */
function namedIn(value: unknown, branches: readonly AvroType[]): AvroType | undefined {
  if (!isObject(value)) return undefined;
  const [name, ...others] = Object.keys(value);
  return others.length > 0 ? undefined : branches.find((branch) => branchName(branch) === name);
}

function fit(
  branch: AvroType,
  value: unknown,
  path: DraftPath,
): readonly (Stored & { readonly branch: AvroType })[] {
  const trial = new Conversion();
  const part = trial.of(branch, value, path);
  return part ? [{ ...part, branch }] : [];
}

function isDefaultOf(branch: AvroType, given: unknown): boolean {
  switch (branch.kind) {
    case 'record':
    case 'map':
      return isObject(given);
    case 'array':
      return Array.isArray(given);
    case 'union':
      return false;
    case 'enum':
    case 'fixed':
      return typeof given === 'string';
    case 'primitive':
      switch (branch.name) {
        case 'null':
          return given === null;
        case 'boolean':
          return typeof given === 'boolean';
        case 'int':
        case 'long':
        case 'float':
        case 'double':
          return typeof given !== 'string' && plainLeaf(branch).store(given) !== undefined;
        case 'bytes':
        case 'string':
          return typeof given === 'string';
      }
  }
}

function storedLeaf(type: AvroPrimitive, given: unknown): unknown {
  const { store, expects } = plainLeaf(type);
  const stored = store(given);
  if (stored !== undefined) return stored;
  throw new UserError(
    'unreadable-schema',
    t('A default of the schema is none: {0}', expected(expects, given)),
    {
      hint: t('Register a schema that is one, then send again.'),
    },
  );
}

/** A default as the schema writes it: bytes as text of the first 256 characters, a union's by the first branch that fits. */
export function storedDefault(type: AvroType, given: unknown): unknown {
  switch (type.kind) {
    case 'record':
      return Object.fromEntries(
        type.fields.map((field) => {
          const own = isObject(given) ? given[field.name] : undefined;
          return [field.name, storedDefault(field.type, own === undefined ? field.default : own)];
        }),
      );
    case 'array':
      return Array.isArray(given) ? given.map((item) => storedDefault(type.items, item)) : [];
    case 'map':
      return Object.fromEntries(
        Object.entries(isObject(given) ? given : {}).map(([key, item]) => [
          key,
          storedDefault(type.values, item),
        ]),
      );
    case 'union': {
      const branch = type.branches.find((one) => isDefaultOf(one, given)) ?? type.branches[0];
      return branch === undefined || isNull(branch) ? null : wrapped(branch, storedDefault(branch, given));
    }
    case 'enum':
      return given;
    case 'fixed':
      return Buffer.from(String(given), 'latin1');
    case 'primitive':
      if (type.name === 'bytes') return Buffer.from(String(given), 'latin1');
      return storedLeaf(type, given);
  }
}

/** What avsc would write, as the viewer shows it. */
export function shownOf(type: AvroType, stored: unknown): unknown {
  switch (type.kind) {
    case 'record':
      return Object.fromEntries(
        type.fields.map(({ name, type: inner }) => [name, shownOf(inner, (stored as Json)[name])]),
      );
    case 'array':
      return (stored as unknown[]).map((item) => shownOf(type.items, item));
    case 'map':
      return Object.fromEntries(
        Object.entries(stored as Json).map(([key, item]) => [key, shownOf(type.values, item)]),
      );
    case 'union': {
      const [name, inner] = Object.entries((stored ?? {}) as Json)[0] ?? [];
      const branch = type.branches.find((one) => branchName(one) === name);
      return branch ? shownOf(branch, inner) : null;
    }
    case 'primitive':
    case 'fixed':
    case 'enum':
      return leafOf(type).show(stored);
  }
}

/** Either the value, or all that is wrong with the document. */
export function toAvro(
  type: AvroType,
  document: unknown,
  path: DraftPath,
): { readonly value: unknown } | { readonly findings: readonly DraftFinding[] } {
  const conversion = new Conversion();
  const part = conversion.of(type, document, path);
  return part ? { value: part.value } : { findings: conversion.findings };
}

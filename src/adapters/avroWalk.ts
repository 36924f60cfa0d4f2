/** Walks through bytes by an Avro schema without reading them: where they stop fitting. */
import { types, type Type } from 'avsc';
import { entryPath, fieldPath, itemPath } from './reading.ts';
import { readVarint, unzigzag } from './varint.ts';

/** Items of a body that take no bytes, as nulls: they cannot be counted against its length. */
const MOST_EMPTY_ITEMS = 1_000_000;

type Step = { readonly field: string } | { readonly item: number } | { readonly key: string };

const pathOf = (trail: readonly Step[]): string =>
  trail.reduce((path, step) => {
    if ('field' in step) return fieldPath(path, step.field);
    return 'item' in step ? itemPath(path, step.item) : entryPath(path, step.key);
  }, '');

class Misfit extends Error {}

/** The path of the first value that the bytes do not hold; undefined when they hold all. */
export function firstMisfit(type: Type, body: Buffer): string | undefined {
  const trail: Step[] = [];
  let at = 0;
  let empty = 0;
  const skip = (length: number): void => {
    if (length < 0 || length > body.length - at) throw new Misfit();
    at += length;
  };
  const long = (): number => {
    const found = readVarint(body, at);
    // The last of ten bytes holds one bit; avsc takes more for numbers beyond all bounds.
    if (!found || (found.next - at === 10 && (body[found.next - 1] ?? 0) > 1)) throw new Misfit();
    at = found.next;
    return Number(unzigzag(found.value));
  };
  const inside = (step: Step, walk: () => void): void => {
    trail.push(step);
    walk();
    trail.pop();
  };
  /** Blocks of items, each with its count; a count below 0 is followed by the block's length. */
  const blocks = (one: (index: number) => void): void => {
    let index = 0;
    for (let count = long(); count !== 0; count = long()) {
      if (count < 0) long();
      for (let left = Math.abs(count); left > 0; left -= 1) {
        const before = at;
        one(index);
        index += 1;
        if (at === before && ++empty > MOST_EMPTY_ITEMS) throw new Misfit();
      }
    }
  };
  const walk = (part: Type): void => {
    if (part instanceof types.RecordType) {
      for (const { name, type: inner } of part.fields) {
        inside({ field: name }, () => {
          walk(inner);
        });
      }
    } else if (part instanceof types.WrappedUnionType) {
      const branch = part.types[long()];
      if (!branch) throw new Misfit();
      walk(branch);
    } else if (part instanceof types.ArrayType) {
      blocks((item) => {
        inside({ item }, () => {
          walk(part.itemsType);
        });
      });
    } else if (part instanceof types.MapType) {
      blocks(() => {
        const length = long();
        const start = at;
        skip(length);
        inside({ key: body.toString('utf8', start, at) }, () => {
          walk(part.valuesType as Type);
        });
      });
    } else if (part instanceof types.EnumType) {
      if (part.symbols[long()] === undefined) throw new Misfit();
    } else if (part instanceof types.FixedType) {
      skip(part.size);
    } else {
      leaf(part.typeName);
    }
  };
  const leaf = (typeName: string): void => {
    switch (typeName) {
      case 'boolean':
        skip(1);
        break;
      case 'float':
        skip(4);
        break;
      case 'double':
        skip(8);
        break;
      case 'bytes':
      case 'string':
        skip(long());
        break;
      case 'int':
      case 'abstract:long':
        long();
        break;
    }
  };
  try {
    walk(type);
    return undefined;
  } catch (error) {
    // A schema that holds itself can be followed deeper than the stack goes.
    if (error instanceof Misfit || error instanceof RangeError) return pathOf(trail);
    throw error;
  }
}

/** Whether values of a type are counted by their bytes: avsc believes any count, and would follow it for hours. */
export function holdsCounts(type: Type, seen = new Set<Type>()): boolean {
  if (type instanceof types.ArrayType || type instanceof types.MapType) return true;
  if (seen.has(type)) return false;
  seen.add(type);
  if (type instanceof types.RecordType) return type.fields.some((field) => holdsCounts(field.type, seen));
  return type instanceof types.WrappedUnionType && type.types.some((branch) => holdsCounts(branch, seen));
}

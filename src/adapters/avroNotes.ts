/** Tells both forms of the values in an Avro document. */
import { types, type Type } from 'avsc';
import { underlyingText, type Logical } from './avroLogical.ts';
import { base64, entryPath, fieldPath, hex, itemPath, type Notes } from './reading.ts';

/** Goes through what avsc read; `logicalOf` knows the types of the schema that have a logical type. */
export function noteAvro(
  type: Type,
  value: unknown,
  logicalOf: (type: Type) => Logical | undefined,
  notes: Notes,
): void {
  const note = (part: Type, held: unknown, path: string): void => {
    const logical = logicalOf(part);
    const readable = logical?.readable(held);
    if (logical && readable !== undefined) {
      const unscaled = logical.unscaled?.(held);
      notes.add({
        path,
        type: logical.name,
        readable,
        underlying: underlyingText(held),
        ...(unscaled === undefined ? {} : { unscaled }),
      });
    } else if (part instanceof types.RecordType) {
      for (const field of part.fields) {
        note(field.type, (held as Record<string, unknown>)[field.name], fieldPath(path, field.name));
      }
    } else if (part instanceof types.ArrayType) {
      for (const [index, item] of (held as unknown[]).entries()) {
        note(part.itemsType, item, itemPath(path, index));
      }
    } else if (part instanceof types.MapType) {
      for (const [key, item] of Object.entries(held as object)) {
        note(part.valuesType as Type, item, entryPath(path, key));
      }
    } else if (part instanceof types.WrappedUnionType) {
      noteUnion(part, held, path);
    } else if (held instanceof Uint8Array) {
      notes.add({ path, type: part.typeName, readable: base64(held), underlying: hex(held) });
    } else if (typeof held === 'bigint') {
      notes.add({ path, type: 'long', readable: held.toString(), underlying: held.toString() });
    }
  };
  /** Which branch was written, where the value alone may not tell. */
  const noteUnion = (union: types.WrappedUnionType, held: unknown, path: string): void => {
    const [name, inner] = Object.entries((held ?? {}) as Record<string, unknown>)[0] ?? ['null', null];
    const index = union.types.findIndex(({ branchName }) => branchName === name);
    const branch = union.types[index];
    if (!branch) return;
    const branches = union.types.filter(({ typeName }) => typeName !== 'null').length;
    if (branches > 1) notes.add({ path, type: 'union', readable: name, underlying: String(index) });
    note(branch, inner, path);
  };
  note(type, value, '');
}

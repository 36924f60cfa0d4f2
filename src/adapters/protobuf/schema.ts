/** Parses a Protobuf schema of the registry, with all that it imports, into the types that messages name by index. */
import { parse, Root, Type, type NamespaceBase } from 'protobufjs';
import { t } from '../../core/l10n.ts';
import type { ReferencedSchema } from '../../core/schemas.ts';
import { addDescriptor, descriptorName, fileDescriptor } from './descriptor.ts';
import { knownFile } from './knownFiles.ts';

// The schema's own names, as a person finds them in its text, and as Spark names the columns.
const OPTIONS = { keepCase: true };

export interface ProtobufSchema {
  /** The message at a place among the file's messages, then among those within it; undefined where there is none. */
  messageAt(indexes: readonly number[]): Type | undefined;
  /** By its full name, of this file or of one that it imports. */
  named(name: string): Type | undefined;
}

/** Messages in the order of the text; fields that are groups or maps bring none that is counted. */
const messagesIn = (namespace: NamespaceBase): readonly Type[] =>
  namespace.nestedArray.filter((one): one is Type => one instanceof Type && one.toJSON().group !== true);

/** The full name of the message at a place in a text. */
function nameIn(text: string): (indexes: readonly number[]) => string | undefined {
  // Parsed by itself, so that no other file's messages stand among its own.
  const own = parse(text, new Root(), OPTIONS);
  const file = own.package === undefined ? own.root : own.root.lookup(own.package);
  return (indexes) => {
    let at = file as NamespaceBase | null | undefined;
    for (const index of indexes) at = at && messagesIn(at)[index];
    return at instanceof Type ? at.fullName.replace(/^\./, '') : undefined;
  };
}

/** All files in one place, and what they import that is not to be had. */
function load(files: readonly string[], held: Set<string>): { root: Root; missing: readonly string[] } {
  const root = new Root();
  const wanted: string[] = [];
  const missing: string[] = [];
  const add = (text: string): void => {
    const { imports = [], weakImports = [] } = parse(text, root, OPTIONS);
    wanted.push(...imports, ...weakImports);
  };
  for (const file of files) {
    const compiled = fileDescriptor(file);
    if (compiled) {
      addDescriptor(compiled, root);
      wanted.push(...((compiled.dependency ?? []) as string[]));
    } else add(file);
  }
  for (let name = wanted.shift(); name !== undefined; name = wanted.shift()) {
    if (held.has(name)) continue;
    held.add(name);
    const known = knownFile(name);
    if (known === undefined) missing.push(name);
    else if (typeof known === 'string') add(known);
    else root.addJSON(known.nested ?? {});
  }
  return { root, missing };
}

/** Throws an Error with the reason when the text, or what it imports, is no Protobuf schema or is not to be had. */
export function parseProtobuf(schema: string, references: readonly ReferencedSchema[]): ProtobufSchema {
  const texts = new Set(references.map((reference) => reference.schema));
  const names = new Set(references.map(({ name }) => name));
  const { root, missing } = load([schema, ...texts], names);
  try {
    root.resolveAll();
  } catch (error) {
    // A file that is not to be had does no harm as long as nothing of it is used.
    if (missing.length === 0) throw error;
    throw new Error(t('it imports {0}, which the registry does not hold', missing.join(', ')), {
      cause: error,
    });
  }
  const compiled = fileDescriptor(schema);
  const nameAt = compiled
    ? (indexes: readonly number[]): string | undefined => descriptorName(compiled, indexes)
    : nameIn(schema);
  const named = (name: string): Type | undefined => {
    const found = name === '' ? null : root.lookup(`.${name}`, Type);
    return found instanceof Type ? found : undefined;
  };
  return {
    named,
    messageAt: (indexes) => {
      const name = nameAt(indexes);
      return name === undefined ? undefined : named(name);
    },
  };
}

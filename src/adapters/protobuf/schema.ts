/** Parses a Protobuf schema of the registry, with all that it imports, into the types that messages name by index. */
import { parse, Root, Type, type NamespaceBase } from 'protobufjs';
import { t } from '../../core/l10n.ts';
import type { ReferencedSchema } from '../../core/schemas.ts';
import { knownFile } from './knownFiles.ts';

// The schema's own names, as a person finds them in its text, and as Spark names the columns.
const OPTIONS = { keepCase: true };

export interface ProtobufSchema {
  /** The message at a place among the file's messages, then among those within it; undefined where there is none. */
  messageAt(indexes: readonly number[]): Type | undefined;
  /** By its full name, of this file or of one that it imports. */
  named(name: string): Type | undefined;
}

/** Messages in the order of the text. Fields that are groups bring a type, which is not counted. */
const messagesIn = (namespace: NamespaceBase): readonly Type[] =>
  namespace.nestedArray.filter((one): one is Type => one instanceof Type && one.toJSON().group !== true);

/** Throws an Error with the reason when the text, or what it imports, is no Protobuf schema or is not to be had. */
export function parseProtobuf(text: string, references: readonly ReferencedSchema[]): ProtobufSchema {
  const root = new Root();
  const held = new Set(references.map(({ name }) => name));
  const wanted: string[] = [];
  const missing: string[] = [];
  const add = (source: string): void => {
    const { imports = [], weakImports = [] } = parse(source, root, OPTIONS);
    wanted.push(...imports, ...weakImports);
  };
  add(text);
  for (const { schema } of references) add(schema);
  for (let name = wanted.shift(); name !== undefined; name = wanted.shift()) {
    if (held.has(name)) continue;
    held.add(name);
    const known = knownFile(name);
    if (known === undefined) missing.push(name);
    else if (typeof known === 'string') add(known);
    else root.addJSON(known.nested ?? {});
  }
  try {
    root.resolveAll();
  } catch (error) {
    // A file that is not to be had does no harm as long as nothing of it is used.
    if (missing.length === 0) throw error;
    throw new Error(t('it imports {0}, which the registry does not hold', missing.join(', ')), {
      cause: error,
    });
  }

  // Parsed by itself, so that no other file's messages stand among its own.
  const own = parse(text, new Root(), OPTIONS);
  const file = own.package === undefined ? own.root : own.root.lookup(own.package);
  return {
    messageAt: (indexes) => {
      let at = file as NamespaceBase | null | undefined;
      for (const index of indexes) at = at && messagesIn(at)[index];
      return at instanceof Type ? root.lookupType(at.fullName) : undefined;
    },
    named: (name) => {
      const found = name === '' ? null : root.lookup(`.${name}`, Type);
      return found instanceof Type ? found : undefined;
    },
  };
}

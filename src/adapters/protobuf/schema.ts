/** Parses a Protobuf schema of the registry, with all that it imports, into the types that messages name by index. */
import { Namespace, parse, Root, Type, type INamespace, type NamespaceBase } from 'protobufjs';
import { t } from '../../core/l10n.ts';
import { addDescriptor, descriptorName, fileDescriptor } from './descriptor.ts';
import { knownFile } from './knownFiles.ts';

// The schema's own names, as a person finds them in its text, and as Spark names the columns.
// Comments of any kind are told to who writes messages.
const OPTIONS = { keepCase: true, alternateCommentMode: true };

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

/** Adds a file that is known here, unless the registry brought it itself. */
function addKnown(known: string | INamespace, root: Root): void {
  const own = typeof known === 'string' ? parse(known, new Root(), OPTIONS).root : Root.fromJSON(known);
  const isThere = (namespace: NamespaceBase): boolean =>
    namespace.nestedArray.some((one) =>
      one instanceof Namespace && !(one instanceof Type) ? isThere(one) : root.lookup(one.fullName) !== null,
    );
  if (isThere(own)) return;
  if (typeof known === 'string') parse(known, root, OPTIONS);
  else root.addJSON(known.nested ?? {});
}

/** All files in one place, and what they import that is not known here. */
function load(files: Iterable<string>): { readonly root: Root; readonly unknown: readonly string[] } {
  const root = new Root();
  const wanted = new Set<string>();
  for (const file of files) {
    const compiled = fileDescriptor(file);
    if (compiled) addDescriptor(compiled, root);
    const { imports = [], weakImports = [] } = compiled
      ? { imports: compiled.dependency as string[] | undefined }
      : parse(file, root, OPTIONS);
    for (const name of [...imports, ...weakImports]) wanted.add(name);
  }
  const unknown: string[] = [];
  for (const name of wanted) {
    const known = knownFile(name);
    if (known === undefined) unknown.push(name);
    else addKnown(known, root);
  }
  return { root, unknown };
}

/**
 * `references`: the texts that the registry holds for what is imported. Throws an Error with the reason when a text is no
 * Protobuf schema, or something of it is not to be had.
 */
export function parseProtobuf(schema: string, references: readonly string[]): ProtobufSchema {
  const { root, unknown } = load(new Set([schema, ...references]));
  try {
    root.resolveAll();
  } catch (error) {
    // With references, what is missing is one of them: which, only the error tells.
    if (unknown.length === 0 || references.length > 0) throw error;
    throw new Error(t('it imports {0}, which the registry does not hold', unknown.join(', ')), {
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

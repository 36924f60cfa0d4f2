/** YAML with places, by the package `yaml`. */
import { isAlias, isMap, isScalar, isSeq, parseDocument, type Document } from 'yaml';
import type { YamlEntry, YamlFile, YamlNode } from '../../core/parity/syntax.ts';

/** Deeper than any bundle; an alias that holds itself has no end. */
const DEEPEST = 40;

function plain(value: unknown): string | number | boolean | null {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return typeof value === 'bigint' ? value.toString() : null;
}

function node(document: Document, given: unknown, depth = 0): YamlNode | undefined {
  if (depth > DEEPEST) return undefined;
  const known = isAlias(given) ? given.resolve(document) : given;
  if (isScalar(known)) {
    const { value, range } = known;
    const [start = 0, end = 0] = range ?? [];
    const quote = known.type === 'QUOTE_DOUBLE' || known.type === 'QUOTE_SINGLE' ? 1 : 0;
    return {
      kind: 'value',
      value: plain(value),
      from: start + quote,
      to: end - quote,
    };
  }
  if (isSeq(known)) {
    const items = known.items.map((item) => node(document, item, depth + 1));
    return { kind: 'list', items: items.filter((item) => item !== undefined) };
  }
  if (!isMap(known)) return undefined;
  const entries = known.items.map(({ key, value }): YamlEntry => ({
    key: String(isScalar(key) ? key.value : key),
    value: node(document, value, depth + 1),
  }));
  return { kind: 'map', entries };
}

export function yamlTree(text: string): YamlFile {
  const document = parseDocument(text, { prettyErrors: false, logLevel: 'silent' });
  const [error] = document.errors;
  if (!error) return { root: node(document, document.contents), problem: undefined };
  const [from, to] = error.pos;
  return { root: undefined, problem: { message: error.message, from, to: Math.max(to, from) } };
}

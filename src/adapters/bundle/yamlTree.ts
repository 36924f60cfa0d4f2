/** YAML 1.2 with anchors and `<<`, as a tree that knows where each value stands. */
import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import { BundleError, type Place } from '../../core/bundle/findings.ts';
import type { Entry, Node, Scalar } from '../../core/bundle/ports.ts';
import { t } from '../../core/l10n.ts';

/** An alias that holds itself, or aliases of aliases without end. */
const DEEPEST = 100;

/** Throws BundleError `bad-yaml`. */
export function parseYaml(text: string, file: string): Node {
  const lines = new LineCounter();
  const document: Document = parseDocument(text, { lineCounter: lines, merge: true, strict: true });
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const [error] = document.errors;
  const refuse = (message: string, place: Place): BundleError =>
    new BundleError([{ code: 'bad-yaml', level: 'error', message, place }]);
  // Its message goes on with the lines around, which the place says shorter.
  if (error)
    throw refuse(error.message.split('\n')[0]?.replace(/ at line.*$/, '') ?? '', placeAt(error.pos[0]));

  const convert = (node: unknown, near: Place, depth: number): Node => {
    if (depth > DEEPEST) throw refuse(t('It is nested too deeply.'), near);
    const target = isAlias(node) ? node.resolve(document) : node;
    if (isAlias(node) && target === undefined)
      throw refuse(t('Nothing is called {0}.', `*${node.source}`), near);
    // What an alias brings stands where the alias stands.
    const range = (node as { readonly range?: readonly number[] | null } | null)?.range;
    const place = range?.[0] === undefined ? near : placeAt(range[0]);
    if (isMap(target)) {
      const entries = new Map<string, Entry>();
      const merged = new Map<string, Entry>();
      for (const pair of target.items) {
        if (!isPair(pair) || !isScalar(pair.key)) throw refuse(t('A key must be plain text.'), place);
        const named = pair.key.value;
        const key = typeof named === 'symbol' ? (named.description ?? '') : String(named);
        const keyPlace = pair.key.range ? placeAt(pair.key.range[0]) : place;
        const value = convert(pair.value, keyPlace, depth + 1);
        if (key !== '<<') entries.set(key, { place: keyPlace, node: value });
        else {
          for (const one of value.kind === 'list' ? value.items : [value]) {
            if (one.kind !== 'map') continue;
            for (const [name, entry] of one.entries) if (!merged.has(name)) merged.set(name, entry);
          }
        }
      }
      return { kind: 'map', place, entries: new Map([...merged, ...entries]) };
    }
    if (isSeq(target)) {
      return { kind: 'list', place, items: target.items.map((item) => convert(item, place, depth + 1)) };
    }
    const value: unknown = isScalar(target) ? target.value : null;
    const plain = typeof value === 'bigint' ? String(value) : value;
    const isPlain = plain === null || ['string', 'number', 'boolean'].includes(typeof plain);
    return { kind: 'value', place, value: isPlain ? (plain as Scalar) : null };
  };
  return convert(document.contents, placeAt(0), 0);
}

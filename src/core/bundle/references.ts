/** `${…}` in a bundle: https://docs.databricks.com/dev-tools/bundles/variables */
import { t } from '../l10n.ts';
import { BundleError, type Finding } from './findings.ts';
import type { Node } from './ports.ts';
import { transform, valueNode } from './tree.ts';

const REFERENCE = /\$\{([a-zA-Z_][\w-]*(?:\.[\w-]+|\[\d+\])*)\}/g;
const WHOLE = new RegExp(`^${REFERENCE.source}$`);

/** What a path such as `var.catalog` means; undefined: it stays as it stands, for later. */
export type Lookup = (path: string, node: Node) => Node | undefined;

/** Names in the text, without `${` and `}`. */
export const referencesOf = (text: string): readonly string[] =>
  [...text.matchAll(REFERENCE)].map(([, path = '']) => path);

/** Puts in what `lookup` knows, as often as what came in refers on. Throws BundleError `reference-cycle`, `not-a-text`. */
export function resolve(root: Node, lookup: Lookup): Node {
  return transform(root, (node) => resolveValue(node, lookup, []));
}

function resolveValue(node: Node, lookup: Lookup, asked: readonly string[]): Node {
  if (node.kind !== 'value' || typeof node.value !== 'string') return node;
  const text = node.value;
  const found = (path: string): Node | undefined => {
    if (asked.includes(path)) {
      throw new BundleError([
        finding(node, 'reference-cycle', t('{0} refers to itself.', [...asked, path].join(' → '))),
      ]);
    }
    const target = lookup(path, node);
    return target && transform(target, (inner) => resolveValue(inner, lookup, [...asked, path]));
  };
  const [, only] = WHOLE.exec(text) ?? [];
  // Alone it stands for whatever it names: a number, a list, a map; where it stands is where it is used.
  if (only !== undefined) {
    const target = found(only);
    return target ? { ...target, place: node.place } : node;
  }
  const replaced = text.replace(REFERENCE, (whole, path: string) => {
    const target = found(path);
    if (!target) return whole;
    if (target.kind !== 'value') {
      throw new BundleError([
        finding(node, 'not-a-text', t('{0} is no text, and cannot stand inside of one.', whole)),
      ]);
    }
    return target.value === null ? '' : String(target.value);
  });
  return replaced === text ? node : valueNode(replaced, node.place);
}

export const finding = (
  { place }: Pick<Node, 'place'>,
  code: string,
  message: string,
  hint?: string,
): Finding => ({
  code,
  level: 'error',
  message,
  place,
  ...(hint === undefined ? {} : { hint }),
});

/** What Python 3.12, which runs there, does not read. */
import { t } from '../l10n.ts';
import type { Spot } from './finding.ts';
import { newerSpot } from './imports.ts';
import { NEWER_NAMES } from './pythonStdlib.ts';
import { qualified } from './names.ts';
import { dotted, nodesOf, type PythonFile } from './pythonText.ts';
import type { PythonNode } from './syntax.ts';

/** More would only follow from the first ones. */
const MOST = 5;

export function checkPython(file: PythonFile, bindings: ReadonlyMap<string, string>): readonly Spot[] {
  const spots: Spot[] = [];
  const broken: Spot[] = [];
  for (const node of nodesOf(file.tree, ({ broken: stops }) => !stops)) {
    const place = { from: node.from, to: node.to };
    if (node.broken) {
      const version = newerThan(file, node);
      if (version === undefined) broken.push(brokenSpot(file, node));
      else if (version !== 'told')
        spots.push(newerSpot(versionPlace(file, node), version.what, version.since));
    } else if (node.type === 'PrintStatement') {
      spots.push({
        ...place,
        to: node.from + 'print'.length,
        ...syntax(t('print is a function in Python 3.')),
      });
    } else if (node.type === 'TryStatement') {
      spots.push(...bareLists(node));
    }
    const name = node.type === 'MemberExpression' ? dotted(file, node) : undefined;
    const whole = name === undefined ? '' : qualified(bindings, name);
    // The first part must be a module, not something of the same name.
    const since = bindings.has(name?.split('.')[0] ?? '') ? NEWER_NAMES.get(whole) : undefined;
    if (since !== undefined) spots.push(newerSpot(place, whole, since));
  }
  return [...spots, ...broken.slice(0, MOST)];
}

const syntax = (message: string): Omit<Spot, 'from' | 'to'> => ({
  code: 'python-syntax',
  severity: 'error',
  message,
  hint: t('Write it so that Python 3.12 takes it.'),
});

function brokenSpot(file: PythonFile, { from, to }: PythonNode): Spot {
  const end = file.text.slice(from, to).search(/[\r\n]/);
  const until = end < 0 ? to : from + end;
  return {
    from,
    to: Math.max(until, Math.min(from + 1, file.text.length)),
    ...syntax(t('This is no Python 3.12.')),
  };
}

type Newer = { readonly what: string; readonly since: string } | 'told' | undefined;

/** What the syntax is that ends here, when it is one of a later Python. */
function newerThan(file: PythonFile, node: PythonNode): Newer {
  const { parent } = node;
  if (parent?.type === 'TypeParam') {
    // `[T = int]` breaks at each of its tokens.
    return node === parent.children.find(({ broken }) => broken)
      ? { what: t('A default for a type parameter'), since: '3.13' }
      : 'told';
  }
  if (/^[tT][rR]?$|^[rR][tT]$/.test(wordBefore(file, node)) && /^["']/.test(file.text.slice(node.to))) {
    return { what: t('A template string'), since: '3.14' };
  }
  return undefined;
}

const wordBefore = ({ text }: PythonFile, { from }: PythonNode): string =>
  /(?:^|[^\w])(\w*)$/.exec(text.slice(Math.max(0, from - 4), from))?.[1] ?? '';

const versionPlace = (file: PythonFile, node: PythonNode): Pick<Spot, 'from' | 'to'> =>
  node.parent?.type === 'TypeParam'
    ? { from: node.parent.from, to: node.parent.to }
    : { from: node.from - wordBefore(file, node).length, to: node.from };

/** `except A, B:`, which 3.14 takes without parentheses. */
function bareLists(node: PythonNode): readonly Spot[] {
  return node.children.flatMap(({ type }, index) => {
    if (type !== 'except') return [];
    const rest = node.children.slice(index + 1);
    const end = rest.findIndex((one) => one.type === 'Body');
    const listed = rest.slice(0, end);
    const [first] = listed;
    const last = listed.at(-1);
    if (!first || !last || !listed.some((one) => one.type === ',')) return [];
    return [
      newerSpot({ from: first.from, to: last.to }, t('A list of exceptions without parentheses'), '3.14'),
    ];
  });
}

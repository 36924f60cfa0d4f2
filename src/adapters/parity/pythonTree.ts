/** Python's syntax tree by `@lezer/python`, which reads on behind what it does not understand. */
import { parser } from '@lezer/python';
import type { PythonNode } from '../../core/parity/syntax.ts';

/**
 * What the grammar (1.1.19) takes for broken though it is Python, each in a form of the same length that it takes.
 * Found by parsing the standard library of 3.12 and the packages of the sandbox: of 3,234 files 1 is left.
 */
const GAPS: readonly (readonly [RegExp, (...match: string[]) => string])[] = [
  // A bare `yield`.
  [/\byield\b(?=[ \t]*(?:[)\]},;:#\r\n]|$))/g, () => 'yeeld'],
  // `20.`
  [/(?<![\w.])(\d[\d_]*)\.(?=[^\w.]|[eE]\d|$)/g, (_, digits = '') => `${digits}0`],
  // `for a, *rest in`
  [/(\bfor\s[\w\s,()]*?,\s*)\*(?=\s*\w+[\w\s,()]*?\sin\b)/g, (_, before = '') => `${before} `],
  // `with a as (b, c):` and `with a as b.c:`
  [
    /(\bas\s*)(\([\w\s,]*,[\w\s,]*\)|\w+(?:\.\w+)+)(?=\s*[:,)])/g,
    (_, as = '', names = '') => as + blank(names),
  ],
  // `with (a as b, c as d):`
  [
    /\bwith\s*\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)(?=\s*:)/g,
    (whole) => (/\sas\s/.test(whole) ? withoutParentheses(whole) : whole),
  ],
  // `case Name():`
  [/^[ \t]*case\b[^\r\n:]*/gm, (line) => line.replace(/(?<=\w)\(\)/g, '__')],
];

/** On one line, as it must be without them. */
const withoutParentheses = (statement: string): string =>
  statement
    .replace('(', ' ')
    .replace(/,?\s*\)$/, blankSpace)
    .replace(/[\r\n]/g, ' ');

const blankSpace = (text: string): string => ' '.repeat(text.length);
const blank = (text: string): string => '_'.repeat(text.length);

function withoutGaps(text: string): string {
  return GAPS.reduce((before, [pattern, same]) => before.replace(pattern, same), text);
}

interface Growing extends PythonNode {
  readonly children: Growing[];
}

export function pythonTree(text: string): PythonNode {
  let open: Growing | undefined;
  let root: Growing | undefined;
  parser.parse(withoutGaps(text)).iterate({
    enter: ({ name, from, to, type }) => {
      const node: Growing = { type: name, from, to, children: [], parent: open, broken: type.isError };
      open?.children.push(node);
      root ??= node;
      open = node;
    },
    leave: () => {
      open = open?.parent as Growing | undefined;
    },
  });
  return root ?? { type: 'Script', from: 0, to: 0, children: [], parent: undefined, broken: false };
}

/** Reading a syntax tree of Python. */
import type { PythonNode, Syntax } from './syntax.ts';

export interface PythonFile {
  /** Path below the project's folder, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly tree: PythonNode;
}

export const pythonFile = (path: string, text: string, syntax: Syntax): PythonFile => ({
  path,
  text,
  tree: syntax.python(text),
});

export const textOf = ({ text }: PythonFile, { from, to }: Pick<PythonNode, 'from' | 'to'>): string =>
  text.slice(from, to);

/** In the order of the text; what stands below a node for which `into` is false is left out. */
export function* nodesOf(
  node: PythonNode,
  into: (node: PythonNode) => boolean = () => true,
): Generator<PythonNode> {
  yield node;
  if (!into(node)) return;
  for (const child of node.children) yield* nodesOf(child, into);
}

export const child = (node: PythonNode, ...types: readonly string[]): PythonNode | undefined =>
  node.children.find(({ type }) => types.includes(type));

export const children = (node: PythonNode, type: string): readonly PythonNode[] =>
  node.children.filter((one) => one.type === type);

/** From the next one outwards. */
export function* above({ parent }: PythonNode): Generator<PythonNode> {
  for (let node = parent; node; node = node.parent) yield node;
}

/** `a.b.c` as a name; undefined for anything else. */
export function dotted(file: PythonFile, node: PythonNode | undefined): string | undefined {
  if (node?.type === 'VariableName') return textOf(file, node);
  const member = memberOf(node);
  if (!member) return undefined;
  const base = dotted(file, member.base);
  return base === undefined ? undefined : `${base}.${textOf(file, member.name)}`;
}

/** `base.name`. */
export function memberOf(
  node: PythonNode | undefined,
): { readonly base: PythonNode; readonly name: PythonNode } | undefined {
  if (node?.type !== 'MemberExpression') return undefined;
  const name = child(node, 'PropertyName');
  const [base] = node.children;
  return base && name ? { base, name } : undefined;
}

export interface Argument {
  /** Undefined when it stands by its place. */
  readonly name: string | undefined;
  readonly value: PythonNode;
}

/** Arguments of a list in parentheses; what is spread by `*` and `**` is left out. */
export function argumentsOf(file: PythonFile, list: PythonNode | undefined): readonly Argument[] {
  const found: Argument[] = [];
  let name: string | undefined;
  let spread = false;
  let before: PythonNode | undefined;
  for (const node of list?.children ?? []) {
    if (node.type === ',' || node.type === '(' || node.type === ')') {
      name = undefined;
      spread = false;
      before = undefined;
    } else if (node.type === 'AssignOp') {
      name = before && textOf(file, before);
      found.pop();
    } else if (node.type === '*' || node.type === '**') {
      spread = true;
    } else if (node.type !== 'Comment' && !spread && !node.type.startsWith('Comprehension')) {
      found.push({ name, value: node });
      before = node;
    }
  }
  return found;
}

/** A call, taken apart; undefined for another node. */
export function callOf(
  file: PythonFile,
  node: PythonNode | undefined,
): { readonly callee: PythonNode; readonly list: readonly Argument[]; readonly bare: boolean } | undefined {
  if (node?.type !== 'CallExpression') return undefined;
  const [callee] = node.children;
  const args = child(node, 'ArgList');
  if (!callee || !args) return undefined;
  const bare = args.children.every(({ type }) => ['(', ')', 'Comment'].includes(type));
  return { callee, list: argumentsOf(file, args), bare };
}

export interface TextPart {
  /** As it stands, escapes unresolved. */
  readonly text: string;
  readonly from: number;
}

/**
 * The parts of a string literal, without prefix and quotes; a format string has one before, between and after its
 * expressions. Undefined for another node.
 */
export function stringParts(file: PythonFile, node: PythonNode): readonly TextPart[] | undefined {
  if (node.type === 'ContinuedString') {
    return node.children.flatMap((one) => stringParts(file, one) ?? []);
  }
  if (node.type !== 'String' && node.type !== 'FormatString') return undefined;
  const whole = textOf(file, node);
  const { 0: opening = '', 1: quote = '' } = /^[A-Za-z]*("""|'''|"|')/.exec(whole) ?? [];
  const end =
    node.to - (whole.endsWith(quote) && whole.length >= opening.length + quote.length ? quote.length : 0);
  const parts: TextPart[] = [];
  let from = node.from + opening.length;
  for (const inside of children(node, 'FormatReplacement')) {
    parts.push({ text: file.text.slice(from, inside.from), from });
    from = inside.to;
  }
  parts.push({ text: file.text.slice(from, end), from });
  return parts;
}

/** The text of a plain string literal; undefined for another node, and for one with expressions in it. */
export function plainString(file: PythonFile, node: PythonNode | undefined): string | undefined {
  const parts = node && stringParts(file, node);
  if (!parts || (node.type === 'FormatString' && parts.length !== 1)) return undefined;
  return parts.map(({ text }) => text).join('');
}

/** A string that stands alone: documentation. */
export const isDocumentation = ({ parent, type }: PythonNode): boolean =>
  parent?.type === 'ExpressionStatement' ||
  (type === 'String' && parent?.type === 'ContinuedString' && isDocumentation(parent));

export interface FunctionNode {
  readonly node: PythonNode;
  readonly name: string;
  readonly decorators: readonly PythonNode[];
}

export function functionOf(file: PythonFile, node: PythonNode): FunctionNode | undefined {
  if (node.type !== 'FunctionDefinition') return undefined;
  const name = child(node, 'VariableName');
  const { parent } = node;
  const decorators = parent?.type === 'DecoratedStatement' ? children(parent, 'Decorator') : [];
  return name && { node, name: textOf(file, name), decorators };
}

/** `dp.table` of `@dp.table(…)`. */
export function decoratorName(file: PythonFile, decorator: PythonNode): string {
  return decorator.children
    .filter(({ type }) => type === 'VariableName' || type === 'PropertyName')
    .map((node) => textOf(file, node))
    .join('.');
}

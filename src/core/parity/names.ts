/** What a file imports, and under which name. */
import type { PythonNode } from './syntax.ts';
import { above, child, nodesOf, textOf, type PythonFile } from './pythonText.ts';

export interface Import {
  /** `a.b` of `import a.b` and of `from a.b import c`; empty in `from . import c`. */
  readonly module: string;
  /** Where the module's name stands. */
  readonly from: number;
  readonly to: number;
  /** Points before it. */
  readonly level: number;
  /** `c as d`; undefined when the module itself is imported. */
  readonly names: readonly ImportedName[] | undefined;
  /** Of `import a.b as c`. */
  readonly alias: string | undefined;
  /** Inside a `try`, or under a condition on versions or on type checking: its author knows that it may fail. */
  readonly guarded: boolean;
}

export interface ImportedName {
  readonly name: string;
  readonly alias: string;
  readonly from: number;
  readonly to: number;
}

export function importsOf(file: PythonFile): readonly Import[] {
  const found: Import[] = [];
  for (const node of nodesOf(file.tree)) {
    if (node.type === 'ImportStatement') found.push(...importsIn(file, node));
  }
  return found;
}

function importsIn(file: PythonFile, statement: PythonNode): readonly Import[] {
  const guarded = isGuarded(file, statement);
  const tokens = statement.children.filter(({ type }) => type !== 'Comment');
  const isFrom = tokens[0]?.type === 'from';
  const at = tokens.findIndex(({ type }) => type === 'import');
  if (at < 0) return [];
  const listed = namesIn(file, tokens.slice(at + 1));
  if (!isFrom) {
    return listed.map(({ name, alias, from, to }) => ({
      module: name,
      from,
      to,
      level: 0,
      names: undefined,
      alias: alias === name ? undefined : alias,
      guarded,
    }));
  }
  const source = tokens.slice(1, at);
  const first = source.findIndex(({ type }) => type === 'VariableName');
  const named = first < 0 ? [] : source.slice(first);
  const points = first < 0 ? source : source.slice(0, first);
  const module = named.map((node) => textOf(file, node)).join('');
  const place = named.length > 0 ? named : source;
  return [
    {
      module,
      from: place[0]?.from ?? statement.from,
      to: place.at(-1)?.to ?? statement.to,
      level: points.reduce((sum, node) => sum + (node.to - node.from), 0),
      names: listed,
      alias: undefined,
      guarded,
    },
  ];
}

function namesIn(file: PythonFile, tokens: readonly PythonNode[]): readonly ImportedName[] {
  const found: ImportedName[] = [];
  let parts: PythonNode[] = [];
  let alias: PythonNode | undefined;
  let asked = false;
  const flush = (): void => {
    const [first] = parts;
    const last = parts.at(-1);
    if (first && last) {
      const name = parts.map((node) => textOf(file, node)).join('');
      found.push({ name, alias: alias ? textOf(file, alias) : name, from: first.from, to: last.to });
    }
    parts = [];
    alias = undefined;
    asked = false;
  };
  for (const node of tokens) {
    if (node.type === ',') flush();
    else if (node.type === 'as') asked = true;
    else if (node.type === 'VariableName' && asked) alias = node;
    else if (['VariableName', '.', '*'].includes(node.type)) parts.push(node);
  }
  flush();
  return found;
}

function isGuarded(file: PythonFile, statement: PythonNode): boolean {
  for (const node of above(statement)) {
    if (node.type === 'TryStatement' && child(node, 'except')) return true;
    if (node.type === 'IfStatement' && /\b(TYPE_CHECKING|version_info)\b/.test(condition(file, node)))
      return true;
  }
  return false;
}

const condition = (file: PythonFile, node: PythonNode): string =>
  file.text.slice(node.from, child(node, 'Body')?.from ?? node.to);

/** Names of the file, each with the module or the `module.name` that it stands for; with its points when it is relative. */
export function bindingsOf(imports: readonly Import[]): ReadonlyMap<string, string> {
  const bound = new Map<string, string>();
  for (const { module, names, alias, level } of imports) {
    const points = '.'.repeat(level);
    if (names) for (const one of names) bound.set(one.alias, `${points}${module}.${one.name}`);
    else if (alias !== undefined) bound.set(alias, module);
    else {
      const [top = module] = module.split('.');
      bound.set(top, top);
    }
  }
  return bound;
}

/** `dp.table` as `pyspark.pipelines.table`, by what the file imports. */
export function qualified(bindings: ReadonlyMap<string, string>, name: string): string {
  const [first = '', ...rest] = name.split('.');
  return [bindings.get(first) ?? first, ...rest].join('.');
}

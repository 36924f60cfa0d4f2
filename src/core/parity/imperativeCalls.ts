/**
 * Calls that run a query or write, in code that only describes one. They are the ones that Databricks and Apache Spark name
 * ("operations that should never be used": collect, count, pivot, toPandas, save, saveAsTable, start, toTable, and whatever
 * "saves or writes to files or tables"); `show` or `first` are not among them.
 *
 * `count` counts only on what is known to be a DataFrame: `"a".count`, `F.count` and `groupBy(…).count()` are something else.
 * What stands under `if __name__ == "__main__"` and in the handler of a `foreach_batch_sink` may run and write.
 */
import { t } from '../l10n.ts';
import { assign, inside, kindOf, type Kind, type Known, type Scope } from './dataFrames.ts';
import type { Spot } from './finding.ts';
import { callOf, child, decoratorName, dotted, functionOf, memberOf, textOf } from './pythonText.ts';
import type { PythonNode } from './syntax.ts';

const WRITES: ReadonlySet<string> = new Set([
  'save',
  'saveAsTable',
  'insertInto',
  'csv',
  'json',
  'parquet',
  'orc',
  'text',
  'jdbc',
  'xml',
]);
const STARTS: ReadonlySet<string> = new Set(['start', 'toTable']);
/** Nothing else has methods of these names. */
const ALWAYS: ReadonlySet<string> = new Set(['toPandas', 'saveAsTable', 'toTable']);

export function checkImperativeCalls(known: Known): readonly Spot[] {
  const spots: Spot[] = [];
  const { file } = known;

  const look = (node: PythonNode, scope: Scope): void => {
    if (isScript(node)) return;
    const definition = functionOf(file, node);
    if (definition?.decorators.some((one) => decoratorName(file, one).endsWith('foreach_batch_sink'))) return;
    if (definition || node.type === 'LambdaExpression') {
      const within = inside(known, scope, node);
      for (const one of node.children) look(one, within);
      return;
    }
    for (const one of node.children) look(one, scope);
    if (node.type === 'AssignStatement') assign(known, scope, node);
    const spot = node.type === 'CallExpression' ? judged(node, scope) : undefined;
    if (spot) spots.push(spot);
  };

  /** `if __name__ == "__main__":` */
  const isScript = (node: PythonNode): boolean =>
    node.type === 'IfStatement' &&
    file.text.slice(node.from, child(node, 'Body')?.from ?? node.to).includes('__name__');

  const judged = (node: PythonNode, scope: Scope): Spot | undefined => {
    const call = callOf(file, node);
    const member = memberOf(call?.callee);
    if (!call || !member) return undefined;
    const name = textOf(file, member.name);
    const base = kindOf(known, scope, member.base);
    const certain = isImperative(name, base, call.bare) || (ALWAYS.has(name) && base === undefined);
    const likely = name === 'collect' && call.bare && base === undefined && !isImported(member.base, scope);
    if (!certain && !likely) return undefined;
    return spotOf(member.name, name, certain);
  };

  /** `gc.collect()` is of a module. */
  const isImported = (base: PythonNode, scope: Scope): boolean => {
    const [first = ''] = dotted(file, base)?.split('.') ?? [];
    return known.bindings.has(first) && !scope.has(first);
  };

  look(file.tree, new Map());
  return spots;
}

function isImperative(name: string, base: Kind | undefined, bare: boolean): boolean {
  switch (base) {
    case 'frame':
      return name === 'toPandas' || ((name === 'collect' || name === 'count') && bare);
    case 'grouped':
      return name === 'pivot';
    case 'writer':
      return WRITES.has(name);
    case 'streamWriter':
      return STARTS.has(name);
    case 'session':
    case 'reader':
    case undefined:
      return false;
  }
}

function spotOf({ from, to }: PythonNode, name: string, certain: boolean): Spot {
  const reading = ['collect', 'count', 'toPandas', 'pivot'].includes(name);
  return {
    from,
    to,
    code: 'imperative-call',
    severity: certain ? 'error' : 'warning',
    message: reading
      ? t('{0}() runs a query, which the code of a pipeline must not do.', name)
      : t('{0}() writes, which the code of a pipeline must not do.', name),
    hint: reading
      ? t('Return a DataFrame that describes the result; the pipeline runs it.')
      : t(
          'Return the DataFrame from a function with @dp.table or @dp.materialized_view; the pipeline writes it.',
        ),
  };
}

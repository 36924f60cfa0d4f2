/**
 * Types that a table of Delta there cannot hold. `VOID` is taken from Databricks Runtime 18.2 on, but not in streaming tables
 * (https://learn.microsoft.com/azure/databricks/sql/language-manual/data-types/null-type); intervals are not.
 */
import { t } from '../l10n.ts';
import type { Spot } from './finding.ts';
import { qualified } from './names.ts';
import {
  argumentsOf,
  callOf,
  child,
  decoratorName,
  dotted,
  memberOf,
  nodesOf,
  plainString,
  stringParts,
  textOf,
  type PythonFile,
} from './pythonText.ts';
import type { PythonNode } from './syntax.ts';

const CLASSES: ReadonlySet<string> = new Set([
  'NullType',
  'DayTimeIntervalType',
  'YearMonthIntervalType',
  'CalendarIntervalType',
]);
const TYPED: ReadonlySet<string> = new Set(['StructField', 'add']);
const DATASET = /^(?:pyspark\.pipelines|dlt)\.(?:table|materialized_view|create_streaming_table)$/;
/** `name INTERVAL …` and `name VOID`, also inside of `STRUCT<name: VOID>`. */
const IN_DDL = /(?<=(?:^|[,<])\s*(?:`[^`]*`|\w+)(?:\s*:\s*|\s+))(?:interval\b[\w\s]*|void\b)/gi;

export function checkColumnTypes(file: PythonFile, bindings: ReadonlyMap<string, string>): readonly Spot[] {
  const spots: Spot[] = [];
  for (const node of nodesOf(file.tree)) {
    const call = callOf(file, node);
    const name = call && lastName(file, call.callee);
    if (call && TYPED.has(name ?? '')) {
      for (const { value } of call.list) spots.push(...classes(file, value));
    }
    if (call && (name === 'alias' || name === 'withColumn'))
      spots.push(...untyped(file, bindings, name, call));
    spots.push(...inDdl(file, schemaOf(file, bindings, node)));
  }
  return spots;
}

function lastName(file: PythonFile, callee: PythonNode | undefined): string | undefined {
  const member = memberOf(callee);
  if (member) return textOf(file, member.name);
  return callee?.type === 'VariableName' ? textOf(file, callee) : undefined;
}

function classes(file: PythonFile, value: PythonNode): readonly Spot[] {
  // A field inside of a field is looked at by itself.
  const isField = (node: PythonNode): boolean => TYPED.has(lastName(file, callOf(file, node)?.callee) ?? '');
  return [...nodesOf(value, (node) => !isField(node))].flatMap((node) => {
    const call = callOf(file, node);
    const name = call && lastName(file, call.callee);
    return call && CLASSES.has(name ?? '') ? [typeSpot(call.callee, textOf(file, call.callee))] : [];
  });
}

/** The `schema=` of a dataset's definition. */
function schemaOf(
  file: PythonFile,
  bindings: ReadonlyMap<string, string>,
  node: PythonNode,
): PythonNode | undefined {
  const call = callOf(file, node);
  const name = node.type === 'Decorator' ? decoratorName(file, node) : call && dotted(file, call.callee);
  if (name === undefined || !DATASET.test(qualified(bindings, name))) return undefined;
  return argumentsOf(file, child(node, 'ArgList')).find((one) => one.name === 'schema')?.value;
}

function inDdl(file: PythonFile, schema: PythonNode | undefined): readonly Spot[] {
  return (schema ? (stringParts(file, schema) ?? []) : []).flatMap(({ text, from }) =>
    [...text.matchAll(IN_DDL)].map(({ index, 0: type }) => {
      const name = type.trimEnd();
      return typeSpot({ from: from + index, to: from + index + name.length }, name);
    }),
  );
}

/** `F.lit(None).alias("x")` and `withColumn("x", F.lit(None))`: a column without a type. */
function untyped(
  file: PythonFile,
  bindings: ReadonlyMap<string, string>,
  method: string,
  { callee, list }: NonNullable<ReturnType<typeof callOf>>,
): readonly Spot[] {
  const made = method === 'alias' ? memberOf(callee)?.base : list[1]?.value;
  const call = callOf(file, made);
  const name = call && dotted(file, call.callee);
  const isLit = name !== undefined && qualified(bindings, name) === 'pyspark.sql.functions.lit';
  const [only] = call?.list ?? [];
  if (!made || !isLit || !only || plainString(file, only.value) !== undefined) return [];
  if (textOf(file, only.value) !== 'None') return [];
  return [
    {
      from: made.from,
      to: made.to,
      code: 'unsupported-type',
      severity: 'warning',
      message: t('This column has the type VOID, which a table there may not hold.'),
      hint: t('Give it a type: .cast("string").'),
    },
  ];
}

const typeSpot = ({ from, to }: Pick<Spot, 'from' | 'to'>, type: string): Spot => ({
  from,
  to,
  code: 'unsupported-type',
  severity: 'error',
  message: t('A table there cannot hold a column of the type {0}.', type),
  hint: t('Keep an interval as a number of seconds or as text, and an empty column with a type.'),
});

/** Names of `pyspark.pipelines`, and where the decorators stand. */
import { t } from '../l10n.ts';
import type { Spot } from './finding.ts';
import { qualified, type Import } from './names.ts';
import {
  decoratorName,
  dotted,
  functionOf,
  memberOf,
  nodesOf,
  textOf,
  type PythonFile,
} from './pythonText.ts';

const MODULE = 'pyspark.pipelines';
const DATASETS: ReadonlySet<string> = new Set(['table', 'materialized_view', 'temporary_view', 'view']);

/**
 * The API reference of Databricks (https://learn.microsoft.com/azure/databricks/ldp/developer/python-ref), which holds what
 * Apache Spark 4.2 has.
 */
const NAMES: ReadonlySet<string> = new Set([
  'append_flow',
  'create_auto_cdc_flow',
  'create_auto_cdc_from_snapshot_flow',
  'create_sink',
  'create_streaming_table',
  'expect',
  'expect_all',
  'expect_all_or_drop',
  'expect_all_or_fail',
  'expect_or_drop',
  'expect_or_fail',
  'foreach_batch_sink',
  'materialized_view',
  'on_event_hook',
  'table',
  'temporary_view',
  'update_flow',
]);

/** Names of the older module `dlt`, and what is written in their place. Databricks may still take some of them. */
const OLDER: ReadonlyMap<string, string> = new Map([
  ['apply_changes', 'create_auto_cdc_flow'],
  ['apply_changes_from_snapshot', 'create_auto_cdc_from_snapshot_flow'],
  ['create_live_table', 'materialized_view'],
  ['create_streaming_live_table', 'create_streaming_table'],
  ['create_table', 'materialized_view'],
  ['create_target_table', 'create_streaming_table'],
  ['create_view', 'temporary_view'],
  ['read', 'spark.read.table'],
  ['read_stream', 'spark.readStream.table'],
  ['view', 'temporary_view'],
]);

export function checkPipelineNames(
  file: PythonFile,
  imports: readonly Import[],
  bindings: ReadonlyMap<string, string>,
): readonly Spot[] {
  const used = imports
    .filter(({ module, level }) => module === MODULE && level === 0)
    .flatMap(({ names = [] }) => names)
    .filter(({ name }) => name !== '*');
  const spots = used.flatMap(({ name, from, to }) => spotOf(name, from, to));
  for (const node of nodesOf(file.tree)) {
    if (node.type === 'Decorator') {
      const names = node.children.filter(({ type }) => type === 'VariableName' || type === 'PropertyName');
      const last = names.at(-1);
      const whole = qualified(bindings, decoratorName(file, node));
      if (last && names.length > 1 && whole.slice(0, whole.lastIndexOf('.')) === MODULE) {
        spots.push(...spotOf(textOf(file, last), last.from, last.to));
      }
    }
    const member = memberOf(node);
    const base = member && dotted(file, member.base);
    if (member && base !== undefined && qualified(bindings, base) === MODULE) {
      spots.push(...spotOf(textOf(file, member.name), member.name.from, member.name.to));
    }
    if (node.type === 'FunctionDefinition') spots.push(...outOfOrder(file, node, bindings));
  }
  return spots;
}

function spotOf(name: string, from: number, to: number): readonly Spot[] {
  if (NAMES.has(name) || name.startsWith('_')) return [];
  const instead = OLDER.get(name);
  const place = { from, to, code: 'pipelines-name' } as const;
  if (instead !== undefined) {
    return [
      {
        ...place,
        severity: 'warning',
        message: t('{0} is a name of the older module dlt; pyspark.pipelines does not describe it.', name),
        hint: t('Use {0} in its place.', instead),
      },
    ];
  }
  return [
    {
      ...place,
      severity: 'error',
      message: t('pyspark.pipelines has no {0}.', name),
      hint: t('Look it up in the reference of Azure Databricks for pipelines in Python.'),
    },
  ];
}

/** Expectations above the decorator of the dataset. */
function outOfOrder(
  file: PythonFile,
  node: Parameters<typeof functionOf>[1],
  bindings: ReadonlyMap<string, string>,
): readonly Spot[] {
  const decorators = (functionOf(file, node)?.decorators ?? []).map((decorator) => ({
    decorator,
    name: qualified(bindings, decoratorName(file, decorator)),
  }));
  const of = (name: string): string | undefined => /^(?:pyspark\.pipelines|dlt)\.(\w+)$/.exec(name)?.[1];
  const dataset = decorators.findIndex(({ name }) => DATASETS.has(of(name) ?? ''));
  return decorators
    .slice(0, Math.max(0, dataset))
    .filter(({ name }) => of(name)?.startsWith('expect'))
    .map(({ decorator, name }) => ({
      from: decorator.from,
      // The node goes on to the end of its line.
      to: decorator.from + textOf(file, decorator).trimEnd().length,
      code: 'expectation-order' as const,
      severity: 'error' as const,
      message: t('{0} stands above the decorator that defines the dataset.', `@${of(name) ?? name}`),
      hint: t('Put expectations below @dp.table, @dp.materialized_view or @dp.temporary_view.'),
    }));
}

/**
 * What an expression is, as far as a pipeline's source tells: a session, a reader, a DataFrame, a grouping, a writer.
 * Annotations, assignments and the calls that make one are followed; the rest is unknown.
 */
import {
  callOf,
  child,
  dotted,
  functionOf,
  memberOf,
  plainString,
  textOf,
  type PythonFile,
} from './pythonText.ts';
import { qualified } from './names.ts';
import type { PythonNode } from './syntax.ts';

export type Kind = 'session' | 'reader' | 'frame' | 'grouped' | 'writer' | 'streamWriter';

/** What names are where a statement stands. */
export type Scope = Map<string, Kind | undefined>;

export interface Known {
  readonly file: PythonFile;
  readonly bindings: ReadonlyMap<string, string>;
  /** Functions that return a DataFrame, as `module.name`. */
  readonly framesFrom: ReadonlySet<string>;
}

const MAKES_FRAME: ReadonlySet<string> = new Set(['table', 'sql', 'range', 'createDataFrame']);
const LOADS: ReadonlySet<string> = new Set([
  'load',
  'table',
  'csv',
  'json',
  'parquet',
  'orc',
  'text',
  'jdbc',
  'xml',
  'delta',
]);
const GROUPS: ReadonlySet<string> = new Set(['groupBy', 'groupby', 'rollup', 'cube', 'groupingSets']);
/** Of a DataFrame, what gives something else than one. */
const ENDS: ReadonlySet<string> = new Set([
  'collect',
  'count',
  'toPandas',
  'first',
  'head',
  'take',
  'tail',
  'show',
  'isEmpty',
  'toLocalIterator',
  'toArrow',
  'foreach',
  'foreachPartition',
  'explain',
  'printSchema',
  'approxQuantile',
  'corr',
  'cov',
  'createTempView',
  'createOrReplaceTempView',
  'createGlobalTempView',
  'inputFiles',
  'toJSON',
  'colRegex',
  'writeTo',
  'mergeInto',
]);
const FRAME_TYPE = /(^|\.)DataFrame$/;

/** The kind that an annotation names. */
export function annotated(file: PythonFile, definition: PythonNode | undefined): Kind | undefined {
  const type = definition?.children.find((node) => node.type !== ':' && node.type !== '->');
  const name = type && (dotted(file, type) ?? plainString(file, type));
  if (name === undefined) return undefined;
  if (FRAME_TYPE.test(name)) return 'frame';
  if (/(^|\.)SparkSession$/.test(name)) return 'session';
  if (/(^|\.)GroupedData$/.test(name)) return 'grouped';
  return undefined;
}

export function kindOf(known: Known, scope: Scope, node: PythonNode | undefined): Kind | undefined {
  switch (node?.type) {
    case 'VariableName': {
      const name = textOf(known.file, node);
      if (scope.has(name)) return scope.get(name);
      // Databricks gives every file of a pipeline this name.
      return name === 'spark' && !known.bindings.has(name) ? 'session' : undefined;
    }
    case 'ParenthesizedExpression':
      return kindOf(
        known,
        scope,
        node.children.find(({ type }) => type !== '(' && type !== 'Comment'),
      );
    case 'ConditionalExpression':
      return kindOf(known, scope, node.children[0]) ?? kindOf(known, scope, node.children.at(-1));
    case 'MemberExpression':
      return memberKind(known, scope, node);
    case 'CallExpression':
      return callKind(known, scope, node);
    case undefined:
    default:
      return undefined;
  }
}

function memberKind(known: Known, scope: Scope, node: PythonNode): Kind | undefined {
  const member = memberOf(node);
  if (!member) return undefined;
  const name = textOf(known.file, member.name);
  const base = kindOf(known, scope, member.base);
  if (base === 'session') return name === 'read' || name === 'readStream' ? 'reader' : undefined;
  // Nothing else has an attribute of these names that is not called.
  if (base === 'frame' || base === undefined) {
    if (name === 'write' && node.parent?.type !== 'CallExpression') return 'writer';
    if (name === 'writeStream') return 'streamWriter';
  }
  return undefined;
}

function callKind(known: Known, scope: Scope, node: PythonNode): Kind | undefined {
  const call = callOf(known.file, node);
  if (!call) return undefined;
  const name = dotted(known.file, call.callee);
  if (name !== undefined) {
    const whole = qualified(known.bindings, name);
    if (whole.endsWith('SparkSession.active') || whole.endsWith('SparkSession.getActiveSession'))
      return 'session';
    if (known.framesFrom.has(whole) || /^dlt\.read(_stream)?$/.test(whole)) return 'frame';
  }
  const member = memberOf(call.callee);
  if (!member) return undefined;
  const method = textOf(known.file, member.name);
  if (method === 'getOrCreate') return 'session';
  const base = kindOf(known, scope, member.base);
  switch (base) {
    case 'session':
      return MAKES_FRAME.has(method) ? 'frame' : undefined;
    case 'reader':
      return LOADS.has(method) ? 'frame' : 'reader';
    case 'frame':
      if (GROUPS.has(method)) return 'grouped';
      return ENDS.has(method) ? undefined : 'frame';
    case 'grouped':
      return method === 'pivot' ? 'grouped' : 'frame';
    case 'writer':
    case 'streamWriter':
      return base;
    case undefined:
      // Of pandas as well; what then follows tells them apart.
      return GROUPS.has(method) && method !== 'groupby' ? 'grouped' : undefined;
  }
}

/** Takes what an assignment gives to a name. */
export function assign(known: Known, scope: Scope, statement: PythonNode): void {
  const [target] = statement.children;
  if (target?.type !== 'VariableName') return;
  const equals = statement.children.findLastIndex(({ type }) => type === 'AssignOp');
  const value = equals < 0 ? undefined : statement.children[equals + 1];
  const declared = annotated(known.file, child(statement, 'TypeDef'));
  scope.set(textOf(known.file, target), declared ?? kindOf(known, scope, value));
}

/** The scope inside a function: what is outside, with its parameters. */
export function inside(known: Known, outer: Scope, definition: PythonNode): Scope {
  const scope: Scope = new Map(outer);
  const list = child(definition, 'ParamList')?.children ?? [];
  list.forEach((node, index) => {
    if (node.type !== 'VariableName') return;
    const before = list[index - 1]?.type;
    // A default value, not a parameter.
    if (before === 'AssignOp') return;
    const next = list[index + 1];
    const kind =
      before === '*' || before === '**'
        ? undefined
        : annotated(known.file, next?.type === 'TypeDef' ? next : undefined);
    scope.set(textOf(known.file, node), kind);
  });
  return scope;
}

/** Functions of a file whose annotation says that they return a DataFrame. */
export function framesOf(file: PythonFile): readonly string[] {
  return file.tree.children
    .map((node) => (node.type === 'DecoratedStatement' ? (node.children.at(-1) ?? node) : node))
    .flatMap((node) => {
      const found = functionOf(file, node);
      return found && annotated(file, child(node, 'TypeDef')) === 'frame' ? [found.name] : [];
    });
}

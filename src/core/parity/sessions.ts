/** Sessions that code makes for itself, and what no session there gives. */
import { t } from '../l10n.ts';
import type { Spot } from './finding.ts';
import { qualified } from './names.ts';
import {
  argumentsOf,
  callOf,
  child,
  dotted,
  memberOf,
  nodesOf,
  textOf,
  type PythonFile,
} from './pythonText.ts';
import type { PythonNode } from './syntax.ts';

/** Attributes of sessions and DataFrames that Spark Connect, which is all there is on serverless compute, has not. */
const NOT_CONNECT: ReadonlySet<string> = new Set([
  'sparkContext',
  'rdd',
  '_jvm',
  '_jsc',
  '_jdf',
  '_jsparkSession',
]);

export function checkSessions(file: PythonFile, bindings: ReadonlyMap<string, string>): readonly Spot[] {
  const spots: Spot[] = [];
  for (const node of nodesOf(file.tree)) {
    const member = memberOf(node);
    if (!member) continue;
    const name = textOf(file, member.name);
    if (name === 'builder' && isSession(file, bindings, member.base)) spots.push(builderSpot(file, node));
    if (NOT_CONNECT.has(name)) spots.push(notConnectSpot(member.name, name));
  }
  return [...spots, ...registrySpots(file, bindings)];
}

function isSession(file: PythonFile, bindings: ReadonlyMap<string, string>, base: PythonNode): boolean {
  const name = dotted(file, base);
  return name !== undefined && /(^|\.)SparkSession$/.test(qualified(bindings, name));
}

/** `node` is `SparkSession.builder`; what is called on it stands around it. */
function builderSpot(file: PythonFile, node: PythonNode): Spot {
  let whole = node;
  const called: string[] = [];
  while (whole.parent?.type === 'MemberExpression' || whole.parent?.type === 'CallExpression') {
    whole = whole.parent;
    const name = child(whole, 'PropertyName');
    if (whole.type === 'MemberExpression' && name) called.push(textOf(file, name));
  }
  const elsewhere = called.some((name) => name === 'master' || name === 'remote');
  return {
    from: node.from,
    to: whole.to,
    code: 'session-builder',
    severity: elsewhere ? 'error' : 'warning',
    message: elsewhere
      ? t('This asks for a session of its own; a pipeline there runs only in the one it is given.')
      : t('A pipeline there already has its session; settings of a builder are not taken.'),
    hint: t('Use SparkSession.active(), which gives the session of the pipeline here and there.'),
  };
}

const notConnectSpot = ({ from, to }: PythonNode, name: string): Spot => ({
  from,
  to,
  code: 'not-connect',
  severity: 'warning',
  message: t('{0} is not part of Spark Connect, through which pipelines run on serverless compute.', name),
  hint: t('Use DataFrames and their functions.'),
});

/** `from_avro` that asks a registry. */
function registrySpots(file: PythonFile, bindings: ReadonlyMap<string, string>): readonly Spot[] {
  return [...nodesOf(file.tree)].flatMap((node): readonly Spot[] => {
    const call = callOf(file, node);
    const name = call && dotted(file, call.callee);
    if (!call || name === undefined || !/(^|\.)(from|to)_avro$/.test(qualified(bindings, name))) return [];
    const asks = argumentsOf(file, child(node, 'ArgList')).some(
      (one) => one.name === 'schemaRegistryAddress' || one.name === 'subject',
    );
    if (!asks) return [];
    return [
      {
        from: call.callee.from,
        to: call.callee.to,
        code: 'only-there',
        severity: 'warning',
        message: t('{0} asks a schema registry only on Azure Databricks; the sandbox cannot run this.', name),
        hint: t('Give the schema itself, so that the same file runs in both places.'),
      },
    ];
  });
}

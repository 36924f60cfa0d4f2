/** Texts that only hold where the pipeline is not configured: `setting("orders.kafka.bootstrap", "127.0.0.1:9092")`. */
import { callOf, nodesOf, plainString, textOf, type PythonFile } from './pythonText.ts';
import type { PythonNode } from './syntax.ts';

/**
 * String literals that a configured setting takes the place of, as second argument beside its name, or as a constant of the
 * file that is used in no other way.
 */
export function overridden(file: PythonFile, configured: ReadonlySet<string>): ReadonlySet<PythonNode> {
  const defaults = new Set<PythonNode>();
  for (const node of nodesOf(file.tree)) {
    const [name, fallback] = callOf(file, node)?.list ?? [];
    const setting = plainString(file, name?.value);
    if (fallback && setting !== undefined && configured.has(setting)) defaults.add(fallback.value);
  }
  const uses = usesOf(file);
  for (const statement of file.tree.children) {
    const [target] = statement.children;
    if (statement.type !== 'AssignStatement' || target?.type !== 'VariableName') continue;
    const value = statement.children.at(-1);
    const used = (uses.get(textOf(file, target)) ?? []).filter((node) => node !== target);
    if (value && used.length > 0 && used.every((node) => defaults.has(node))) defaults.add(value);
  }
  return defaults;
}

/** Names that imports and parameters bind count too: then the constant is left to be judged. */
function usesOf(file: PythonFile): ReadonlyMap<string, readonly PythonNode[]> {
  const uses = new Map<string, PythonNode[]>();
  for (const node of nodesOf(file.tree)) {
    if (node.type !== 'VariableName') continue;
    const name = textOf(file, node);
    uses.set(name, [...(uses.get(name) ?? []), node]);
  }
  return uses;
}

/** Pointers into JSON: https://www.rfc-editor.org/rfc/rfc6901 */
import type { DraftPath } from '../core/outgoing.ts';

const stepsOf = (pointer: string): readonly string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));

/** The value at a pointer, and the way to it: list items as numbers. */
export function at(
  document: unknown,
  pointer: string,
): { readonly path: DraftPath; readonly value: unknown } {
  const path: (string | number)[] = [];
  let value = document;
  for (const step of stepsOf(pointer)) {
    path.push(Array.isArray(value) ? Number(step) : step);
    value = (value as Readonly<Record<string, unknown>> | undefined)?.[step];
  }
  return { path, value };
}

/** Sources with `«…»` around what must be found, and nothing else. */
import assert from 'node:assert/strict';
import { syntax } from '../../../../src/adapters/parity.ts';
import { checkProject } from '../../../../src/core/parity/checkProject.ts';
import type { Finding, FindingCode, Place } from '../../../../src/core/parity/finding.ts';

/** Where it stands when a test says nothing else. */
export const PIPELINE = 'lakehouse/transformations/orders.py';

/** Checks the files; one text alone is a file of the pipeline. */
export function findings(files: string | Readonly<Record<string, string>>): readonly Finding[] {
  const all = typeof files === 'string' ? { [PIPELINE]: files } : files;
  return checkProject(new Map(Object.entries(all)), syntax);
}

/** Columns counted by splitting lines, as an editor shows them. */
function textBetween(text: string, { start, end }: { start: Place; end: Place }): string {
  const lines = text.split('\n').slice(start.line, end.line + 1);
  lines[lines.length - 1] = (lines.at(-1) ?? '').slice(0, end.column);
  lines[0] = (lines[0] ?? '').slice(start.column);
  return lines.join('\n');
}

function marks(text: string): readonly { readonly start: Place; readonly text: string }[] {
  const found: { start: Place; text: string }[] = [];
  for (const { index, 0: whole } of text.matchAll(/«[^»]*»/g)) {
    const before = text.slice(0, index).replace(/[«»]/g, '').split('\n');
    found.push({
      start: { line: before.length - 1, column: before.at(-1)?.length ?? 0 },
      text: whole.slice(1, -1),
    });
  }
  return found;
}

/** Asserts that exactly the marked places of the file are found, all with this code; returns the findings. */
export function foundAt(
  code: FindingCode,
  marked: string,
  { path = PIPELINE, others = {} }: { path?: string; others?: Readonly<Record<string, string>> } = {},
): readonly Finding[] {
  const text = marked.replace(/[«»]/g, '');
  const found = findings({ ...others, [path]: text }).filter(({ file }) => file === path);
  assert.deepEqual(
    found.map(({ range, code: of }) => ({ code: of, start: range.start, text: textBetween(text, range) })),
    marks(marked).map((mark) => ({ code, ...mark })),
    JSON.stringify(found, undefined, 1),
  );
  return found;
}

export const severities = (found: readonly Finding[]): readonly string[] =>
  found.map(({ severity }) => severity);

/** What of a project would not work on Azure Databricks, and where it stands. */
import { DOCUMENTATION } from './documentation.ts';

/** Lines and columns from 0, columns in UTF-16 units, as the editor counts them. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Range {
  readonly start: Place;
  readonly end: Place;
}

export type FindingCode = keyof typeof DOCUMENTATION;

export interface Finding {
  /** Path below the project's folder, with `/`. */
  readonly file: string;
  readonly range: Range;
  readonly code: FindingCode;
  /** An error gates the deploy. */
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** The next step, as a sentence. */
  readonly hint: string;
  /** What mends it for certain, in the place of the range. */
  readonly replacement?: string;
}

/** A finding before its place is turned into lines. */
export interface Spot extends Omit<Finding, 'file' | 'range'> {
  readonly from: number;
  readonly to: number;
}

/** Whether a deploy has to stop. */
export const gates = (findings: readonly Finding[]): boolean =>
  findings.some(({ severity }) => severity === 'error');

export const documentationOf = ({ code }: Pick<Finding, 'code'>): string => DOCUMENTATION[code];

/** Offsets at which each line begins. `\r\n`, `\n` and `\r` end one, as in the editor. */
function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (const { index, 0: end } of text.matchAll(/\r\n|\n|\r/g)) starts.push(index + end.length);
  return starts;
}

function placeIn(starts: readonly number[], offset: number): Place {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low, column: offset - (starts[low] ?? 0) };
}

/** In the order of their places. */
export function placed(file: string, text: string, spots: readonly Spot[]): readonly Finding[] {
  const starts = lineStarts(text);
  return [...spots]
    .sort((one, other) => one.from - other.from || one.to - other.to)
    .map(({ from, to, ...rest }) => ({
      file,
      range: { start: placeIn(starts, from), end: placeIn(starts, to) },
      ...rest,
    }));
}

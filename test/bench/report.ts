/** Tables in Markdown, and the measured parts of docs/benchmarks.md, each between two marks of its own. */
import { readFileSync, writeFileSync } from 'node:fs';

export type Row = readonly (string | number)[];

/** The first column to the left, the others to the right. */
export function markdownTable(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row): string => `| ${cells.join(' | ')} |`;
  const rule = line(head.map((_, index) => (index === 0 ? '---' : '---:')));
  return [line(head), rule, ...rows.map(line)].join('\n');
}

/** Puts what was measured between `<!-- NAME -->` and `<!-- /NAME -->`. */
export function writeMeasured(file: string, name: string, body: string): void {
  const text = readFileSync(file, 'utf8');
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(open), text.indexOf(close)];
  if (from < 0 || to < from) throw new Error(`${file} has no part marked ${open}`);
  writeFileSync(file, `${text.slice(0, from + open.length)}\n\n${body}\n\n${text.slice(to)}`);
}

/** 1,234,567 */
export const grouped = (value: number): string => Math.round(value).toLocaleString('en-US');

export const mebibytes = (bytes: number): string => grouped(bytes / 1024 / 1024);

/** `✔ at least 0.7` or `✘ at least 0.7` */
export function verdict(value: number, goal: { atLeast: number } | { atMost: number }): string {
  const [good, text] =
    'atLeast' in goal
      ? [value >= goal.atLeast, `at least ${goal.atLeast}`]
      : [value <= goal.atMost, `at most ${goal.atMost}`];
  return `${good ? '✔' : '✘'} ${text}`;
}

/** A table for people: aligned columns, numbers to the right. */
import type { Column } from '../core/tables.ts';

const NUMBER = /^(decimal|bigint|int|smallint|tinyint|float|double)/;

export function textTable(columns: readonly Column[], rows: readonly (readonly unknown[])[]): string {
  const cells = rows.map((row) => columns.map((_, index) => shown(row[index])));
  const widths = columns.map((column, index) =>
    Math.max(column.name.length, ...cells.map((row) => row[index]?.length ?? 0)),
  );
  const line = (values: readonly string[]): string =>
    values
      .map((value, index) => {
        const width = widths[index] ?? 0;
        return NUMBER.test(columns[index]?.type ?? '') ? value.padStart(width) : value.padEnd(width);
      })
      .join('  ')
      .trimEnd();
  return [
    line(columns.map((column) => column.name)),
    line(widths.map((width) => '─'.repeat(width))),
    ...cells.map(line),
  ].join('\n');
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  return typeof value === 'string' ? value.replace(/[\r\n\t]/g, ' ') : JSON.stringify(value);
}

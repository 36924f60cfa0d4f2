/** The cells of a notebook as a workspace counts and runs them, and the lines of the file that they stand on. */
import { commentOf, type Notebook } from './notebooks.ts';

export interface Cell {
  /** From 1, text cells included. */
  readonly number: number;
  /** `python`, `sql`, `md`, `sh`, `run`, …: that of its magic word, else the notebook's. */
  readonly language: string;
  /** What the workspace holds as the cell, magic word included. */
  readonly source: string;
  /** What it runs. */
  readonly lines: readonly string[];
  /** Where the first of `lines` stands, from 0: in the file, or in the cell of a Jupyter notebook. */
  readonly firstLine: number;
}

const NAMES: Readonly<Record<string, string>> = { python: 'python', sql: 'sql', scala: 'scala', r: 'r' };

/** Throws SyntaxError for what is no notebook. */
export function cellsOf({ format, language, content }: Notebook): readonly Cell[] {
  const main = NAMES[language.toLowerCase()] ?? 'python';
  return format === 'JUPYTER' ? jupyterCells(content, main) : sourceCells(content, commentOf(language), main);
}

function jupyterCells(content: string, main: string): readonly Cell[] {
  interface Raw {
    readonly cell_type?: unknown;
    readonly source?: unknown;
  }
  const { cells } = JSON.parse(content) as { readonly cells: readonly Raw[] };
  return cells.map(({ cell_type: type, source }, index) => {
    const text = Array.isArray(source) ? source.join('') : String(source);
    return cellOf(index + 1, text.split(/\r?\n/), 0, type === 'code' ? main : 'md');
  });
}

function sourceCells(content: string, comment: string, main: string): readonly Cell[] {
  const lines = content.split(/\r?\n/);
  const separator = new RegExp(`^${comment} COMMAND -+\\s*$`);
  const magic = `${comment} MAGIC`;
  const cells: Cell[] = [];
  // The first line makes it a notebook.
  let first = 1;
  const end = (after: number): void => {
    let [from, to] = [first, after];
    while (from < to && lines[from]?.trim() === '') from += 1;
    // A title is kept beside the cell.
    if (lines[from]?.startsWith(`${comment} DBTITLE `)) from += 1;
    while (to > from && lines[to - 1]?.trim() === '') to -= 1;
    const own = lines.slice(from, to);
    const plain = own.every((line) => line.startsWith(magic))
      ? own.map((line) => line.slice(magic.length).replace(/^ /, ''))
      : own;
    cells.push(cellOf(cells.length + 1, plain, from, main));
    first = after + 1;
  };
  for (const [index, line] of lines.entries()) if (separator.test(line)) end(index);
  end(lines.length);
  return cells;
}

function cellOf(number: number, lines: readonly string[], firstLine: number, main: string): Cell {
  const [, word = '', rest = ''] = /^%([a-z]+)\b\s*(.*)$/.exec(lines[0] ?? '') ?? [];
  const source = lines.join('\n');
  if (word === '') return { number, language: main, source, lines, firstLine };
  // What stands beside the word is run too.
  return rest === ''
    ? { number, language: word, source, lines: lines.slice(1), firstLine: firstLine + 1 }
    : { number, language: word, source, lines: [rest, ...lines.slice(1)], firstLine };
}

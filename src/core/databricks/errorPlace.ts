/**
 * From the trace of a failed notebook to the line of its file. A trace names a cell by an id that the file does not know
 * (`File <command-1930516570011813>, line 15`), but it shows lines of it with their numbers: the cell is the one in which
 * all of them stand where it says. Where several fit, the exported notebook may say which one failed; else it is not known.
 */
import { t } from '../l10n.ts';
import type { Cell } from './cells.ts';

export type ErrorPlace =
  | {
      readonly known: true;
      readonly cell: number;
      /** From 0: in the file, or in the cell of a Jupyter notebook. */
      readonly line: number;
      /** From 1. */
      readonly lineInCell: number;
    }
  /** `cells`: those that look alike there. */
  | { readonly known: false; readonly lineInCell: number; readonly cells: readonly number[] };

interface Frame {
  /** Of the cell, as the trace calls it. */
  readonly id: string;
  /** From 1, in the cell; 0: the excerpt's arrow says. */
  line: number;
  /** Lines of the cell that the trace shows, by number. */
  readonly excerpt: Map<number, string>;
}

// eslint-disable-next-line no-control-regex
const ANSI = /\u001b\[[0-9;]*[A-Za-z]/g;
/** `File <command-1>, line 2`, `File "<command-1>", line 2`, `<command-1> in …`, `…/.ipykernel/9/command-1-2", line 3`. */
const COMMAND = /(?:<|\/)(command-{1,2}\d+)[-\d]*(?:>|")?"?(?:(?::|, line )(\d+))?/;
/** `Cell In[2], line 4`, `Input In [2], in <cell line: 4>()`. */
const CELL = /^(?:Cell|Input) (In ?\[\d+\])(?:(?::|, line )(\d+))?/;
const HEADER = /^\s*(?:File |Cell In|Input In|<command-|\/\S+ in )/;
const NUMBERED = /^\s*(-+>)?\s*(\d+)(?: (.*))?$/;

/** Without the colours of a terminal. */
export const plainText = (text: string): string => text.replace(ANSI, '');

function framesOf(trace: string): readonly Frame[] {
  const frames: Frame[] = [];
  let current: Frame | undefined;
  let plain = false;
  for (const line of plainText(trace).split(/\r?\n/)) {
    if (HEADER.test(line)) {
      const [, id, at] = CELL.exec(line) ?? COMMAND.exec(line) ?? [];
      // Of a plain traceback: the line itself comes next, without its number.
      plain = /^\s*File "/.test(line);
      current = id === undefined ? undefined : { id, line: Number(at ?? 0), excerpt: new Map() };
      if (current) frames.push(current);
      continue;
    }
    if (!current) continue;
    const [whole, arrow, number, text = ''] = NUMBERED.exec(line) ?? [];
    if (whole !== undefined && number !== undefined) {
      current.excerpt.set(Number(number), text.trim());
      if (arrow !== undefined && current.line === 0) current.line = Number(number);
    } else if (plain && current.excerpt.size === 0 && line.startsWith('    ') && current.line > 0) {
      current.excerpt.set(current.line, line.trim());
    }
    plain = false;
  }
  return frames.filter(({ line }) => line > 0);
}

const shows = (cell: Cell, { line, excerpt }: Frame): boolean =>
  line <= cell.lines.length &&
  [...excerpt].every(([number, text]) => (cell.lines[number - 1] ?? '').trim() === text);

const placeIn = (cell: Cell, lineInCell: number): ErrorPlace => ({
  known: true,
  cell: cell.number,
  line: cell.firstLine + lineInCell - 1,
  lineInCell,
});

const sameText = (one: string, other: string): boolean => one.trimEnd() === other.trimEnd();

/** `failed`: the source of the cell that failed, as the exported notebook has it. Undefined: nothing names a line. */
export function errorPlace(cells: readonly Cell[], trace: string, failed?: string): ErrorPlace | undefined {
  const hinted = failed === undefined ? [] : cells.filter(({ source }) => sameText(source, failed));
  const frames = framesOf(trace);
  const code = cells.filter(({ language }) => language !== 'md' && language !== 'sql');
  let unknown: ErrorPlace | undefined;
  // The innermost is where it broke.
  for (const frame of frames.toReversed()) {
    const same = frames.filter(({ id }) => id === frame.id);
    const told = same.some(({ excerpt }) => [...excerpt.values()].some((text) => text !== ''));
    const fitting = code.filter((cell) => same.every((one) => shows(cell, one)));
    // The cell that failed is the one that the outermost frame is in.
    const both = frames[0]?.id === frame.id ? fitting.filter((cell) => hinted.includes(cell)) : [];
    const candidates = both.length > 0 ? both : told ? fitting : [];
    const [only, ...others] = candidates;
    if (only && others.length === 0) return placeIn(only, frame.line);
    unknown ??= { known: false, lineInCell: frame.line, cells: candidates.map(({ number }) => number) };
  }
  return unknown ?? sqlPlace(cells, trace, hinted);
}

const POSITION = /\bline (\d+), ?pos(?:ition)? (\d+)|; line (\d+) pos (\d+)/;

/** Of a statement the error shows the text from its beginning, or the part that is wrong. */
function sqlPlace(cells: readonly Cell[], text: string, hinted: readonly Cell[]): ErrorPlace | undefined {
  const at = POSITION.exec(text);
  if (!at) return undefined;
  const line = Number(at[1] ?? at[3]);
  const [, header = '', block = ''] = /== SQL( \([^)]*\))? ==\n([\s\S]*)/.exec(text) ?? [];
  const shown = block.split('\n').map((one) => one.trim());
  const end = shown.findIndex((one) => /^-*\^+-*$/.test(one));
  const part = shown.slice(0, Math.max(end, 0)).filter((one) => one !== '');
  const sql = cells.filter(({ language }) => language === 'sql');
  const found = sql.flatMap((cell) =>
    part.length === 0
      ? []
      : cell.lines.flatMap((_, start) =>
          part.every((one, index) => (cell.lines[start + index] ?? '').includes(one))
            ? [{ cell, start }]
            : [],
        ),
  );
  const places = found.map(({ cell, start }) => placeIn(cell, header === '' ? start + line : start + 1));
  const [only, ...others] = places;
  if (only && others.length === 0) return only;
  const [one] = hinted;
  // Lines are counted in the statement: in a cell of one they are the cell's.
  if (one?.language === 'sql' && hinted.length === 1 && !/;\s*\S/.test(one.lines.join('\n'))) {
    if (line <= one.lines.length) return placeIn(one, line);
  }
  return { known: false, lineInCell: line, cells: [...new Set(found.map(({ cell }) => cell.number))] };
}

/** `orders.py, line 12 (cell 3, line 2)`. */
export function placeText(file: string, place: ErrorPlace, isJupyter: boolean): string {
  if (place.known) {
    return isJupyter
      ? t('{0}, cell {1}, line {2}', file, place.cell, place.lineInCell)
      : t('{0}, line {1} (cell {2}, line {3})', file, place.line + 1, place.cell, place.lineInCell);
  }
  return place.cells.length > 1
    ? t('Line {0} of one of the cells {1}, which look alike there.', place.lineInCell, place.cells.join(', '))
    : t('Line {0} of a cell; which one cannot be told from the trace.', place.lineInCell);
}

/** The source of the cell that failed, from the notebook as it was exported after a run (HTML); undefined: not told. */
export function failedSource(page: string): string | undefined {
  const encoded = /__DATABRICKS_NOTEBOOK_MODEL = '([^']+)'/.exec(page)?.[1];
  if (encoded === undefined) return undefined;
  interface Command {
    readonly command?: unknown;
    readonly state?: unknown;
    readonly error?: unknown;
    readonly results?: { readonly type?: unknown } | null;
  }
  try {
    const model = JSON.parse(decodeURIComponent(atob(encoded))) as { readonly commands?: readonly Command[] };
    const failed = (model.commands ?? []).filter(
      ({ state, error, results }) => state === 'error' || Boolean(error) || results?.type === 'error',
    );
    const [only, ...others] = failed;
    return others.length === 0 && typeof only?.command === 'string' ? only.command : undefined;
  } catch {
    // It is documented nowhere, and may be another one now.
    return undefined;
  }
}

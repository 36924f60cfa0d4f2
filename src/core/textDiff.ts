/** What differs between two texts, line by line. */

export interface DiffLine {
  readonly mark: ' ' | '-' | '+';
  readonly text: string;
}

/** Lines around a change that are shown with it. */
const AROUND = 3;
/** Pairs of lines that are compared; what is larger is shown as gone and new. */
const MOST_PAIRS = 25_000_000;

const marked = (mark: DiffLine['mark'], lines: readonly string[]): readonly DiffLine[] =>
  lines.map((text) => ({ mark, text }));

/** By the longest common subsequence. */
function between(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  if (before.length * after.length > MOST_PAIRS) return [...marked('-', before), ...marked('+', after)];
  const width = after.length + 1;
  /** How many lines the rests of both, from here on, have in common. */
  const common = new Uint32Array((before.length + 1) * width);
  const at = (row: number, column: number): number => common[row * width + column] ?? 0;
  for (let row = before.length - 1; row >= 0; row -= 1) {
    for (let column = after.length - 1; column >= 0; column -= 1) {
      common[row * width + column] =
        before[row] === after[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
    }
  }
  const lines: DiffLine[] = [];
  let row = 0;
  let column = 0;
  while (row < before.length || column < after.length) {
    const [old = '', fresh = ''] = [before[row], after[column]];
    if (row < before.length && column < after.length && old === fresh) {
      lines.push({ mark: ' ', text: old });
      row += 1;
      column += 1;
    } else if (
      column === after.length ||
      (row < before.length && at(row + 1, column) >= at(row, column + 1))
    ) {
      lines.push({ mark: '-', text: old });
      row += 1;
    } else {
      lines.push({ mark: '+', text: fresh });
      column += 1;
    }
  }
  return lines;
}

/** All lines of both, in order. */
export function diffText(before: string, after: string): readonly DiffLine[] {
  const one = before.split(/\r?\n/);
  const other = after.split(/\r?\n/);
  const shorter = Math.min(one.length, other.length);
  let head = 0;
  while (head < shorter && one[head] === other[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && one.at(-1 - tail) === other.at(-1 - tail)) tail += 1;
  return [
    ...marked(' ', one.slice(0, head)),
    ...between(one.slice(head, one.length - tail), other.slice(head, other.length - tail)),
    ...marked(' ', one.slice(one.length - tail)),
  ];
}

/** The changes with a few lines around each; `…` for what is left out. None when nothing differs. */
export function diffLines(lines: readonly DiffLine[]): readonly string[] {
  const near = new Set<number>();
  for (const [index, { mark }] of lines.entries()) {
    if (mark === ' ') continue;
    for (let other = index - AROUND; other <= index + AROUND; other += 1) near.add(other);
  }
  if (near.size === 0) return [];
  return lines.flatMap(({ mark, text }, index) => {
    if (near.has(index)) return [`${mark} ${text}`.trimEnd()];
    return index === 0 || near.has(index - 1) ? ['  …'] : [];
  });
}

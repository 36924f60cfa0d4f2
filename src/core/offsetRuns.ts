/** Offsets of a topic as runs, so that a million neighbours are one line. */

/** Offsets `from` to `to`, both of them; int64 as text. */
export interface OffsetRun {
  readonly partition: number;
  readonly from: string;
  readonly to: string;
}

export interface OffsetRuns {
  add(partition: number, offset: string): void;
  /** By partition and offset, neighbours joined. */
  runs(): readonly OffsetRun[];
  /** Whether some were left out. */
  cut(): boolean;
}

/** Runs that are kept: more is for no one to read. */
const MOST = 10_000;

interface Run {
  from: bigint;
  to: bigint;
}

function joined(runs: readonly Run[]): readonly Run[] {
  const result: Run[] = [];
  for (const { from, to } of runs.toSorted((one, other) => (one.from < other.from ? -1 : 1))) {
    const last = result.at(-1);
    if (last && from <= last.to + 1n) last.to = to > last.to ? to : last.to;
    else result.push({ from, to });
  }
  return result;
}

export function createOffsetRuns(): OffsetRuns {
  const byPartition = new Map<number, Run[]>();
  let kept = 0;
  let cut = false;
  return {
    add: (partition, text) => {
      const offset = BigInt(text);
      const runs = byPartition.get(partition) ?? [];
      const last = runs.at(-1);
      if (last && offset === last.to + 1n) last.to = offset;
      else if (last && offset === last.from - 1n) last.from = offset;
      else if (kept < MOST) {
        kept += 1;
        runs.push({ from: offset, to: offset });
        byPartition.set(partition, runs);
      } else cut = true;
    },
    runs: () =>
      [...byPartition]
        .sort(([one], [other]) => one - other)
        .flatMap(([partition, runs]) =>
          joined(runs).map(({ from, to }) => ({ partition, from: String(from), to: String(to) })),
        ),
    cut: () => cut,
  };
}

/** `0/4–9, 1/3` */
export function runsText(runs: readonly OffsetRun[], most = Infinity): string {
  const shown = runs
    .slice(0, most)
    .map(({ partition, from, to }) => `${partition}/${from}${from === to ? '' : `–${to}`}`);
  return [...shown, ...(runs.length > most ? ['…'] : [])].join(', ');
}

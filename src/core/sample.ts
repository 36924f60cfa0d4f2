/** Makes a CSV file in the shape of the data set, with faults, for trying things out. */
import { parseFaults, type FaultCounts, type FaultName, type FaultShares } from './faults.ts';
import { withFaults } from './faultyStream.ts';
import { generateOrders } from './generator.ts';
import { CSV_HEADER, toCsvRow } from './orderCsv.ts';
import type { Files } from './ports.ts';

/** Every fault that a CSV file can carry. */
export const SAMPLE_FAULTS: FaultShares = parseFaults(
  'duplicate=1%,late=0.5%,messy=1%,missing-customer=1%,bad-transaction-no=0.3%,missing-product=0.3%,bad-price=0.3%,' +
    'zero-quantity=0.3%,wrong-sign=0.3%,future-date=0.3%,missing-country=0.3%,unsendable=0.3%',
  'csv',
);

export interface Sample {
  readonly rows: number;
  /** How many rows carry which fault; an import must find the same. */
  readonly faults: FaultCounts;
}

/** The same seed and clock make the same file. */
export async function writeSample(
  files: Pick<Files, 'write'>,
  path: string,
  options: {
    readonly count: number;
    readonly seed: number;
    readonly clock: number;
    readonly faults: FaultShares;
  },
): Promise<Sample> {
  const counts: Partial<Record<FaultName, number>> = Object.fromEntries(
    [...options.faults.keys()].map((name) => [name, 0]),
  );
  const pieces = function* (): Generator<string> {
    yield `${CSV_HEADER.join(',')}\n`;
    const items = withFaults(generateOrders(options.seed, options.clock), options.faults, options.seed);
    for (let left = options.count; left > 0; left -= 1) {
      const { value: item, done } = items.next();
      if (done) return;
      if (item.fault) counts[item.fault] = (counts[item.fault] ?? 0) + 1;
      yield toCsvRow(item);
    }
  };
  await files.write(path, pieces());
  return { rows: options.count, faults: counts };
}

/** A statement that runs for an hour, and whether it does: told by a property of the server's Java, which it writes. */
import type { Cell } from '../../../src/core/tables.ts';
import { until } from './until.ts';

const BEAT = 'orders.lakehouse.beat';

export interface LongStatement {
  /** On one core, a row each millisecond; the other core answers what is asked meanwhile. */
  readonly sql: string;
  /** Forgets one before it. */
  prepare(): Promise<void>;
  beat(): Promise<Cell | undefined>;
  /** Resolves when it runs on the server. */
  runs(): Promise<void>;
  /** Resolves with its last beat, when it runs there no more. */
  stands(): Promise<Cell | undefined>;
}

/** `first` gives the first cell of what a statement gives. */
export function createLongStatement(first: (sql: string) => Promise<Cell | undefined>): LongStatement {
  const beat = (): Promise<Cell | undefined> =>
    first(`SELECT java_method('java.lang.System', 'getProperty', '${BEAT}')`);
  return {
    sql: `SELECT count(*) FROM range(0, 3600000, 1, 1) WHERE java_method('java.lang.System', 'setProperty',
      '${BEAT}', id || coalesce(java_method('java.lang.Thread', 'sleep', 1L), '')) <> ''`,
    prepare: async () => {
      await first(`SELECT java_method('java.lang.System', 'setProperty', '${BEAT}', 'none')`);
    },
    beat,
    runs: async () => {
      await until('it runs', async () => (await beat()) !== 'none');
      const begun = await beat();
      await until('it goes on', async () => (await beat()) !== begun);
    },
    stands: async () => {
      // The task sees it at its next row.
      await until('it stands still', async () => (await beat()) === (await beat()));
      return beat();
    },
  };
}

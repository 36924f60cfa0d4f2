/** Reads a result a page at a time; how many rows there are is known when the last one came. */
import { throwIfCancelled } from './errors.ts';
import type { Page } from './tablePage.ts';
import type { Cell, Column, QueryResult } from './tables.ts';

export interface ResultReading {
  readonly columns: readonly Column[];
  /** The next rows, at most `limit`. One call at a time. */
  next(limit: number, signal: AbortSignal): Promise<Page>;
  /** Lets the server forget the rest. */
  close(): void;
}

export function readResult({ columns, rows }: QueryResult): ResultReading {
  const batches = rows[Symbol.asyncIterator]();
  let waiting: readonly (readonly Cell[])[] = [];
  let ended = false;
  const refill = async (): Promise<void> => {
    while (waiting.length === 0 && !ended) {
      const batch = await batches.next();
      if (batch.done) ended = true;
      else waiting = batch.value;
    }
  };
  return {
    columns,
    next: async (limit, signal) => {
      await refill();
      throwIfCancelled(signal);
      const page = waiting.slice(0, limit);
      waiting = waiting.slice(limit);
      // Looked for now, so that no page is offered that has no rows.
      if (page.length > 0) await refill();
      return { rows: page, done: ended && waiting.length === 0 };
    },
    close: () => {
      ended = true;
      waiting = [];
      batches.return?.(undefined).catch(() => undefined);
    },
  };
}

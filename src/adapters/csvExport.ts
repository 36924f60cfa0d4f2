/** Writes a query's result as CSV (RFC 4180), streaming. A file of its own in dist/, loaded at first use. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Cell, QueryResult } from '../core/tables.ts';
import { csvLines } from './csvLines.ts';
import { writeWhole } from './writeStream.ts';

async function* counted(
  rows: QueryResult['rows'],
  onRows: (rows: number) => void,
): AsyncGenerator<readonly Cell[]> {
  let done = 0;
  for await (const batch of rows) {
    yield* batch;
    done += batch.length;
    onRows(done);
  }
}

/**
 * NULL is an empty field, an empty text a quoted one. The file appears when it is whole; a failed or cancelled
 * export leaves what was there before. Throws UserError `cannot-write`.
 */
export async function writeCsv(
  path: string,
  result: QueryResult,
  onRows: (rows: number) => void,
  signal: AbortSignal,
): Promise<{ readonly rows: number }> {
  let rows = 0;
  const count = (done: number): void => {
    rows = done;
    onRows(done);
  };
  await writeWhole(
    path,
    (into) =>
      pipeline(
        Readable.from(counted(result.rows, count)),
        csvLines(result.columns.map(({ name }) => name)),
        into,
        { signal },
      ),
    signal,
  );
  return { rows };
}

/** Writes a query's result as CSV (RFC 4180), streaming. A file of its own in dist/, loaded at first use. */
import { stringify } from 'csv-stringify';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Cancelled, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { Cell, QueryResult } from '../core/tables.ts';

/** What stops a write and is the person's to mend. */
const REASONS: Readonly<Record<string, () => string>> = {
  EACCES: () => t('no permission'),
  EPERM: () => t('no permission'),
  EROFS: () => t('the disk is read-only'),
  ENOSPC: () => t('the disk is full'),
  ENOENT: () => t('the folder does not exist'),
  EISDIR: () => t('it is a folder'),
};

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
  const part = `${path}.part`;
  let rows = 0;
  try {
    await pipeline(
      Readable.from(
        counted(result.rows, (done) => {
          rows = done;
          onRows(done);
        }),
      ),
      stringify({
        header: true,
        columns: result.columns.map(({ name }) => ({ key: name, header: name })),
        record_delimiter: 'windows',
        cast: {
          boolean: String,
          string: (text) => (text === '' ? { value: text, quoted_empty: true } : text),
        },
      }),
      createWriteStream(part),
      { signal },
    );
    await rename(part, path);
    return { rows };
  } catch (error) {
    await rm(part, { force: true });
    if (signal.aborted) throw new Cancelled();
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const reason = REASONS[code]?.();
    if (reason === undefined) throw error;
    throw new UserError('cannot-write', t('{0} cannot be written: {1}.', path, reason), {
      hint: t('Choose another place, or make room.'),
      cause: error,
    });
  }
}

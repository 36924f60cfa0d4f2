/** Reads CSV files row by row, in memory that does not grow with the file. */
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { finished } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { isCancelled, throwIfCancelled, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { CsvFile, CsvRow } from '../core/ports.ts';
import { asFileError } from './fileErrors.ts';

const CHUNK_BYTES = 256 * 1024;
/** A row beyond this is a quote that never closes. */
const MAX_ROW_BYTES = 16 * 1024 * 1024;
const LINE_FEED = 10;

interface Parsed {
  readonly record: readonly string[];
  readonly raw: string;
}

function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) lines += 1;
  return lines;
}

function wrongEncoding(name: string, line: number, likely: string): UserError {
  return new UserError('wrong-encoding', t('{0} is not UTF-8: line {1} holds other bytes.', name, line), {
    hint: t('Save it as UTF-8, or name its encoding: --encoding {0}', likely),
  });
}

/** Passes whole lines on once they are known to be UTF-8 text. */
async function* checked(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  let line = 1;
  let rest: Buffer[] = [];
  let restBytes = 0;
  const pass = (bytes: Buffer): Buffer => {
    if (bytes.includes(0)) {
      // UTF-16 of plain text is full of zero bytes, and begins with its mark.
      const mark = line === 1 ? bytes.readUInt16BE(0) : 0;
      if (mark === 0xfffe) throw wrongEncoding(name, line, 'utf-16le');
      if (mark === 0xfeff) throw wrongEncoding(name, line, 'utf-16be');
      throw new UserError('not-csv', t('{0} is not a CSV file: line {1} holds binary data.', name, line));
    }
    if (!isUtf8(bytes)) {
      let start = 0;
      for (;;) {
        const end = bytes.indexOf(LINE_FEED, start);
        if (end < 0 || !isUtf8(bytes.subarray(start, end))) {
          throw wrongEncoding(name, line, 'windows-1252');
        }
        start = end + 1;
        line += 1;
      }
    }
    line += countLines(bytes);
    return bytes;
  };
  for await (const chunk of chunks) {
    const last = chunk.lastIndexOf(LINE_FEED);
    if (last < 0) {
      rest.push(chunk);
      restBytes += chunk.length;
      // The parser refuses it, after the rows that it still holds.
      if (restBytes > MAX_ROW_BYTES) break;
      continue;
    }
    yield pass(Buffer.concat([...rest, chunk.subarray(0, last + 1)]));
    rest = [chunk.subarray(last + 1)];
    restBytes = chunk.length - last - 1;
  }
  const tail = Buffer.concat(rest);
  // One that was cut may end within a character.
  if (tail.length > 0) yield tail.length > MAX_ROW_BYTES ? tail : pass(tail);
}

async function* recoded(
  chunks: AsyncIterable<Buffer>,
  encoding: string,
  name: string,
): AsyncGenerator<Buffer> {
  const decoder = createDecoder(encoding);
  try {
    for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }));
    yield Buffer.from(decoder.decode());
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UserError('wrong-encoding', t('{0} is not {1}.', name, encoding), { cause: error });
  }
}

function createDecoder(encoding: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch (error) {
    throw new UserError('bad-encoding', t('There is no encoding called {0}.', encoding), {
      hint: t('For example: utf-8, windows-1252, iso-8859-1, utf-16le'),
      cause: error,
    });
  }
}

/** `lines`: up to the end of the row. Blank lines that stood before it come with it. */
function toRow({ record, raw }: Parsed, lines: number): CsvRow {
  let start = 0;
  let end = raw.length;
  while (isLineEnd(raw, start)) start += 1;
  while (end > start && isLineEnd(raw, end - 1)) end -= 1;
  const text = raw.slice(start, end);
  const inner = text.includes('\n') ? text.split('\n').length - 1 : 0;
  return { line: lines - inner, fields: record, text };
}

const isLineEnd = (text: string, at: number): boolean => text[at] === '\n' || text[at] === '\r';

/** `line`: the first that was not read. */
function asCsvError(error: unknown, name: string, line: number): unknown {
  if (!(error instanceof CsvError)) return error;
  const hint = t('Often a quote that is opened there and never closed.');
  if (error.code === 'CSV_MAX_RECORD_SIZE') {
    const megabytes = MAX_ROW_BYTES / 1024 / 1024;
    const text = t(
      '{0} is not a CSV file: the row at line {1} is longer than {2} MB.',
      name,
      line,
      megabytes,
    );
    // Without the cause: it carries the row.
    return new UserError('not-csv', text, { hint });
  }
  return new UserError('not-csv', t('{0} is not a CSV file: line {1} cannot be read.', name, line), {
    hint,
    cause: error,
  });
}

/** Opens a file and reads its header. The path is the person's own, and is named in errors. */
export async function openCsv(
  path: string,
  options: { readonly encoding?: string },
  signal: AbortSignal,
): Promise<CsvFile> {
  const name = basename(path);
  const bytes = await stat(path).then(
    ({ size }) => size,
    (error: unknown) => {
      throw asFileError(error, path);
    },
  );
  if (bytes === 0) throw new UserError('empty-file', t('{0} is empty.', path));
  const file = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const { encoding } = options;
  const source = encoding === undefined ? file : recoded(file, encoding, name);
  let collected: CsvRow[] = [];
  let linesRead = 0;
  const parser = parse({
    bom: true,
    raw: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_BYTES,
    // Rows are taken here: an error would throw away those that wait in the stream.
    on_record: (parsed: unknown, { lines }) => {
      linesRead = lines;
      collected.push(toRow(parsed as Parsed, lines));
      return null;
    },
  });
  // A failed write tells its callback, and the end is waited for; without a listener this would be a fault.
  parser.on('error', () => undefined);
  const feed = (chunk: Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      parser.write(chunk, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
  const take = (): readonly CsvRow[] => {
    const rows = collected;
    collected = [];
    return rows;
  };

  /** Batches of whatever a chunk of the file held; the last may come with the failure right after it. */
  const batches = async function* (): AsyncGenerator<readonly CsvRow[]> {
    try {
      for await (const chunk of checked(source, name)) {
        throwIfCancelled(signal);
        await feed(chunk);
        yield take();
      }
      const ended = finished(parser, { readable: false });
      parser.end();
      await ended;
    } catch (error) {
      if (!isCancelled(error)) yield take();
      throw asCsvError(asFileError(error, path), name, linesRead + 1);
    } finally {
      file.destroy();
    }
    yield take();
  };
  const pending = batches();
  const first = await firstRow(pending);
  if (!first) throw new UserError('empty-file', t('{0} is empty.', path));

  const rows = async function* (): AsyncGenerator<readonly CsvRow[]> {
    yield first.rest;
    yield* pending;
  };
  return { name, bytes, header: first.row.fields, rows: rows(), bytesRead: () => file.bytesRead };
}

async function firstRow(
  batches: AsyncGenerator<readonly CsvRow[]>,
): Promise<{ row: CsvRow; rest: readonly CsvRow[] } | undefined> {
  // Not for await: that would close the batches.
  for (let next = await batches.next(); !next.done; next = await batches.next()) {
    const [row, ...rest] = next.value;
    if (row) return { row, rest };
  }
  return undefined;
}

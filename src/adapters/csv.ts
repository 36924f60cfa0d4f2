/** Reads CSV files row by row, in memory that does not grow with the file. */
import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { CsvError, parse, type Info } from 'csv-parse';
import { throwIfCancelled, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { CsvFile, CsvRow } from '../core/ports.ts';
import { asFileError } from './fileErrors.ts';

const CHUNK_BYTES = 256 * 1024;
const BATCH_ROWS = 2000;
/** A row beyond this is a quote that never closes. */
const MAX_ROW_BYTES = 16 * 1024 * 1024;
const LINE_FEED = 10;

interface Parsed {
  readonly record: readonly string[];
  readonly info: Info;
  readonly raw: string;
}

function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) lines += 1;
  return lines;
}

function wrongEncoding(name: string, line: number): UserError {
  return new UserError('wrong-encoding', t('{0} is not UTF-8: line {1} holds other bytes.', name, line), {
    hint: t('Save it as UTF-8, or name its encoding: --encoding windows-1252'),
  });
}

/** Passes whole lines on once they are known to be UTF-8 text. */
async function* checked(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  let line = 1;
  let rest: Buffer[] = [];
  const pass = (bytes: Buffer): Buffer => {
    if (bytes.includes(0)) {
      // UTF-16 of plain text is full of zero bytes, and begins with its mark.
      if (line === 1 && [0xfeff, 0xfffe].includes(bytes.readUInt16BE(0))) throw wrongEncoding(name, line);
      throw new UserError('not-csv', t('{0} is not a CSV file: line {1} holds binary data.', name, line));
    }
    if (!isUtf8(bytes)) {
      let start = 0;
      for (;;) {
        const end = bytes.indexOf(LINE_FEED, start);
        if (end < 0 || !isUtf8(bytes.subarray(start, end))) throw wrongEncoding(name, line);
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
      if (rest.length * CHUNK_BYTES > MAX_ROW_BYTES) break;
      continue;
    }
    yield pass(Buffer.concat([...rest, chunk.subarray(0, last + 1)]));
    rest = [chunk.subarray(last + 1)];
  }
  const tail = Buffer.concat(rest);
  if (tail.length > 0) yield pass(tail);
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

function toRow({ record, info, raw }: Parsed): CsvRow {
  const text = raw.replace(/^[\r\n]+|[\r\n]+$/g, '');
  return { line: info.lines - countLines(Buffer.from(text)), fields: record, text };
}

function asCsvError(error: unknown, name: string): unknown {
  if (!(error instanceof CsvError)) return error;
  const line = Number(error['lines'] ?? 0);
  return new UserError('not-csv', t('{0} is not a CSV file: line {1} cannot be read.', name, line), {
    hint: t('Often a quote that is opened there, or earlier, and never closed.'),
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
  const parser = parse({
    bom: true,
    info: true,
    raw: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_BYTES,
  });
  const input = Readable.from(checked(source, name));
  input.on('error', (error) => parser.destroy(error));
  input.pipe(parser);

  const records = (parser as AsyncIterable<Parsed>)[Symbol.asyncIterator]();
  const failed = (error: unknown): unknown => {
    input.destroy();
    file.destroy();
    return asCsvError(asFileError(error, path), name);
  };
  const next = async (): Promise<CsvRow | undefined> => {
    const result = await records.next();
    return result.done ? undefined : toRow(result.value);
  };
  let header: CsvRow | undefined;
  try {
    header = await next();
  } catch (error) {
    throw failed(error);
  }
  if (!header) throw new UserError('empty-file', t('{0} is empty.', path));

  const rows = async function* (): AsyncGenerator<readonly CsvRow[]> {
    try {
      let batch: CsvRow[] = [];
      for (let row = await next(); row; row = await next()) {
        batch.push(row);
        if (batch.length < BATCH_ROWS) continue;
        throwIfCancelled(signal);
        yield batch;
        batch = [];
      }
      if (batch.length > 0) yield batch;
    } catch (error) {
      throw failed(error);
    } finally {
      file.destroy();
    }
  };
  return { name, bytes, header: header.fields, rows: rows(), bytesRead: () => file.bytesRead };
}

/** Writes messages into a file: NDJSON with everything, CSV with the columns shown, or Parquet with typed ones. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cellText, type Field } from '../core/records/fields.ts';
import type { SchemaRegistry } from '../core/ports.ts';
import type { Shown } from '../core/records/session.ts';
import type { Message } from '../core/topics.ts';
import { csvLines } from './csvLines.ts';
import { writeWhole } from './writeStream.ts';

const COLUMNS = ['timestamp', 'partition', 'offset', 'key'];

async function* lines(batches: AsyncIterable<readonly Message[]>): AsyncGenerator<string> {
  for await (const batch of batches) yield batch.map((message) => `${JSON.stringify(message)}\n`).join('');
}

async function* rows(
  batches: AsyncIterable<readonly Message[]>,
  fields: readonly Field[],
): AsyncGenerator<readonly (string | null)[]> {
  for await (const batch of batches) {
    for (const message of batch) {
      const { timestamp, partition, offset, key, value } = message;
      yield [
        ...[timestamp, String(partition), offset, key],
        ...fields.map((field) => cellText(message, field) ?? null),
        value === null ? null : typeof value === 'string' ? value : JSON.stringify(value),
      ];
    }
  }
}

export interface WriteOptions {
  readonly path: string;
  readonly format: 'ndjson' | 'csv' | 'parquet';
  /** Columns of a CSV. */
  readonly fields: readonly Field[];
  /** Knows the types of a Parquet file's columns. */
  readonly registry: Pick<SchemaRegistry, 'schema'>;
}

/** Fills the file; `batches` gives the messages from the first at each call. */
async function fill(
  { format, fields, registry }: WriteOptions,
  shown: Shown,
  batches: () => AsyncGenerator<readonly Message[]>,
  write: (work: (into: NodeJS.WritableStream) => Promise<void>) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  switch (format) {
    case 'ndjson':
      return write((into) => pipeline(Readable.from(lines(batches())), into, { signal }));
    case 'csv': {
      const columns = [...COLUMNS, ...fields.map(({ path: name }) => name), 'value'];
      return write((into) =>
        pipeline(Readable.from(rows(batches(), fields)), csvLines(columns), into, { signal }),
      );
    }
    case 'parquet': {
      const { planParquet, Misfit } = await import('./parquetFile.ts');
      for (let plan = await planParquet(shown, registry, signal); ;) {
        const { bytes } = plan;
        try {
          await write((into) => pipeline(Readable.from(bytes(batches())), into, { signal }));
          return;
        } catch (error) {
          if (!(error instanceof Misfit)) throw error;
          plan = plan.without(error.field);
        }
      }
    }
  }
}

/** Returns how many were written. The file appears when it is whole. Throws UserError `cannot-write`. */
export async function writeMessages(
  options: WriteOptions,
  shown: Shown,
  onWritten: (written: number) => void,
  signal: AbortSignal,
): Promise<number> {
  let written = 0;
  const counted = async function* (): AsyncGenerator<readonly Message[]> {
    written = 0;
    for await (const batch of shown.messages()) {
      yield batch;
      written += batch.length;
      onWritten(written);
    }
  };
  await fill(options, shown, counted, (work) => writeWhole(options.path, work, signal), signal);
  return written;
}

/** Writes messages into a file: NDJSON with everything, CSV with the columns shown, or Parquet with typed ones. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cellText, type Field } from '../core/records/fields.ts';
import type { MessageDecoder, SchemaRegistry } from '../core/ports.ts';
import type { Shown } from '../core/records/session.ts';
import type { Message, RawMessage } from '../core/topics.ts';
import { csvLines } from './csvLines.ts';
import { jsonText } from './encode/jsonText.ts';
import { writeWhole } from './writeStream.ts';

const COLUMNS = ['timestamp', 'partition', 'offset', 'key'];

/** A number of more digits than JavaScript's stays one: JSON alone would write its mark. */
function line(message: Message): string {
  const text = JSON.stringify(message);
  return `${text.includes('"isLosslessNumber"') ? jsonText(message) : text}\n`;
}

async function* lines(
  batches: AsyncIterable<readonly RawMessage[]>,
  decoder: Pick<MessageDecoder, 'decode'>,
): AsyncGenerator<string> {
  for await (const batch of batches) yield (await decoder.decode(batch)).map(line).join('');
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
  /** Of NDJSON, which is sent again: with exact numbers. */
  readonly decoder: Pick<MessageDecoder, 'decode'>;
}

type Counted = <T>(batches: AsyncIterable<readonly T[]>) => AsyncGenerator<readonly T[]>;

/** Fills the file; `counted` counts anew at each call. */
async function fill(
  { format, fields, registry, decoder }: WriteOptions,
  shown: Shown,
  counted: Counted,
  write: (work: (into: NodeJS.WritableStream) => Promise<void>) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  switch (format) {
    case 'ndjson':
      return write((into) =>
        pipeline(Readable.from(lines(counted(shown.raws()), decoder)), into, { signal }),
      );
    case 'csv': {
      const columns = [...COLUMNS, ...fields.map(({ path: name }) => name), 'value'];
      return write((into) =>
        pipeline(Readable.from(rows(counted(shown.messages()), fields)), csvLines(columns), into, { signal }),
      );
    }
    case 'parquet': {
      const { planParquet, Misfit } = await import('./parquetFile.ts');
      for (let plan = await planParquet(shown, registry, signal); ;) {
        const { bytes } = plan;
        try {
          await write((into) => pipeline(Readable.from(bytes(counted(shown.messages()))), into, { signal }));
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
  const counted: Counted = async function* (batches) {
    written = 0;
    for await (const batch of batches) {
      yield batch;
      written += batch.length;
      onWritten(written);
    }
  };
  await fill(options, shown, counted, (work) => writeWhole(options.path, work, signal), signal);
  return written;
}

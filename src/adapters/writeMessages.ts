/** Writes decoded messages into a file: NDJSON with everything, or CSV with the columns shown. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cellText, type Field } from '../core/records/fields.ts';
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

/** Returns how many were written. The file appears when it is whole. Throws UserError `cannot-write`. */
export async function writeMessages(
  path: string,
  format: 'ndjson' | 'csv',
  fields: readonly Field[],
  batches: AsyncIterable<readonly Message[]>,
  onWritten: (written: number) => void,
  signal: AbortSignal,
): Promise<number> {
  let written = 0;
  const counted = async function* (): AsyncGenerator<readonly Message[]> {
    for await (const batch of batches) {
      yield batch;
      written += batch.length;
      onWritten(written);
    }
  };
  await writeWhole(
    path,
    (into) =>
      format === 'ndjson'
        ? pipeline(Readable.from(lines(counted())), into, { signal })
        : pipeline(
            Readable.from(rows(counted(), fields)),
            csvLines([...COLUMNS, ...fields.map(({ path: name }) => name), 'value']),
            into,
            { signal },
          ),
    signal,
  );
  return written;
}

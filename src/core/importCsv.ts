/** Imports a CSV file of order lines: every row is sent or stands in the rejects file with its reason. */
import { asFailure, createSender, type Delivery, type DeliveryEnd, type Sender } from './delivery.ts';
import { isUserError, UserError } from './errors.ts';
import type { OnEvent } from './events.ts';
import { t } from './l10n.ts';
import { createRowReader } from './orderCsv.ts';
import { TOPICS, type WireFormat } from './orders.ts';
import type { CsvFile, CsvRow, Lakehouse, OrderEncoder, Producer, RejectsFile } from './ports.ts';
import { PARTITIONS } from './produce.ts';
import { createProgress } from './progress.ts';

export interface ImportOptions {
  readonly format: WireFormat;
  /** Of the file; undefined: UTF-8. */
  readonly encoding?: string;
}

interface Import {
  readonly file: CsvFile;
  readonly encoder: OrderEncoder;
  readonly sender: Sender;
  readonly rejects: RejectsFile;
  rejected: number;
}

async function reject(state: Import, row: CsvRow, reason: string): Promise<void> {
  await state.rejects.add(row.line, reason, row.text);
  state.rejected += 1;
}

async function sendRows(state: Import, onEvent: OnEvent): Promise<void> {
  const { file, encoder, sender } = state;
  const read = createRowReader(file.header, file.name);
  const progress = createProgress(onEvent, t('Importing {0}', file.name), t('bytes'), file.bytes);
  for await (const rows of file.rows) {
    for (const row of rows) {
      const result = read(row.fields);
      if ('reason' in result) await reject(state, row, result.reason);
      else if (!(await sender.add(encoder.encode(result.line)))) {
        await reject(state, row, t('larger than the broker takes ({0} bytes)', sender.limit));
      }
    }
    progress(file.bytesRead());
  }
  await sender.finish();
  progress(file.bytes);
}

function withHint(failure: Error): Error {
  if (!isUserError(failure) || failure.code !== 'not-acknowledged') return failure;
  return new UserError(failure.code, failure.message, {
    hint: t('Once Kafka runs again, import the file again: silver keeps one of each line.'),
    cause: failure,
  });
}

/** What is on its way is waited for, so that what was acknowledged is counted. */
async function settle(sender: Sender): Promise<void> {
  try {
    await sender.finish();
  } catch {
    // The failure that ended the import is told by its caller; here only the count matters.
  }
}

/**
 * Sends every row again at each import: the same keys go to the same partitions, so silver keeps one of each.
 * Whatever stops it midway is returned with what was done until then; only what fails before the first row is thrown:
 * UserError `no-such-file`, `not-csv`, `empty-file`, `wrong-encoding`, `missing-column`, `broker-unreachable`, ….
 */
export async function importCsv(
  lakehouse: Pick<Lakehouse, 'broker' | 'encoder' | 'files'>,
  path: string,
  options: ImportOptions,
  onEvent: OnEvent,
  signal: AbortSignal,
): Promise<DeliveryEnd> {
  const { encoding } = options;
  const file = await lakehouse.files.openCsv(path, encoding === undefined ? {} : { encoding }, signal);
  createRowReader(file.header, file.name);
  const topic = TOPICS[options.format];
  const [broker, encoder] = await Promise.all([lakehouse.broker(), lakehouse.encoder(options.format)]);
  await broker.ensureTopic(topic, PARTITIONS);
  const batchLimit = await broker.batchLimit(topic);
  const producer: Producer = await broker.producer();
  const sender = createSender(producer, topic, { batchLimit, onEvent });
  const state: Import = { file, encoder, sender, rejects: lakehouse.files.rejects(file.name), rejected: 0 };
  const delivery = (rejectsFile: string | null): Delivery => ({
    sent: sender.sent(),
    rejected: state.rejected,
    rejectsFile,
    faults: {},
  });
  try {
    await sendRows(state, onEvent);
    return { delivery: delivery(await state.rejects.close()) };
  } catch (error) {
    await settle(sender);
    // On a full disk closing fails too; the failure to tell is the one that came first.
    const rejectsFile = await state.rejects.close().catch(() => null);
    return { delivery: delivery(rejectsFile), failure: withHint(asFailure(error)) };
  } finally {
    await producer.close();
  }
}

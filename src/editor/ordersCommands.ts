/** Producing orders and importing a CSV file, and telling what was sent. */
import * as vscode from 'vscode';
import type { Delivery, DeliveryEnd } from '../core/delivery.ts';
import { Cancelled } from '../core/errors.ts';
import { parseFaults } from '../core/faults.ts';
import { importCsv as importFile } from '../core/importCsv.ts';
import { t } from '../core/l10n.ts';
import { TOPICS } from '../core/orders.ts';
import { anySeed, startProducing } from '../core/produce.ts';
import { count } from './numbers.ts';
import { askProduce } from './produceForm.ts';
import { untilStopped } from './progress.ts';
import type { Room } from './room.ts';
import { mustBeTrusted } from './sandboxCommands.ts';
import { targetOf } from './tree.ts';

const TOPIC = TOPICS.avro;

function faultsText({ faults }: Delivery): string {
  const named = Object.entries(faults).filter(([, many]) => many > 0);
  return named.length === 0
    ? ''
    : ` ${t('Faults among them: {0}.', named.map(([name, many]) => `${name} ${count(many)}`).join(', '))}`;
}

/** What was sent where, and the faults among it. */
export function deliveryText(delivery: Delivery, topic: string): string {
  const { sent, rejected } = delivery;
  const counted =
    rejected > 0
      ? t('{0} lines sent to {1}, {2} rejected.', count(sent), topic, count(rejected))
      : t('{0} lines sent to {1}.', count(sent), topic);
  return `${counted}${faultsText(delivery)}`;
}

/** Tells what came of it; what stopped it midway is thrown after that, with what was sent until then. */
function report(room: Room, { delivery, failure }: DeliveryEnd, cancelled: boolean): void {
  room.dataChanged();
  const { rejectsFile } = delivery;
  const counted = deliveryText(delivery, TOPIC);
  room.log.info(`${counted} ${JSON.stringify(delivery)}`);
  const openTopic = t('Open topic');
  const openRejects = t('Open rejects');
  const buttons = [openTopic, ...(rejectsFile === null ? [] : [openRejects])];
  const text = `${cancelled ? `${t('Stopped.')} ` : ''}${counted}`;
  void vscode.window.showInformationMessage(text, ...buttons).then(async (chosen) => {
    if (chosen === openTopic) await vscode.commands.executeCommand('ordersLakehouse.openTopic', TOPIC);
    if (chosen === openRejects && rejectsFile !== null) {
      await vscode.window.showTextDocument(vscode.Uri.file(rejectsFile));
    }
  });
  if (failure) throw failure;
}

export async function produce(room: Room): Promise<void> {
  mustBeTrusted();
  const lakehouse = room.lakehouse();
  // Before the questions: a stopped sandbox makes them useless.
  await lakehouse.endpoints();
  const answers = await askProduce(room.context.globalState);
  const { end, stopped } = await untilStopped(t('Producing orders'), room.log, (onEvent, signal) => {
    const options = {
      count: answers.count,
      ...(answers.rate === undefined ? {} : { rate: answers.rate }),
      faults: parseFaults(answers.faults, 'message'),
      seed: anySeed(),
      clock: Date.now(),
      format: 'avro',
    } as const;
    return startProducing(lakehouse, options, onEvent, signal).ended;
  });
  report(room, end, stopped);
}

async function chooseFile(argument: unknown): Promise<vscode.Uri> {
  if (argument instanceof vscode.Uri) return argument;
  if (typeof argument === 'string') return vscode.Uri.file(argument);
  const [chosen] =
    (await vscode.window.showOpenDialog({
      title: t('Import orders from a CSV file'),
      openLabel: t('Import'),
      filters: { CSV: ['csv'], [t('All files')]: ['*'] },
    })) ?? [];
  if (!chosen) throw new Cancelled();
  return chosen;
}

export async function importCsv(room: Room, argument: unknown): Promise<void> {
  mustBeTrusted();
  const lakehouse = room.lakehouse();
  await lakehouse.endpoints();
  const file = await chooseFile(targetOf(argument) ? undefined : argument);
  const { end, stopped } = await untilStopped(t('Importing orders'), room.log, (onEvent, signal) => {
    return importFile(lakehouse, file.fsPath, { format: 'avro' }, onEvent, signal);
  });
  report(room, end, stopped);
}

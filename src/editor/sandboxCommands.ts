/** Starting, stopping and wiping the sandbox. */
import * as vscode from 'vscode';
import { countRows, formatTableName, listTables } from '../core/catalog.ts';
import { Cancelled, messageOf, UserError } from '../core/errors.ts';
import type { OnEvent } from '../core/events.ts';
import { eventText } from '../core/eventText.ts';
import { t } from '../core/l10n.ts';
import type { DownloadItem } from '../core/sandbox.ts';
import { count, countText } from './numbers.ts';
import { withProgress } from './progress.ts';
import type { Room } from './room.ts';

/** Downloads smaller than this need no question. */
const ASK_ABOVE_BYTES = 20_000_000;

export function mustBeTrusted(): void {
  if (vscode.workspace.isTrusted) return;
  throw new UserError('untrusted', t('This workspace is not trusted, so nothing is started from it.'), {
    action: { title: t('Manage workspace trust'), command: 'workbench.trust.manage' },
  });
}

function megabytes(bytes: number): string {
  return t('{0} MB', count(Math.max(1, Math.round(bytes / 1e6))));
}

export async function agreeToDownload(items: readonly DownloadItem[]): Promise<void> {
  const missing = items.filter((item) => !item.present);
  const total = missing.reduce((sum, item) => sum + item.bytes, 0);
  if (total < ASK_ABOVE_BYTES) return;
  const yes = t('Download and start');
  const chosen = await vscode.window.showInformationMessage(
    t('The first start downloads about {0}.', megabytes(total)),
    {
      modal: true,
      detail: missing
        .map((item) => `${item.name} ${item.version} · ${megabytes(item.bytes)}`)
        .concat('', t('They go to a cache folder that all sandboxes share, and are not loaded again.'))
        .join('\n'),
    },
    yes,
  );
  if (chosen !== yes) throw new Cancelled();
}

export function logEvents(room: Pick<Room, 'log'>): OnEvent {
  return (event) => {
    room.log.info(eventText(event) ?? JSON.stringify(event));
  };
}

export async function start(room: Room): Promise<void> {
  mustBeTrusted();
  const { runtime } = room.lakehouse();
  await agreeToDownload(await runtime.plan());
  try {
    await withProgress(t('Starting the sandbox'), room.log, (onEvent, signal) => runtime.up(onEvent, signal));
  } finally {
    await room.sandbox.refresh();
  }
}

export async function stop(room: Room): Promise<void> {
  try {
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: t('Stopping the sandbox') },
      () => room.lakehouse().runtime.down(logEvents(room)),
    );
  } finally {
    await room.sandbox.refresh();
  }
}

const everything = (): readonly string[] => [
  t('All topics with their messages, all schemas, all tables, and the state of the pipeline.'),
];

/** What a reset would take away, as far as it can be seen now. */
export async function losses(room: Room): Promise<readonly string[]> {
  try {
    return await lossesOfRunning(room);
  } catch (error) {
    // A sandbox that does not answer may be wiped all the same.
    room.log.warn(`losses: ${messageOf(error)}`);
    return everything();
  }
}

async function lossesOfRunning(room: Room): Promise<readonly string[]> {
  if (room.sandbox.status?.state !== 'running') return everything();
  const lakehouse = room.lakehouse();
  const topics = (await (await lakehouse.broker()).topics()).filter((topic) => !topic.internal);
  const { signal } = new AbortController();
  const client = await lakehouse.tables();
  const tables = await Promise.all(
    (await listTables(client, signal)).map(async (table) => ({
      name: formatTableName(table),
      rows: await countRows(client, table, signal),
    })),
  );
  return [
    ...topics.map((topic) => t('topic {0}: {1} messages', topic.name, count(topic.messages))),
    ...tables.map(({ name, rows }) => t('table {0}: {1} rows', name, countText(rows))),
    t('all schemas, and the state of the pipeline'),
  ];
}

export async function reset(room: Room): Promise<void> {
  mustBeTrusted();
  const lost = await losses(room);
  const snapshots = await room.lakehouse().snapshots();
  const kept = [
    t('Downloads stay.'),
    ...(snapshots.hasLesson() ? [t('The start of the lesson stays.')] : []),
  ];
  const yes = t('Reset');
  const chosen = await vscode.window.showWarningMessage(
    t('Stop the sandbox and delete all of its data?'),
    { modal: true, detail: [...lost, '', room.lakehouse().home, ...kept].join('\n') },
    yes,
  );
  if (chosen !== yes) throw new Cancelled();
  try {
    await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: t('Resetting the sandbox') },
      () => room.lakehouse().runtime.reset(logEvents(room)),
    );
  } finally {
    await room.sandbox.refresh();
    room.dataChanged();
  }
  void vscode.window.showInformationMessage(t('The sandbox is empty again.'));
}

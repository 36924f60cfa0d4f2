/** The table viewer's host: one reading of one version at a time, and the export of all its rows. */
import * as vscode from 'vscode';
import { parseTableName } from '../core/catalog.ts';
import { Cancelled, isCancelled, throwIfCancelled, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { FIRST_ROWS, openTable, readAll, type Sort, type TableReading } from '../core/tablePage.ts';
import type { TableCalls } from '../wire/table.ts';
import { hostCalls } from './pageCalls.ts';
import type { Panels } from './panel.ts';
import { withProgress } from './progress.ts';
import type { Room } from './room.ts';

const NEXT_ROWS = 2000;

export function showTable(room: Room, panels: Panels, name: string): void {
  const table = parseTableName(name);
  if (!table) throw new UserError('unknown-table', t('There is no table {0}.', name));
  panels.show<TableCalls>(`table/${name}`, (closed) => {
    let current: { id: number; reading: TableReading } | undefined;
    let lastId = 0;
    closed.addEventListener('abort', () => {
      current?.reading.close();
    });

    const open = async (sort: Sort | undefined, signal: AbortSignal): Promise<TableReading> =>
      openTable(await room.lakehouse().tables(), table, sort, signal);
    // One after the other: Spark interrupts the thread of a cancelled query, and with it what the next one shares.
    let opening: Promise<unknown> = Promise.resolve();
    const openInTurn = (sort: Sort | undefined, signal: AbortSignal): Promise<TableReading> => {
      const mine = opening.then(() => {
        throwIfCancelled(signal);
        return open(sort, signal);
      });
      // Its caller is told; the one after it only waits.
      opening = mine.catch(() => undefined);
      return mine;
    };

    return {
      page: 'tablePage',
      title: name,
      handlers: {
        ...hostCalls(['ordersLakehouse.start', 'ordersLakehouse.run']),
        open: async ({ sort }, signal) => {
          const id = ++lastId;
          const reading = await openInTurn(sort, signal);
          const page = await reading.next(FIRST_ROWS, signal);
          if (id === lastId) {
            current?.reading.close();
            current = { id, reading };
          }
          const { columns, rowCount, version } = reading;
          return {
            table: name,
            columns,
            rowCount,
            reading: id,
            ...page,
            ...(version === undefined ? {} : { version }),
          };
        },
        more: ({ reading }, signal) => {
          if (current?.id !== reading) throw new Cancelled();
          return current.reading.next(NEXT_ROWS, signal);
        },
        exportCsv: async (_params, signal) => {
          const reading = current?.reading ?? (await open(undefined, signal));
          return { path: await exportTable(room, name, reading) };
        },
      },
    };
  });
}

/** Returns the path, or null when the person gave up. */
async function exportTable(room: Room, name: string, reading: TableReading): Promise<string | null> {
  const table = parseTableName(name);
  if (!table) return null;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    title: t('Export {0} as CSV', name),
    filters: { CSV: ['csv'] },
    ...(folder ? { defaultUri: vscode.Uri.joinPath(folder, `${name}.csv`) } : {}),
  });
  if (!target) return null;
  const total = Number(reading.rowCount);
  let rows: number;
  try {
    rows = await withProgress(t('Exporting {0}', name), room.log, async (onEvent, signal) => {
      const result = await readAll(await room.lakehouse().tables(), table, reading, signal);
      const onRows = (done: number): void => {
        onEvent({ type: 'progress', task: name, done, total, unit: t('rows') });
      };
      return (await room.outside.writeCsv(target.fsPath, result, onRows, signal)).rows;
    });
  } catch (error) {
    if (isCancelled(error)) return null;
    throw error;
  }
  const show = t('Open file');
  void vscode.window
    .showInformationMessage(t('{0} rows of {1} written to {2}', rows, name, target.fsPath), show)
    .then((chosen) => (chosen === show ? vscode.commands.executeCommand('vscode.open', target) : undefined));
  return target.fsPath;
}

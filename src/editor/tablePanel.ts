/** The table viewer's host: one reading of one version at a time, and the export of all its rows. */
import { parseFullName, parseTableName, type TableName } from '../core/catalog.ts';
import { Cancelled, throwIfCancelled, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { FIRST_ROWS, openTable, readAll, type Sort, type TableReading } from '../core/tablePage.ts';
import type { Tables } from '../core/ports.ts';
import { tableHistory } from '../core/tableHistory.ts';
import type { QueryResult } from '../core/tables.ts';
import type { TableCalls } from '../wire/table.ts';
import { exportRows } from './exportRows.ts';
import { hostCalls } from './pageCalls.ts';
import type { Panels } from './panel.ts';
import { showResult } from './resultPanel.ts';
import type { Room } from './room.ts';

const NEXT_ROWS = 2000;

/** A table, and what reads it. */
interface TableSource {
  readonly table: TableName;
  readonly tables: () => Promise<Tables>;
  /** What its pages are called. */
  readonly title: string;
  /** Ends what names its pages. */
  readonly key: string;
  readonly remote: boolean;
}

/** `workspace`: id of the one that the table is in; the sandbox's otherwise. */
function sourceOf(room: Room, name: string, workspace: string | undefined): TableSource {
  const table = workspace === undefined ? parseTableName(name) : parseFullName(name);
  if (!table) throw new UserError('unknown-table', t('There is no table {0}.', name));
  return {
    table,
    tables: () => (workspace === undefined ? room.lakehouse().tables() : room.warehouses.tables(workspace)),
    // Two workspaces may have tables of one name.
    title: workspace === undefined ? name : `${name} · ${room.workspaces.get(workspace).name}`,
    key: workspace === undefined ? name : `${name}/${workspace}`,
    remote: workspace !== undefined,
  };
}

/** What was done to it. */
export function showHistory(room: Room, panels: Panels, name: string, workspace?: string): void {
  const { table, tables, title, key, remote } = sourceOf(room, name, workspace);
  showResult(room, panels, {
    key: `history/${key}`,
    page: 'historyPage',
    title: t('History of {0}', title),
    again: true,
    remote,
    run: async (signal) => tableHistory(await tables(), table, signal),
  });
}

export function showTable(room: Room, panels: Panels, name: string, workspace?: string): void {
  const { table, tables, title, key, remote } = sourceOf(room, name, workspace);
  panels.show<TableCalls>(`table/${key}`, (closed) => {
    let current: { id: number; reading: TableReading } | undefined;
    let lastId = 0;
    closed.addEventListener('abort', () => {
      current?.reading.close();
    });

    const open = async (sort: Sort | undefined, signal: AbortSignal): Promise<TableReading> =>
      openTable(await tables(), table, sort, signal);
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
      page: remote ? 'remoteTablePage' : 'tablePage',
      title,
      remote,
      handlers: {
        ...hostCalls(remote ? [] : ['ordersLakehouse.start', 'ordersLakehouse.run']),
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
          const mine = current.reading;
          // The query behind it is ended, not only the waiting for it.
          signal.addEventListener('abort', () => {
            mine.close();
          });
          return mine.next(NEXT_ROWS, signal);
        },
        exportCsv: async (_params, signal) => {
          const reading = current?.reading ?? (await open(undefined, signal));
          const all = async (given: AbortSignal): Promise<QueryResult> =>
            readAll(await tables(), table, reading, given);
          return { path: await exportRows(room, name, reading.rowCount, all) };
        },
      },
    };
  });
}

/** The host of a page that shows a result as it comes: of a statement, or what was done to a table. */
import { Cancelled, isCancelled, throwIfCancelled, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { readResult, type ResultReading } from '../core/resultPage.ts';
import { FIRST_ROWS, type Page } from '../core/tablePage.ts';
import type { QueryResult } from '../core/tables.ts';
import type { OpenedTable, TableCalls } from '../wire/table.ts';
import { exportRows } from './exportRows.ts';
import { hostCalls } from './pageCalls.ts';
import type { Panels, PanelSpec } from './panel.ts';
import type { Room } from './room.ts';

const NEXT_ROWS = 2000;

export interface ShownResult {
  readonly key: string;
  readonly page: 'historyPage' | 'resultPage';
  readonly title: string;
  /** It may be run again: for what is there now, and for all its rows. */
  readonly again: boolean;
  /** Of a workspace. */
  readonly remote?: boolean;
  readonly run: (signal: AbortSignal) => Promise<QueryResult>;
  /** Told when it could not be run. */
  readonly onFailure?: (error: unknown) => void;
}

interface Running {
  readonly id: number;
  readonly statement: AbortController;
  readonly reading: ResultReading;
  readonly first: Page;
}

export function showResult(room: Room, panels: Panels, shown: ShownResult): void {
  const spec = (closed: AbortSignal): PanelSpec<TableCalls> => {
    let current: Promise<Running> | undefined;
    let lastId = 0;
    const end = (running: Promise<Running> | undefined): void => {
      running
        ?.then(({ statement, reading }) => {
          statement.abort();
          reading.close();
        })
        .catch(() => undefined);
    };
    const start = async (id: number, signal: AbortSignal): Promise<Running> => {
      const statement = new AbortController();
      const cancel = (): void => {
        statement.abort();
      };
      signal.addEventListener('abort', cancel, { once: true });
      closed.addEventListener('abort', cancel, { once: true });
      try {
        throwIfCancelled(signal);
        const reading = readResult(await shown.run(statement.signal));
        return { id, statement, reading, first: await reading.next(FIRST_ROWS, statement.signal) };
      } catch (error) {
        if (!isCancelled(error)) shown.onFailure?.(error);
        throw error;
      } finally {
        signal.removeEventListener('abort', cancel);
      }
    };
    const opened = ({ id, reading, first }: Running): OpenedTable => ({
      table: shown.title,
      columns: reading.columns,
      rowCount: first.done ? String(first.rows.length) : null,
      reading: id,
      ...first,
    });
    closed.addEventListener('abort', () => {
      end(current);
    });

    return {
      page: shown.page,
      title: shown.title,
      remote: shown.remote ?? false,
      handlers: {
        ...hostCalls([]),
        open: async (_params, signal) => {
          // What may not be run twice answers what it gave.
          if (!shown.again && current) return opened(await current);
          end(current);
          current = start(++lastId, signal);
          return opened(await current);
        },
        more: async ({ reading: id }, signal) => {
          const running = await current;
          if (running?.id !== id) throw new Cancelled();
          signal.addEventListener('abort', () => {
            running.statement.abort();
            running.reading.close();
          });
          return running.reading.next(NEXT_ROWS, signal);
        },
        exportCsv: async () => {
          const running = await current;
          const all = (signal: AbortSignal): Promise<QueryResult> =>
            shown.again || !running ? shown.run(signal) : Promise.resolve(firstOf(running));
          return { path: await exportRows(room, shown.title.replaceAll(/[/\\:]/g, '_'), undefined, all) };
        },
      },
    };
  };
  const beside = shown.page === 'resultPage';
  panels.show<TableCalls>(shown.key, spec, { preserveFocus: beside, beside });
}

/** Of a statement that is not run again: the rows that came first, when those are all. */
function firstOf({ reading, first }: Running): QueryResult {
  if (!first.done) {
    throw new UserError('too-many-rows', t('Only queries with so many rows can be exported.'));
  }
  // eslint-disable-next-line @typescript-eslint/require-await
  async function* rows(): AsyncGenerator<Page['rows']> {
    yield first.rows;
  }
  return { columns: reading.columns, rows: rows() };
}

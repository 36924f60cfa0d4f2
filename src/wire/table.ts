/** What shows rows in a grid, and its host: a table, its history, the result of a statement. */
import type { Page, Sort } from '../core/tablePage.ts';
import type { Column } from '../core/tables.ts';
import type { HostCalls } from './page.ts';

export interface OpenedTable extends Page {
  readonly table: string;
  readonly columns: readonly Column[];
  /** All rows of the version shown, int64 as text; null until the last of a result came. */
  readonly rowCount: string | null;
  /** The Delta version that every page comes from; missing when the table has none. */
  readonly version?: string;
  /** Names this reading of the table; the next pages ask by it. */
  readonly reading: number;
}

export type TableCalls = HostCalls & {
  /** Opens the newest version, from its first row; ends the reading before. */
  readonly open: { readonly params: { readonly sort?: Sort }; readonly result: OpenedTable };
  readonly more: { readonly params: { readonly reading: number }; readonly result: Page };
  /** Asks where to, then writes every row of the version and in the order shown. `path` is null when given up. */
  readonly exportCsv: { readonly params: null; readonly result: { readonly path: string | null } };
};

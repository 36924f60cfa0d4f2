/** Rows in a grid, exact; more of them load as one scrolls. What pages of tables, histories and results share. */
import type { OpenedTable, TableCalls } from '../wire/table.ts';
import { createDetail } from './detail.ts';
import { button } from './dom.ts';
import { createFrame } from './frame.ts';
import { createGrid, type GridColumn } from './grid.ts';
import { commandOf, connect, count, isAborted, t, toFailure } from './host.ts';
import { createNotice } from './notice.ts';

type Row = OpenedTable['rows'][number];

/** Rows left below the visible ones when the next page is asked for. */
const AHEAD = 300;
const NUMERIC = /^(decimal|bigint|int|smallint|tinyint|double|float)/;

export interface RowsView {
  /** By its headers. */
  readonly sortable: boolean;
  /** Asked again it gives what is there now. False: what was run is not run again by the page. */
  readonly again: boolean;
  readonly loading: (title: string) => string;
  readonly empty: (title: string) => string;
  /** What fills what is empty. */
  readonly fill?: { readonly label: string; readonly command: string };
}

function textOf(cell: Row[number] | undefined): string | null {
  return cell === null || cell === undefined ? null : String(cell);
}

function gridColumns(columns: OpenedTable['columns'], sortable: boolean): GridColumn<Row>[] {
  return columns.map(({ name, type }, at) => ({
    // A result may have two columns of one name.
    id: sortable ? name : `${at}/${name}`,
    title: name,
    note: type,
    sortable: sortable && !type.startsWith('map'),
    ...(NUMERIC.test(type) ? { align: 'end' as const } : {}),
    text: (row: Row) => textOf(row[at]),
  }));
}

export function showRows(view: RowsView): void {
  const { again } = view;
  const host = connect<TableCalls>({
    changed: () => {
      if (again && (failed || rows.length === 0)) void open(sort);
      else frame.stale(again);
    },
  });
  const title = document.title;
  const notice = createNotice();
  const copy = (text: string): void => void host.call('copy', text);
  const detail = createDetail(copy, () => {
    grid.element.focus();
  });
  const grid = createGrid<Row>({
    label: t('Rows of {0}', title),
    by: 'cells',
    row: (index) => rows[index],
    onVisible: (_first, last) => {
      if (opened && !done && last >= rows.length - AHEAD) void more(opened.reading);
    },
    onOpen: (index) => {
      const row = rows[index];
      if (!row || !opened) return;
      detail.show({
        title: t('Row {0}', count(index + 1)),
        fields: opened.columns.map(({ name }, at) => ({ name, value: textOf(row[at]) })),
      });
    },
    onSort: (column) => {
      if (sort?.column !== column) void open({ column, descending: false });
      else void open(sort.descending ? undefined : { column, descending: true });
    },
    onCopy: copy,
  });
  const cancelButton = button(t('Cancel'), cancel, {
    class: 'secondary',
    title: t('Ends the statement on the server'),
  });
  cancelButton.hidden = true;
  const exportButton = button(t('Export CSV…'), () => void exportCsv(), { class: 'secondary' });
  const frame = createFrame({
    title,
    buttons: [
      cancelButton,
      button(
        t('Copy'),
        () => {
          const text = grid.chosenText();
          if (text !== undefined) copy(text);
        },
        { class: 'secondary', title: t('Copies the chosen cells (Ctrl+C)') },
      ),
      exportButton,
      ...(again ? [button(t('Refresh'), () => void open(sort), { class: 'secondary' })] : []),
    ],
    staleText: t('Newer data'),
    content: [grid.element, notice.element],
    detail: detail.element,
  });

  let opened: OpenedTable | undefined;
  let rows: Row[] = [];
  let done = false;
  let sort: { readonly column: string; readonly descending: boolean } | undefined;
  let failed = false;
  let cancelled = false;
  let loading: AbortController | undefined;

  function fail(error: unknown): void {
    if (isAborted(error)) return;
    failed = true;
    const failure = toFailure(error);
    const { action } = failure;
    grid.element.hidden = true;
    notice.failed(failure, [
      ...(action
        ? [
            {
              label: action.title,
              onClick: () => void host.call('command', commandOf(action)).catch(fail),
            },
          ]
        : []),
      ...(again ? [{ label: t('Try again'), onClick: () => void open(sort) }] : []),
    ]);
  }

  /** Undefined: nobody counted yet. */
  function totalOf({ rowCount }: OpenedTable): bigint | undefined {
    if (rowCount !== null) return BigInt(rowCount);
    return done && !cancelled ? BigInt(rows.length) : undefined;
  }

  function setRows(): void {
    const total = opened && totalOf(opened);
    grid.setRows(rows.length, total === undefined ? undefined : Number(total));
  }

  /** What came stays. */
  function cancel(): void {
    if (!loading) return;
    loading.abort();
    cancelled = true;
    done = true;
    if (rows.length > 0) {
      showFacts();
      return;
    }
    grid.element.hidden = true;
    notice.empty(t('Cancelled.'), again ? [{ label: t('Try again'), onClick: () => void open(sort) }] : []);
  }

  function begin(): AbortController {
    loading?.abort();
    loading = new AbortController();
    // Without rows the notice has one.
    cancelButton.hidden = rows.length === 0;
    return loading;
  }

  function end(mine: AbortController): void {
    if (loading !== mine) return;
    loading = undefined;
    cancelButton.hidden = true;
    grid.element.classList.remove('busy');
  }

  function showFacts(): void {
    if (!opened) return;
    const total = totalOf(opened);
    const loaded =
      total !== undefined
        ? t('{0} of {1} rows', count(rows.length), count(total))
        : cancelled
          ? t('{0} rows, then cancelled', count(rows.length))
          : t('{0} rows so far', count(rows.length));
    frame.facts(opened.version === undefined ? loaded : `${loaded} · ${t('version {0}', opened.version)}`);
  }

  async function open(wanted: typeof sort): Promise<void> {
    const mine = begin();
    failed = false;
    cancelled = false;
    frame.stale(false);
    detail.hide();
    if (rows.length === 0) {
      grid.element.hidden = true;
      notice.loading(view.loading(title), [{ label: t('Cancel'), onClick: cancel }]);
    } else grid.element.classList.add('busy');
    try {
      const before = opened;
      const result = await host.call('open', wanted ? { sort: wanted } : {}, mine.signal);
      opened = result;
      sort = wanted;
      rows = [...result.rows];
      ({ done } = result);
      notice.hide();
      grid.element.hidden = false;
      if (!before || JSON.stringify(before.columns) !== JSON.stringify(result.columns)) {
        grid.setColumns(gridColumns(result.columns, view.sortable), rows);
      }
      grid.setSort(sort?.column, sort?.descending ?? false);
      setRows();
      grid.toTop();
      if (rows.length === 0) {
        const { fill } = view;
        notice.empty(
          view.empty(title),
          fill
            ? [
                {
                  label: fill.label,
                  onClick: () => void host.call('command', { id: fill.command }).catch(fail),
                },
              ]
            : [],
        );
      }
      showFacts();
    } catch (error) {
      fail(error);
    } finally {
      end(mine);
    }
  }

  async function more(reading: number): Promise<void> {
    if (loading || done) return;
    const mine = begin();
    try {
      const page = await host.call('more', { reading }, mine.signal);
      rows.push(...page.rows);
      ({ done } = page);
      setRows();
      showFacts();
    } catch (error) {
      fail(error);
    } finally {
      end(mine);
    }
  }

  async function exportCsv(): Promise<void> {
    exportButton.disabled = true;
    try {
      await host.call('exportCsv', null);
    } catch (error) {
      fail(error);
    } finally {
      exportButton.disabled = false;
    }
  }

  void open(undefined);
}

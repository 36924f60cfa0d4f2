/** The table viewer: one version of a table, exact, sorted by its headers; more rows load as one scrolls. */
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

const host = connect<TableCalls>({
  changed: () => {
    if (failed || rows.length === 0) void open(sort);
    else frame.stale(true);
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
const exportButton = button(t('Export CSV…'), () => void exportCsv(), { class: 'secondary' });
const frame = createFrame({
  title,
  buttons: [
    button(
      t('Copy'),
      () => {
        const text = grid.chosenText();
        if (text !== undefined) copy(text);
      },
      { class: 'secondary', title: t('Copies the chosen cells (Ctrl+C)') },
    ),
    exportButton,
    button(t('Refresh'), () => void open(sort), { class: 'secondary' }),
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
let loading: AbortController | undefined;

function textOf(cell: Row[number] | undefined): string | null {
  return cell === null || cell === undefined ? null : String(cell);
}

function gridColumns(columns: OpenedTable['columns']): GridColumn<Row>[] {
  return columns.map(({ name, type }, at) => ({
    id: name,
    title: name,
    note: type,
    sortable: !type.startsWith('map'),
    ...(NUMERIC.test(type) ? { align: 'end' as const } : {}),
    text: (row: Row) => textOf(row[at]),
  }));
}

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
    { label: t('Try again'), onClick: () => void open(sort) },
  ]);
}

function showFacts(): void {
  if (!opened) return;
  const total = BigInt(opened.rowCount);
  const loaded = t('{0} of {1} rows', count(rows.length), count(total));
  frame.facts(opened.version === undefined ? loaded : `${loaded} · ${t('version {0}', opened.version)}`);
}

async function open(wanted: typeof sort): Promise<void> {
  loading?.abort();
  const mine = (loading = new AbortController());
  failed = false;
  frame.stale(false);
  detail.hide();
  if (rows.length === 0) notice.loading(t('Reading {0}…', title));
  else grid.element.classList.add('busy');
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
      grid.setColumns(gridColumns(result.columns), rows);
    }
    grid.setSort(sort?.column, sort?.descending ?? false);
    grid.setRows(rows.length, Number(result.rowCount));
    grid.toTop();
    if (rows.length === 0) {
      notice.empty(t('{0} has no rows.', title), [
        {
          label: t('Run the pipeline'),
          onClick: () => void host.call('command', { id: 'ordersLakehouse.run' }).catch(fail),
        },
      ]);
    }
    showFacts();
  } catch (error) {
    fail(error);
  } finally {
    if (loading === mine) {
      loading = undefined;
      grid.element.classList.remove('busy');
    }
  }
}

async function more(reading: number): Promise<void> {
  if (loading || done) return;
  const mine = (loading = new AbortController());
  try {
    const page = await host.call('more', { reading }, mine.signal);
    rows.push(...page.rows);
    ({ done } = page);
    grid.setRows(rows.length, Number(opened?.rowCount ?? rows.length));
    showFacts();
  } catch (error) {
    fail(error);
  } finally {
    if (loading === mine) loading = undefined;
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

/** Tree "Lakehouse": layers, tables with their row counts, columns. */
import * as vscode from 'vscode';
import {
  columnsOf,
  countRows,
  formatTableName,
  LAYERS,
  listTables,
  quotedTable,
  type Layer,
  type TableName,
} from '../core/catalog.ts';
import { isCancelled, messageOf } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { Column } from '../core/tables.ts';
import { countText } from './numbers.ts';
import type { Room } from './room.ts';
import { createTree, type Tree, type TreeNode } from './tree.ts';

const LAYER_COLORS: Readonly<Record<Layer, string>> = {
  bronze: 'symbolIcon.classForeground',
  silver: 'charts.foreground',
  gold: 'charts.yellow',
};

/** Spark's types by the kind of value they hold. */
export function typeIcon(type: string): string {
  if (/^(decimal|bigint|int|smallint|tinyint|double|float)/.test(type)) return 'symbol-number';
  if (/^(date|timestamp)/.test(type)) return 'calendar';
  if (type.startsWith('boolean')) return 'symbol-boolean';
  if (type.startsWith('array')) return 'symbol-array';
  if (/^(struct|map)/.test(type)) return 'symbol-structure';
  if (type.startsWith('binary')) return 'file-binary';
  return 'symbol-string';
}

function columnNode(table: string, column: Column): TreeNode {
  return {
    id: `table/${table}/${column.name}`,
    label: column.name,
    description: column.type,
    icon: new vscode.ThemeIcon(typeIcon(column.type)),
    target: { kind: 'column', name: column.name },
  };
}

/** `rows` gives the count as far as it is known. */
function tableNode(room: Room, table: TableName, rows: () => string | null | undefined): TreeNode {
  const name = formatTableName(table);
  return {
    id: `table/${name}`,
    label: table.name,
    get description() {
      const known = rows();
      if (known === undefined) return t('counting…');
      if (known === null) return '';
      return known === '1' ? t('1 row') : t('{0} rows', countText(known));
    },
    tooltip: name,
    icon: new vscode.ThemeIcon('table'),
    target: { kind: 'table', name },
    command: {
      command: 'ordersLakehouse.openTable',
      title: t('Open table'),
      arguments: [{ kind: 'table', name }],
    },
    children: async () => {
      const tables = await room.lakehouse().tables();
      const columns = await columnsOf(tables, quotedTable(table), new AbortController().signal);
      return columns.map((column) => columnNode(name, column));
    },
  };
}

export function createLakehouseTree(room: Room): Tree {
  // Counts outlive a refresh, so that a number shown gives way to the next one only. Null: it could not be counted.
  const counts = new Map<string, string | null>();
  const closed = new AbortController();
  /** What is shown now, by name. */
  const nodes = new Map<string, TreeNode>();
  /** Lists to count; only the newest matters. */
  const waiting: (readonly TableName[])[] = [];
  let counting = false;

  const countOne = async (table: TableName): Promise<void> => {
    const name = formatTableName(table);
    let rows: string | null = null;
    try {
      rows = await countRows(await room.lakehouse().tables(), table, closed.signal);
    } catch (error) {
      if (isCancelled(error)) return;
      room.log.warn(`count ${name}: ${messageOf(error)}`);
    }
    if (counts.get(name) === rows) return;
    counts.set(name, rows);
    // The node of the newest list: the one this count began with may be gone.
    const node = nodes.get(name);
    if (node) tree.refresh(node);
  };
  /**
   * One query after the other, and none is cancelled for a newer list: Spark interrupts the thread of a cancelled query,
   * and with it what other queries share with that one.
   */
  const count = async (found: readonly TableName[]): Promise<void> => {
    waiting.push(found);
    if (counting) return;
    counting = true;
    for (let list = waiting.pop(); list; list = waiting.pop()) {
      waiting.length = 0;
      for (const one of list) {
        if (waiting.length > 0 || closed.signal.aborted) break;
        await countOne(one);
      }
    }
    counting = false;
  };
  const tree = createTree('ordersLakehouse.lakehouse', room.log, async () => {
    const state = room.sandbox.status?.state;
    if (state !== 'running' && state !== 'degraded') return [];
    const found = await listTables(await room.lakehouse().tables(), new AbortController().signal);
    void vscode.commands.executeCommand('setContext', 'ordersLakehouse.noTables', found.length === 0);
    const shown = found.map((table) => ({
      table,
      node: tableNode(room, table, () => counts.get(formatTableName(table))),
    }));
    nodes.clear();
    for (const { table, node } of shown) nodes.set(formatTableName(table), node);
    void count(found);
    return LAYERS.map((layer) => ({ layer, of: shown.filter(({ table }) => table.schema === layer) }))
      .filter(({ of }) => of.length > 0)
      .map(({ layer, of }) => ({
        id: `layer/${layer}`,
        label: layer,
        icon: new vscode.ThemeIcon('layers', new vscode.ThemeColor(LAYER_COLORS[layer])),
        expanded: true,
        children: () => of.map(({ node }) => node),
      }));
  });
  const all = (): void => {
    tree.refresh();
  };
  const subscriptions = [
    room.sandbox.onDidChange(all),
    room.onDidChangeData(all),
    // Tables that no run made are seen by who comes back to the view.
    tree.view.onDidChangeVisibility(({ visible }) => {
      if (visible) all();
    }),
  ];
  return {
    ...tree,
    dispose: () => {
      closed.abort();
      for (const subscription of subscriptions) subscription.dispose();
      tree.dispose();
    },
  };
}

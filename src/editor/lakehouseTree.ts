/** Tree "Lakehouse": layers, tables with their row counts, columns. */
import * as vscode from 'vscode';
import {
  columnsOf,
  formatTableName,
  LAYERS,
  listTables,
  quotedTable,
  type Layer,
  type TableEntry,
} from '../core/catalog.ts';
import { t } from '../core/l10n.ts';
import type { Column } from '../core/tables.ts';
import { countText } from './numbers.ts';
import type { Room } from './room.ts';
import { createTree, type Tree, type TreeNode } from './tree.ts';

const LAYER_COLORS: Readonly<Record<Layer, string>> = {
  bronze: 'charts.orange',
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

function tableNode(room: Room, table: TableEntry): TreeNode {
  const name = formatTableName(table);
  return {
    id: `table/${name}`,
    label: table.name,
    description: table.rows === '1' ? t('1 row') : t('{0} rows', countText(table.rows)),
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
  const tree = createTree('ordersLakehouse.lakehouse', room.log, async () => {
    const state = room.sandbox.status?.state;
    if (state !== 'running' && state !== 'degraded') return [];
    const entries = await listTables(await room.lakehouse().tables(), new AbortController().signal);
    return LAYERS.map((layer) => ({ layer, entries: entries.filter((table) => table.schema === layer) }))
      .filter(({ entries }) => entries.length > 0)
      .map(({ layer, entries }) => ({
        id: `layer/${layer}`,
        label: layer,
        icon: new vscode.ThemeIcon('layers', new vscode.ThemeColor(LAYER_COLORS[layer])),
        expanded: true,
        children: () => entries.map((table) => tableNode(room, table)),
      }));
  });
  const subscriptions = [
    room.sandbox.onDidChange(tree.refresh),
    room.onDidChangeData(tree.refresh),
    room.runState.onDidChange(() => {
      if (room.runState.activity === undefined) tree.refresh();
    }),
  ];
  return {
    ...tree,
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
      tree.dispose();
    },
  };
}

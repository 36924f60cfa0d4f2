/** The columns of a table here and in a workspace: a message when they are the same, VS Code's own diff when not. */
import * as vscode from 'vscode';
import { formatTableName, parseFullName, parseTableName, type TableName } from '../core/catalog.ts';
import type { CatalogSummary } from '../core/databricks/ports.ts';
import { isUserError, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import {
  columnTexts,
  compareTable,
  readColumns,
  type TableColumns,
  type TableComparison,
} from '../core/parity/compareTables.ts';
import { askOne } from './ask.ts';
import { chooseTable } from './choose.ts';
import type { Disposable } from './disposable.ts';
import { createKeptTexts } from './keptTexts.ts';
import { withProgress } from './progress.ts';
import type { Room } from './room.ts';
import { targetOf } from './tree.ts';
import { chosenWorkspace } from './workspaceCommands.ts';

/** What this window's folder compares with. */
const MEMORY = 'comparedWith';

interface CatalogPlace {
  /** Id of the workspace. */
  readonly workspace: string;
  readonly catalog: string;
}

export interface ColumnComparisons extends Disposable {
  /** Of a table of a workspace. */
  withSandbox(argument: unknown): Promise<void>;
  /** Of a table of the sandbox; `ask`: also where it is remembered with what. */
  withDatabricks(argument: unknown, how?: unknown): Promise<void>;
}

const placeText = (room: Room, { workspace, catalog }: CatalogPlace): string =>
  `${room.workspaces.get(workspace).name} · ${catalog}`;

/** Of a workspace that the person is still connected to. */
function remembered(room: Room): CatalogPlace | undefined {
  const kept = room.context.workspaceState.get<CatalogPlace>(MEMORY);
  return kept && room.workspaces.list().some(({ id }) => id === kept.workspace) ? kept : undefined;
}

async function askPlace(room: Room): Promise<CatalogPlace> {
  const { id, name } = await chosenWorkspace(room, undefined);
  const all = await withProgress(t('Asking {0}', name), room.log, async (onEvent, signal) => {
    const { catalog } = await room.workspaces.open(id, onEvent, signal);
    const found: CatalogSummary[] = [];
    for await (const page of catalog.catalogs()) found.push(...page);
    return found;
  });
  if (all.length === 0) throw new UserError('no-catalog', t('No catalogs that this login may see.'));
  const catalog = await askOne(
    all.map((one) => ({ label: one.name, description: one.comment, value: one.name })),
    { placeHolder: t('Which catalog of {0} holds bronze, silver and gold?', name) },
  );
  const place = { workspace: id, catalog };
  await room.context.workspaceState.update(MEMORY, place);
  return place;
}

/** `1 only here, 2 of another type`. */
function differenceText({ added, missing, changed }: Extract<TableComparison, { state: 'differs' }>): string {
  return [
    ...(added.length > 0 ? [t('{0} only here', added.length)] : []),
    ...(missing.length > 0 ? [t('{0} only there', missing.length)] : []),
    ...(changed.length > 0 ? [t('{0} of another type', changed.length)] : []),
  ].join(', ');
}

const read = (room: Room, table: TableName, { workspace, catalog }: CatalogPlace): Promise<TableColumns> => {
  const title = t('Comparing with {0}', placeText(room, { workspace, catalog }));
  return withProgress(title, room.log, async (onEvent, signal) => {
    const client = await room.workspaces.open(workspace, onEvent, signal);
    const sides = { tables: await room.lakehouse().tables(), catalog: client.catalog };
    return readColumns(sides, table, catalog, signal);
  });
};

export function createColumnComparisons(room: Room): ColumnComparisons {
  const texts = createKeptTexts('orders-columns');

  /** Shows what differs; returns what is told of it. */
  const compare = async (table: TableName, place: CatalogPlace): Promise<string> => {
    const [name, where] = [formatTableName(table), placeText(room, place)];
    const columns = await read(room, table, place);
    const found = compareTable(name, columns);
    if (found.state !== 'differs') {
      return t('{0} has the same {1} columns in the sandbox and in {2}.', name, columns.here.length, where);
    }
    const { here, there } = columnTexts(columns);
    await vscode.commands.executeCommand(
      'vscode.diff',
      texts.add(`/${t('Sandbox')}/${name}.txt`, here),
      texts.add(`/${where}/${name}.txt`, there),
      `${name}: ${t('Sandbox')} ↔ ${where}`,
      { preview: true },
    );
    return t('{0} differs in {1}: {2}.', name, where, differenceText(found));
  };
  return {
    withSandbox: async (argument) => {
      const target = targetOf(argument);
      if (target?.kind !== 'table' || target.workspace === undefined) return;
      const parsed = parseFullName(target.name);
      if (parsed?.catalog === undefined) {
        throw new UserError('unknown-table', t('There is no table {0}.', target.name));
      }
      const { catalog, schema, name } = parsed;
      const told = await compare({ schema, name }, { workspace: target.workspace, catalog });
      void vscode.window.showInformationMessage(told);
    },
    withDatabricks: async (argument, how) => {
      const { name } = await chooseTable(room, argument);
      const table = parseTableName(name);
      if (!table) throw new UserError('unknown-table', t('There is no table {0}.', name));
      const place = (how === 'ask' ? undefined : remembered(room)) ?? (await askPlace(room));
      const another = {
        title: t('Another catalog…'),
        command: 'ordersLakehouse.compareWithDatabricks',
        args: [{ kind: 'table', name }, 'ask'],
      };
      try {
        const told = await compare(table, place);
        void vscode.window.showInformationMessage(told, another.title).then(async (chosen) => {
          if (chosen === another.title)
            await vscode.commands.executeCommand(another.command, ...another.args);
        });
      } catch (error) {
        if (!isUserError(error) || error.code !== 'not-there') throw error;
        throw new UserError(error.code, error.message, { action: another, cause: error });
      }
    },
    dispose: () => {
      texts.dispose();
    },
  };
}

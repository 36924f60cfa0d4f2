/** Where a SQL file runs: on the sandbox, unless a person chose a workspace. */
import * as vscode from 'vscode';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { Tables } from '../core/ports.ts';
import type { Disposable } from './disposable.ts';
import type { Room } from './room.ts';
import { SECTION } from './settings.ts';

const MEMORY = 'sqlPlaces';
const LENSES = 'sql.lenses';

/** Who keeps the SQL of other databases in the same window has no use for them. */
export const showsLenses = (): boolean =>
  vscode.workspace.getConfiguration(SECTION).get<boolean>(LENSES) ?? true;

export interface SqlPlace {
  /** What a person calls it. */
  readonly name: string;
  /** Id of the workspace; missing for the sandbox. */
  readonly workspace?: string;
  readonly tables: () => Promise<Tables>;
}

export interface SqlPlaces extends Disposable {
  /** Throws UserError `unknown-workspace` for one that was forgotten since: nothing runs elsewhere in silence. */
  of(uri: vscode.Uri): SqlPlace;
  /** For a lens. */
  nameOf(uri: vscode.Uri): string;
  /** Asks. Throws Cancelled. */
  choose(uri: vscode.Uri): Promise<void>;
  readonly onDidChange: vscode.Event<void>;
}

export function createSqlPlaces(room: Room, pick: PickPlace): SqlPlaces {
  const changed = new vscode.EventEmitter<void>();
  const kept = (): Readonly<Record<string, string>> => room.context.workspaceState.get(MEMORY, {});
  const idOf = (uri: vscode.Uri): string | undefined => kept()[uri.toString()];
  const named = (workspace: string): string => {
    const { name } = room.workspaces.get(workspace);
    const warehouse = room.warehouses.nameOf(workspace);
    return warehouse === undefined ? name : `${name} · ${warehouse}`;
  };
  const known = (id: string): boolean => room.workspaces.list().some((one) => one.id === id);
  const set = async (uri: vscode.Uri, workspace: string | undefined): Promise<void> => {
    const { [uri.toString()]: _, ...others } = kept();
    const next = workspace === undefined ? others : { ...others, [uri.toString()]: workspace };
    await room.context.workspaceState.update(MEMORY, next);
    changed.fire();
  };
  const all = (): void => {
    changed.fire();
  };
  const subscriptions = [
    room.workspaces.onDidChange(all),
    room.warehouses.onDidChange(all),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(`${SECTION}.${LENSES}`)) all();
    }),
    vscode.workspace.onDidRenameFiles(async ({ files }) => {
      for (const { oldUri, newUri } of files) {
        const id = idOf(oldUri);
        if (id !== undefined) await set(newUri, id);
      }
    }),
  ];
  return {
    of: (uri) => {
      const id = idOf(uri);
      if (id === undefined) {
        return { name: t('Sandbox'), tables: () => room.lakehouse().tables() };
      }
      if (!known(id)) {
        throw new UserError('unknown-workspace', t('The workspace that this file runs on was forgotten.'), {
          hint: t('Choose another by the line above.'),
        });
      }
      return { name: named(id), workspace: id, tables: () => room.warehouses.tables(id) };
    },
    nameOf: (uri) => {
      const id = idOf(uri);
      if (id === undefined) return t('Sandbox');
      return known(id) ? named(id) : t('a workspace that was forgotten');
    },
    choose: async (uri) => {
      const { workspace, anew } = await pick(room, named);
      if (workspace !== undefined && (anew || room.warehouses.nameOf(workspace) === undefined)) {
        await room.warehouses.choose(workspace);
      }
      await set(uri, workspace);
    },
    onDidChange: changed.event,
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
      changed.dispose();
    },
  };
}

/** What a person chose; `anew`: with another warehouse than the one remembered. */
export type PickPlace = (
  room: Pick<Room, 'workspaces' | 'warehouses'>,
  named: (workspace: string) => string,
) => Promise<{ readonly workspace: string | undefined; readonly anew: boolean }>;

/** The SQL warehouse of each workspace: chosen once and remembered; what reads its tables is kept. */
import * as vscode from 'vscode';
import { startWarehouse, warehouseState } from '../core/databricks/startWarehouse.ts';
import type { Warehouse, Workspace } from '../core/databricks/ports.ts';
import { isCancelled, messageOf, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { Tables } from '../core/ports.ts';
import { askOne } from './ask.ts';
import type { Disposable } from './disposable.ts';
import type { Outside } from './outside.ts';
import { withProgress } from './progress.ts';
import type { Workspaces } from './workspaces.ts';

const MEMORY = 'warehouses';
/** A login is asked for a token again after so long; what lasts an hour is then never old. */
const LOGIN_MS = 5 * 60_000;

type Kept = Pick<Warehouse, 'id' | 'name' | 'httpPath'>;

export interface WarehouseChoices extends Disposable {
  /** The one of a workspace, which a person is asked for where none is chosen. Throws UserError `no-warehouse`. */
  tables(workspace: string): Promise<Tables>;
  /** Asks which. Throws Cancelled. */
  choose(workspace: string): Promise<void>;
  /** Undefined: none is chosen yet. */
  nameOf(workspace: string): string | undefined;
  readonly onDidChange: vscode.Event<void>;
}

export function createWarehouseChoices(room: {
  readonly context: vscode.ExtensionContext;
  readonly workspaces: Workspaces;
  readonly outside: Outside;
  readonly log: vscode.LogOutputChannel;
}): WarehouseChoices {
  const { context, workspaces, outside, log } = room;
  const changed = new vscode.EventEmitter<void>();
  const open = new Map<
    string,
    { readonly warehouse: string; readonly access: string; readonly tables: Promise<Tables> }
  >();
  /** What a login is made of; a name or colour is not. */
  const accessOf = (workspace: string): string => {
    const profile = workspaces.list().find(({ id }) => id === workspace);
    return JSON.stringify([profile?.host, profile?.login]);
  };
  const closed = new AbortController();
  const kept = (): Readonly<Record<string, Kept>> => context.globalState.get(MEMORY, {});
  const quiet = (): void => undefined;

  const close = (workspace: string): void => {
    const one = open.get(workspace);
    open.delete(workspace);
    one?.tables
      .then((tables) => tables.close())
      .catch((error: unknown) => {
        log.warn(`close: ${messageOf(error)}`);
      });
  };
  const forget = async (workspace: string): Promise<void> => {
    close(workspace);
    const { [workspace]: _, ...others } = kept();
    await context.globalState.update(MEMORY, others);
  };

  const choose = async (workspace: string): Promise<void> => {
    const { name: called } = workspaces.get(workspace);
    // Before the list is shown: VS Code tells of one that fails while it loads as an unknown error.
    const all = await withProgress(t('Asking {0}', called), log, async (onEvent, given) => {
      const client = await workspaces.open(workspace, onEvent, AbortSignal.any([given, closed.signal]));
      return client.warehouses.list();
    });
    if (all.length === 0) {
      throw new UserError('no-warehouse', t('There is no SQL warehouse that this login may use.'), {
        hint: t('An administrator of the workspace makes one: SQL Warehouses, Create.'),
      });
    }
    const { id, name, httpPath } = await askOne(
      all.map((warehouse) => ({
        label: warehouse.name,
        description: [warehouseState(warehouse.state), warehouse.serverless ? 'serverless' : '']
          .filter((text) => text !== '')
          .join(' · '),
        value: warehouse,
      })),
      { placeHolder: t('Which SQL warehouse of {0}?', called) },
    );
    if (kept()[workspace]?.id !== id) close(workspace);
    await context.globalState.update(MEMORY, { ...kept(), [workspace]: { id, name, httpPath } });
    changed.fire();
  };

  /** A workspace that logged in a moment ago. */
  const loggedIn = (workspace: string): (() => Promise<Workspace>) => {
    let last: { readonly client: Promise<Workspace>; readonly at: number } | undefined;
    return () => {
      if (last && Date.now() - last.at < LOGIN_MS) return last.client;
      const mine = { client: workspaces.open(workspace, quiet, closed.signal), at: Date.now() };
      mine.client.catch(() => {
        if (last === mine) last = undefined;
      });
      last = mine;
      return mine.client;
    };
  };

  const ready = async (workspace: string, { id, name }: Kept, signal: AbortSignal): Promise<void> => {
    const client = await workspaces.open(workspace, quiet, signal);
    if ((await client.warehouses.get(id))?.state === 'RUNNING') return;
    await withProgress(t('SQL warehouse {0}', name), log, async (onEvent, given) => {
      const either = AbortSignal.any([given, signal]);
      try {
        const asked = await workspaces.open(workspace, onEvent, either);
        await startWarehouse(asked.warehouses, id, onEvent, either);
      } catch (error) {
        if (!isCancelled(error) || signal.aborted) throw error;
        throw new UserError('warehouse-stopped', t('The SQL warehouse {0} does not run yet.', name), {
          hint: t('It goes on starting in the workspace, if it had begun.'),
        });
      }
    });
  };

  const openTables = async (workspace: string, warehouse: Kept): Promise<Tables> => {
    const login = loggedIn(workspace);
    return outside.openWarehouse({
      host: workspaces.get(workspace).host,
      httpPath: warehouse.httpPath,
      authorization: async () => `Bearer ${await (await login()).token()}`,
      ready: (signal) => ready(workspace, warehouse, signal),
    });
  };

  const subscriptions = [
    workspaces.onDidRemove((workspace) => void forget(workspace)),
    // Another login, or another host; what runs on the others goes on.
    workspaces.onDidChange(() => {
      for (const [workspace, { access }] of [...open]) if (access !== accessOf(workspace)) close(workspace);
    }),
  ];
  return {
    choose,
    nameOf: (workspace) => kept()[workspace]?.name,
    tables: async (workspace) => {
      const none = new UserError('no-warehouse', t('No SQL warehouse was chosen.'));
      if (!kept()[workspace]) {
        await choose(workspace).catch((error: unknown) => {
          // Who waits for rows is told why there are none.
          throw isCancelled(error) ? none : error;
        });
      }
      const warehouse = kept()[workspace];
      if (!warehouse) throw none;
      const known = open.get(workspace);
      if (known?.warehouse === warehouse.id) return known.tables;
      close(workspace);
      const tables = openTables(workspace, warehouse);
      open.set(workspace, { warehouse: warehouse.id, access: accessOf(workspace), tables });
      return tables;
    },
    onDidChange: changed.event,
    dispose: () => {
      closed.abort();
      for (const workspace of [...open.keys()]) close(workspace);
      for (const subscription of subscriptions) subscription.dispose();
      changed.dispose();
    },
  };
}

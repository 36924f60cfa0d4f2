/** The workspaces a person connected to, and their clients. */
import * as vscode from 'vscode';
import type { WorkspaceLogin } from '../core/databricks/login.ts';
import type { Workspace } from '../core/databricks/ports.ts';
import type { WorkspaceDraft, WorkspaceProfile } from '../core/databricks/workspaces.ts';
import { UserError } from '../core/errors.ts';
import type { OnEvent } from '../core/events.ts';
import { t } from '../core/l10n.ts';
import type { Disposable } from './disposable.ts';
import type { Outside } from './outside.ts';

const KEPT = 'workspaces';
const secretKey = (id: string): string => `workspace/${id}`;

export interface Workspaces extends Disposable {
  /** By name. */
  list(): readonly WorkspaceProfile[];
  /** Throws UserError `unknown-workspace`. */
  get(id: string): WorkspaceProfile;
  /** A client for one piece of work; it logs in with its first request. */
  open(id: string, onEvent: OnEvent, signal: AbortSignal): Promise<Workspace>;
  /** Makes it, or puts it in the place of the one with its id. */
  save(draft: WorkspaceDraft): Promise<void>;
  /** Forgets it and its secret. */
  remove(id: string): Promise<void>;
  readonly onDidChange: vscode.Event<void>;
  /** Tells the id of one that was forgotten. */
  readonly onDidRemove: vscode.Event<string>;
}

export function createWorkspaces(context: vscode.ExtensionContext, outside: Outside): Workspaces {
  const changed = new vscode.EventEmitter<void>();
  const removed = new vscode.EventEmitter<string>();
  const list = (): readonly WorkspaceProfile[] =>
    context.globalState
      .get<readonly WorkspaceProfile[]>(KEPT, [])
      .toSorted((one, other) => one.name.localeCompare(other.name));
  const get = (id: string): WorkspaceProfile => {
    const found = list().find((one) => one.id === id);
    if (found) return found;
    throw new UserError('unknown-workspace', t('This workspace is not there any more.'));
  };
  const loginOf = async ({ id, host, login }: WorkspaceProfile): Promise<WorkspaceLogin> => {
    const secret = (await context.secrets.get(secretKey(id))) ?? '';
    if (login.kind === 'token') return { host, as: { kind: 'token', token: secret } };
    if (login.kind === 'principal') {
      return { host, as: { kind: 'principal', clientId: login.clientId, clientSecret: secret } };
    }
    throw new UserError(
      'unsupported-login',
      t('{0} logs in by {1}, which is not supported yet.', host, login.kind),
    );
  };
  return {
    list,
    get,
    open: async (id, onEvent, signal) => outside.openWorkspace(await loginOf(get(id)), onEvent, signal),
    save: async ({ profile, secret }) => {
      // The secret first: without it a workspace would only fail.
      if (secret !== undefined) await context.secrets.store(secretKey(profile.id), secret);
      await context.globalState.update(KEPT, [...list().filter(({ id }) => id !== profile.id), profile]);
      changed.fire();
    },
    remove: async (id) => {
      await context.globalState.update(
        KEPT,
        list().filter((one) => one.id !== id),
      );
      await context.secrets.delete(secretKey(id));
      removed.fire(id);
      changed.fire();
    },
    onDidChange: changed.event,
    onDidRemove: removed.event,
    dispose: () => {
      changed.dispose();
      removed.dispose();
    },
  };
}

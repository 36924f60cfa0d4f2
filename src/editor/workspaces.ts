/** The workspaces a person connected to, and their clients. */
import * as vscode from 'vscode';
import type { WorkspaceLogin } from '../core/databricks/login.ts';
import type { Workspace } from '../core/databricks/ports.ts';
import {
  sameSecret,
  type WorkspaceDraft,
  type WorkspaceProfile,
  type WorkspaceTrial,
} from '../core/databricks/workspaces.ts';
import { isUserError, UserError } from '../core/errors.ts';
import type { OnEvent } from '../core/events.ts';
import { t } from '../core/l10n.ts';
import type { Disposable } from './disposable.ts';
import { createMicrosoftLogins, signInAction } from './microsoftLogin.ts';
import type { Outside } from './outside.ts';

const KEPT = 'workspaces';
const PEOPLE = 'workspacePeople';
const secretKey = (id: string): string => `workspace/${id}`;

/** Who logged in to a workspace, once it went well. */
interface Person {
  readonly userName?: string;
  readonly account?: vscode.AuthenticationSessionAccountInformation;
}

export interface Workspaces extends Disposable {
  /** By name. */
  list(): readonly WorkspaceProfile[];
  /** Throws UserError `unknown-workspace`. */
  get(id: string): WorkspaceProfile;
  /** Who logged in the last time. */
  userName(id: string): string | undefined;
  /** A client for one piece of work; it logs in with its first request. Its errors `signed-out` offer to sign in. */
  open(id: string, onEvent: OnEvent, signal: AbortSignal): Promise<Workspace>;
  /** Whether the secret of a draft is kept, so that none has to be typed. */
  isKept(profile: WorkspaceProfile): Promise<boolean>;
  /** Tries a draft, with the secret that is kept where it names none; a person may be asked to sign in. */
  test(draft: WorkspaceDraft, signal: AbortSignal): Promise<WorkspaceTrial>;
  /** Asks a person to sign in, as somebody else if they like. Throws UserError `no-sign-in` for other logins. */
  signIn(id: string): Promise<void>;
  /** Makes it, or puts it in the place of the one with its id. A secret without a use is forgotten. */
  save(draft: WorkspaceDraft, userName?: string): Promise<void>;
  /** Forgets it and its secret. */
  remove(id: string): Promise<void>;
  readonly onDidChange: vscode.Event<void>;
  /** What is in one of them may have changed, or is to be looked at anew; nothing else has it asked again. */
  changedThere(): void;
  readonly onDidChangeThere: vscode.Event<void>;
  /** Tells the id of one that was forgotten. */
  readonly onDidRemove: vscode.Event<string>;
}

export function createWorkspaces(context: vscode.ExtensionContext, outside: Outside): Workspaces {
  const changed = new vscode.EventEmitter<void>();
  const removed = new vscode.EventEmitter<string>();
  const there = new vscode.EventEmitter<void>();
  const list = (): readonly WorkspaceProfile[] =>
    context.globalState
      .get<readonly WorkspaceProfile[]>(KEPT, [])
      .toSorted((one, other) => one.name.localeCompare(other.name));
  const find = (id: string): WorkspaceProfile | undefined => list().find((one) => one.id === id);
  const get = (id: string): WorkspaceProfile => {
    const found = find(id);
    if (found) return found;
    throw new UserError('unknown-workspace', t('This workspace is not there any more.'));
  };
  const people = (): Readonly<Record<string, Person>> =>
    context.globalState.get<Readonly<Record<string, Person>>>(PEOPLE, {});
  const remember = async (id: string, person: Person): Promise<void> => {
    const before = people()[id];
    const after = { ...before, ...person };
    if (!find(id) || JSON.stringify(before) === JSON.stringify(after)) return;
    await context.globalState.update(PEOPLE, { ...people(), [id]: after });
    changed.fire();
  };
  const tell = (): void => {
    // Menus on files that may be notebooks are for who has somewhere to send them.
    void vscode.commands.executeCommand('setContext', 'ordersLakehouse.hasWorkspaces', list().length > 0);
  };
  const telling = changed.event(tell);
  tell();
  const microsoft = createMicrosoftLogins(outside, (id) => people()[id]?.account);

  /** A secret goes to the host it was given for, and to no other. */
  const keptSecret = async (profile: WorkspaceProfile): Promise<string | undefined> => {
    const before = find(profile.id);
    return before && sameSecret(before, profile) ? context.secrets.get(secretKey(profile.id)) : undefined;
  };
  const loginOf = async (
    { profile, secret: typed }: WorkspaceDraft,
    microsoftToken: () => Promise<string>,
  ): Promise<WorkspaceLogin> => {
    const { host, login } = profile;
    const secret = async (): Promise<string> => {
      const found = typed ?? (await keptSecret(profile));
      if (found !== undefined) return found;
      throw new UserError('no-secret', t('What {0} logs in with is not kept here.', profile.name), {
        hint: t('Type it again.'),
        action: { title: t('Edit'), command: 'ordersLakehouse.editWorkspace', args: [profile.id] },
      });
    };
    switch (login.kind) {
      case 'token':
        return { host, as: { kind: 'token', token: await secret() } };
      case 'principal':
        return {
          host,
          as: { kind: 'principal', clientId: login.clientId, clientSecret: await secret() },
        };
      case 'azure-cli':
        return { host, as: { kind: 'azure-cli', tenant: login.tenant } };
      case 'microsoft':
        return { host, as: { kind: 'asked', token: microsoftToken, mend: signInAction(profile.id) } };
      case 'profile': {
        const found = await outside.profileLogin(login.profile);
        if (found.host === host) return found;
        throw new UserError(
          'other-host',
          t('The profile {0} is for {1} now, not for {2}.', login.profile, found.host, host),
          {
            hint: t('See which of them is meant; a login never goes to another workspace.'),
            action: { title: t('Edit'), command: 'ordersLakehouse.editWorkspace', args: [profile.id] },
          },
        );
      }
    }
  };

  return {
    list,
    get,
    userName: (id) => people()[id]?.userName,
    open: async (id, onEvent, signal) => {
      const profile = get(id);
      const login = await loginOf({ profile }, () => microsoft.token(profile));
      const opened = await outside.openWorkspace(login, onEvent, signal);
      return {
        ...opened,
        userName: async () => {
          const userName = await opened.userName();
          await remember(id, { userName });
          return userName;
        },
      };
    },
    isKept: async (profile) => (await keptSecret(profile)) !== undefined,
    test: async (draft, signal) => {
      const { profile } = draft;
      // One question at most, before anything is tried; after it VS Code answers silently.
      const token = async (): Promise<string> => {
        try {
          return await microsoft.token(profile);
        } catch (error) {
          if (!isUserError(error) || error.code !== 'signed-out') throw error;
          return microsoft.signIn(profile, false);
        }
      };
      return outside.testWorkspace(await loginOf(draft, token), signal);
    },
    signIn: async (id) => {
      const profile = get(id);
      if (profile.login.kind !== 'microsoft') {
        throw new UserError('no-sign-in', t('{0} does not log in with a Microsoft account.', profile.name), {
          hint: t('Its login is part of it.'),
          action: { title: t('Edit'), command: 'ordersLakehouse.editWorkspace', args: [id] },
        });
      }
      await microsoft.signIn(profile, true);
      const account = microsoft.accountOf(id);
      if (account) await remember(id, { account });
      changed.fire();
    },
    save: async ({ profile, secret }, userName) => {
      const { id } = profile;
      // The secret first: without it a workspace would only fail.
      if (secret !== undefined) await context.secrets.store(secretKey(id), secret);
      else if ((await keptSecret(profile)) === undefined) await context.secrets.delete(secretKey(id));
      await context.globalState.update(KEPT, [...list().filter((one) => one.id !== id), profile]);
      const account = profile.login.kind === 'microsoft' ? microsoft.accountOf(id) : undefined;
      const person = { ...(userName === undefined ? {} : { userName }), ...(account ? { account } : {}) };
      await context.globalState.update(PEOPLE, { ...people(), [id]: person });
      changed.fire();
    },
    remove: async (id) => {
      await context.globalState.update(
        KEPT,
        list().filter((one) => one.id !== id),
      );
      const { [id]: _, ...others } = people();
      await context.globalState.update(PEOPLE, others);
      await context.secrets.delete(secretKey(id));
      microsoft.forget(id);
      removed.fire(id);
      changed.fire();
    },
    onDidChange: changed.event,
    changedThere: () => {
      there.fire();
    },
    onDidChangeThere: there.event,
    onDidRemove: removed.event,
    dispose: () => {
      telling.dispose();
      changed.dispose();
      there.dispose();
      removed.dispose();
    },
  };
}

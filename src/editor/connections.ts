/** The connections beside the sandbox: what is secret of them is in VS Code's SecretStorage, the rest in its global state. */
import * as vscode from 'vscode';
import type { ClusterAccess } from '../core/access.ts';
import {
  accessOf,
  secretsOf,
  SECRETS,
  type ConnectionDraft,
  type ConnectionProfile,
  type Secrets,
} from '../core/connections.ts';
import { messageOf, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { Cluster } from '../core/ports.ts';
import { readOnly } from '../core/readOnly.ts';
import type { Disposable } from './disposable.ts';
import type { Outside } from './outside.ts';

const KEPT = 'connections';
const secretKey = (id: string): string => `connection/${id}`;

export interface Connections extends Disposable {
  /** By name. */
  list(): readonly ConnectionProfile[];
  /** Throws UserError `unknown-connection`. */
  get(id: string): ConnectionProfile;
  named(name: string): ConnectionProfile | undefined;
  /** With what is secret. */
  access(id: string): Promise<ClusterAccess>;
  /** Refuses to write where the connection is read-only. Throws UserError `unknown-connection`. */
  cluster(id: string): Cluster;
  /** A draft as it would connect: secrets that it does not name are taken from those kept. */
  complete(draft: ConnectionDraft): Promise<ConnectionDraft>;
  /** Makes it, or puts it in the place of the one with its id. Secrets without a use are forgotten. */
  save(draft: ConnectionDraft): Promise<void>;
  /** Forgets it and its secrets. */
  remove(id: string): Promise<void>;
  /** Names of the secrets that are kept. */
  keptSecrets(id: string): Promise<readonly string[]>;
  readonly onDidChange: vscode.Event<void>;
  /** Tells the id of one that was forgotten. */
  readonly onDidRemove: vscode.Event<string>;
}

export function createConnections(
  context: vscode.ExtensionContext,
  outside: Outside,
  log: vscode.LogOutputChannel,
): Connections {
  const changed = new vscode.EventEmitter<void>();
  const removed = new vscode.EventEmitter<string>();
  const open = new Map<string, Cluster & { close(): Promise<void> }>();

  const tell = (): void => {
    // Commands on topics work with a connection too, while the sandbox is stopped.
    void vscode.commands.executeCommand('setContext', 'ordersLakehouse.hasConnections', list().length > 0);
  };
  const list = (): readonly ConnectionProfile[] =>
    context.globalState
      .get<readonly ConnectionProfile[]>(KEPT, [])
      .toSorted((one, other) => one.name.localeCompare(other.name));
  const get = (id: string): ConnectionProfile => {
    const found = list().find((one) => one.id === id);
    if (found) return found;
    throw new UserError('unknown-connection', t('This connection is not there any more.'));
  };
  const secrets = async (id: string): Promise<Secrets> => {
    const kept = await context.secrets.get(secretKey(id));
    return kept === undefined ? {} : (JSON.parse(kept) as Secrets);
  };
  const access = async (id: string): Promise<ClusterAccess> =>
    accessOf({ profile: get(id), secrets: await secrets(id) });
  const close = (id: string): void => {
    const cluster = open.get(id);
    open.delete(id);
    cluster?.close().catch((error: unknown) => {
      log.warn(`close: ${messageOf(error)}`);
    });
  };
  const keep = (profiles: readonly ConnectionProfile[]): Thenable<void> =>
    context.globalState.update(KEPT, profiles).then(tell);
  const complete = async (draft: ConnectionDraft): Promise<ConnectionDraft> => {
    const all = { ...(await secrets(draft.profile.id)), ...draft.secrets };
    const used = new Set<string>(secretsOf(draft.profile));
    const left = SECRETS.filter((name) => used.has(name) && (all[name] ?? '') !== '');
    return { ...draft, secrets: Object.fromEntries(left.map((name) => [name, all[name] ?? ''])) };
  };

  tell();
  return {
    list,
    get,
    named: (name) => list().find((one) => one.name === name),
    access,
    cluster: (id) => {
      // Whether it may be written to is looked at with each call, not once.
      const now = (): Cluster => {
        const profile = get(id);
        const known = open.get(id) ?? outside.createCluster(() => access(id));
        open.set(id, known);
        return profile.readOnly ? readOnly(known, profile.name, id) : known;
      };
      return {
        broker: async () => now().broker(),
        topicAdmin: async () => now().topicAdmin(),
        registry: async () => now().registry(),
        decoder: async (options) => now().decoder(options),
        messageEncoder: async () => now().messageEncoder(),
        avroBodies: async () => now().avroBodies(),
        jsonTrials: async () => now().jsonTrials(),
        protobufTrials: async () => now().protobufTrials(),
      };
    },
    complete,
    save: async (draft) => {
      const { profile, secrets: kept } = await complete(draft);
      const before = list().some(({ id }) => id === profile.id) ? await access(profile.id) : undefined;
      // Secrets first: a connection without its secrets would only fail.
      if (Object.keys(kept).length > 0) {
        await context.secrets.store(secretKey(profile.id), JSON.stringify(kept));
      } else await context.secrets.delete(secretKey(profile.id));
      await keep([...list().filter(({ id }) => id !== profile.id), profile]);
      // A colour changes nothing for what is under way.
      if (JSON.stringify(before) !== JSON.stringify(await access(profile.id))) close(profile.id);
      changed.fire();
    },
    remove: async (id) => {
      await keep(list().filter((one) => one.id !== id));
      await context.secrets.delete(secretKey(id));
      removed.fire(id);
      close(id);
      changed.fire();
    },
    keptSecrets: async (id) => Object.keys(await secrets(id)),
    onDidChange: changed.event,
    onDidRemove: removed.event,
    dispose: () => {
      for (const id of [...open.keys()]) close(id);
      changed.dispose();
      removed.dispose();
    },
  };
}

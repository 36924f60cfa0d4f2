/** Which Kafka the messages of a document go to: the sandbox, unless a person chose a connection for it. */
import * as vscode from 'vscode';
import { t } from '../core/l10n.ts';
import type { Disposable } from './disposable.ts';
import { placeAt, type Place, type Places } from './place.ts';

const MEMORY = 'messagePlaces';

export interface MessagePlaces extends Disposable {
  /** A connection that was forgotten since is the sandbox again. */
  of(uri: vscode.Uri): Place;
  /** As a lens says it; undefined where there are no connections to choose from. */
  label(uri: vscode.Uri): string | undefined;
  set(uri: vscode.Uri, connection: string | undefined): Promise<void>;
  readonly onDidChange: vscode.Event<void>;
}

export function createMessagePlaces(
  room: Places & { readonly context: vscode.ExtensionContext },
): MessagePlaces {
  const changed = new vscode.EventEmitter<void>();
  const kept = (): Readonly<Record<string, string>> => room.context.workspaceState.get(MEMORY, {});
  const connectionOf = (uri: vscode.Uri) =>
    room.connections.list().find(({ id }) => id === kept()[uri.toString()]);
  const all = room.connections.onDidChange(() => {
    changed.fire();
  });
  return {
    of: (uri) => placeAt(room, connectionOf(uri)?.id),
    label: (uri) =>
      room.connections.list().length === 0
        ? undefined
        : t('To: {0}', connectionOf(uri)?.name ?? t('Sandbox')),
    set: async (uri, connection) => {
      const { [uri.toString()]: _, ...others } = kept();
      await room.context.workspaceState.update(
        MEMORY,
        connection === undefined ? others : { ...others, [uri.toString()]: connection },
      );
      changed.fire();
    },
    onDidChange: changed.event,
    dispose: () => {
      all.dispose();
      changed.dispose();
    },
  };
}

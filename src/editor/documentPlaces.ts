/** Which Kafka a document of messages, or a file with a schema, is for: the sandbox, unless a person chose a connection. */
import * as vscode from 'vscode';
import { t } from '../core/l10n.ts';
import type { Disposable } from './disposable.ts';
import { placeAt, type Place, type Places } from './place.ts';

const MEMORY = 'documentPlaces';

export interface DocumentPlaces extends Disposable {
  /** A connection that was forgotten since is the sandbox again. */
  of(uri: vscode.Uri): Place;
  /** Its name, for a lens; undefined where there are no connections to choose from. */
  nameOf(uri: vscode.Uri): string | undefined;
  set(uri: vscode.Uri, connection: string | undefined): Promise<void>;
  readonly onDidChange: vscode.Event<void>;
}

export function createDocumentPlaces(
  room: Places & { readonly context: vscode.ExtensionContext },
): DocumentPlaces {
  const changed = new vscode.EventEmitter<void>();
  const kept = (): Readonly<Record<string, string>> => room.context.workspaceState.get(MEMORY, {});
  const connectionOf = (uri: vscode.Uri) =>
    room.connections.list().find(({ id }) => id === kept()[uri.toString()]);
  const all = room.connections.onDidChange(() => {
    changed.fire();
  });
  return {
    of: (uri) => placeAt(room, connectionOf(uri)?.id),
    nameOf: (uri) =>
      room.connections.list().length === 0 ? undefined : (connectionOf(uri)?.name ?? t('Sandbox')),
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

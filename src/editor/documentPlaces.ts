/** Which Kafka a document of messages, or a file with a schema, is for: the sandbox, unless a person chose a connection. */
import * as vscode from 'vscode';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { Disposable } from './disposable.ts';
import { placeAt, type Place, type Places } from './place.ts';

const MEMORY = 'documentPlaces';

export interface DocumentPlaces extends Disposable {
  /** Throws UserError `unknown-connection` for one that was forgotten since: nothing goes elsewhere in silence. */
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
  const idOf = (uri: vscode.Uri): string | undefined => kept()[uri.toString()];
  const set = async (uri: vscode.Uri, connection: string | undefined): Promise<void> => {
    const { [uri.toString()]: _, ...others } = kept();
    await room.context.workspaceState.update(
      MEMORY,
      connection === undefined ? others : { ...others, [uri.toString()]: connection },
    );
    changed.fire();
  };
  /** Texts of documents without a file that were for a connection: one of them may be saved now. */
  const unsaved = new Map<string, string>();
  const subscriptions = [
    room.connections.onDidChange(() => {
      changed.fire();
    }),
    vscode.workspace.onDidRenameFiles(async ({ files }) => {
      for (const { oldUri, newUri } of files) {
        const id = idOf(oldUri);
        if (id !== undefined) await set(newUri, id);
      }
    }),
    vscode.workspace.onDidCloseTextDocument((document) => {
      const id = document.isUntitled ? idOf(document.uri) : undefined;
      if (id !== undefined) unsaved.set(document.getText(), id);
    }),
    // A document that is saved for the first time is another one, with the same text.
    vscode.workspace.onDidOpenTextDocument(async (document) => {
      if (document.isUntitled || idOf(document.uri) !== undefined) return;
      const text = document.getText();
      const from = vscode.workspace.textDocuments.find(
        (one) => one.isUntitled && idOf(one.uri) !== undefined && one.getText() === text,
      );
      const id = from ? idOf(from.uri) : unsaved.get(text);
      unsaved.delete(text);
      if (id !== undefined) await set(document.uri, id);
    }),
  ];
  return {
    of: (uri) => {
      const id = idOf(uri);
      if (id !== undefined && !room.connections.list().some((one) => one.id === id)) {
        throw new UserError(
          'unknown-connection',
          t('The connection that this document is for was forgotten.'),
          {
            hint: t('Choose another by the line above.'),
          },
        );
      }
      return placeAt(room, id);
    },
    nameOf: (uri) => {
      const id = idOf(uri);
      const all = room.connections.list();
      if (id === undefined) return all.length === 0 ? undefined : t('Sandbox');
      return all.find((one) => one.id === id)?.name ?? t('a connection that was forgotten');
    },
    set,
    onDidChange: changed.event,
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
      changed.dispose();
    },
  };
}

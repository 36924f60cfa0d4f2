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
    for (const document of vscode.workspace.textDocuments) {
      if (document.uri.toString() === uri.toString()) noteText(document);
    }
    changed.fire();
  };
  /** Texts of documents without a file that are for a connection, by their addresses: one may be saved as a file. */
  const unsaved = new Map<string, string>();
  const noteText = (document: vscode.TextDocument): void => {
    if (!document.isUntitled || idOf(document.uri) === undefined) return;
    const text = document.getText();
    // It is emptied before it goes.
    if (text !== '') unsaved.set(document.uri.toString(), text);
  };
  /** A document that is saved for the first time is another one from then on, with the same text. */
  const takeOver = async (document: vscode.TextDocument): Promise<void> => {
    if (document.isUntitled || idOf(document.uri) !== undefined) return;
    if (unsaved.size === 0) return;
    const text = document.getText();
    const from = [...unsaved].find(([, one]) => one === text)?.[0];
    const id = from === undefined ? undefined : kept()[from];
    if (from === undefined || id === undefined) return;
    unsaved.delete(from);
    await set(document.uri, id);
  };
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
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      noteText(document);
    }),
    vscode.workspace.onDidSaveTextDocument(takeOver),
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

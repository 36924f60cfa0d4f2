/** A message that a person wrote, as a document (`.orders`) that can be kept, changed and sent again. */
import * as vscode from 'vscode';
import { MESSAGE_FILE } from '../core/messageDocument.ts';
import type { OutgoingDraft } from '../core/outgoing.ts';
import { escapePlaceholders } from '../core/placeholders.ts';
import type { Room } from './room.ts';

/** A name that no open document has. */
function freeUri(topic: string): vscode.Uri {
  const taken = new Set(vscode.workspace.textDocuments.map(({ uri }) => uri.toString()));
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? topic : `${topic}-${number}`;
    const uri = vscode.Uri.from({ scheme: 'untitled', path: `${name}${MESSAGE_FILE}` });
    if (!taken.has(uri.toString())) return uri;
  }
}

/** Texts stay as they are when it is sent: what looks like a placeholder in them is none. */
export async function openDraft(room: Room, draft: OutgoingDraft): Promise<void> {
  const { topic, key, value, headers = [], partition } = draft;
  const files = await room.lakehouse().messageFiles();
  const text = files.print({
    topic,
    ...(key === null || key === undefined ? {} : { key: escapePlaceholders(key) }),
    value: escapePlaceholders(value),
    ...(headers.length === 0 ? {} : { headers: escapePlaceholders(headers) }),
    ...(partition === undefined ? {} : { partition }),
  });
  const uri = freeUri(topic);
  const document = await vscode.workspace.openTextDocument(uri);
  const edit = new vscode.WorkspaceEdit();
  edit.insert(uri, new vscode.Position(0, 0), `${text.trimEnd()}\n`);
  await vscode.workspace.applyEdit(edit);
  await vscode.window.showTextDocument(document, { preview: false });
}

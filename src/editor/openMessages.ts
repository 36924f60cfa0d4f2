/** Opens messages as a document that can be changed and sent: a sample of a topic, or messages that were sent before. */
import * as vscode from 'vscode';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { documentOf } from '../core/messageTemplate.ts';
import type { Cluster } from '../core/ports.ts';
import type { OutgoingDraft } from '../core/outgoing.ts';
import { escapePlaceholders, PLACEHOLDERS } from '../core/placeholders.ts';
import { sampleOf } from '../core/sampleOf.ts';
import type { Room } from './room.ts';

/** A name that no open document has; without what no file system takes. */
function freeUri(name: string): vscode.Uri {
  const open = new Set(vscode.workspace.textDocuments.map(({ uri }) => uri.toString()));
  for (let number = 1; ; number += 1) {
    const path = `${name.replace(/[^\w.-]/g, '_')}${number === 1 ? '' : `-${number}`}.orders`;
    const uri = vscode.Uri.from({ scheme: 'untitled', path });
    if (!open.has(uri.toString())) return uri;
  }
}

/** `documents` as they are to stand there. */
async function openDocuments(
  room: Pick<Room, 'lakehouse'>,
  name: string,
  documents: readonly unknown[],
): Promise<vscode.Uri> {
  const files = await room.lakehouse().messageFiles();
  const [only, ...others] = documents;
  const text = [
    `// ${t('Change what you like, then send it by the line above the message.')}`,
    `// ${t('Filled anew at each sending: {0}', PLACEHOLDERS.join(' '))}`,
    files.print(others.length === 0 ? only : documents),
    '',
  ].join('\n');
  const document = await vscode.workspace.openTextDocument(freeUri(name));
  const edit = new vscode.WorkspaceEdit();
  edit.insert(document.uri, new vscode.Position(0, 0), text);
  await vscode.workspace.applyEdit(edit);
  await vscode.window.showTextDocument(document);
  return document.uri;
}

/**
 * For the message viewer: what was sent is sent again as it is, until it is changed. Throws UserError `not-decoded` for
 * what is bytes only.
 */
export async function openAsDocument(
  room: Pick<Room, 'lakehouse'>,
  drafts: readonly OutgoingDraft[],
): Promise<vscode.Uri> {
  if (drafts.some(({ keyBytes, valueBytes }) => keyBytes ?? valueBytes)) {
    throw new UserError('not-decoded', t('A message that cannot be decoded has no document.'), {
      hint: t('Copy it as a command, which sends its bytes.'),
    });
  }
  const documents = drafts.map((draft) => escapePlaceholders(documentOf(draft)));
  return openDocuments(room, drafts[0]?.topic ?? 'messages', documents);
}

/** Returns the document's address. */
export async function openSample(room: Room, cluster: Cluster, topic: string): Promise<vscode.Uri> {
  const { key, value } = await (await cluster.messageEncoder()).messageSchema(topic);
  const options = { placeholders: true };
  return openDocuments(room, topic, [
    {
      topic,
      key: key ? sampleOf(key.schema, options) : '${uuid}',
      value: value ? sampleOf(value.schema, options) : { id: '${seq}', at: '${now}' },
    },
  ]);
}

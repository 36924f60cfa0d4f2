/** What a document of messages offers above each of them. */
import * as vscode from 'vscode';
import { t } from '../core/l10n.ts';
import type { MessageFiles } from '../core/ports.ts';
import type { DocumentPlaces } from './documentPlaces.ts';

export const MESSAGE_FILES: vscode.DocumentSelector = { pattern: '**/*.orders' };

/** `files`: what parses the document. */
export function provideMessageLenses(
  files: () => Promise<MessageFiles>,
  places: DocumentPlaces,
): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider(MESSAGE_FILES, {
    onDidChangeCodeLenses: places.onDidChange,
    provideCodeLenses: async (document) => {
      const { messages, list } = (await files()).parse(document.getText());
      const at = (offset: number, title: string, command: string, index?: number): vscode.CodeLens => {
        const position = document.positionAt(offset);
        const lens = { title, command: `ordersLakehouse.${command}`, arguments: [document.uri, index] };
        return new vscode.CodeLens(new vscode.Range(position, position), lens);
      };
      const where = places.nameOf(document.uri);
      const first = list ?? messages[0];
      return [
        ...(where !== undefined && first ? [at(first.start, t('To: {0}', where), 'chooseMessagePlace')] : []),
        ...(list ? [at(list.start, t('Send all ({0})', messages.length), 'sendMessages')] : []),
        ...(list ? [at(list.start, t('Send many…'), 'sendMany')] : []),
        ...messages.flatMap(({ start }, index) => [
          at(start, t('Send'), 'sendMessages', index),
          at(start, t('Send many…'), 'sendMany', index),
        ]),
      ];
    },
  });
}

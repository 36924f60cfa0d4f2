/** What a file that holds a schema offers above its first line, and the subject that it is for. */
import * as vscode from 'vscode';
import { messageOf } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { guessSubject, schemaTypeOf } from '../core/schemaFiles.ts';
import type { Disposable } from './disposable.ts';
import type { Room } from './room.ts';

const FILES: vscode.DocumentSelector = { scheme: 'file', pattern: '**/*.{avsc,proto,json}' };
const MEMORY = 'schemaSubjects';
/** Characters; a larger `.json` is data. */
const LARGEST = 1_000_000;

export interface SubjectOfFile {
  /** The remembered one, else a guess by the name and, where the registry runs, by the subjects that are there. */
  of(uri: vscode.Uri): Promise<string>;
  isRemembered(uri: vscode.Uri): boolean;
  remember(uri: vscode.Uri, subject: string): Promise<void>;
  readonly onDidChange: vscode.Event<void>;
}

export function createSubjectOfFile(room: Room): SubjectOfFile & Disposable {
  const changed = new vscode.EventEmitter<void>();
  const remembered = (): Readonly<Record<string, string>> =>
    room.context.workspaceState.get<Record<string, string>>(MEMORY, {});
  const known = async (): Promise<readonly string[]> => {
    if (room.sandbox.status?.state !== 'running') return [];
    try {
      return await (await room.lakehouse().registry()).subjects();
    } catch (error) {
      // It is a guess; a registry that does not answer is the sandbox tree's to show.
      room.log.warn(`subjects: ${messageOf(error)}`);
      return [];
    }
  };
  const all = (): void => {
    changed.fire();
  };
  const subscriptions = [room.onDidChangeData(all), room.sandbox.onDidChange(all)];
  return {
    of: async (uri) => remembered()[uri.toString()] ?? guessSubject(uri.path, await known()),
    isRemembered: (uri) => uri.toString() in remembered(),
    remember: async (uri, subject) => {
      await room.context.workspaceState.update(MEMORY, { ...remembered(), [uri.toString()]: subject });
      changed.fire();
    },
    onDidChange: changed.event,
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
      changed.dispose();
    },
  };
}

export function provideSchemaLenses(subjectOf: SubjectOfFile): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider(FILES, {
    onDidChangeCodeLenses: subjectOf.onDidChange,
    provideCodeLenses: async (document) => {
      const text = document.getText();
      const type = text.length > LARGEST ? undefined : schemaTypeOf(document.uri.path, text);
      if (!type) return [];
      const subject = await subjectOf.of(document.uri);
      const offers = [
        { title: t('Check against {0}', subject), command: 'ordersLakehouse.checkSchema' },
        { title: t('Register…'), command: 'ordersLakehouse.registerSchema' },
        { title: t('Rehearse…'), command: 'ordersLakehouse.rehearseSchema' },
        { title: t('Another subject…'), command: 'ordersLakehouse.chooseSubject' },
      ];
      const line = new vscode.Range(0, 0, 0, 0);
      return offers.map((offer) => new vscode.CodeLens(line, { ...offer, arguments: [document.uri] }));
    },
  });
}

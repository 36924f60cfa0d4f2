/** What a file that holds a schema offers above its first line, and the subject that it is for. */
import * as vscode from 'vscode';
import { messageOf } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { guessSubject, schemaTypeOf } from '../core/schemaFiles.ts';
import type { Disposable } from './disposable.ts';
import type { Place } from './place.ts';
import type { Room } from './room.ts';

const FILES: vscode.DocumentSelector = { scheme: 'file', pattern: '**/*.{avsc,proto,json}' };
const MEMORY = 'schemaSubjects';
/** Characters; a larger `.json` is data. */
const LARGEST = 1_000_000;
/** Milliseconds after which a registry is asked again: lenses are made anew at every key. */
const ASK_AGAIN = { sandbox: 5000, connection: 60_000 };

export interface SubjectOfFile {
  /** The remembered one, else a guess by the name and, where the registry answers, by the subjects that are there. */
  of(uri: vscode.Uri): Promise<string>;
  isRemembered(uri: vscode.Uri): boolean;
  remember(uri: vscode.Uri, subject: string): Promise<void>;
  readonly onDidChange: vscode.Event<void>;
}

export function createSubjectOfFile(room: Room): SubjectOfFile & Disposable {
  const changed = new vscode.EventEmitter<void>();
  const remembered = (): Readonly<Record<string, string>> =>
    room.context.workspaceState.get<Record<string, string>>(MEMORY, {});
  interface Known {
    readonly subjects: Promise<readonly string[]>;
    readonly at: number;
  }
  /** By connection. */
  const kept = new Map<string | undefined, Known>();
  const ask = async ({ cluster }: Place): Promise<readonly string[]> => {
    try {
      return await (await cluster.registry()).subjects();
    } catch (error) {
      // It is a guess; a registry that does not answer is the trees' to show.
      room.log.warn(`subjects: ${messageOf(error)}`);
      return [];
    }
  };
  const known = (uri: vscode.Uri): readonly string[] | Promise<readonly string[]> => {
    const place = room.documentPlaces.of(uri);
    const { connection } = place;
    if (connection === undefined && room.sandbox.status?.state !== 'running') return [];
    const before = kept.get(connection);
    const age = ASK_AGAIN[connection === undefined ? 'sandbox' : 'connection'];
    if (before && Date.now() - before.at < age) return before.subjects;
    const subjects = ask(place);
    kept.set(connection, { subjects, at: Date.now() });
    return subjects;
  };
  const all = (): void => {
    changed.fire();
  };
  const anew = (): void => {
    kept.clear();
    changed.fire();
  };
  const subscriptions = [
    room.sandbox.onDidChange(all),
    room.onDidChangeData(anew),
    room.documentPlaces.onDidChange(anew),
  ];
  return {
    of: async (uri) => remembered()[uri.toString()] ?? guessSubject(uri.path, await known(uri)),
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

/** `registryOf`: the name of the place that the file is for; undefined where there is nothing to choose. */
export function provideSchemaLenses(
  subjectOf: SubjectOfFile,
  registryOf: (uri: vscode.Uri) => string | undefined,
): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider(FILES, {
    onDidChangeCodeLenses: subjectOf.onDidChange,
    provideCodeLenses: async (document) => {
      const text = document.getText();
      const type = text.length > LARGEST ? undefined : schemaTypeOf(document.uri.path, text);
      if (!type) return [];
      const subject = await subjectOf.of(document.uri);
      const registry = registryOf(document.uri);
      const offers = [
        ...(registry === undefined
          ? []
          : [{ title: t('Registry: {0}', registry), command: 'ordersLakehouse.chooseSchemaPlace' }]),
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

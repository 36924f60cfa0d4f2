/** Checking, registering and rehearsing the schema of a file. */
import * as vscode from 'vscode';
import { checkLines, checkSummary, clashText } from '../core/checkText.ts';
import { checkDraft, createDraft, type Draft, type DraftCheck } from '../core/drafts.ts';
import type { ConnectionProfile } from '../core/connections.ts';
import { Cancelled, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { impactText } from '../core/pipelineImpact.ts';
import { rehearse, type Rehearsal } from '../core/rehearsal.ts';
import { rehearsalLines, rehearsalSummary, standsAgainst } from '../core/rehearsalText.ts';
import { guessSubject, mustBeSchema, topicOf } from '../core/schemaFiles.ts';
import { choosePlace, chooseTopicOf } from './choose.ts';
import type { Disposable } from './disposable.ts';
import { count } from './numbers.ts';
import { withProgress } from './progress.ts';
import type { Place } from './place.ts';
import { createReports } from './reports.ts';
import type { Room } from './room.ts';
import { mustBeTrusted } from './sandboxCommands.ts';
import { createSubjectOfFile, provideSchemaLenses } from './schemaLenses.ts';
import { createSchemaMarks, type Mark } from './schemaMarks.ts';

/** Each takes the address of a file, else the file that is being edited. */
export interface SchemaFiles extends Disposable {
  check(argument: unknown): Promise<void>;
  register(argument: unknown): Promise<void>;
  rehearse(argument: unknown): Promise<void>;
  chooseSubject(argument: unknown): Promise<void>;
  /** Whose registry it is for. */
  choosePlace(argument: unknown): Promise<void>;
}

/** A topic with more messages than this is asked about. */
const ASK_ABOVE = 100_000;

async function documentOf(argument: unknown): Promise<vscode.TextDocument> {
  if (argument instanceof vscode.Uri) return vscode.workspace.openTextDocument(argument);
  const document = vscode.window.activeTextEditor?.document;
  if (document) return document;
  throw new UserError('no-file', t('Open a file with a schema first.'));
}

const marksOfCheck = ({ clashes }: DraftCheck): readonly Mark[] =>
  clashes.map((clash) => ({
    field: clash.field,
    text: clashText({ ...clash, field: '' }),
    severity: 'error',
  }));

const marksOfRehearsal = ({ troubles, pipeline }: Rehearsal): readonly Mark[] => [
  ...troubles
    .filter(({ effect }) => effect !== 'undecodable')
    .map(({ effect, field, reason, messages, schemaId }): Mark => {
      const text = t('{0} messages of schema {1}: {2}', count(messages), schemaId ?? '', reason);
      return { field, text, severity: effect === 'unreadable' ? 'error' : 'warning' };
    }),
  ...pipeline.map((impact): Mark => ({
    field: impact.field,
    text: `${impact.reason}\n${impactText(impact)}`,
    severity: 'warning',
  })),
];

/** How many of a topic's messages are tried; undefined: all. */
async function chooseLimit(messages: number): Promise<number | undefined> {
  if (messages <= ASK_ABOVE) return undefined;
  const items = [
    { label: t('The newest {0}', count(ASK_ABOVE)), limit: ASK_ABOVE },
    { label: t('All {0}', count(messages)), limit: undefined },
  ];
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: t('On which messages?') });
  if (!chosen) throw new Cancelled();
  return chosen.limit;
}

export function createSchemaFiles(room: Room): SchemaFiles {
  const marks = createSchemaMarks();
  const reports = createReports();
  const subjectOf = createSubjectOfFile(room);
  const places = room.documentPlaces;
  const hasRegistry = ({ registry }: ConnectionProfile): boolean => registry !== null;
  const registryOf = (uri: vscode.Uri): string | undefined =>
    places.of(uri).connection === undefined && !room.connections.list().some(hasRegistry)
      ? undefined
      : places.nameOf(uri);
  const lenses = provideSchemaLenses(subjectOf, registryOf);

  const pickSubject = async (document: vscode.TextDocument): Promise<string> => {
    const registry = await places.of(document.uri).cluster.registry();
    const subjects = (await registry.subjects()).toSorted();
    const now = await subjectOf.of(document.uri);
    const names = [...new Set([now, guessSubject(document.uri.path, subjects), ...subjects])];
    const other = t('Another name…');
    const items = [
      ...names.map((label) => ({ label, description: subjects.includes(label) ? '' : t('new') })),
      { label: other, alwaysShow: true },
    ];
    const chosen = await vscode.window.showQuickPick(items, { placeHolder: t('Which subject is it for?') });
    const name =
      chosen?.label === other
        ? await vscode.window.showInputBox({ prompt: t('Name of the subject'), value: now })
        : chosen?.label;
    if (!name) throw new Cancelled();
    await subjectOf.remember(document.uri, name);
    return name;
  };
  const draftOf = async (
    { cluster }: Place,
    document: vscode.TextDocument,
    subject: string,
  ): Promise<Draft> => {
    const schema = document.getText();
    const type = mustBeSchema(document.uri.path, schema);
    return createDraft(await cluster.registry(), { subject, type, schema });
  };
  const checked = async (
    place: Place,
    document: vscode.TextDocument,
    subject: string,
  ): Promise<[Draft, DraftCheck]> => {
    const { version } = document;
    const draft = await draftOf(place, document, subject);
    const found = await checkDraft(await place.cluster.registry(), draft);
    if (document.version === version) marks.set(document, marksOfCheck(found));
    room.log.info(checkLines(draft, found).join('\n'));
    return [draft, found];
  };
  /** A draft that clashes can be rehearsed, to see what it would cost. */
  const refuse = ([draft, found]: [Draft, DraftCheck], uri: vscode.Uri): UserError =>
    new UserError(
      'schema-incompatible',
      [checkSummary(draft, found), ...found.clashes.map(clashText), ...found.messages].join('\n'),
      { action: { title: t('Rehearse…'), command: 'ordersLakehouse.rehearseSchema', args: [uri] } },
    );

  return {
    chooseSubject: async (argument) => {
      await pickSubject(await documentOf(argument));
    },
    choosePlace: async (argument) => {
      const { uri } = await documentOf(argument);
      await places.set(uri, (await choosePlace(room, hasRegistry)).connection);
    },
    check: async (argument) => {
      const document = await documentOf(argument);
      const place = places.of(document.uri);
      const [draft, found] = await checked(place, document, await subjectOf.of(document.uri));
      if (!found.compatible) throw refuse([draft, found], document.uri);
      void vscode.window.showInformationMessage(checkLines(draft, found).join('\n'));
    },
    register: async (argument) => {
      mustBeTrusted();
      const document = await documentOf(argument);
      // Held through the questions: what is confirmed is what is written to.
      const place = places.of(document.uri);
      const name = registryOf(document.uri);
      const asked = !subjectOf.isRemembered(document.uri);
      const subject = asked ? await pickSubject(document) : await subjectOf.of(document.uri);
      const [draft, found] = await checked(place, document, subject);
      if (!found.compatible) throw refuse([draft, found], document.uri);
      const yes = t('Register');
      const chosen = await vscode.window.showInformationMessage(
        name === undefined
          ? t('Register it for {0}?', subject)
          : t('Register it for {0} ({1})?', subject, name),
        { modal: true, detail: checkLines(draft, found).join('\n') },
        yes,
      );
      if (chosen !== yes) throw new Cancelled();
      const registry = await place.cluster.registry();
      const id = await registry.register(subject, draft.type, draft.schema, draft.references);
      room.dataChanged();
      void vscode.window.showInformationMessage(t('{0} is registered with the id {1}.', subject, id));
    },
    rehearse: async (argument) => {
      const document = await documentOf(argument);
      const place = places.of(document.uri);
      const subject = await subjectOf.of(document.uri);
      const { version } = document;
      const draft = await draftOf(place, document, subject);
      const topics = await (await place.cluster.broker()).topics();
      const known = topics.find(({ name }) => name === topicOf(subject));
      const topic = known?.name ?? (await chooseTopicOf(place));
      const limit = await chooseLimit(topics.find(({ name }) => name === topic)?.messages ?? 0);
      const found = await withProgress(t('Rehearsing {0}', subject), room.log, (onEvent, signal) =>
        rehearse(place.cluster, { draft, topic, ...(limit === undefined ? {} : { limit }) }, onEvent, signal),
      );
      // It may have taken minutes: what was found holds for the text as it was.
      if (document.version === version) marks.set(document, marksOfRehearsal(found));
      await reports.show(t('Rehearsal of {0}', subject), rehearsalLines(found));
      const tell = standsAgainst(found)
        ? vscode.window.showWarningMessage
        : vscode.window.showInformationMessage;
      void tell(rehearsalSummary(found));
    },
    dispose: () => {
      for (const part of [lenses, subjectOf, reports, marks]) part.dispose();
    },
  };
}

/** SQL files: what stands above their statements, and how one is run. */
import * as vscode from 'vscode';
import { isSourceNotebook } from '../core/databricks/notebooks.ts';
import { isUserError, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { isQuery, placeOfError, splitStatements, statementAt } from '../core/sqlStatements.ts';
import { askOne } from './ask.ts';
import type { Disposable } from './disposable.ts';
import { mayWrite } from './mayWrite.ts';
import type { Panels } from './panel.ts';
import { showResult } from './resultPanel.ts';
import type { Room } from './room.ts';
import { mustBeTrusted } from './sandboxCommands.ts';
import { createSqlPlaces, showsLenses, type PickPlace, type SqlPlaces } from './sqlPlaces.ts';

/** Not the older side of a difference, say. */
const FILES: vscode.DocumentSelector = ['file', 'untitled'].flatMap((scheme) => [
  { scheme, language: 'sql' },
  { scheme, pattern: '**/*.sql' },
]);
/** Characters; a larger one is a dump. */
const LARGEST = 1_000_000;
/** Lenses above more statements are of no use. */
const MOST_LENSES = 200;

export interface SqlFiles extends Disposable {
  /** The statement that begins at `start`; without it what is selected, or the statement at the cursor. */
  run(uri: unknown, start: unknown): Promise<void>;
  choosePlace(uri: unknown): Promise<void>;
}

const pickPlace: PickPlace = async ({ workspaces, warehouses }, named) => {
  const one = (label: string, workspace: string | undefined, anew: boolean, description = '') => ({
    label,
    description,
    value: { workspace, anew },
  });
  const items = workspaces
    .list()
    .flatMap(({ id, name, host }) => [
      one(named(id), id, false, host),
      ...(warehouses.nameOf(id) === undefined
        ? []
        : [one(t('{0} · another SQL warehouse…', name), id, true)]),
    ]);
  return askOne([one(t('Sandbox'), undefined, false), ...items], { placeHolder: t('Run on what?') });
};

/** Its cells are parted by comments, so that its text is no list of statements. */
const isNotebook = (document: vscode.TextDocument): boolean =>
  isSourceNotebook(document.uri.path, document.lineAt(0).text);

function provideLenses(places: SqlPlaces): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider(FILES, {
    onDidChangeCodeLenses: places.onDidChange,
    provideCodeLenses: (document) => {
      const text = document.getText();
      if (!showsLenses() || text.length > LARGEST || isNotebook(document)) return [];
      return splitStatements(text)
        .slice(0, MOST_LENSES)
        .flatMap(({ start }, index) => {
          const position = document.positionAt(start);
          const lens = (title: string, command: string): vscode.CodeLens =>
            new vscode.CodeLens(new vscode.Range(position, position), {
              title,
              command: `ordersLakehouse.${command}`,
              arguments: [document.uri, start],
            });
          if (index > 0) return [lens(`$(play) ${t('Run')}`, 'runSql')];
          return [
            lens(`$(play) ${t('Run on: {0}', places.nameOf(document.uri))}`, 'runSql'),
            lens(t('Run elsewhere…'), 'chooseSqlPlace'),
          ];
        });
    },
  });
}

interface Chosen {
  readonly sql: string;
  /** Where it begins in the document. */
  readonly start: number;
}

/** What is to be run. Throws UserError `no-statement`. */
function chosen(document: vscode.TextDocument, start: unknown): Chosen {
  const text = document.getText();
  const statements = splitStatements(text);
  const editor = vscode.window.visibleTextEditors.find((one) => one.document === document);
  if (typeof start !== 'number' && editor && !editor.selection.isEmpty) {
    const from = document.offsetAt(editor.selection.start);
    const [first, ...more] = splitStatements(document.getText(editor.selection));
    if (more.length > 0) {
      throw new UserError('several-statements', t('Several statements are selected; one at a time is run.'));
    }
    if (first) return { sql: text.slice(from + first.start, from + first.end), start: from + first.start };
  }
  const at = typeof start === 'number' ? start : editor ? document.offsetAt(editor.selection.active) : 0;
  const found = statementAt(statements, at);
  if (!found) throw new UserError('no-statement', t('There is no statement in this file.'));
  return { sql: text.slice(found.start, found.end), start: found.start };
}

export function createSqlFiles(room: Room, panels: Panels): SqlFiles {
  const places = createSqlPlaces(room, pickPlace);
  const marks = vscode.languages.createDiagnosticCollection('orders-lakehouse-sql');
  const documentOf = async (uri: unknown): Promise<vscode.TextDocument> => {
    if (uri instanceof vscode.Uri) return vscode.workspace.openTextDocument(uri);
    const document = vscode.window.activeTextEditor?.document;
    if (!document) throw new UserError('no-statement', t('Open a SQL file first.'));
    return document;
  };
  /** Where Spark says that it is wrong; the beginning of the statement where it does not say. */
  const mark = (document: vscode.TextDocument, { sql, start }: Chosen, error: unknown): void => {
    if (!isUserError(error) || error.code !== 'bad-sql') return;
    // It may have been changed meanwhile.
    if (document.getText().slice(start, start + sql.length) !== sql) return;
    const place = placeOfError(error.message);
    const lines = sql.split('\n').slice(0, (place?.line ?? 1) - 1);
    const offset = lines.reduce((sum, line) => sum + line.length + 1, 0) + (place?.column ?? 0);
    const position = document.positionAt(start + Math.min(offset, sql.length));
    const range =
      document.getWordRangeAtPosition(position) ?? new vscode.Range(position, position.translate(0, 1));
    marks.set(document.uri, [new vscode.Diagnostic(range, error.message, vscode.DiagnosticSeverity.Error)]);
  };
  const run = async (uri: unknown, start: unknown): Promise<void> => {
    mustBeTrusted();
    const document = await documentOf(uri);
    if (isNotebook(document)) {
      throw new UserError('no-statement', t('This file is a notebook: it is run as one.'), {
        action: {
          title: t('Run on Databricks'),
          command: 'ordersLakehouse.runNotebook',
          args: [document.uri],
        },
      });
    }
    const statement = chosen(document, start);
    const place = places.of(document.uri);
    const reads = isQuery(statement.sql);
    if (place.workspace !== undefined && !reads) {
      await mayWrite(room, place.workspace, {
        question: t('Run this on {0}?', place.name),
        yes: t('Run'),
        detail: [statement.sql.slice(0, 500)],
      });
    }
    marks.delete(document.uri);
    const tables = await place.tables();
    const name = document.uri.path.split('/').at(-1) ?? '';
    const key = `sql/${document.uri.toString()}`;
    // The page of the statement before ends it, if it still runs.
    panels.close(key);
    showResult(room, panels, {
      key,
      page: 'resultPage',
      title: `${name} · ${place.name}`,
      again: reads,
      remote: place.workspace !== undefined,
      run: async (signal) => {
        const result = await tables.query(statement.sql, {}, signal);
        if (!reads && place.workspace !== undefined) room.workspaces.changedThere();
        else if (!reads) room.dataChanged();
        return result;
      },
      onFailure: (error) => {
        mark(document, statement, error);
      },
    });
  };
  const parts = [
    places,
    marks,
    provideLenses(places),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      marks.delete(document.uri);
    }),
  ];
  return {
    run,
    choosePlace: async (uri) => places.choose((await documentOf(uri)).uri),
    dispose: () => {
      for (const part of parts) part.dispose();
    },
  };
}

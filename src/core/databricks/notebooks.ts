/** A notebook as a file, and as what can be compared with the one that is there. */
import { UserError } from '../errors.ts';
import { t } from '../l10n.ts';

export type NotebookLanguage = 'PYTHON' | 'SQL' | 'SCALA' | 'R';
export type NotebookFormat = 'SOURCE' | 'JUPYTER';

export interface Notebook {
  readonly format: NotebookFormat;
  readonly language: NotebookLanguage;
  readonly content: string;
}

const SOURCES: Readonly<Record<string, { readonly language: NotebookLanguage; readonly comment: string }>> = {
  py: { language: 'PYTHON', comment: '#' },
  sql: { language: 'SQL', comment: '--' },
  scala: { language: 'SCALA', comment: '//' },
  r: { language: 'R', comment: '#' },
};
const HEADER = 'Databricks notebook source';

/** What begins a comment, and with it each of a source notebook's own marks. */
export const commentOf = (language: NotebookLanguage): string =>
  Object.values(SOURCES).find((source) => source.language === language)?.comment ?? '#';

/** Whether the first line makes a file with this name a source notebook. */
export function isSourceNotebook(file: string, firstLine: string): boolean {
  const source = SOURCES[endingOf(file)];
  return source !== undefined && firstLine.replace(/^\uFEFF/, '').trimEnd() === `${source.comment} ${HEADER}`;
}

/** Of a name or path, in small letters, without its point. */
const endingOf = (file: string): string => (/\.([^.\\/]+)$/.exec(file)?.[1] ?? '').toLowerCase();
/** The API's own limit. */
const MOST_BYTES = 10 * 1024 * 1024;

/** Name of a path of this machine, without folders and ending. */
export const nameOf = (file: string): string =>
  (file.split(/[\\/]/).at(-1) ?? '').replace(/(?<=.)\.[^.]*$/, '');

/** Throws UserError `not-a-notebook`, `wrong-encoding`, `too-big`. */
export function notebookOf(file: string, text: string): Notebook {
  const ending = endingOf(file);
  const content = text.replace(/^\uFEFF/, '');
  if (content.includes('\uFFFD')) {
    throw new UserError('wrong-encoding', t('{0} is not written in UTF-8.', file));
  }
  if (new TextEncoder().encode(content).length > MOST_BYTES) {
    throw new UserError('too-big', t('{0} is larger than the 10 MB that a workspace takes.', file), {
      hint: t('Clear the outputs of its cells.'),
    });
  }
  if (ending === 'ipynb') {
    const notebook: Notebook = { format: 'JUPYTER', language: 'PYTHON', content };
    try {
      comparable(notebook.format, content);
    } catch (cause) {
      throw new UserError('not-a-notebook', t('{0} is no Jupyter notebook.', file), { cause });
    }
    return notebook;
  }
  const source = SOURCES[ending];
  if (!source) {
    throw new UserError(
      'not-a-notebook',
      t('{0} is no notebook: it may end in {1}.', file, '.ipynb, .py, .sql, .scala, .r'),
    );
  }
  const header = `${source.comment} ${HEADER}`;
  if (!isSourceNotebook(file, content.split(/\r?\n/, 1)[0] ?? '')) {
    throw new UserError(
      'not-a-notebook',
      t('{0} is a file, not a notebook: its first line is another.', file),
      {
        hint: t('To make it one, put this line on top: {0}', header),
      },
    );
  }
  return { format: 'SOURCE', language: source.language, content };
}

interface Cell {
  readonly cell_type?: unknown;
  readonly source?: unknown;
}

/**
 * What a notebook says, without what a workspace changes by keeping it: line ends, blank ends, and of Jupyter all that
 * is not the source of a cell. Throws SyntaxError for what is no notebook.
 */
export function comparable(format: NotebookFormat, content: string): string {
  if (format === 'SOURCE') return tidied(content);
  const { cells } = (JSON.parse(content) ?? {}) as { readonly cells?: unknown };
  if (!Array.isArray(cells)) throw new SyntaxError('no cells');
  return (cells as readonly Cell[])
    .map(({ cell_type: type, source }) => {
      const text = Array.isArray(source) ? source.join('') : source;
      if (typeof text !== 'string') throw new SyntaxError('a cell without source');
      return `# %% [${String(type)}]\n${tidied(text)}`;
    })
    .join('\n');
}

const tidied = (text: string): string => `${text.replace(/\r\n?/g, '\n').replace(/\n+$/, '')}\n`;

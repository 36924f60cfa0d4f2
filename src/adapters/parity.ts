/** The parity check of a folder. The one file that brings the parsers of Python and YAML. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Cancelled, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { checkProject } from '../core/parity/checkProject.ts';
import type { Finding } from '../core/parity/finding.ts';
import { isProjectFile, isProjectFolder, mayHoldFiles } from '../core/parity/projectFiles.ts';
import type { Syntax } from '../core/parity/syntax.ts';
import type { Parity } from '../core/parity/port.ts';
import { asFileError } from './fileErrors.ts';
import { pythonTree } from './parity/pythonTree.ts';
import { yamlTree } from './parity/yamlTree.ts';

/** Bytes; what is larger was not written by hand. */
const LARGEST = 1_000_000;
const MOST_FILES = 2000;

/** Parses each text once, as long as it is asked for again. */
function remembering(): Syntax & { readonly next: () => void } {
  let before = new Map<string, unknown>();
  let now = new Map<string, unknown>();
  const kept =
    <T>(kind: string, parse: (text: string) => T) =>
    (text: string): T => {
      const key = `${kind}:${text}`;
      const known = now.get(key) ?? before.get(key) ?? parse(text);
      now.set(key, known);
      return known as T;
    };
  return {
    python: kept('python', pythonTree),
    yaml: kept('yaml', yamlTree),
    next: () => {
      before = now;
      now = new Map();
    },
  };
}

export const syntax: Syntax = { python: pythonTree, yaml: yamlTree };

/** Paths below the folder, with `/`. */
async function* pathsIn(folder: string, signal: AbortSignal | undefined, below = ''): AsyncGenerator<string> {
  if (signal?.aborted) throw new Cancelled();
  for (const entry of await readdir(join(folder, below), { withFileTypes: true })) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory() && mayHoldFiles(path)) yield* pathsIn(folder, signal, path);
    else if (entry.isFile() && isProjectFile(path)) yield path;
  }
}

export function createParity(): Parity {
  const known = remembering();
  return {
    check: async (
      folder,
      { unsaved = new Map<string, string>(), signal } = {},
    ): Promise<readonly Finding[]> => {
      const files = new Map<string, string>();
      try {
        for await (const path of pathsIn(folder, signal)) {
          const file = join(folder, path);
          const open = unsaved.get(path);
          if (open !== undefined) files.set(path, open);
          else if ((await stat(file)).size <= LARGEST) files.set(path, await readFile(file, 'utf8'));
          if (files.size >= MOST_FILES) break;
        }
      } catch (error) {
        throw asFileError(error, folder);
      }
      if (!isProjectFolder([...files.keys()])) {
        throw new UserError('no-project', t('{0} is no lakehouse project.', folder), {
          hint: t(
            'Choose a folder with databricks.yml and the pipeline beside it, in lakehouse/ or transformations/.',
          ),
        });
      }
      if (signal?.aborted) throw new Cancelled();
      known.next();
      return checkProject(files, known);
    },
  };
}

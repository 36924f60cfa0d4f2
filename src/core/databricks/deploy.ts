/** A notebook into a workspace: look at what is there, say what would be done, do it. */
import { throwIfCancelled, UserError } from '../errors.ts';
import { t } from '../l10n.ts';
import { systemClock, type Clock } from '../pacer.ts';
import { unreadable } from './answers.ts';
import { comparable, nameOf, notebookOf, type Notebook } from './notebooks.ts';
import type { Databricks, Workspace } from './ports.ts';
import { addressOf, foldersAbove, notebookPath } from './paths.ts';

export interface DeployPlan {
  readonly host: string;
  /** Who logged in. */
  readonly user: string;
  readonly path: string;
  /** Where a browser shows it. */
  readonly url: string;
  readonly notebook: Notebook;
  /** What it says, as it is compared. */
  readonly here: string;
  readonly state: 'new' | 'same' | 'differs';
  /** Missing folders above it, the nearest first. */
  readonly folders: readonly string[];
  /** What is there says, as it is compared; when it differs. */
  readonly there?: string;
  /** From what is there to what is here; undefined where it is too much to be shown. */
  readonly diff?: string | undefined;
  /** What is there is what was last deployed from this home. */
  readonly ours: boolean;
}

export interface DeployRequest {
  /** Path of this machine, and what stands there. */
  readonly file: string;
  readonly text: string;
  /** Path of the workspace, see {@link notebookPath}. */
  readonly to: string;
}

/** Writes nothing. Throws UserError `not-a-notebook`, `bad-path`, `other-kind`, `other-language`, `not-a-folder`. */
export async function planNotebook(
  { deployed, diff }: Pick<Databricks, 'deployed' | 'diff'>,
  workspace: Workspace,
  { file, text, to }: DeployRequest,
): Promise<DeployPlan> {
  const notebook = notebookOf(file, text);
  const target = { name: nameOf(file), userName: '' };
  // Before the first request, what needs none.
  notebookPath(to, { ...target, userName: 'name' });
  const user = await workspace.userName();
  const path = notebookPath(to, { ...target, userName: user });
  const { host } = workspace;
  const here = comparable(notebook.format, notebook.content);
  const plan = { host, user, path, url: addressOf(host, path), notebook, here };
  const found = await workspace.files.status(path);
  if (!found) {
    return { ...plan, state: 'new', folders: await missingFolders(workspace, path), ours: false };
  }
  if (found.type !== 'NOTEBOOK') {
    throw new UserError('other-kind', t('At {0} is something else than a notebook: {1}.', path, found.type), {
      hint:
        found.type === 'DIRECTORY' || found.type === 'REPO'
          ? t('For a notebook in that folder end the path with /.')
          : t('Choose another path. What is there stays.'),
    });
  }
  if (found.language !== notebook.language) {
    throw new UserError(
      'other-language',
      t('The notebook at {0} is {1}, the file is {2}.', path, found.language ?? '?', notebook.language),
      { hint: t('Choose another path. What is there stays.') },
    );
  }
  const there = await read(workspace, path, notebook);
  // It went away between the two looks.
  if (there === undefined) return { ...plan, state: 'new', folders: [], ours: false };
  if (there === here) return { ...plan, state: 'same', folders: [], ours: true };
  return {
    ...plan,
    state: 'differs',
    folders: [],
    there,
    diff: diff(path, there, here),
    ours: deployed.isLast(host, path, there),
  };
}

async function missingFolders(workspace: Workspace, path: string): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const folder of foldersAbove(path)) {
    const found = await workspace.files.status(folder);
    if (!found) {
      missing.push(folder);
      continue;
    }
    if (found.type === 'DIRECTORY' || found.type === 'REPO') break;
    throw new UserError('not-a-folder', t('{0} is no folder: {1}.', folder, found.type), {
      hint: t('Choose another path. What is there stays.'),
    });
  }
  return missing;
}

/** What is there, as it is compared. */
async function read(workspace: Workspace, path: string, { format }: Notebook): Promise<string | undefined> {
  const content = await workspace.files.exportNotebook(path, format);
  if (content === undefined) return undefined;
  try {
    return comparable(format, content);
  } catch (cause) {
    throw unreadable(workspace.host, path, cause);
  }
}

/** Milliseconds before each look at what was written: a workspace may show for a while what was there before. */
const LOOKS_MS = [0, 250, 500, 1000, 2000];

/**
 * Writes what the plan says, and nothing else. Returns whether the workspace shows it; `seen` is false when it was
 * taken, and something else is shown. Throws UserError `changed-meanwhile`, `already-there`.
 */
export async function applyNotebook(
  { deployed }: Pick<Databricks, 'deployed'>,
  workspace: Workspace,
  plan: DeployPlan,
  signal: AbortSignal,
  clock: Pick<Clock, 'sleep'> = systemClock,
): Promise<{ readonly written: boolean; readonly seen: boolean }> {
  const { host, path, notebook, here } = plan;
  if (plan.state !== 'same') {
    const [nearest] = plan.folders;
    if (nearest !== undefined) await workspace.files.makeFolders(nearest);
    const overwrite = plan.state === 'differs';
    if (overwrite && (await read(workspace, path, notebook)) !== plan.there) {
      throw new UserError('changed-meanwhile', t('{0} was changed by somebody else just now.', path), {
        hint: t('Nothing was written. Run it again to see what is there.'),
      });
    }
    await workspace.files.importNotebook(path, notebook, overwrite);
  }
  deployed.remember(host, path, here);
  if (plan.state === 'same') return { written: false, seen: true };
  for (const wait of LOOKS_MS) {
    await clock.sleep(wait, signal);
    throwIfCancelled(signal);
    if ((await read(workspace, path, notebook)) === here) return { written: true, seen: true };
  }
  return { written: true, seen: false };
}

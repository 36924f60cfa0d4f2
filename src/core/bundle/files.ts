/** The files of a bundle: as they are here, as they are there, and what becomes of each. */
import { comparable, notebookOf, type Notebook } from '../databricks/notebooks.ts';
import type { ListedObject, Workspace } from '../databricks/ports.ts';
import { isUserError, UserError } from '../errors.ts';
import { t } from '../l10n.ts';
import { BundleError } from './findings.ts';
import { remoteName } from './localPaths.ts';
import { inParallel } from './parallel.ts';
import type { PlanAction } from './plan.ts';
import type { BundleProject, SyncRules } from './ports.ts';
import type { DeployState, OwnedFile } from './state.ts';

export interface LocalFile {
  /** In the project. */
  readonly path: string;
  /** Below the folder of files, as it is there: a notebook has no ending. */
  readonly remote: string;
  readonly content: Uint8Array;
  readonly notebook?: Notebook;
  readonly hash: string;
}

/** The API's own limit. */
const MOST_BYTES = 10 * 1024 * 1024;

/** Paths of a workspace as its API takes them everywhere. */
export const apiPath = (path: string): string => path.replace(/^\/Workspace(?=\/)/, '');
const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
export const join = (folder: string, path: string): string => (path === '' ? folder : `${folder}/${path}`);

const hashOfNotebook = (
  project: BundleProject,
  { format, content }: Pick<Notebook, 'format' | 'content'>,
): string => project.hash(comparable(format, content));

/** Throws BundleError `same-name`, UserError `too-big`. */
export async function readLocalFiles(
  project: BundleProject,
  rules: SyncRules,
): Promise<readonly LocalFile[]> {
  const files = await inParallel(await project.syncFiles(rules), async (path): Promise<LocalFile> => {
    const content = await project.read(path);
    const notebook = notebookIn(path, content);
    if (content.byteLength > MOST_BYTES) {
      throw new UserError('too-big', t('{0} is larger than the 10 MB that a workspace takes.', path), {
        hint: t('Leave it out: sync.exclude'),
      });
    }
    return {
      path,
      remote: remoteName(path, notebook !== undefined),
      content,
      ...(notebook ? { notebook } : {}),
      hash: notebook ? hashOfNotebook(project, notebook) : project.hash(content),
    };
  });
  const seen = new Map<string, string>();
  for (const { path, remote } of files) {
    const other = seen.get(remote);
    if (other !== undefined) {
      throw new BundleError([
        {
          code: 'same-name',
          level: 'error',
          message: t('{0} and {1} would have the same name in the workspace: {2}.', other, path, remote),
          hint: t('A notebook has no ending there. Rename one of them.'),
          place: { file: path, line: 1, column: 1 },
        },
      ]);
    }
    seen.set(remote, path);
  }
  return files;
}

function notebookIn(path: string, content: Uint8Array): Notebook | undefined {
  if (!/\.(ipynb|py|sql|scala|r)$/i.test(path)) return undefined;
  try {
    return notebookOf(path, new TextDecoder().decode(content));
  } catch (error) {
    if (isUserError(error) && (error.code === 'not-a-notebook' || error.code === 'wrong-encoding'))
      return undefined;
    throw error;
  }
}

export interface RemoteFiles {
  /** Path below the folder of files → what is there. */
  readonly objects: ReadonlyMap<string, ListedObject>;
  /** Folders that are there, `''` the one of the files itself. */
  readonly folders: ReadonlySet<string>;
}

const foldersOf = (paths: Iterable<string>): ReadonlySet<string> => {
  const folders = new Set<string>();
  for (const path of paths) for (let at = folderOf(path); at !== ''; at = folderOf(at)) folders.add(at);
  return folders;
};

/** One request for each folder that matters, none below what is not there. */
export async function lookAtFiles(
  workspace: Workspace,
  filePath: string,
  paths: Iterable<string>,
): Promise<RemoteFiles> {
  const objects = new Map<string, ListedObject>();
  const folders = new Set<string>();
  const wanted = foldersOf(paths);
  const base = apiPath(filePath);
  const look = async (folder: string): Promise<void> => {
    const found = await workspace.files.list(apiPath(join(filePath, folder)));
    if (!found) return;
    folders.add(folder);
    for (const one of found) objects.set(one.path.slice(base.length + 1), one);
  };
  await look('');
  // The deeper ones only where the one above is there: a level at a time.
  let level = [...wanted].filter((one) => !one.includes('/'));
  while (level.length > 0) {
    const present = level.filter((one) => isFolder(objects.get(one)));
    await inParallel(present, look);
    level = [...wanted].filter((one) => present.includes(folderOf(one)) && folderOf(one) !== '');
  }
  return { objects, folders };
}
const isFolder = (object: ListedObject | undefined): boolean =>
  object?.type === 'DIRECTORY' || object?.type === 'REPO';

export interface FilePlan {
  readonly actions: readonly PlanAction[];
  /** By path there. */
  readonly uploads: ReadonlyMap<string, LocalFile>;
  /** Is of another kind there, and ours: it is removed first. */
  readonly replaced: ReadonlySet<string>;
  /** What is the same there, with the moment it was put there. */
  readonly kept: ReadonlyMap<string, OwnedFile>;
}

interface Looked {
  readonly workspace: Workspace;
  readonly project: BundleProject;
  readonly filePath: string;
  readonly state: DeployState;
  readonly there: RemoteFiles;
}

/** Throws UserError `other-kind`. */
export async function planFiles(local: readonly LocalFile[], looked: Looked): Promise<FilePlan> {
  const { filePath, state, there } = looked;
  const uploads = new Map<string, LocalFile>();
  const replaced = new Set<string>();
  const kept = new Map<string, OwnedFile>();
  const plain = { type: 'file', changes: [] } as const;
  const files = await inParallel(local, async (file): Promise<PlanAction> => {
    const { path, remote, hash } = file;
    const named = { ...plain, key: path, name: join(filePath, remote) };
    const object = there.objects.get(remote);
    const owned = state.files[remote];
    if (!object) {
      uploads.set(remote, file);
      return { ...named, kind: 'create' };
    }
    const content: PlanAction = { ...named, kind: 'update', changes: [{ path: 'content', drift: false }] };
    const pending = state.pending?.files[remote];
    if (isOtherKind(file, object)) {
      if ((!owned && pending === undefined) || isFolder(object))
        throw otherKind(join(filePath, remote), object);
      uploads.set(remote, file);
      replaced.add(remote);
      return content;
    }
    const modifiedMs = object.modifiedMs;
    const moment = modifiedMs === undefined ? {} : { modifiedMs };
    const untouched =
      owned?.modifiedMs !== undefined && owned.modifiedMs === modifiedMs && pending === undefined;
    const thereHash = untouched ? owned.hash : await hashThere(looked, remote, file);
    if (thereHash === hash) {
      kept.set(remote, { hash, ...moment });
      return { ...named, kind: 'same' };
    }
    uploads.set(remote, file);
    const ours = thereHash !== undefined && (thereHash === owned?.hash || thereHash === pending);
    if (ours) return content;
    return owned
      ? { ...content, changes: [{ path: 'content', drift: true }] }
      : { ...content, overwrites: true };
  });
  return { actions: [...missingFolders(local, looked), ...files], uploads, replaced, kept };
}

const isOtherKind = ({ notebook }: LocalFile, { type, language }: ListedObject): boolean =>
  notebook ? type !== 'NOTEBOOK' || language !== notebook.language : type !== 'FILE';

const otherKind = (path: string, { type }: ListedObject): UserError =>
  new UserError(
    'other-kind',
    t('At {0} is something else than the bundle would put there: {1}.', path, type),
    {
      hint: t('Move it away there. Nothing was written.'),
    },
  );

/** Undefined when it went away, or cannot be read as what it was. */
async function hashThere(
  { workspace, project, filePath }: Looked,
  remote: string,
  { notebook }: LocalFile,
): Promise<string | undefined> {
  const path = apiPath(join(filePath, remote));
  if (!notebook) {
    const content = await workspace.files.readFile(path);
    return content && project.hash(content);
  }
  const content = await workspace.files.exportNotebook(path, notebook.format);
  try {
    return content === undefined ? undefined : hashOfNotebook(project, { ...notebook, content });
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function missingFolders(local: readonly LocalFile[], { filePath, there }: Looked): readonly PlanAction[] {
  if (local.length === 0) return [];
  return ['', ...foldersOf(local.map(({ remote }) => remote))]
    .filter((folder) => !there.folders.has(folder))
    .sort()
    .map((folder) => ({
      kind: 'create',
      type: 'folder',
      key: folder === '' ? '.' : folder,
      name: join(filePath, folder),
      changes: [],
    }));
}

/** What was deployed once and is no longer in the project. What somebody changed there since stays. */
export function planRemovals(local: readonly LocalFile[], looked: Looked): readonly PlanAction[] {
  const { filePath, state, there } = looked;
  const now = new Set(local.map(({ remote }) => remote));
  const removed = new Set<string>();
  const files = Object.entries(state.files)
    .filter(([remote]) => !now.has(remote) && there.objects.has(remote))
    .map(([remote, { modifiedMs }]): PlanAction => {
      const ours = modifiedMs !== undefined && there.objects.get(remote)?.modifiedMs === modifiedMs;
      if (ours) removed.add(remote);
      const kind = ours ? 'delete' : 'release';
      return { kind, type: 'file', key: remote, name: join(filePath, remote), changes: [] };
    });
  const needed = foldersOf(now);
  // The deepest first, so that one is empty when it is its turn.
  const folders = [...foldersOf(removed)]
    .filter((folder) => !needed.has(folder))
    .sort((a, b) => b.split('/').length - a.split('/').length)
    .filter((folder) => {
      const inside = [...there.objects.keys()].filter((path) => folderOf(path) === folder);
      const empty = inside.every((path) => removed.has(path));
      if (empty) removed.add(folder);
      return empty;
    })
    .map((folder): PlanAction => ({
      kind: 'delete',
      type: 'folder',
      key: folder,
      name: join(filePath, folder),
      changes: [],
    }));
  return [...files, ...folders];
}

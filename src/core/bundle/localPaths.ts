/** Paths of the project in a bundle, and what they are in the workspace. */
import { nameOf, notebookOf } from '../databricks/notebooks.ts';
import { t } from '../l10n.ts';
import type { Finding } from './findings.ts';
import type { BundleProject, Node } from './ports.ts';
import { finding } from './references.ts';
import { at, entriesOf, mapNode, transform, valueNode } from './tree.ts';

type Kind = 'notebook' | 'file' | 'folder' | 'glob';

/** Path in a resource, items of lists as `*`. */
const PIPELINE: Readonly<Record<string, Kind>> = {
  root_path: 'folder',
  'libraries.*.notebook.path': 'notebook',
  'libraries.*.file.path': 'file',
  'libraries.*.glob.include': 'glob',
};
const TASK: Readonly<Record<string, Kind>> = {
  'notebook_task.notebook_path': 'notebook',
  'spark_python_task.python_file': 'file',
  'sql_task.file.path': 'file',
  'dbt_task.project_directory': 'folder',
  'libraries.*.requirements': 'file',
};
const JOB: Readonly<Record<string, Kind>> = Object.fromEntries(
  ['tasks.*.', 'tasks.*.for_each_task.task.'].flatMap((start) =>
    Object.entries(TASK).map(([path, kind]) => [start + path, kind] as const),
  ),
);
const FIELDS: Readonly<Record<string, Readonly<Record<string, Kind>>>> = { pipelines: PIPELINE, jobs: JOB };

/** `/x`, `abfss://…` and what is still a reference are no paths of the project. */
const isLocal = (path: string): boolean => !/^(\/|~|\w+:\/|\$\{)/.test(path);

/** `a/./b/../c` → `a/c`; undefined: out of the folder. */
export function normalized(path: string): string | undefined {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else parts.push(part);
  }
  return parts.join('/');
}

const folderOf = (file: string): string => file.slice(0, Math.max(0, file.lastIndexOf('/')));

/** What a file of the project is in the workspace: a notebook has no ending there. */
export function remoteName(path: string, isNotebook: boolean): string {
  if (!isNotebook) return path;
  const folder = folderOf(path);
  return folder === '' ? nameOf(path) : `${folder}/${nameOf(path)}`;
}

export async function isNotebook(project: BundleProject, path: string): Promise<boolean> {
  if (!/\.(ipynb|py|sql|scala|r)$/i.test(path)) return false;
  try {
    notebookOf(path, new TextDecoder().decode(await project.read(path)));
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'not-a-notebook') return false;
    throw error;
  }
}

interface Found {
  readonly node: Node;
  readonly kind: Kind;
  readonly given: string;
}

/** Relative paths of all resources as paths below `filePath`, and what is wrong with them. */
export async function translatePaths(
  resources: Node,
  project: BundleProject,
  filePath: string,
): Promise<{ readonly resources: Node; readonly findings: readonly Finding[] }> {
  const findings: Finding[] = [];
  const found: Found[] = [];
  const each = (change: (node: Node, kind: Kind, given: string) => Node): Node =>
    mapNode(
      resources.place,
      entriesOf(resources).map(([group, entry]) => {
        const fields = FIELDS[group];
        if (!fields) return [group, entry] as const;
        const changed = mapNode(
          entry.node.place,
          entriesOf(entry.node).map(([key, one]) => {
            const fromGit = at(one.node, 'git_source') !== undefined;
            const node = transform(one.node, (inner, path) => {
              const kind = fields[path.map((part) => (typeof part === 'number' ? '*' : part)).join('.')];
              if (kind === undefined || inner.kind !== 'value' || typeof inner.value !== 'string')
                return inner;
              return fromGit || !isLocal(inner.value) ? inner : change(inner, kind, inner.value);
            });
            return [key, { ...one, node }] as const;
          }),
        );
        return [group, { ...entry, node: changed }] as const;
      }),
    );
  each((node, kind, given) => {
    found.push({ node, kind, given });
    return node;
  });
  const remote = new Map<Node, string>();
  for (const one of found) {
    const path = await localPath(one, project);
    if (typeof path === 'string') remote.set(one.node, path === '' ? filePath : `${filePath}/${path}`);
    else findings.push(path);
  }
  return {
    resources: each((node) => {
      const path = remote.get(node);
      return path === undefined ? node : valueNode(path, node.place);
    }),
    findings,
  };
}

async function localPath({ node, kind, given }: Found, project: BundleProject): Promise<string | Finding> {
  const path = normalized(`${folderOf(node.place.file)}/${given}`);
  if (path === undefined) {
    return finding(node, 'outside', t('{0} lies outside of the bundle’s folder.', given));
  }
  const missing = (): Finding =>
    finding(
      node,
      'no-such-file',
      t('There is no {0} in the project.', path),
      t('Paths begin at the file they stand in.'),
    );
  if (kind === 'glob') {
    const before = /^[^*?[]*(?=\/)/.exec(path)?.[0] ?? '';
    return (await project.exists(before)) === undefined ? missing() : path;
  }
  const is = await project.exists(path);
  if (is !== (kind === 'folder' ? 'folder' : 'file')) return missing();
  if (kind !== 'notebook') return path;
  if (!(await isNotebook(project, path))) {
    return finding(
      node,
      'not-a-notebook',
      t('{0} is a file, not a notebook: its first line is another.', path),
    );
  }
  return remoteName(path, true);
}

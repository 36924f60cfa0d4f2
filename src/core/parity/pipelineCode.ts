/**
 * Which Python of a project is a pipeline's: all below its root, else its own files with what they import. What only jobs and
 * apps of the bundle run may do what a pipeline must not.
 */
import { folderOf, globPattern, type BundlePipeline } from './bundle.ts';
import { importsOf } from './names.ts';
import { pythonFile, type PythonFile } from './pythonText.ts';
import type { Syntax } from './syntax.ts';

/** Files by their path below the project's folder, with `/`: Python, YAML and requirements. */
export type ProjectFiles = ReadonlyMap<string, string>;

export interface PipelineCode {
  /** Folders that modules are found in; `''` is the project's own. */
  readonly roots: readonly string[];
  readonly files: readonly PythonFile[];
}

/** Where the code lies when no bundle says it. */
const USUAL = ['lakehouse', ''];
const FOR_TESTS = /(?:^|\/)(?:conftest|test_[^/]*|[^/]*_test|setup)\.py$/;

export function pipelineCode(
  files: ProjectFiles,
  pipelines: readonly BundlePipeline[],
  syntax: Syntax,
): PipelineCode {
  const told = pipelines.filter(({ root, libraries }) => root !== undefined || libraries.length > 0);
  const given = told.length > 0 ? told : usual(files);
  const roots = [...new Set(given.flatMap(rootsOf))];
  const python = [...files.keys()].filter((path) => path.endsWith('.py') && !FOR_TESTS.test(path));
  const known = new Map<string, PythonFile>();
  const take = (path: string): void => {
    if (known.has(path)) return;
    const file = pythonFile(path, files.get(path) ?? '', syntax);
    known.set(path, file);
    for (const next of importedBy(file, files, roots)) take(next);
  };
  for (const path of python) {
    if (given.some((pipeline) => isWhole(pipeline, path) || isListed(pipeline, path))) take(path);
  }
  return { roots, files: [...known.values()] };
}

type Place = Pick<BundlePipeline, 'root' | 'libraries'>;

function usual(files: ProjectFiles): readonly Place[] {
  const has = (start: string): boolean => [...files.keys()].some((path) => path.startsWith(start));
  const root = USUAL.map((folder) => ({ folder, at: folder === '' ? '' : `${folder}/` })).find(
    ({ at }) => has(`${at}transformations/`) || has(`${at}spark-pipeline.y`),
  );
  return root ? [{ root: root.folder, libraries: [`${root.at}transformations/**`] }] : [];
}

/** Without a root, modules are looked for beside the pipeline's files and above them. */
function rootsOf({ root, libraries }: Place): readonly string[] {
  if (root !== undefined) return [root];
  return libraries.flatMap((path) => {
    const folder = folderOf(path.replace(/\*.*$/, ''));
    return [folder, folderOf(folder)];
  });
}

/** The whole project may hold anything; a root inside of it is the pipeline's. */
const isWhole = ({ root }: Place, path: string): boolean => root !== undefined && path.startsWith(`${root}/`);

const isListed = ({ libraries }: Place, path: string): boolean =>
  libraries.some((library) => globPattern(library).test(path) || `${library}.py` === path);

/** Files of the project that an import reads. */
function importedBy(file: PythonFile, files: ProjectFiles, roots: readonly string[]): readonly string[] {
  return importsOf(file).flatMap(({ module, names = [], level }) => {
    const above = file.path.split('/').slice(0, -Math.max(1, level)).join('/');
    const modules = [module, ...names.map(({ name }) => (module === '' ? name : `${module}.${name}`))];
    const folders = level > 0 ? [above] : [...roots, folderOf(file.path)];
    return folders.flatMap((folder) =>
      modules.flatMap((one) => {
        const path = below(folder, one.replaceAll('.', '/'));
        return [`${path}.py`, `${path}/__init__.py`].filter((name) => files.has(name));
      }),
    );
  });
}

const below = (folder: string, path: string): string => (folder === '' ? path : `${folder}/${path}`);

/** Whether one of the folders has the module, or a folder of it. */
export function hasModule(files: ProjectFiles, folders: readonly string[], module: string): boolean {
  const [top = ''] = module.split('.');
  return folders.some((folder) => {
    const path = below(folder, top);
    if (files.has(`${path}.py`)) return true;
    return [...files.keys()].some((name) => name.startsWith(`${path}/`) && name.endsWith('.py'));
  });
}

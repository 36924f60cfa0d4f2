/** The parity check: what of a project would not work on Azure Databricks. */
import { folderOf, readBundle, type Bundle } from './bundle.ts';
import { checkColumnTypes } from './columnTypes.ts';
import { checkConfiguration } from './configuration.ts';
import { framesOf } from './dataFrames.ts';
import { placed, type Finding, type Spot } from './finding.ts';
import { checkImperativeCalls } from './imperativeCalls.ts';
import { checkImports } from './imports.ts';
import { bindingsOf, importsOf } from './names.ts';
import { checkPython } from './newerPython.ts';
import { checkPipelineNames } from './pipelineNames.ts';
import { checkRelativeFiles, checkStrings } from './pythonStrings.ts';
import { pythonFile, type PythonFile } from './pythonText.ts';
import { readRequirements, type Requirements } from './requirements.ts';
import { checkSessions } from './sessions.ts';
import type { Syntax } from './syntax.ts';

/** Where a pipeline's code lies when no bundle says it. */
const USUAL_ROOT = 'lakehouse';

/** Files by their path below the project's folder, with `/`: Python, YAML and requirements. */
export type ProjectFiles = ReadonlyMap<string, string>;

/** In the order of the files' paths, then of their places. */
export function checkProject(files: ProjectFiles, syntax: Syntax): readonly Finding[] {
  const bundle = readBundle(files, syntax);
  const code = codeOf(files, bundle, syntax);
  const declared = declaredBy(files, bundle);
  const serverless = bundle.pipelines.some((pipeline) => pipeline.serverless);
  const framesFrom = new Set(
    code.files.flatMap((file) => framesOf(file).map((name) => `${moduleOf(file, code.roots)}.${name}`)),
  );
  const spots = new Map<string, Spot[]>();
  const add = (path: string, found: readonly Spot[]): void => {
    spots.set(path, [...(spots.get(path) ?? []), ...found]);
  };
  for (const file of code.files) {
    const imports = importsOf(file);
    const bindings = bindingsOf(imports);
    const own = (module: string): boolean => isOwn(files, [...code.roots, folderOf(file.path)], module);
    const here = new Set([...framesFrom, ...framesOf(file)]);
    add(file.path, checkPython(file, bindings));
    add(file.path, checkImports(imports, { own, declared }));
    add(file.path, checkPipelineNames(file, imports, bindings));
    add(file.path, checkImperativeCalls({ file, bindings, framesFrom: here }));
    add(file.path, checkSessions(file, bindings));
    add(file.path, checkStrings(file, serverless));
    add(file.path, checkRelativeFiles(file, bindings));
    add(file.path, checkColumnTypes(file, bindings));
  }
  for (const { file, spot } of checkConfiguration(bundle)) add(file.path, [spot]);
  return [...spots]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([path, found]) => placed(path, files.get(path) ?? '', found));
}

interface Code {
  readonly roots: readonly string[];
  readonly files: readonly PythonFile[];
}

function codeOf(files: ProjectFiles, { pipelines }: Bundle, syntax: Syntax): Code {
  const named = [...new Set(pipelines.flatMap(({ roots }) => roots))];
  const usual = [...files.keys()].some((path) => path.startsWith(`${USUAL_ROOT}/`)) ? USUAL_ROOT : '';
  const roots = named.length > 0 ? named : [usual];
  const python = [...files].filter(
    ([path]) => path.endsWith('.py') && roots.some((root) => root === '' || path.startsWith(`${root}/`)),
  );
  return { roots, files: python.map(([path, text]) => pythonFile(path, text, syntax)) };
}

function declaredBy(files: ProjectFiles, { pipelines }: Bundle): Requirements {
  const fileAt = (path: string): string | undefined => {
    const name = path.replace(/^.*[/\\]/, '');
    return [...files].find(([one]) => one === path || one.endsWith(`/${name}`) || one === name)?.[1];
  };
  return readRequirements(
    pipelines.flatMap(({ dependencies }) => dependencies),
    fileAt,
  );
}

function isOwn(files: ProjectFiles, roots: readonly string[], module: string): boolean {
  const [top = ''] = module.split('.');
  return roots.some((root) => {
    const path = root === '' ? top : `${root}/${top}`;
    if (files.has(`${path}.py`)) return true;
    return [...files.keys()].some((name) => name.startsWith(`${path}/`) && name.endsWith('.py'));
  });
}

/** `orders.bronze` of `lakehouse/orders/bronze.py`. */
function moduleOf({ path }: PythonFile, roots: readonly string[]): string {
  const root = roots.find((one) => path.startsWith(`${one}/`)) ?? '';
  const below = root === '' ? path : path.slice(root.length + 1);
  return below.replace(/(?:\/__init__)?\.py$/, '').replaceAll('/', '.');
}

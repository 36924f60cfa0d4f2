/** The parity check: what of a project would not work on Azure Databricks. */
import { folderOf, readBundle, type Bundle, type BundlePipeline } from './bundle.ts';
import { checkColumnTypes } from './columnTypes.ts';
import { checkConfiguration } from './configuration.ts';
import { framesOf } from './dataFrames.ts';
import { placed, type Finding, type Spot } from './finding.ts';
import { checkImperativeCalls } from './imperativeCalls.ts';
import { checkImports } from './imports.ts';
import { checkSettings } from './missingSettings.ts';
import { bindingsOf, importsOf } from './names.ts';
import { checkPython } from './newerPython.ts';
import { checkPipelineNames } from './pipelineNames.ts';
import { checkRelativeFiles, checkStrings } from './pythonStrings.ts';
import { hasModule, pipelineCode, type PipelineCode, type ProjectFiles } from './pipelineCode.ts';
import type { PythonFile } from './pythonText.ts';
import { readRequirements, type Requirements } from './requirements.ts';
import { checkSessions } from './sessions.ts';
import type { Syntax } from './syntax.ts';

/** In the order of the files' paths, then of their places. */
export function checkProject(files: ProjectFiles, syntax: Syntax): readonly Finding[] {
  const bundle = readBundle(files, syntax);
  const code = bundle.withoutPipeline
    ? { roots: [], files: [] }
    : pipelineCode(files, bundle.pipelines, syntax);
  const declared = declaredBy(files, bundle, code);
  const surroundings = {
    serverless: bundle.pipelines.some((pipeline) => pipeline.serverless),
    configured: configuredBy(bundle),
    configuredSomewhere: new Set(
      bundle.pipelines.flatMap(({ configuration }) => configuration.map(({ name }) => name)),
    ),
  };
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
    const own = (module: string): boolean => hasModule(files, [...code.roots, folderOf(file.path)], module);
    const here = new Set([...framesFrom, ...framesOf(file)]);
    add(file.path, checkPython(file, bindings));
    add(file.path, checkImports(imports, { own, declared }));
    add(file.path, checkPipelineNames(file, imports, bindings));
    add(file.path, checkImperativeCalls({ file, bindings, framesFrom: here }));
    add(file.path, checkSessions(file, bindings));
    add(file.path, checkStrings(file, surroundings));
    add(file.path, checkRelativeFiles(file, bindings));
    if (bundle.pipelines.length > 0) add(file.path, checkSettings(file, surroundings));
    add(file.path, checkColumnTypes(file, bindings));
  }
  for (const { file, spot } of checkConfiguration(bundle)) add(file.path, [spot]);
  return [...spots]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([path, found]) => {
      const text = files.get(path) ?? '';
      return placed(
        path,
        text,
        found.filter((spot) => !isExcused(text, spot)),
      );
    });
}

/** Names of settings that every pipeline has. */
function configuredBy({ pipelines: [first, ...others] }: Bundle): ReadonlySet<string> {
  const namesOf = (pipeline: BundlePipeline | undefined): ReadonlySet<string> =>
    new Set(pipeline?.configuration.map(({ name }) => name));
  return others.reduce<ReadonlySet<string>>(
    (known, pipeline) => new Set([...namesOf(pipeline)].filter((name) => known.has(name))),
    namesOf(first),
  );
}

/** `# parity: ignore` or `# parity: ignore[code, code]` at the end of the line where something begins. */
function isExcused(text: string, { from, code }: Spot): boolean {
  const end = text.slice(from).search(/[\r\n]/);
  const line = text.slice(text.lastIndexOf('\n', from - 1) + 1, end < 0 ? text.length : from + end);
  const excuse = /#\s*parity:\s*ignore(?:\[([^\]]*)\])?\s*$/.exec(line);
  if (!excuse) return false;
  return excuse[1] === undefined || excuse[1].split(',').some((one) => one.trim() === code);
}

function declaredBy(files: ProjectFiles, { pipelines }: Bundle, code: PipelineCode): Requirements {
  const fileAt = (path: string): string | undefined => {
    const name = path.replace(/^.*[/\\]/, '');
    return [...files].find(([one]) => one === path || one.endsWith(`/${name}`) || one === name)?.[1];
  };
  const read = readRequirements(
    pipelines.flatMap(({ dependencies }) => dependencies),
    fileAt,
  );
  // Modules may then lie anywhere.
  const elsewhere = code.files.some(({ text }) => /\bsys\.path\b/.test(text));
  return { names: read.names, open: read.open || elsewhere };
}

/** `orders.bronze` of `lakehouse/orders/bronze.py`. */
function moduleOf({ path }: PythonFile, roots: readonly string[]): string {
  const root = roots.find((one) => path.startsWith(`${one}/`)) ?? '';
  const below = root === '' ? path : path.slice(root.length + 1);
  return below.replace(/(?:\/__init__)?\.py$/, '').replaceAll('/', '.');
}

/** What the checks need to know of a bundle: its pipelines, where their code lies, what they are configured with. */
import type { Syntax, YamlFile, YamlMap, YamlNode, YamlValue } from './syntax.ts';

export interface BundleFile {
  /** Path below the project's folder, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly root: YamlNode | undefined;
  readonly problem: YamlFile['problem'];
}

export interface Setting {
  readonly name: string;
  readonly value: YamlValue;
  readonly file: BundleFile;
}

export interface BundlePipeline {
  /** The folder that its code is imported from, below the project's folder; undefined where the bundle says none. */
  readonly root: string | undefined;
  /** Its own files, below the project's folder; `*` and `**` stand for more. */
  readonly libraries: readonly string[];
  readonly configuration: readonly Setting[];
  /** Lines of a pip requirements file. */
  readonly dependencies: readonly string[];
  readonly serverless: boolean;
}

export interface Bundle {
  readonly files: readonly BundleFile[];
  readonly pipelines: readonly BundlePipeline[];
  /** It can be read as a whole, and has resources, but no pipeline: none of the code is deployed as one. */
  readonly withoutPipeline: boolean;
  /** Defaults and values of targets, by the variable's name. */
  readonly variables: readonly Setting[];
}

const BUNDLE = /^(?:databricks|bundle)\.ya?ml$/;

/** `resources/*.yml` is what a bundle includes unless it says otherwise. */
export function readBundle(files: ReadonlyMap<string, string>, syntax: Syntax): Bundle {
  const parsed = [...files]
    .filter(([path]) => /\.ya?ml$/.test(path) && !path.endsWith('spark-pipeline.yml'))
    .map(([path, text]): BundleFile => ({ path, text, ...syntax.yaml(text) }));
  const main = parsed.find(({ path }) => BUNDLE.test(path));
  const included = texts(at(main?.root, 'include')).map(globPattern);
  const mine = parsed.filter(
    (file) =>
      file === main || /^resources\//.test(file.path) || included.some((pattern) => pattern.test(file.path)),
  );
  const pipelines = pipelinesOf(mine);
  return {
    files: mine,
    pipelines,
    withoutPipeline:
      pipelines.length === 0 &&
      mine.every(({ problem }) => !problem) &&
      mine.some(({ root }) => at(root, 'resources') !== undefined),
    variables: mine.flatMap((file) => variablesOf(file)),
  };
}

/** Each as it is, and as each target changes it. */
function pipelinesOf(files: readonly BundleFile[]): readonly BundlePipeline[] {
  const named = (file: BundleFile, node: YamlNode | undefined): readonly NamedPipeline[] =>
    entries(at(node, 'resources', 'pipelines')).map(({ key, value }) => ({
      key,
      pipeline: pipelineOf(file, value),
    }));
  const everywhere = files.flatMap((file) => named(file, file.root));
  const inTargets = files.flatMap((file) =>
    entries(at(file.root, 'targets')).flatMap(({ value }) => named(file, value)),
  );
  const changed = inTargets.map(({ key, pipeline }) => {
    const base = everywhere.find((one) => one.key === key)?.pipeline;
    return base ? changedBy(base, pipeline) : pipeline;
  });
  return [...everywhere.map(({ pipeline }) => pipeline), ...changed];
}

interface NamedPipeline {
  readonly key: string;
  readonly pipeline: BundlePipeline;
}

function pipelineOf(file: BundleFile, value: YamlNode | undefined): BundlePipeline {
  const rootPath = textAt(value, 'root_path');
  return {
    root: rootPath === undefined ? undefined : resolved(file, rootPath),
    libraries: librariesOf(file, value),
    configuration: settingsIn(file, at(value, 'configuration')),
    dependencies: texts(at(value, 'environment', 'dependencies')),
    serverless: valueAt(value, 'serverless')?.value === true,
  };
}

/** Maps are merged, lists joined, as bundles do it. */
const changedBy = (base: BundlePipeline, change: BundlePipeline): BundlePipeline => ({
  root: change.root ?? base.root,
  libraries: [...base.libraries, ...change.libraries],
  configuration: [
    ...base.configuration.filter(({ name }) => !change.configuration.some((one) => one.name === name)),
    ...change.configuration,
  ],
  dependencies: [...base.dependencies, ...change.dependencies],
  serverless: base.serverless || change.serverless,
});

function librariesOf(file: BundleFile, pipeline: YamlNode | undefined): readonly string[] {
  const list = at(pipeline, 'libraries');
  const items = list?.kind === 'list' ? list.items : [];
  return items.flatMap((item) => {
    const path =
      textAt(item, 'glob', 'include') ?? textAt(item, 'file', 'path') ?? textAt(item, 'notebook', 'path');
    return path === undefined ? [] : [resolved(file, path)];
  });
}

function variablesOf(file: BundleFile): readonly Setting[] {
  const setting = (name: string, value: YamlNode | undefined): readonly Setting[] =>
    value?.kind === 'value' ? [{ name, value, file }] : [];
  const defaults = entries(at(file.root, 'variables')).flatMap(({ key, value }) =>
    setting(key, value?.kind === 'map' ? at(value, 'default') : value),
  );
  const ofTargets = entries(at(file.root, 'targets'))
    .flatMap(({ value }) => entries(at(value, 'variables')))
    .flatMap(({ key, value }) => setting(key, value?.kind === 'map' ? at(value, 'default') : value));
  return [...defaults, ...ofTargets];
}

const settingsIn = (file: BundleFile, node: YamlNode | undefined): readonly Setting[] =>
  entries(node).flatMap(({ key, value }) => (value?.kind === 'value' ? [{ name: key, value, file }] : []));

export function at(node: YamlNode | undefined, ...path: readonly string[]): YamlNode | undefined {
  let here = node;
  for (const name of path) here = entries(here).find(({ key }) => key === name)?.value;
  return here;
}

export const entries = (node: YamlNode | undefined): YamlMap['entries'] =>
  node?.kind === 'map' ? node.entries : [];

function valueAt(node: YamlNode | undefined, ...path: readonly string[]): YamlValue | undefined {
  const found = at(node, ...path);
  return found?.kind === 'value' ? found : undefined;
}

function textAt(node: YamlNode | undefined, ...path: readonly string[]): string | undefined {
  const found = valueAt(node, ...path)?.value;
  return typeof found === 'string' ? found : undefined;
}

const texts = (node: YamlNode | undefined): readonly string[] =>
  (node?.kind === 'list' ? node.items : []).flatMap((item) =>
    item.kind === 'value' && typeof item.value === 'string' ? [item.value] : [],
  );

/** A path that a file of the bundle names, below the project's folder. */
export function resolved(file: BundleFile, path: string): string {
  const own = path.replace(/^\$\{workspace\.file_path\}\/?/, '/');
  const parts = own.startsWith('/') ? [] : folderOf(file.path).split('/');
  for (const part of own.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.filter((part) => part !== '').join('/');
}

export const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** `*`, `**` and `?` of a bundle's paths. */
export function globPattern(glob: string): RegExp {
  const pattern = glob
    .replace(/^\.\//, '')
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(
      /\*\*\/|\*\*|\*|\?/g,
      (sign) => ({ '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*' })[sign] ?? '[^/]',
    );
  return new RegExp(`^${pattern}$`);
}

/** Which folders are lakehouse projects, and which of their files are looked at. */

/** What tools make, and what is not deployed. */
const PASSED_OVER: ReadonlySet<string> = new Set([
  'node_modules',
  '__pycache__',
  'dist',
  'build',
  'venv',
  'env',
  'site-packages',
  'tests',
  'test',
]);

export function mayHoldFiles(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return !name.startsWith('.') && !PASSED_OVER.has(name);
}

export const isProjectFile = (path: string): boolean =>
  /\.(?:py|ya?ml)$/.test(path) || /(?:^|\/)[\w.-]*requirements[\w.-]*\.(?:txt|in)$/.test(path);

/** By the paths below it: a bundle with a pipeline, or a pipeline alone. */
export function isProjectFolder(paths: readonly string[]): boolean {
  return paths.some((path) =>
    /^(?:lakehouse\/)?(?:spark-pipeline\.ya?ml|transformations\/)|^(?:databricks|bundle)\.ya?ml$/.test(path),
  );
}

/** By one of its paths, what the editor looks for above a document. */
export const PROJECT_SIGNS: readonly string[] = ['databricks.yml', 'databricks.yaml'];
export const PIPELINE_SIGNS: readonly string[] = [
  'lakehouse/spark-pipeline.yml',
  'lakehouse/transformations',
  'spark-pipeline.yml',
  'transformations',
];

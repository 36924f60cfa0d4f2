/** What the bundle's files configure. */
import { t } from '../l10n.ts';
import { entries, type Bundle, type BundleFile, type Setting } from './bundle.ts';
import type { Spot } from './finding.ts';
import { clearSecrets, foreignPaths, localAddresses, loginClasses, type Literal } from './literals.ts';
import type { YamlNode } from './syntax.ts';

export interface SpotIn {
  readonly file: BundleFile;
  readonly spot: Spot;
}

/** Each value once, though several pipelines may take it from the same variable. */
export function checkConfiguration({ files, pipelines, variables }: Bundle): readonly SpotIn[] {
  const found = new Map<string, SpotIn>();
  for (const { configuration, serverless } of pipelines) {
    for (const setting of configuration) {
      const sources = [setting, ...referred(setting, variables)];
      for (const source of sources) {
        for (const spot of judged({ ...source, name: setting.name }, serverless)) {
          found.set(`${source.file.path}:${spot.from}:${spot.to}:${spot.code}`, { file: source.file, spot });
        }
      }
    }
  }
  const versions = files.flatMap((file) => olderPythons(file.root).map((spot) => ({ file, spot })));
  return [...found.values(), ...versions, ...files.flatMap(unreadable)];
}

function unreadable(file: BundleFile): readonly SpotIn[] {
  if (!file.problem) return [];
  const { message, from, to } = file.problem;
  const spot: Spot = {
    from,
    to,
    code: 'bundle-syntax',
    severity: 'error',
    message: t('This is no YAML: {0}', message),
    hint: t('Mend it first; the rest of the bundle could not be looked at.'),
  };
  return [{ file, spot }];
}

/** The values of the variables that a setting takes; what stands in the name of a secret is none. */
function referred({ value }: Setting, variables: readonly Setting[]): readonly Setting[] {
  const text = String(value.value).replace(/\{\{secrets\/.*?\}\}(?!\})/g, '');
  const names = [...text.matchAll(/\$\{var\.([\w-]+)\}/g)].map(({ 1: name }) => name);
  return variables.filter(({ name }) => names.includes(name));
}

function judged({ name, value, file }: Setting, serverless: boolean): readonly Spot[] {
  if (typeof value.value !== 'string') return [];
  // As it stands in the file, so that places hold; blocks and escapes are longer there than the value.
  const literal: Literal = { text: file.text.slice(value.from, value.to), from: value.from, name };
  return [
    ...loginClasses(literal),
    ...localAddresses(literal, true),
    ...clearSecrets(literal),
    ...foreignPaths(literal, serverless),
  ];
}

/** Python of a runtime: https://learn.microsoft.com/azure/databricks/release-notes/runtime/ */
const OF_RUNTIME: readonly (readonly [RegExp, string])[] = [
  [/^1[0-4]\./, '3.10'],
  [/^15\./, '3.11'],
];
/** Python of a serverless environment: https://learn.microsoft.com/azure/databricks/release-notes/serverless/environment-version/ */
const OF_ENVIRONMENT: ReadonlyMap<string, string> = new Map([
  ['1', '3.10'],
  ['2', '3.11'],
]);

function olderPythons(node: YamlNode | undefined): readonly Spot[] {
  if (node?.kind === 'list') return node.items.flatMap(olderPythons);
  return entries(node).flatMap(({ key, value }) => {
    if (value?.kind !== 'value') return olderPythons(value);
    const text = String(value.value);
    const version =
      key === 'spark_version'
        ? OF_RUNTIME.find(([pattern]) => pattern.test(text))?.[1]
        : key === 'environment_version' || key === 'client'
          ? OF_ENVIRONMENT.get(text)
          : undefined;
    if (version === undefined) return [];
    return [
      {
        from: value.from,
        to: value.to,
        code: 'python-version',
        severity: 'warning',
        message: t('This runs Python {0}; the checks here are made for 3.12.', version),
        hint: t('Take Databricks Runtime 16.4 LTS or later, or environment version 3 or later.'),
      },
    ];
  });
}

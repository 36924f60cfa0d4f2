/** Values of a bundle's variables: https://docs.databricks.com/dev-tools/bundles/variables */
import { isObject } from '../databricks/json.ts';
import type { Json } from '../databricks/ports.ts';
import { t } from '../l10n.ts';
import type { Finding, Place } from './findings.ts';
import type { Node } from './ports.ts';
import { finding } from './references.ts';
import { at, entriesOf, nodeOf, scalarAt, valueNode } from './tree.ts';

export interface VariableSources {
  /** `variables` of the bundle, those of the target merged into it not. */
  readonly declared: Node | undefined;
  readonly target: Node | undefined;
  /** `--var`. */
  readonly given: Readonly<Record<string, string>>;
  /** `BUNDLE_VAR_name`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `.databricks/bundle/<target>/variable-overrides.json`, and the name of the file. */
  readonly overrides: { readonly file: string; readonly values: Json | undefined };
  /** Where what is said outside of files stands. */
  readonly root: Place;
}

export interface Variables {
  readonly values: ReadonlyMap<string, Node>;
  readonly findings: readonly Finding[];
}

const ENVIRONMENT = 'BUNDLE_VAR_';

export function readVariables(sources: VariableSources): Variables {
  const { declared, target, given, environment, overrides, root } = sources;
  const values = new Map<string, Node>();
  const findings: Finding[] = [];
  const names = new Set(entriesOf(declared).map(([name]) => name));
  for (const [name, { place }] of entriesOf(target)) {
    if (names.has(name)) continue;
    findings.push(finding({ place }, 'unknown-variable', t('No variable {0} is declared.', name)));
  }
  for (const name of Object.keys(given)) {
    if (names.has(name)) continue;
    const declaredNames = [...names].join(', ');
    findings.push({
      code: 'unknown-variable',
      level: 'error',
      message: t('No variable {0} is declared.', name),
      ...(declaredNames === '' ? {} : { hint: t('There are: {0}', declaredNames) }),
    });
  }
  const kept = isObject(overrides.values) ? overrides.values : {};
  const keptAt: Place = { file: overrides.file, line: 1, column: 1 };
  for (const [name, { node: declaration, place }] of entriesOf(declared)) {
    const isComplex = scalarAt(declaration, 'type') === 'complex';
    const outside = given[name] ?? environment[`${ENVIRONMENT}${name}`];
    const ofFile = kept[name];
    if (outside !== undefined) {
      if (isComplex) {
        findings.push(
          finding(
            { place },
            'complex-variable',
            t('{0} is a complex variable: a file gives its value.', name),
          ),
        );
      } else values.set(name, valueNode(outside, root));
      continue;
    }
    if (ofFile !== undefined) {
      values.set(name, nodeOf(ofFile, keptAt));
      continue;
    }
    const ofTarget = at(target, name);
    const isDeclaration = ofTarget?.kind === 'map' && !isComplex;
    const found =
      (isDeclaration || at(ofTarget, 'default') ? at(ofTarget, 'default') : ofTarget) ??
      at(declaration, 'default');
    if (found) {
      values.set(name, found);
      continue;
    }
    const lookup = at(ofTarget, 'lookup') ?? at(declaration, 'lookup');
    findings.push(
      lookup
        ? finding(
            lookup,
            'unsupported',
            t('The value of {0} is looked up in the workspace, which is not served here.', name),
            t('Give its id: --var {0}=…', name),
          )
        : {
            ...finding(
              { place },
              'no-value',
              t('The variable {0} has no value.', name),
              t('Give it one: below the target, by BUNDLE_VAR_{0} in the environment, or --var {0}=…', name),
            ),
            ...(isComplex ? {} : { variable: { name, ...describedAs(declaration) } }),
          },
    );
  }
  return { values, findings };
}

const describedAs = (declaration: Node): { readonly description?: string } => {
  const description = scalarAt(declaration, 'description');
  return typeof description === 'string' ? { description } : {};
};

/** Imports that would find nothing there. */
import { t } from '../l10n.ts';
import type { Spot } from './finding.ts';
import type { Import } from './names.ts';
import { NEWER_MODULES, NEWER_NAMES, ONLY_ON_WINDOWS, REMOVED, STDLIB } from './pythonStdlib.ts';
import type { Requirements } from './requirements.ts';
import { isAmong, RUNTIME, RUNTIME_PACKAGES } from './runtimePackages.ts';

export interface Importable {
  /** Whether the project itself has the module, as seen from the file. */
  readonly own: (module: string) => boolean;
  readonly declared: Requirements;
}

export function checkImports(imports: readonly Import[], importable: Importable): readonly Spot[] {
  return imports.filter(({ guarded }) => !guarded).flatMap((one) => checkImport(one, importable));
}

function checkImport(one: Import, { own, declared }: Importable): readonly Spot[] {
  const { module, level, from, to } = one;
  if (level > 0 || own(module)) return [];
  const [top = ''] = module.split('.');
  const place = { from, to };
  const newer = NEWER_MODULES.get(module);
  if (newer !== undefined) return [newerSpot(place, module, newer)];
  const instead = REMOVED.get(top);
  if (instead !== undefined && !declared.names.has(top)) return [removedSpot(place, top, instead)];
  if (ONLY_ON_WINDOWS.has(top)) {
    return [
      {
        ...place,
        code: 'not-there-import',
        severity: 'error',
        message: t('{0} is part of Python on Windows only; Azure Databricks runs Linux.', top),
        hint: t('Import it inside a try, with something else where it is missing.'),
      },
    ];
  }
  if (top.startsWith('_') || STDLIB.has(top)) return newerNames(one);
  if (namesOf(one).every((name) => isAmong(RUNTIME_PACKAGES, name) || isAmong(declared.names, name)))
    return [];
  return [missingSpot(place, module, declared.open)];
}

/** `from google.cloud import storage` needs `google.cloud.storage`. */
function namesOf({ module, names }: Import): readonly string[] {
  return names && !isAmong(RUNTIME_PACKAGES, module)
    ? names.map(({ name }) => `${module}.${name}`)
    : [module];
}

function newerNames({ module, names = [] }: Import): readonly Spot[] {
  return names.flatMap(({ name, from, to }) => {
    const whole = `${module}.${name}`;
    const version = NEWER_MODULES.get(whole) ?? NEWER_NAMES.get(whole);
    return version === undefined ? [] : [newerSpot({ from, to }, whole, version)];
  });
}

type SpotPlace = Pick<Spot, 'from' | 'to'>;

export const newerSpot = (place: SpotPlace, name: string, version: string): Spot => ({
  ...place,
  code: 'newer-python',
  severity: 'error',
  message: t('{0} came with Python {1}; there it is Python 3.12.', name, version),
  hint: t('Write it so that Python 3.12 takes it, or import it inside a try.'),
});

const removedSpot = (place: SpotPlace, module: string, instead: string): Spot => ({
  ...place,
  code: 'removed-module',
  // The runtime's setuptools puts a copy of this one in its place.
  severity: module === 'distutils' ? 'warning' : 'error',
  message: t('{0} was taken out of Python 3.12, which runs there.', module),
  hint: t('Use {0} in its place.', instead),
});

const missingSpot = (place: SpotPlace, module: string, open: boolean): Spot => ({
  ...place,
  code: 'not-there-import',
  severity: open ? 'warning' : 'error',
  message: open
    ? t('{0} is not known to be there: no dependency of the pipeline names it.', module)
    : t(
        '{0} is not there: it is neither in Python 3.12, nor in Databricks Runtime {1}, nor in this project.',
        module,
        RUNTIME,
      ),
  hint: t('Add its package to environment.dependencies of the pipeline in the bundle.'),
});

/** The Python that runs the pipeline: the one whose Spark the home was started with. */
import { dirname, join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';
import { readJson } from '../files.ts';
import type { HomeLayout } from '../home.ts';
import type { Installed } from './installed.ts';

/** Throws UserError `sandbox-stopped` for a home that was never started. */
export function runnerPython(layout: HomeLayout): string {
  const installed = readJson(layout.installed) as Installed | undefined;
  if (installed) return installed.python;
  throw new UserError('sandbox-stopped', t('The sandbox is not running.'), {
    hint: t('Start it first: orders-lakehouse up'),
  });
}

/** Keeps compiled Python beside the installed packages: reading those from source takes 3 s at each start. */
export const compiledOnce = (python: string): Readonly<Record<string, string>> => ({
  PYTHONDONTWRITEBYTECODE: '',
  PYTHONPYCACHEPREFIX: join(dirname(dirname(python)), 'pycache'),
});

/** Builds the Python environment aside, and moves it in whole. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { t } from '../../core/l10n.ts';
import type { InstallOptions } from './installOptions.ts';
import { moveIn } from './moveIn.ts';
import { createEnvironment, installPackages } from './python.ts';

/** Returns the environment. Throws UserError `python-failed` and `python-packages`. */
export async function installPython(
  staging: string,
  target: string,
  { python, versions, onEvent, signal }: InstallOptions,
): Promise<string> {
  onEvent({ type: 'phase', phase: t('Making the Python environment') });
  // Its own for each process: pip of a start that was killed may still write into the one before.
  const staged = join(staging, `python-${process.pid}`);
  try {
    await createEnvironment(python, staged, versions, { onEvent, signal });
    await installPackages(staged, { onEvent, signal });
    moveIn(staged, target);
    return target;
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}

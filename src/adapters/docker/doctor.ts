/** Looks for Docker and Docker Compose, without changing anything. */
import type { Finding } from '../../core/doctor.ts';
import { isUserError } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';
import type { Settings } from '../../core/settings.ts';
import { composeVersion } from './compose.ts';
import { findEngine } from './findEngine.ts';

async function finding(
  id: string,
  status: 'warning' | 'problem',
  look: () => Promise<string>,
): Promise<Finding> {
  try {
    return { id, status: 'ok', evidence: await look() };
  } catch (error) {
    if (!isUserError(error)) throw error;
    return { id, status, evidence: error.message, ...(error.hint === undefined ? {} : { fix: error.hint }) };
  }
}

/** Docker that is not there is a problem only for who asked for it. */
export async function diagnoseDocker(setting: Settings['runtime']): Promise<readonly Finding[]> {
  if (setting === 'embedded') return [];
  const status = setting === 'docker' ? 'problem' : 'warning';
  const engine = await finding('docker', status, async () => {
    const { engine, address } = await findEngine();
    return t('{0} answers ({1})', engine.name, address.from);
  });
  if (engine.status !== 'ok') return [engine];
  return [
    engine,
    await finding('compose', status, async () => t('Docker Compose {0}', await composeVersion())),
  ];
}

/** Which runtime a start takes, and why. */
import type { UserError } from './errors.ts';
import { t } from './l10n.ts';
import type { RuntimeName } from './sandbox.ts';
import type { Settings } from './settings.ts';

export interface Choice {
  readonly runtime: RuntimeName;
  /** One sentence for the person. */
  readonly why: string;
}

/** What a look for Docker finds: who answers and its version, or the reason why it cannot be used. */
export type DockerFound =
  { readonly usable: true; readonly engine: string } | { readonly usable: false; readonly error: UserError };

/**
 * @param home where this home's data already lies; a start goes on there. Undefined for a new home.
 * Throws the reason why Docker cannot be used where it must be.
 */
export async function chooseRuntime(
  setting: Settings['runtime'],
  home: RuntimeName | undefined,
  lookForDocker: () => Promise<DockerFound>,
): Promise<Choice> {
  if (setting === 'embedded') return { runtime: 'embedded', why: t('Runtime: embedded, as set.') };
  if (setting === 'auto' && home === 'embedded') {
    return { runtime: 'embedded', why: t('Runtime: embedded ("auto": this home holds its data there).') };
  }
  const docker = await lookForDocker();
  if (docker.usable) {
    const why =
      setting === 'docker'
        ? t('Runtime: Docker, as set ({0}).', docker.engine)
        : t('Runtime: Docker ("auto": {0} answers).', docker.engine);
    return { runtime: 'docker', why };
  }
  if (setting === 'docker' || home === 'docker') throw docker.error;
  return {
    runtime: 'embedded',
    why: t('Runtime: embedded ("auto": {0})', docker.error.message),
  };
}

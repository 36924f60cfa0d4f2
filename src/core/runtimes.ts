/** Which runtime a start takes, and why. */
import { UserError } from './errors.ts';
import { t } from './l10n.ts';
import type { RuntimeName } from './sandbox.ts';
import type { Settings } from './settings.ts';

/** Throws UserError `not-built-yet` for Docker. */
export function chooseRuntime(setting: Settings['runtime']): {
  readonly runtime: RuntimeName;
  readonly why: string;
} {
  switch (setting) {
    case 'embedded':
      return { runtime: 'embedded', why: t('Runtime: embedded, as set.') };
    case 'auto':
      return {
        runtime: 'embedded',
        why: t('Runtime: embedded (chosen by "auto": Docker is not supported yet).'),
      };
    case 'docker':
      throw new UserError('not-built-yet', t('The Docker runtime is not built yet.'), {
        hint: t('Use --runtime embedded; it needs no Docker.'),
      });
  }
}

/** Whether a home folder can hold a sandbox. */
import { mkdirSync } from 'node:fs';
import { UserError } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';
import { tryWrite } from '../files.ts';
import type { HomeLayout } from '../home.ts';

/** Makes the folders. Throws UserError `unsupported-system`, `home-path` or `no-permission`. */
export function requireHome(layout: HomeLayout): void {
  if (process.platform === 'win32') {
    throw new UserError('unsupported-system', t('The embedded sandbox does not run on Windows itself.'), {
      hint: t('Open the folder in WSL 2, or use Docker when it is supported.'),
    });
  }
  const bad = /[,;\n]/.exec(layout.home)?.[0];
  if (bad !== undefined) {
    throw new UserError(
      'home-path',
      t('The folder {0} cannot hold a sandbox: its path has a "{1}".', layout.home, bad),
      { hint: t('Choose another folder with --home or ordersLakehouse.home.') },
    );
  }
  try {
    for (const folder of [layout.run, layout.logs, layout.data]) mkdirSync(folder, { recursive: true });
    tryWrite(layout.run);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (
      code === 'EACCES' ||
      code === 'EPERM' ||
      code === 'EROFS' ||
      code === 'ENOTDIR' ||
      code === 'EEXIST'
    ) {
      throw new UserError(
        'no-permission',
        t('The folder {0} cannot be written to ({1}).', layout.home, code),
        {
          hint: t('Choose another folder with --home or ordersLakehouse.home.'),
          cause: error,
        },
      );
    }
    if (code === 'ENOSPC') {
      throw new UserError('disk-full', t('The disk of {0} is full.', layout.home), { cause: error });
    }
    throw new Error(message, { cause: error });
  }
}

import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';

/** A failing file system (no permission, disk full) as what a person can mend. */
export function asFileError(error: unknown, path: string): unknown {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  switch (code ?? '') {
    case 'ENOENT':
      return new UserError('no-such-file', t('There is no file {0}.', path), { cause: error });
    case 'EISDIR':
      return new UserError('not-csv', t('{0} is a folder, not a CSV file.', path), { cause: error });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new UserError('no-permission', t('No permission for {0}.', path), { cause: error });
    case 'ENOSPC':
    case 'EDQUOT':
      return new UserError('disk-full', t('The disk is full: {0} could not be written.', path), {
        cause: error,
      });
    default:
      return error;
  }
}

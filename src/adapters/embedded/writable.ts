/** Failures of the file system that a person can mend. */
import { UserError } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';

const NOT_ALLOWED: readonly (string | undefined)[] = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST'];

export interface Place {
  readonly folder: string;
  /** What it needs. */
  readonly bytes: number;
  readonly hint: string;
}

export function diskFull({ folder, bytes, hint }: Place, free?: number): UserError {
  const megabytes = (some: number): number => Math.ceil(some / 1e6);
  const message =
    free === undefined
      ? t('The disk of {0} is full; {1} MB are needed in all.', folder, megabytes(bytes))
      : t(
          'The folder {0} has {1} MB free; it needs {2} MB.',
          folder,
          Math.floor(free / 1e6),
          megabytes(bytes),
        );
  return new UserError('disk-full', message, { hint });
}

/** Undefined for what is no such failure. */
export function userErrorOf(error: unknown, place: Place): UserError | undefined {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull(place);
  if (!NOT_ALLOWED.includes(code)) return undefined;
  const { folder, hint } = place;
  return new UserError('no-permission', t('The folder {0} cannot be written to ({1}).', folder, code ?? ''), {
    hint,
    cause: error,
  });
}

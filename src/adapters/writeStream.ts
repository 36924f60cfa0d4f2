/** A file that appears when it is whole; a failed or cancelled write leaves what was there before. */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Cancelled, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';

/** What stops a write and is the person's to mend. */
const REASONS: Readonly<Record<string, () => string>> = {
  EACCES: () => t('no permission'),
  EPERM: () => t('no permission'),
  EROFS: () => t('the disk is read-only'),
  ENOSPC: () => t('the disk is full'),
  ENOENT: () => t('the folder does not exist'),
  EISDIR: () => t('it is a folder'),
};

/** `work` fills the stream to its end. Throws UserError `cannot-write` and {@link Cancelled}. */
export async function writeWhole(
  path: string,
  work: (into: NodeJS.WritableStream) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const part = `${path}.part`;
  try {
    await work(createWriteStream(part));
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    if (signal.aborted) throw new Cancelled();
    const code = (error as NodeJS.ErrnoException).code ?? '';
    const reason = REASONS[code]?.();
    if (reason === undefined) throw error;
    throw new UserError('cannot-write', t('{0} cannot be written: {1}.', path, reason), {
      hint: t('Choose another place, or make room.'),
      cause: error,
    });
  }
}

/** A failed external program as something a person can read. */
import { UserError, type UserErrorOptions } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';
import type { Finished } from '../process.ts';
import { tellsOfFullDisk } from '../supervisor/reason.ts';

const TELLING = /^\s*(?:\[?(?:ERROR|FATAL)\]?:?\s|error: |Error: |Caused by: |\S*(?:Exception|Error): )/i;

/** The lines in which a program says why it failed, at most three. */
export function reasonOf(finished: Finished): string {
  if (finished.spawnError) return finished.spawnError.message;
  const telling = finished.tail.filter((line) => TELLING.test(line));
  return (telling.length > 0 ? telling : finished.tail.slice(-2))
    .slice(0, 3)
    .map((line) => line.trim().slice(0, 300))
    .join(' ');
}

export function failure(
  code: string,
  message: string,
  finished: Finished,
  options: UserErrorOptions = {},
): UserError {
  const cause = new Error(finished.tail.join('\n'));
  if (finished.tail.some(tellsOfFullDisk)) {
    return new UserError('disk-full', `${message} ${t('The disk is full.')}`, { ...options, cause });
  }
  return new UserError(code, `${message} ${reasonOf(finished)}`.trim(), { ...options, cause });
}

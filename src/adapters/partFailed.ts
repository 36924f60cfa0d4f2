/** A part that could not be started, with the lines of its log that tell why. */
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { PartName } from '../core/sandbox.ts';

export function partFailed(
  part: PartName,
  why: string,
  telling: readonly string[],
  next?: string,
): UserError {
  const lines = telling.length === 0 ? [] : [t('What its log says: {0}', `\n${telling.join('\n')}`)];
  const hint = [...lines, ...(next === undefined ? [] : [next])].join('\n');
  return new UserError('part-failed', t('{0} could not be started: {1}', part, why), {
    ...(hint === '' ? {} : { hint }),
    action: { title: t('Show log'), command: 'ordersLakehouse.showLogs', args: [part] },
  });
}

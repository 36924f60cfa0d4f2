/** A start that failed says what the doctor finds. */
import { isCancelled, isUserError, messageOf } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { Settings } from '../core/settings.ts';
import { putBeside } from './findingsBeside.ts';
import type { Context } from './verb.ts';

/** Throws what the start throws, with the findings beside it; who cancelled is asked nothing. */
export async function lookingWhy<T>(
  { lakehouse, output, signal }: Context,
  start: () => Promise<T>,
  runtime?: Settings['runtime'],
): Promise<T> {
  try {
    return await start();
  } catch (error) {
    const wrongUse = isUserError(error) && error.code === 'wrong-use';
    if (!(error instanceof Error) || isCancelled(error) || wrongUse || signal.aborted) throw error;
    try {
      output.onEvent({ type: 'phase', phase: t('Looking what is wrong') });
      const findings = await lakehouse.doctor.look(signal, runtime);
      putBeside(
        error,
        findings.filter(({ status }) => status !== 'ok'),
      );
    } catch (other) {
      const message = t('The doctor could not look: {0}', messageOf(other));
      output.onEvent({ type: 'message', level: 'warning', message });
    }
    throw error;
  }
}

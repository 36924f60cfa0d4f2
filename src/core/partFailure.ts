/** A client's failure as what is wrong with the part behind it, where the sandbox knows that. */
import { isUserError, UserError } from './errors.ts';
import { t } from './l10n.ts';
import type { PartName, SandboxStatus } from './sandbox.ts';

export async function partFailure(
  error: unknown,
  part: PartName,
  status: () => Promise<SandboxStatus>,
): Promise<unknown> {
  if (!isUserError(error)) return error;
  const found = (await status()).parts.find(({ name }) => name === part);
  return found?.problem === 'disk-full' ? diskFullOf(part, error) : error;
}

const diskFullOf = (part: PartName, cause: unknown): UserError =>
  new UserError('disk-full', t('The disk of {0} is full.', part), {
    hint: t(
      'Make room, then start again: orders-lakehouse up. What was acknowledged is kept; the rest can be sent again.',
    ),
    cause,
  });

/** For a cluster without a schema registry: messages are read, and what a schema wrote says why it cannot be. */
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { SchemaSource, SubjectRegistry } from '../core/ports.ts';

export const NO_REGISTRY: SchemaSource & Pick<SubjectRegistry, 'referenced'> = {
  schema: () =>
    Promise.reject(
      new UserError('no-registry', t('the connection has no schema registry'), {
        hint: t('Name its address in the connection.'),
      }),
    ),
  subjects: () => Promise.resolve([]),
  holders: () => Promise.resolve([]),
  latest: () => Promise.resolve(undefined),
  referenced: () => Promise.resolve([]),
};

/** Whose broker or registry failed: the sandbox's, or a connection's that a person can edit. */
import type { ClusterAccess } from '../core/access.ts';
import type { UserErrorOptions } from '../core/errors.ts';
import { t } from '../core/l10n.ts';

export type ConnectionName = NonNullable<ClusterAccess['connection']>;

/** The next step when it does not answer, or refuses. */
export function nextStep(connection: ConnectionName | undefined): Pick<UserErrorOptions, 'hint' | 'action'> {
  if (!connection) return { hint: t('See how the sandbox is: orders-lakehouse status') };
  return {
    hint: t('See what the connection {0} says: address, TLS and login.', connection.name),
    ...(connection.id === ''
      ? {}
      : {
          action: {
            title: t('Edit connection'),
            command: 'ordersLakehouse.editConnection',
            args: [connection.id],
          },
        }),
  };
}

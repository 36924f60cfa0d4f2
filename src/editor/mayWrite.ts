/** Whether something may be written into a workspace: in production a person is asked each time. */
import { t } from '../core/l10n.ts';
import { mustAgree } from './ask.ts';
import type { Room } from './room.ts';

/** `what` says, as whole lines, what is written. Throws Cancelled, and UserError `unknown-workspace`. */
export async function mayWrite(
  room: Pick<Room, 'workspaces'>,
  workspaceId: string,
  ...what: readonly string[]
): Promise<void> {
  const { production, name, host } = room.workspaces.get(workspaceId);
  if (!production) return;
  await mustAgree(t('Write to {0}? It is production.', name), t('Write to {0}', name), [...what, host]);
}

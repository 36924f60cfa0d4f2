/** Puts a consumer group elsewhere in a topic: first the preview, then exactly what it showed. */
import { UserError } from './errors.ts';
import { activeGroup, isActive, planReset, type ResetRow, type ResetTarget } from './groups.ts';
import { t } from './l10n.ts';
import type { TopicAdmin } from './ports.ts';

export interface ResetRequest {
  readonly groupId: string;
  readonly topic: string;
  readonly target: ResetTarget;
  /** Only this partition. */
  readonly partition?: number;
}

/** Throws UserError `unknown-group`, `group-active`, `unknown-topic`, `no-such-partition`, `nothing-to-shift`. */
export async function previewReset(admin: TopicAdmin, request: ResetRequest): Promise<readonly ResetRow[]> {
  const { groupId, topic, target, partition } = request;
  const group = await admin.group(groupId);
  if (isActive(group)) throw activeGroup(group);
  const found = await admin.positions(groupId, topic, target.to === 'time' ? target.timestampMs : undefined);
  const positions = found.filter((one) => partition === undefined || one.partition === partition);
  if (positions.length === 0) {
    throw new UserError('no-such-partition', t('{0} has no partition {1}.', topic, partition ?? ''));
  }
  const rows = planReset(topic, target, positions);
  if (rows.every(({ after }) => after === null)) {
    throw new UserError(
      'nothing-to-shift',
      t('The group {0} committed no offsets of {1} to shift from.', groupId, topic),
      { hint: t('Reset it to the beginning, the end, a time or an offset.') },
    );
  }
  return rows;
}

/** The broker itself refuses while somebody reads. Throws UserError `group-active`. */
export async function applyReset(
  admin: TopicAdmin,
  { groupId, topic }: ResetRequest,
  rows: readonly ResetRow[],
): Promise<void> {
  const changes = rows.flatMap(({ partition, before, after }) =>
    after === null || after === before ? [] : [{ partition, offset: after }],
  );
  if (changes.length > 0) await admin.commit(groupId, topic, changes);
}

/** Consumer groups: how far they are, who reads, and where a reset would put them. */
import { UserError } from './errors.ts';
import { isInt64 } from './int64.ts';
import { t } from './l10n.ts';

/**
 * As Kafka names them; a group of the newer protocol (KIP-848) is `Assigning` and `Reconciling` while its members change.
 * `Unknown`: the broker lists it, and tells neither state nor members.
 */
export type GroupState =
  'Stable' | 'PreparingRebalance' | 'CompletingRebalance' | 'Assigning' | 'Reconciling' | 'Empty' | 'Unknown';

export interface GroupMember {
  readonly memberId: string;
  readonly clientId: string;
  readonly host: string;
  readonly assignment: readonly { readonly topic: string; readonly partitions: readonly number[] }[];
}

/** Offsets are int64 as text. */
export interface GroupPartition {
  readonly topic: string;
  readonly partition: number;
  /** The next offset the group reads; null where it committed none. */
  readonly committed: string | null;
  /** The offset the next message will get; null when the topic is gone. */
  readonly end: string | null;
  readonly lag: string | null;
}

export interface ConsumerGroup {
  readonly groupId: string;
  readonly state: GroupState;
  readonly members: readonly GroupMember[];
  /** Those it committed offsets of or reads, by topic and number. */
  readonly partitions: readonly GroupPartition[];
}

/** Messages between the committed offset and the end, as Kafka counts them; null where one of the two is not known. */
export function lagOf(committed: string | null, end: string | null): string | null {
  if (committed === null || end === null) return null;
  const lag = BigInt(end) - BigInt(committed);
  return String(lag > 0n ? lag : 0n);
}

/** The sum of what is known; null when nothing is. */
export function totalLag(partitions: readonly Pick<GroupPartition, 'lag'>[]): string | null {
  const known = partitions.flatMap(({ lag }) => (lag === null ? [] : [BigInt(lag)]));
  return known.length === 0 ? null : String(known.reduce((sum, lag) => sum + lag, 0n));
}

export function stateText(state: GroupState): string {
  switch (state) {
    case 'Stable':
      return t('active');
    case 'PreparingRebalance':
    case 'CompletingRebalance':
    case 'Assigning':
    case 'Reconciling':
      return t('rebalancing');
    case 'Empty':
      return t('nobody reads');
    case 'Unknown':
      return t('state not known');
  }
}

/** `orders 0, 2 · orders-json 1` */
export const assignmentText = ({ assignment }: Pick<GroupMember, 'assignment'>): string =>
  assignment.map(({ topic, partitions }) => `${topic} ${partitions.join(', ')}`).join(' · ');

/** Kafka takes offsets for a group only while nobody reads. An `Unknown` one it judges itself. */
export const isActive = ({ state }: Pick<ConsumerGroup, 'state'>): boolean =>
  state !== 'Empty' && state !== 'Unknown';

export function activeGroup(group: Pick<ConsumerGroup, 'groupId' | 'members'>, cause?: unknown): UserError {
  const readers = [...new Set(group.members.map(({ clientId, host }) => `${clientId} (${host})`))];
  const message =
    readers.length === 0
      ? t('The group {0} is active, so its offsets cannot be reset.', group.groupId)
      : t('The group {0} is active, so its offsets cannot be reset: {1}', group.groupId, readers.join(', '));
  return new UserError('group-active', message, {
    hint: t('Stop its consumers, then try again. One that was killed counts until its session times out.'),
    ...(cause === undefined ? {} : { cause }),
  });
}

export type ResetTarget =
  | { readonly to: 'beginning' }
  | { readonly to: 'end' }
  | { readonly to: 'offset'; readonly offset: string }
  | { readonly to: 'time'; readonly timestampMs: number }
  /** From where the group is; negative: back. */
  | { readonly to: 'shift'; readonly by: string };

/** `beginning`, `end`, `offset:N`, `time:ISO` or `shift:N`. Throws UserError `bad-target`. */
export function parseResetTarget(text: string): ResetTarget {
  const [, kind = '', value] = /^([a-z]+)(?::(.*))?$/.exec(text) ?? [];
  if ((kind === 'beginning' || kind === 'end') && value === undefined) return { to: kind };
  if (value !== undefined) {
    if (kind === 'offset' && isInt64(value) && !value.startsWith('-')) return { to: kind, offset: value };
    if (kind === 'shift' && isInt64(value)) return { to: kind, by: String(BigInt(value)) };
    const timestampMs = /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : NaN;
    // Kafka takes times before 1970 for other things: -1 is the end.
    if (kind === 'time' && timestampMs >= 0) return { to: kind, timestampMs };
  }
  throw new UserError('bad-target', t('"{0}" is no place to reset to.', text), {
    hint: t('beginning, end, offset:NUMBER, time:2026-01-31T12:00:00Z or shift:-100'),
  });
}

/** Where a group is in a partition, and where it may go. */
export interface PartitionPosition {
  readonly partition: number;
  readonly committed: string | null;
  /** First offset that can be read, and the one the next message will get. */
  readonly low: string;
  readonly end: string;
  /** The first message at or after the time that was asked for; null: none is that late. */
  readonly atTime?: string | null;
}

export interface ResetRow {
  readonly topic: string;
  readonly partition: number;
  /** The committed offset now; null where there is none. */
  readonly before: string | null;
  /** Null: nothing to shift from, so the partition is left as it is. */
  readonly after: string | null;
  /** Messages still to read after the reset. */
  readonly lag: string | null;
}

function wanted(target: ResetTarget, { committed, low, end, atTime }: PartitionPosition): bigint | null {
  switch (target.to) {
    case 'beginning':
      return BigInt(low);
    case 'end':
      return BigInt(end);
    case 'offset':
      return BigInt(target.offset);
    case 'time':
      return BigInt(atTime ?? end);
    case 'shift':
      return committed === null ? null : BigInt(committed) + BigInt(target.by);
  }
}

/** Where each partition would go. Nothing goes before the first message or past the end. */
export function planReset(
  topic: string,
  target: ResetTarget,
  positions: readonly PartitionPosition[],
): readonly ResetRow[] {
  return positions
    .toSorted((one, other) => one.partition - other.partition)
    .map((position) => {
      const { partition, committed: before, low, end } = position;
      const aim = wanted(target, position);
      if (aim === null) return { topic, partition, before, after: null, lag: null };
      const within = aim > BigInt(end) ? BigInt(end) : aim < BigInt(low) ? BigInt(low) : aim;
      const after = String(within);
      return { topic, partition, before, after, lag: lagOf(after, end) };
    });
}

/** What a row does, in words. */
export function resetText({ before, after }: ResetRow): string {
  if (after === null) return t('nothing to shift from');
  if (before === null) return t('first offset of the group');
  const step = BigInt(after) - BigInt(before);
  if (step === 0n) return t('stays');
  return step < 0n ? t('reads {0} again', String(-step)) : t('skips {0}', String(step));
}

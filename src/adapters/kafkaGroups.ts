/** Consumer groups, by kafkajs: what they committed, how far that is from the end, and who reads. */
import { AssignerProtocol, type Admin, type GroupDescription, type MemberDescription } from 'kafkajs';
import { UserError } from '../core/errors.ts';
import {
  activeGroup,
  lagOf,
  type ConsumerGroup,
  type GroupMember,
  type GroupPartition,
  type PartitionPosition,
} from '../core/groups.ts';
import { t } from '../core/l10n.ts';
import type { TopicAdmin } from '../core/ports.ts';
import { innermostOf, type Connection } from './kafkaConnection.ts';
import { describeNewerGroup } from './kafkaNewerGroups.ts';
import { EARLIEST, LATEST, offsetsAt, type Leaders, type Offsets } from './kafkaReader.ts';

/** What a coordinator answers to offsets from outside while a group has members. */
const HAS_MEMBERS = new Set([
  'UNKNOWN_MEMBER_ID',
  'ILLEGAL_GENERATION',
  'REBALANCE_IN_PROGRESS',
  'NON_EMPTY_GROUP',
]);
/** Of no generation: offsets that an administrator sets. */
const FROM_OUTSIDE = { groupGenerationId: -1, memberId: '' };

export interface GroupsOf {
  readonly admin: Admin;
  readonly connection: Connection;
  readonly lookUp: (topics: readonly string[]) => Promise<ReadonlyMap<string, Leaders>>;
}
type Committed = readonly { readonly topic: string; readonly partition: number; readonly offset: string }[];

function assignmentOf({ memberAssignment }: MemberDescription): GroupMember['assignment'] {
  // Without members that agreed on an assignment there is none.
  if (memberAssignment.length === 0) return [];
  const { assignment = {} } = AssignerProtocol.MemberAssignment.decode(memberAssignment) ?? {};
  return Object.entries(assignment)
    .map(([topic, partitions]) => ({ topic, partitions: partitions.toSorted((one, other) => one - other) }))
    .sort((one, other) => (one.topic < other.topic ? -1 : 1));
}

const memberOf = (member: MemberDescription): GroupMember => ({
  memberId: member.memberId,
  clientId: member.clientId,
  // Java writes addresses with a slash before them.
  host: member.clientHost.replace(/^\//, ''),
  assignment: assignmentOf(member),
});

async function committedBy(admin: Admin, groupId: string): Promise<Committed> {
  const fetched = await admin.fetchOffsets({ groupId, topics: [] });
  return fetched
    .flatMap(({ topic, partitions }) =>
      partitions.map(({ partition, offset }) => ({ topic, partition, offset })),
    )
    .filter(({ offset }) => !offset.startsWith('-'));
}

/** Topics that are gone have no end. */
async function endsOf({ admin, connection, lookUp }: GroupsOf, topics: Iterable<string>): Promise<Offsets> {
  const there = new Set(await admin.listTopics());
  const found = await lookUp([...new Set(topics)].filter((topic) => there.has(topic)));
  return offsetsAt(connection, found, LATEST, { committed: false });
}

function partitionsOf(
  committed: Committed,
  members: readonly GroupMember[],
  ends: Offsets,
): readonly GroupPartition[] {
  const offsets = new Map<string, Map<number, string | null>>();
  const note = (topic: string, partition: number, offset: string | null): void => {
    offsets.set(topic, (offsets.get(topic) ?? new Map<number, string | null>()).set(partition, offset));
  };
  for (const { topic, partitions } of members.flatMap(({ assignment }) => assignment)) {
    for (const partition of partitions) note(topic, partition, null);
  }
  for (const { topic, partition, offset } of committed) note(topic, partition, offset);
  return [...offsets]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([topic, found]) =>
      [...found]
        .sort(([one], [other]) => one - other)
        .map(([partition, at]) => {
          const last = ends.get(topic)?.get(partition);
          const end = last === undefined ? null : String(last);
          return { topic, partition, committed: at, end, lag: lagOf(at, end) };
        }),
    );
}

type Readers = Pick<ConsumerGroup, 'state' | 'members'>;

/** Asked the old way, the broker calls a group of the newer protocol dead, though it lists it. */
async function readersOf(
  { connection }: GroupsOf,
  groupId: string,
  description: GroupDescription | undefined,
): Promise<Readers> {
  if (description !== undefined && description.state !== 'Dead') {
    return { state: description.state, members: description.members.map(memberOf) };
  }
  return (await describeNewerGroup(connection, groupId)) ?? { state: 'Unknown', members: [] };
}

async function describe(of: GroupsOf, groupIds: readonly string[]): Promise<readonly ConsumerGroup[]> {
  if (groupIds.length === 0) return [];
  const { groups } = await of.admin.describeGroups([...groupIds]);
  const found = await Promise.all(
    groupIds.map(async (groupId) => {
      const description = groups.find((one) => one.groupId === groupId);
      const committed = await committedBy(of.admin, groupId);
      return { groupId, committed, ...(await readersOf(of, groupId, description)) } as const;
    }),
  );
  const topics = found.flatMap(({ committed, members }) => [
    ...committed.map(({ topic }) => topic),
    ...members.flatMap(({ assignment }) => assignment.map(({ topic }) => topic)),
  ]);
  const ends = await endsOf(of, topics);
  return found.map(({ groupId, state, members, committed }) => ({
    groupId,
    state,
    members,
    partitions: partitionsOf(committed, members, ends),
  }));
}

async function listed({ admin }: GroupsOf): Promise<readonly string[]> {
  const { groups } = await admin.listGroups();
  return (
    groups
      // One that only ever had offsets set from outside has no protocol.
      .filter(({ protocolType }) => protocolType === 'consumer' || protocolType === '')
      .map(({ groupId }) => groupId)
      .sort()
  );
}

async function commit(
  of: GroupsOf,
  groupId: string,
  topic: string,
  offsets: Parameters<TopicAdmin['commit']>[2],
): Promise<void> {
  const coordinator = await of.connection.findGroupCoordinator({ groupId });
  try {
    // Not kafkajs' setOffsets: it joins the group to do it, and what joins between its look and that is not refused.
    await coordinator.offsetCommit({
      groupId,
      ...FROM_OUTSIDE,
      topics: [{ topic, partitions: [...offsets] }],
    });
  } catch (error) {
    const innermost = error instanceof Error ? innermostOf(error) : undefined;
    if (!innermost || !('type' in innermost) || !HAS_MEMBERS.has(String(innermost.type))) throw error;
    const [group] = await describe(of, [groupId]);
    throw activeGroup({ groupId, members: group?.members ?? [] }, error);
  }
}

async function positions(
  of: GroupsOf,
  groupId: string,
  topic: string,
  timestampMs: number | undefined,
): Promise<readonly PartitionPosition[]> {
  const found = await of.lookUp([topic]);
  const at = async (timestamp: number): Promise<ReadonlyMap<number, bigint>> =>
    (await offsetsAt(of.connection, found, timestamp, { committed: false })).get(topic) ?? new Map();
  const lows = await at(EARLIEST);
  const ends = await at(LATEST);
  const times = timestampMs === undefined ? undefined : await at(timestampMs);
  const committed = new Map(
    (await committedBy(of.admin, groupId))
      .filter((one) => one.topic === topic)
      .map(({ partition, offset }) => [partition, offset]),
  );
  return [...ends].map(([partition, end]) => {
    const time = times?.get(partition) ?? -1n;
    return {
      partition,
      committed: committed.get(partition) ?? null,
      low: String(lows.get(partition) ?? 0n),
      end: String(end),
      ...(times ? { atTime: time < 0n ? null : String(time) } : {}),
    };
  });
}

type GroupMethods = Pick<TopicAdmin, 'groups' | 'group' | 'positions' | 'commit'>;

/** `use` gives what they work with, and turns what a person can mend into a UserError. */
export function groupMethods(use: <T>(work: (of: GroupsOf) => Promise<T>) => Promise<T>): GroupMethods {
  return {
    groups: () => use(async (of) => describe(of, await listed(of))),
    group: (groupId) =>
      use(async (of) => {
        const [group] = (await listed(of)).includes(groupId) ? await describe(of, [groupId]) : [];
        if (group) return group;
        throw new UserError('unknown-group', t('There is no consumer group {0}.', groupId), {
          hint: t('See the groups there are: orders-lakehouse groups'),
        });
      }),
    positions: (groupId, topic, timestampMs) => use((of) => positions(of, groupId, topic, timestampMs)),
    commit: (groupId, topic, offsets) => use((of) => commit(of, groupId, topic, offsets)),
  };
}

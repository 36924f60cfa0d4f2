/** Making, changing and taking away topics, by kafkajs. */
import { ConfigResourceTypes, type Admin } from 'kafkajs';
import type { ClusterAccess } from '../core/access.ts';
import { isUserError, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { TopicAdmin } from '../core/ports.ts';
import { nextConfigs, tidyChange, topicNameProblem, type ConfigChange } from '../core/topicConfigs.ts';
import { messagesIn, type ConfigEntry, type PartitionDetail } from '../core/topicDetails.ts';
import { alterConfigs, canAlter } from './kafkaAlterConfigs.ts';
import {
  asUserError,
  connect,
  createKafka,
  innermostOf,
  notAllowed,
  prepare,
  type Connection,
} from './kafkaConnection.ts';
import { configEntry } from './kafkaConfigs.ts';
import { groupMethods, type GroupsOf } from './kafkaGroups.ts';
import { partitionSizes } from './kafkaLogDirs.ts';
import { createLookUp, EARLIEST, LATEST, offsetsAt, type Leaders } from './kafkaReader.ts';

/** A broker knows of a change a moment after the controller took it. */
const SETTLE_MS = 5000;
const LOOK_MS = 30;

/** Resolves when the broker tells the change too; a slow one is not waited for longer. */
async function settled(check: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + SETTLE_MS;
  while (!(await check()) && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
}

/** The protocol's names of what went wrong, through what kafkajs wraps them in. */
function kindsOf(error: unknown): readonly string[] {
  if (!(error instanceof Error)) return [];
  const innermost = innermostOf(error);
  if ('type' in innermost) return [String(innermost.type)];
  if ('errors' in innermost && Array.isArray(innermost.errors)) return innermost.errors.flatMap(kindsOf);
  if ('partitions' in innermost && Array.isArray(innermost.partitions)) {
    return (innermost.partitions as { readonly error?: unknown }[]).flatMap((one) => kindsOf(one.error));
  }
  return [];
}

/** What the protocol names of a topic, as what a person can mend. */
function ofTopic(topic: string, error: unknown): unknown {
  const kinds = kindsOf(error);
  for (const kind of kinds) {
    const forbidden = notAllowed(kind, error);
    if (forbidden) return forbidden;
  }
  const is = (...names: readonly string[]): boolean => kinds.some((kind) => names.includes(kind));
  if (is('UNKNOWN_TOPIC_OR_PARTITION') || (isUserError(error) && error.code === 'unknown-topic')) {
    return new UserError('unknown-topic', t('There is no topic {0}.', topic), {
      hint: t('See the topics there are: orders-lakehouse topics'),
      cause: error,
    });
  }
  if (is('INVALID_TOPIC_EXCEPTION')) {
    return new UserError('bad-topic-name', t('Kafka refuses the name {0}.', topic), {
      hint: t('Dots and underscores count as the same: another topic may have this name already.'),
      cause: error,
    });
  }
  if (is('INVALID_CONFIG', 'INVALID_REQUEST', 'POLICY_VIOLATION', 'INVALID_PARTITIONS')) {
    return new UserError('bad-config', t('Kafka refuses this configuration of {0}.', topic), {
      hint: t('See what each setting takes: orders-lakehouse topic show NAME'),
      cause: error,
    });
  }
  return error;
}

const isInternal = (topic: string): boolean => topic.startsWith('__');

function mustBeOurs(topic: string): void {
  if (!isInternal(topic)) return;
  throw new UserError('internal-topic', t('{0} is a topic of Kafka itself.', topic), {
    hint: t('Consumer groups and transactions would be lost with it.'),
  });
}

async function configsOf(admin: Admin, topic: string): Promise<readonly ConfigEntry[]> {
  const { resources } = await admin.describeConfigs({
    includeSynonyms: true,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }],
  });
  return (resources[0]?.configEntries ?? []).map(configEntry);
}

async function sizesOf(
  connection: Connection,
  topic: string,
  leaders: ReadonlyMap<number, number | null>,
): Promise<ReadonlyMap<number, string>> {
  const sizes = new Map<number, string>();
  for (const leader of new Set(leaders.values())) {
    if (leader === null) continue;
    const led = [...leaders].filter(([, one]) => one === leader).map(([partition]) => partition);
    const broker = await connection.findBroker({ nodeId: String(leader) });
    for (const [partition, bytes] of await partitionSizes(broker, topic, led)) sizes.set(partition, bytes);
  }
  return sizes;
}

async function partitionsOf(
  { admin, connection, lookUp }: GroupsOf,
  topic: string,
): Promise<readonly PartitionDetail[]> {
  const found = await lookUp([topic]);
  const at = async (timestamp: number): Promise<ReadonlyMap<number, bigint>> =>
    (await offsetsAt(connection, found, timestamp, { committed: false })).get(topic) ?? new Map();
  const [lows, highs] = [await at(EARLIEST), await at(LATEST)];
  const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
  const partitions = (topics[0]?.partitions ?? []).toSorted(
    (one, other) => one.partitionId - other.partitionId,
  );
  const leaders = new Map(
    partitions.map(({ partitionId, leader }) => [partitionId, leader < 0 ? null : leader] as const),
  );
  const sizes = await sizesOf(connection, topic, leaders);
  return partitions.map(({ partitionId: id, replicas, isr }) => ({
    id,
    low: String(lows.get(id) ?? 0n),
    high: String(highs.get(id) ?? 0n),
    leader: leaders.get(id) ?? null,
    replicas,
    inSync: isr,
    bytes: sizes.get(id) ?? null,
  }));
}

const create: (of: GroupsOf, ...args: Parameters<TopicAdmin['create']>) => Promise<void> = async (
  { admin },
  topic,
  { partitions, configs },
) => {
  const problem = topicNameProblem(topic);
  if (problem !== undefined) {
    throw new UserError('bad-topic-name', t('"{0}" is no name for a topic.', topic), { hint: problem });
  }
  const configEntries = Object.entries(configs).map(([name, value]) => ({ name, value }));
  if (await admin.createTopics({ topics: [{ topic, numPartitions: partitions, configEntries }] })) return;
  throw new UserError('topic-exists', t('There is a topic {0} already.', topic), {
    hint: t('See the topics there are: orders-lakehouse topics'),
  });
};

/** Where the broker cannot change one setting alone, all that the topic has of its own is sent again. */
async function alter(
  { admin, connection, lookUp }: GroupsOf,
  topic: string,
  before: readonly ConfigEntry[],
  change: ConfigChange,
): Promise<void> {
  // Learns which broker to ask.
  await lookUp([topic]);
  const broker = await connection.findControllerBroker();
  if (canAlter(broker)) return alterConfigs(broker, topic, change);
  const configEntries = Object.entries(nextConfigs(topic, before, change)).map(([name, value]) => ({
    name,
    value,
  }));
  await admin.alterConfigs({
    validateOnly: false,
    resources: [{ type: ConfigResourceTypes.TOPIC, name: topic, configEntries }],
  });
}

const configure: (
  of: GroupsOf,
  ...args: Parameters<TopicAdmin['configure']>
) => Promise<readonly ConfigEntry[]> = async (of, topic, change, agree) => {
  mustBeOurs(topic);
  const before = await configsOf(of.admin, topic);
  await agree?.(before);
  const { set, unset } = tidyChange(before, change);
  await alter(of, topic, before, { set, unset });
  let after = before;
  await settled(async () => {
    after = await configsOf(of.admin, topic);
    const own = new Map(after.filter((one) => one.own).map(({ name, value }) => [name, value]));
    return (
      Object.entries(set).every(([name, value]) => own.get(name) === value) &&
      !unset.some((name) => own.has(name))
    );
  });
  return after;
};

async function purge({ connection, lookUp }: GroupsOf, topic: string): Promise<string> {
  mustBeOurs(topic);
  const found = await lookUp([topic]);
  const at = async (timestamp: number): Promise<ReadonlyMap<number, bigint>> =>
    (await offsetsAt(connection, found, timestamp, { committed: false })).get(topic) ?? new Map();
  const [lows, highs] = [await at(EARLIEST), await at(LATEST)];
  const leaders: Leaders = found.get(topic) ?? new Map();
  for (const nodeId of new Set(leaders.values())) {
    if (nodeId === null) continue;
    const broker = await connection.findBroker({ nodeId });
    const partitions = [...leaders]
      .filter(([, leader]) => leader === nodeId)
      .map(([partition]) => ({ partition, offset: String(highs.get(partition) ?? 0n) }));
    try {
      // Not kafkajs' deleteTopicRecords: it keeps the topic in mind, and fails every later look once that is deleted.
      await broker.deleteRecords({ topics: [{ topic, partitions }] });
    } catch (error) {
      if (!kindsOf(error).includes('POLICY_VIOLATION')) throw error;
      throw new UserError('compacted-topic', t('{0} is compacted, so Kafka does not purge it.', topic), {
        hint: t('Let it delete too: orders-lakehouse topic config {0} cleanup.policy=compact,delete', topic),
        cause: error,
      });
    }
  }
  return String(
    messagesIn([...highs].map(([id, high]) => ({ id, low: String(lows.get(id) ?? 0n), high: String(high) }))),
  );
}

async function remove({ admin }: GroupsOf, topic: string): Promise<void> {
  mustBeOurs(topic);
  await admin.deleteTopics({ topics: [topic] });
  await settled(async () => !(await admin.listTopics()).includes(topic));
}

/** Throws UserError `broker-unreachable` within seconds when nothing answers. */
export async function createTopicAdmin(access: ClusterAccess): Promise<TopicAdmin> {
  const prepared = await prepare(access);
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw asUserError(error, access);
    }
  };
  const of = await attempt(async (): Promise<GroupsOf> => {
    const connection = await connect(prepared);
    const admin = createKafka(prepared, 'impatient').admin();
    try {
      await admin.connect();
    } catch (error) {
      await connection.disconnect();
      throw error;
    }
    return { admin, connection, lookUp: createLookUp(connection) };
  });
  const use = <T>(work: (of: GroupsOf) => Promise<T>): Promise<T> => attempt(() => work(of));
  const about = <T>(topic: string, work: (of: GroupsOf) => Promise<T>): Promise<T> =>
    attempt(async () => {
      try {
        return await work(of);
      } catch (error) {
        throw ofTopic(topic, error);
      }
    });
  const groups = groupMethods(use);
  return {
    ...groups,
    positions: (groupId, topic, timestampMs) =>
      about(topic, () => groups.positions(groupId, topic, timestampMs)),
    describe: (topic) =>
      about(topic, async () => ({
        name: topic,
        partitions: await partitionsOf(of, topic),
        configs: await configsOf(of.admin, topic),
      })),
    create: (topic, options) => about(topic, () => create(of, topic, options)),
    configure: (topic, ...args) => about(topic, () => configure(of, topic, ...args)),
    purge: (topic) => about(topic, () => purge(of, topic)),
    remove: (topic) => about(topic, () => remove(of, topic)),
    close: async () => {
      await Promise.all([of.admin.disconnect(), of.connection.disconnect()]);
    },
  };
}

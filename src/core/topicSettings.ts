/**
 * The settings of a topic that people change, in plain words. Defaults and bounds are Kafka's own; the broker may have
 * others, and has the last word. Source: https://kafka.apache.org/documentation/#topicconfigs
 */
import { MOST_INT64 } from './int64.ts';
import { t } from './l10n.ts';

export type SettingKind = 'ms' | 'bytes' | 'number' | 'ratio' | 'choice' | 'choices';

export interface TopicSetting {
  readonly kind: SettingKind;
  readonly meaning: () => string;
  /** Of Kafka itself. */
  readonly default: string;
  /** Of numbers, as int64 text. */
  readonly least?: string;
  /** Of choices. */
  readonly values?: readonly string[];
  /** Whether -1 stands for no limit. */
  readonly unlimited?: boolean;
}

const MOST = String(MOST_INT64);
const YES_NO = ['true', 'false'];

const table = {
  'cleanup.policy': {
    kind: 'choices',
    default: 'delete',
    values: ['delete', 'compact'],
    meaning: () =>
      t('What happens to old messages: delete them, or compact, which keeps the newest of each key.'),
  },
  'retention.ms': {
    kind: 'ms',
    default: '604800000',
    least: '-1',
    unlimited: true,
    meaning: () => t('How long a message is kept before it may be deleted.'),
  },
  'retention.bytes': {
    kind: 'bytes',
    default: '-1',
    least: '-1',
    unlimited: true,
    meaning: () => t('How large a partition may grow before its oldest messages are deleted.'),
  },
  'max.message.bytes': {
    kind: 'bytes',
    default: '1048588',
    least: '0',
    meaning: () => t('The largest batch of messages that a producer may send.'),
  },
  'min.insync.replicas': {
    kind: 'number',
    default: '1',
    least: '1',
    meaning: () => t('How many replicas must hold a message before it counts as written (acks=all).'),
  },
  'compression.type': {
    kind: 'choice',
    default: 'producer',
    values: ['producer', 'uncompressed', 'gzip', 'snappy', 'lz4', 'zstd'],
    meaning: () => t('How the broker packs messages; producer keeps them as they were sent.'),
  },
  'message.timestamp.type': {
    kind: 'choice',
    default: 'CreateTime',
    values: ['CreateTime', 'LogAppendTime'],
    meaning: () => t('Whose time a message bears: of its producer, or of its arrival at the broker.'),
  },
  'message.timestamp.before.max.ms': {
    kind: 'ms',
    default: MOST,
    least: '0',
    meaning: () => t('How far in the past the time of a message may be; older ones are refused.'),
  },
  'message.timestamp.after.max.ms': {
    kind: 'ms',
    default: '3600000',
    least: '0',
    meaning: () => t('How far in the future the time of a message may be; later ones are refused.'),
  },
  'delete.retention.ms': {
    kind: 'ms',
    default: '86400000',
    least: '0',
    meaning: () => t('How long compaction keeps the mark that a key was deleted.'),
  },
  'min.cleanable.dirty.ratio': {
    kind: 'ratio',
    default: '0.5',
    meaning: () => t('Which share of a partition must be new before it is compacted, from 0 to 1.'),
  },
  'min.compaction.lag.ms': {
    kind: 'ms',
    default: '0',
    least: '0',
    meaning: () => t('How long compaction leaves a message alone.'),
  },
  'max.compaction.lag.ms': {
    kind: 'ms',
    default: MOST,
    least: '1',
    meaning: () => t('After how long at the latest a message is compacted.'),
  },
  'segment.ms': {
    kind: 'ms',
    default: '604800000',
    least: '1',
    meaning: () =>
      t('After how long a new file is begun; only files that are closed are deleted or compacted.'),
  },
  'segment.bytes': {
    kind: 'bytes',
    default: '1073741824',
    least: '1048576',
    meaning: () =>
      t('At which size a new file is begun; only files that are closed are deleted or compacted.'),
  },
  'segment.jitter.ms': {
    kind: 'ms',
    default: '0',
    least: '0',
    meaning: () => t('How much earlier at random a file is closed, so that not all close at once.'),
  },
  'segment.index.bytes': {
    kind: 'bytes',
    default: '10485760',
    least: '4',
    meaning: () => t('How large the index of a file may become.'),
  },
  'index.interval.bytes': {
    kind: 'bytes',
    default: '4096',
    least: '0',
    meaning: () => t('How often a message is entered in the index.'),
  },
  'file.delete.delay.ms': {
    kind: 'ms',
    default: '60000',
    least: '0',
    meaning: () => t('How long a file stays on disk after its messages are deleted.'),
  },
  'flush.messages': {
    kind: 'number',
    default: MOST,
    least: '1',
    meaning: () => t('After how many messages the disk is told to write; replicas make it needless.'),
  },
  'flush.ms': {
    kind: 'ms',
    default: MOST,
    least: '0',
    meaning: () => t('After how long the disk is told to write; replicas make it needless.'),
  },
  preallocate: {
    kind: 'choice',
    default: 'false',
    values: YES_NO,
    meaning: () => t('Whether the disk space of a file is taken when it is begun.'),
  },
  'unclean.leader.election.enable': {
    kind: 'choice',
    default: 'false',
    values: YES_NO,
    meaning: () =>
      t('Whether a replica that lags may lead when no other is left: rather lose messages than stand still.'),
  },
} as const satisfies Readonly<Record<string, TopicSetting>>;

export const TOPIC_SETTINGS: Readonly<Record<string, TopicSetting>> = table;

/** The names, the most used first. */
export const TOPIC_SETTING_NAMES: readonly string[] = Object.keys(table);

/** Undefined for a setting that this table does not know. */
export const topicSetting = (name: string): TopicSetting | undefined =>
  Object.hasOwn(TOPIC_SETTINGS, name) ? TOPIC_SETTINGS[name] : undefined;

export const isUnlimited = ({ unlimited = false }: TopicSetting, value: string): boolean =>
  value === MOST || (unlimited && value === '-1');

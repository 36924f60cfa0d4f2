/** A topic as those see it who administer it, and what they would lose. */
import { t } from './l10n.ts';
import { TOPICS } from './orders.ts';
import type { Partition } from './topics.ts';

export interface PartitionDetail extends Partition {
  /** Broker that leads it; null: none does at this moment. */
  readonly leader: number | null;
  readonly replicas: readonly number[];
  readonly inSync: readonly number[];
  /** On the leader's disk, int64 as text; null where the broker does not say. */
  readonly bytes: string | null;
}

export interface ConfigEntry {
  readonly name: string;
  /** Null: not told, or nothing. */
  readonly value: string | null;
  /** Whether the topic has it of its own. */
  readonly own: boolean;
  /** What holds once the topic has none of its own; null where the broker does not say. */
  readonly fallback: string | null;
}

export interface TopicDetail {
  readonly name: string;
  readonly partitions: readonly PartitionDetail[];
  readonly configs: readonly ConfigEntry[];
}

/** Readable messages of a partition, int64. */
export const messagesOf = ({ low, high }: Partition): bigint => BigInt(high) - BigInt(low);

export const messagesIn = (partitions: readonly Partition[]): bigint =>
  partitions.reduce((sum, partition) => sum + messagesOf(partition), 0n);

/** Null as soon as one size is not known. */
export function bytesIn(partitions: readonly PartitionDetail[]): string | null {
  let sum = 0n;
  for (const { bytes } of partitions) {
    if (bytes === null) return null;
    sum += BigInt(bytes);
  }
  return String(sum);
}

/** Why somebody should think twice before this topic is emptied or deleted. */
export function warningsOf(topic: string, loss: 'purge' | 'delete'): readonly string[] {
  if (topic !== TOPICS.avro) return [];
  return [
    loss === 'purge'
      ? t(
          'The pipeline reads this topic. Run it first: of what it has not read yet nothing stays, and its next run would fail.',
        )
      : t('The pipeline reads this topic. Its runs fail or miss messages then, until the sandbox is reset.'),
  ];
}

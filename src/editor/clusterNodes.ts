/** What a tree shows of a cluster: topics with their partitions, and the schemas of the registry. */
import * as vscode from 'vscode';
import { t } from '../core/l10n.ts';
import type { Cluster } from '../core/ports.ts';
import { messagesOf, type PartitionDetail } from '../core/topicDetails.ts';
import type { Topic } from '../core/topics.ts';
import { bytesText, count, countText } from './numbers.ts';
import { topicTarget, type TreeNode } from './tree.ts';

export interface TreePlace {
  /** Of the ids, so that those of two clusters differ. */
  readonly prefix: string;
  /** Id; undefined for the sandbox. */
  readonly connection: string | undefined;
  readonly readOnly: boolean;
  cluster(): Cluster;
}

/** What a node's target says of its cluster. */
export const marksOf = ({ connection, readOnly }: TreePlace) => ({
  ...(connection === undefined ? {} : { connection }),
  ...(readOnly ? { readOnly } : {}),
});

export async function topicsOf(of: TreePlace): Promise<readonly Topic[]> {
  return (await (await of.cluster().broker()).topics()).filter((topic) => !topic.internal);
}

export const schemasNode = (of: TreePlace): TreeNode => ({
  id: `${of.prefix}schemas`,
  label: t('Schemas'),
  icon: new vscode.ThemeIcon('symbol-namespace'),
  children: () => schemaNodes(of),
});

function partitionNode(prefix: string, topic: string, partition: PartitionDetail): TreeNode {
  const { id, low, high, leader, replicas, inSync, bytes } = partition;
  const lines = [
    t('Offsets {0} to {1}', countText(low), countText(high)),
    leader === null ? t('No broker leads it') : t('Led by broker {0}', leader),
    t('Replicas on {0}, in sync {1}', replicas.join(', '), inSync.join(', ')),
    ...(bytes === null ? [] : [t('{0} on disk', bytesText(bytes))]),
  ];
  return {
    id: `${prefix}topic/${topic}/${id}`,
    label: t('Partition {0}', id),
    description: countText(String(messagesOf(partition))),
    tooltip: lines.join('\n'),
    icon: new vscode.ThemeIcon('database'),
  };
}

export function topicNode(of: TreePlace, topic: Topic): TreeNode {
  const target = { ...topicTarget(of.connection, topic.name), ...marksOf(of) };
  return {
    id: `${of.prefix}topic/${topic.name}`,
    label: topic.name,
    description: topic.messages === 1 ? t('1 message') : t('{0} messages', count(topic.messages)),
    icon: new vscode.ThemeIcon('list-flat'),
    target,
    command: {
      command: 'ordersLakehouse.openTopic',
      title: t('Open topic'),
      arguments: [target],
    },
    children: async () => {
      const { partitions } = await (await of.cluster().topicAdmin()).describe(topic.name);
      return partitions.map((partition) => partitionNode(of.prefix, topic.name, partition));
    },
  };
}

async function schemaNodes(of: TreePlace): Promise<readonly TreeNode[]> {
  const registry = await of.cluster().registry();
  return (await registry.subjects()).toSorted().map((subject) => ({
    id: `${of.prefix}subject/${subject}`,
    label: subject,
    icon: new vscode.ThemeIcon('symbol-structure'),
    target: { kind: 'subject', name: subject, ...marksOf(of) },
    children: async () =>
      (await registry.versions(subject)).map(({ version, id, type }) => {
        const target = {
          kind: 'schema',
          name: `${subject} v${version}`,
          id,
          subject,
          version,
          ...marksOf(of),
        } as const;
        return {
          id: `${of.prefix}subject/${subject}/${version}`,
          label: t('Version {0}', version),
          description: t('{0} · id {1}', type, id),
          icon: new vscode.ThemeIcon('json'),
          target,
          command: {
            command: 'ordersLakehouse.openSchema',
            title: t('Open schema'),
            arguments: [target],
          },
        };
      }),
  }));
}

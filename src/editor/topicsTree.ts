/** Tree "Topics": topics with their partitions, the consumer groups with their lag, and the schemas of the registry. */
import * as vscode from 'vscode';
import type { ConsumerGroup } from '../core/groups.ts';
import { t } from '../core/l10n.ts';
import { messagesOf, type PartitionDetail } from '../core/topicDetails.ts';
import type { Topic } from '../core/topics.ts';
import { groupNode } from './groupNodes.ts';
import { bytesText, count, countText } from './numbers.ts';
import type { Room } from './room.ts';
import { createTree, type Tree, type TreeNode } from './tree.ts';

/** Milliseconds between two looks at the counts, while the tree is visible. */
const POLL = 5000;
const GROUPS = 'groups';

function partitionNode(topic: string, partition: PartitionDetail): TreeNode {
  const { id, low, high, leader, replicas, inSync, bytes } = partition;
  const lines = [
    t('Offsets {0} to {1}', countText(low), countText(high)),
    leader === null ? t('No broker leads it') : t('Led by broker {0}', leader),
    t('Replicas on {0}, in sync {1}', replicas.join(', '), inSync.join(', ')),
    ...(bytes === null ? [] : [t('{0} on disk', bytesText(bytes))]),
  ];
  return {
    id: `topic/${topic}/${id}`,
    label: t('Partition {0}', id),
    description: countText(String(messagesOf(partition))),
    tooltip: lines.join('\n'),
    icon: new vscode.ThemeIcon('database'),
  };
}

function topicNode(room: Room, topic: Topic): TreeNode {
  return {
    id: `topic/${topic.name}`,
    label: topic.name,
    description: topic.messages === 1 ? t('1 message') : t('{0} messages', count(topic.messages)),
    icon: new vscode.ThemeIcon('list-flat'),
    target: { kind: 'topic', name: topic.name },
    command: {
      command: 'ordersLakehouse.openTopic',
      title: t('Open topic'),
      arguments: [{ kind: 'topic', name: topic.name }],
    },
    children: async () => {
      const { partitions } = await (await room.lakehouse().topicAdmin()).describe(topic.name);
      return partitions.map((partition) => partitionNode(topic.name, partition));
    },
  };
}

async function schemaNodes(room: Room): Promise<readonly TreeNode[]> {
  const registry = await room.lakehouse().registry();
  return (await registry.subjects()).toSorted().map((subject) => ({
    id: `subject/${subject}`,
    label: subject,
    icon: new vscode.ThemeIcon('symbol-structure'),
    target: { kind: 'subject', name: subject },
    children: async () =>
      (await registry.versions(subject)).map(({ version, id, type }) => {
        const target = { kind: 'schema', name: `${subject} v${version}`, id, subject, version } as const;
        return {
          id: `subject/${subject}/${version}`,
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

function serving(room: Room): boolean {
  const state = room.sandbox.status?.state;
  return state === 'running' || state === 'degraded';
}

/** The node of the groups, and whether what it shows is still so. Asked only while it is open. */
function createGroups(room: Room) {
  let shown: string | undefined;
  const look = async (): Promise<readonly ConsumerGroup[]> => (await room.lakehouse().topicAdmin()).groups();
  const node: TreeNode = {
    id: GROUPS,
    label: t('Consumer groups'),
    icon: new vscode.ThemeIcon('organization'),
    children: async () => {
      const found = await look();
      shown = JSON.stringify(found);
      if (found.length > 0) return found.map(groupNode);
      return [{ id: `${GROUPS}/none`, label: t('Nobody reads from Kafka as a group.') }];
    },
  };
  return {
    node,
    closed: () => {
      shown = undefined;
    },
    changed: async () => shown !== undefined && JSON.stringify(await look()) !== shown,
  };
}

async function hasSchemas(room: Room): Promise<boolean> {
  try {
    return (await (await room.lakehouse().registry()).subjects()).length > 0;
  } catch {
    // A registry that does not answer is the sandbox tree's to show.
    return false;
  }
}

export function createTopicsTree(room: Room): Tree {
  let shown = '';
  const groups = createGroups(room);
  const topics = async (): Promise<readonly Topic[]> => {
    const broker = await room.lakehouse().broker();
    return (await broker.topics()).filter((topic) => !topic.internal);
  };
  const tree = createTree('ordersLakehouse.topics', room.log, async () => {
    if (!serving(room)) return [];
    const found = await topics();
    shown = JSON.stringify(found);
    void vscode.commands.executeCommand('setContext', 'ordersLakehouse.noTopics', found.length === 0);
    // Schemas outlive their topics; without any the welcome says what to do.
    if (found.length === 0 && !(await hasSchemas(room))) return [];
    return [
      ...found.map((topic) => topicNode(room, topic)),
      groups.node,
      {
        id: 'schemas',
        label: t('Schemas'),
        icon: new vscode.ThemeIcon('symbol-namespace'),
        children: () => schemaNodes(room),
      },
    ];
  });
  let polling = false;
  const poll = async (): Promise<void> => {
    if (polling || !tree.view.visible || !serving(room)) return;
    polling = true;
    try {
      await lookAgain();
    } finally {
      polling = false;
    }
  };
  const lookAgain = async (): Promise<void> => {
    // A broker that does not answer is the sandbox tree's to show.
    const now = await topics().catch(() => undefined);
    if (!now) return;
    // A new end of a topic is a new lag too.
    if (JSON.stringify(now) !== shown) tree.refresh();
    else if (await groups.changed().catch(() => false)) tree.refresh(groups.node);
  };
  const all = (): void => {
    tree.refresh();
  };
  const timer = setInterval(() => void poll(), POLL);
  const subscriptions = [
    room.sandbox.onDidChange(all),
    room.onDidChangeData(all),
    tree.view.onDidCollapseElement(({ element }) => {
      if (element.id === GROUPS) groups.closed();
    }),
  ];
  return {
    ...tree,
    dispose: () => {
      clearInterval(timer);
      for (const subscription of subscriptions) subscription.dispose();
      tree.dispose();
    },
  };
}

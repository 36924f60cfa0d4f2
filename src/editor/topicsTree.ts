/** Tree "Topics": topics with their partitions, and the schemas of the registry. */
import * as vscode from 'vscode';
import { t } from '../core/l10n.ts';
import type { Topic } from '../core/topics.ts';
import { count, countText } from './numbers.ts';
import type { Room } from './room.ts';
import { createTree, type Tree, type TreeNode } from './tree.ts';

/** Milliseconds between two looks at the counts, while the tree is visible. */
const POLL = 5000;

function topicNode(topic: Topic): TreeNode {
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
    children: () =>
      topic.partitions.map(({ id, low, high }) => ({
        id: `topic/${topic.name}/${id}`,
        label: t('Partition {0}', id),
        description: countText((BigInt(high) - BigInt(low)).toString()),
        tooltip: t('Offsets {0} to {1}', countText(low), countText(high)),
        icon: new vscode.ThemeIcon('database'),
      })),
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

export function createTopicsTree(room: Room): Tree {
  let shown = '';
  const topics = async (): Promise<readonly Topic[]> => {
    const broker = await room.lakehouse().broker();
    return (await broker.topics()).filter((topic) => !topic.internal);
  };
  const tree = createTree('ordersLakehouse.topics', room.log, async () => {
    if (!serving(room)) return [];
    const found = await topics();
    shown = JSON.stringify(found);
    void vscode.commands.executeCommand('setContext', 'ordersLakehouse.noTopics', found.length === 0);
    if (found.length === 0) return [];
    return [
      ...found.map(topicNode),
      {
        id: 'schemas',
        label: t('Schemas'),
        icon: new vscode.ThemeIcon('symbol-namespace'),
        children: () => schemaNodes(room),
      },
    ];
  });
  const poll = async (): Promise<void> => {
    if (!tree.view.visible || !serving(room)) return;
    // A broker that does not answer is the sandbox tree's to show.
    const now = await topics().catch(() => undefined);
    if (now && JSON.stringify(now) !== shown) tree.refresh();
  };
  const all = (): void => {
    tree.refresh();
  };
  const timer = setInterval(() => void poll(), POLL);
  const subscriptions = [room.sandbox.onDidChange(all), room.onDidChangeData(all)];
  return {
    ...tree,
    dispose: () => {
      clearInterval(timer);
      for (const subscription of subscriptions) subscription.dispose();
      tree.dispose();
    },
  };
}

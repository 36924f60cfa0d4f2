/** Tree "Topics": topics with their partitions, the consumer groups with their lag, and the schemas of the registry. */
import * as vscode from 'vscode';
import type { Topic } from '../core/topics.ts';
import { schemasNode, topicNode, topicsOf, type TreePlace } from './clusterNodes.ts';
import { createGroups, GROUPS } from './groupNodes.ts';
import type { Room } from './room.ts';
import { createTree, type Tree } from './tree.ts';

/** Milliseconds between two looks at the counts, while the tree is visible. */
const POLL = 5000;

function serving(room: Room): boolean {
  const state = room.sandbox.status?.state;
  return state === 'running' || state === 'degraded';
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
  const place: TreePlace = {
    prefix: '',
    connection: undefined,
    readOnly: false,
    cluster: () => room.lakehouse(),
  };
  const groups = createGroups(place);
  const topics = (): Promise<readonly Topic[]> => topicsOf(place);
  const tree = createTree('ordersLakehouse.topics', room.log, async () => {
    if (!serving(room)) return [];
    const found = await topics();
    shown = JSON.stringify(found);
    void vscode.commands.executeCommand('setContext', 'ordersLakehouse.noTopics', found.length === 0);
    // Schemas outlive their topics; without any the welcome says what to do.
    if (found.length === 0 && !(await hasSchemas(room))) return [];
    return [...found.map((topic) => topicNode(place, topic)), groups.node, schemasNode(place)];
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

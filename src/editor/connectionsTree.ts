/** Tree "Connections": other Kafkas, each with its topics, consumer groups and schemas. */
import type { ConnectionProfile } from '../core/connections.ts';
import { t } from '../core/l10n.ts';
import { schemasNode, topicNode, topicsOf, type TreePlace } from './clusterNodes.ts';
import { colourIcon } from './colourIcon.ts';
import { createGroups } from './groupNodes.ts';
import type { Room } from './room.ts';
import { createTree, type Tree, type TreeNode } from './tree.ts';

function connectionNode(
  room: Room,
  { id, name, bootstrap, readOnly, colour, registry }: ConnectionProfile,
): TreeNode {
  const place: TreePlace = {
    prefix: `${id}/`,
    connection: id,
    readOnly,
    cluster: () => room.connections.cluster(id),
  };
  const described = readOnly ? t('read-only') : '';
  return {
    id,
    label: name,
    description: described,
    tooltip: [name, ...bootstrap, ...(registry ? [registry.url] : []), described].join('\n').trim(),
    icon: colourIcon(colour, 'plug'),
    spoken: [name, described].filter((text) => text !== '').join(', '),
    target: { kind: 'connection', name, connection: id, ...(readOnly ? { readOnly } : {}) },
    children: async () => {
      const topics = await topicsOf(place);
      return [
        ...topics.map((topic) => topicNode(place, topic)),
        ...(topics.length === 0
          ? [{ id: `${id}/none`, label: t('No topics that this login may see.') }]
          : []),
        createGroups(place).node,
        ...(registry ? [schemasNode(place)] : []),
      ];
    },
  };
}

export function createConnectionsTree(room: Room): Tree {
  const tree = createTree('ordersLakehouse.connections', room.log, () =>
    room.connections.list().map((profile) => connectionNode(room, profile)),
  );
  const all = (): void => {
    tree.refresh();
  };
  const subscriptions = [room.connections.onDidChange(all), room.onDidChangeData(all)];
  return {
    ...tree,
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
      tree.dispose();
    },
  };
}

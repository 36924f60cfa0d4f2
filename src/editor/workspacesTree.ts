/** Tree "Databricks": the workspaces a person connected to. */
import type { WorkspaceProfile } from '../core/databricks/workspaces.ts';
import { t } from '../core/l10n.ts';
import { colourIcon } from './colourIcon.ts';
import type { Room } from './room.ts';
import { createTree, type Tree, type TreeNode } from './tree.ts';
import { workspaceNodes } from './workspaceNodes.ts';

function workspaceNode(room: Room, profile: WorkspaceProfile): TreeNode {
  const { id, name, host, production, colour } = profile;
  const described = production ? t('production') : '';
  const who = room.workspaces.userName(id);
  return {
    id,
    label: name,
    description: described,
    tooltip: [
      name,
      host,
      ...(production ? [t('Production: you are asked before each write.')] : []),
      ...(who === undefined ? [] : [t('Logged in as {0}', who)]),
    ].join('\n'),
    icon: colourIcon(colour, 'cloud'),
    spoken: [name, described].filter((text) => text !== '').join(', '),
    target: { kind: 'workspace', name, workspace: id },
    children: () => workspaceNodes(room, id),
  };
}

export function createWorkspacesTree(room: Room): Tree {
  const tree = createTree('ordersLakehouse.workspaces', room.log, () =>
    room.workspaces.list().map((profile) => workspaceNode(room, profile)),
  );
  const all = (): void => {
    tree.refresh();
  };
  const subscriptions = [room.workspaces.onDidChange(all), room.workspaces.onDidChangeThere(all)];
  return {
    ...tree,
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
      tree.dispose();
    },
  };
}

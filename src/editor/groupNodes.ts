/** Consumer groups in a tree: lag, state, members. */
import * as vscode from 'vscode';
import {
  assignmentText,
  isActive,
  stateText,
  totalLag,
  type ConsumerGroup,
  type GroupMember,
  type GroupPartition,
} from '../core/groups.ts';
import { t } from '../core/l10n.ts';
import { marksOf, type TreePlace } from './clusterNodes.ts';
import { countText } from './numbers.ts';
import type { TreeNode } from './tree.ts';

const lagText = (lag: string | null): string =>
  lag === null ? t('no lag known') : t('lag {0}', countText(lag));

function partitionNode(prefix: string, groupId: string, one: GroupPartition): TreeNode {
  const { topic, partition, committed, end, lag } = one;
  const places = [
    committed === null ? t('No offset committed') : t('Committed {0}', countText(committed)),
    ...(end === null ? [t('The topic is gone')] : [t('End {0}', countText(end))]),
  ];
  return {
    id: `${prefix}group/${groupId}/partition/${topic}/${partition}`,
    label: `${topic} · ${t('Partition {0}', partition)}`,
    description: lagText(lag),
    tooltip: places.join('\n'),
    icon: new vscode.ThemeIcon('database'),
  };
}

function memberNode(prefix: string, groupId: string, member: GroupMember): TreeNode {
  const { memberId, clientId, host } = member;
  const reads = assignmentText(member);
  return {
    id: `${prefix}group/${groupId}/member/${memberId}`,
    label: clientId,
    description: [host, reads].filter((text) => text !== '').join(' · '),
    tooltip: memberId,
    icon: new vscode.ThemeIcon('person'),
    spoken: t('{0} on {1} reads {2}', clientId, host, reads),
  };
}

export function groupNode(of: TreePlace, group: ConsumerGroup): TreeNode {
  const { prefix } = of;
  const { groupId, state, members, partitions } = group;
  const described = `${lagText(totalLag(partitions))} · ${stateText(state)}`;
  return {
    id: `${prefix}group/${groupId}`,
    label: groupId,
    description: described,
    icon: new vscode.ThemeIcon(isActive(group) ? 'vm-active' : 'vm-outline'),
    spoken: `${groupId}, ${described}`,
    target: { kind: 'group', name: groupId, ...marksOf(of) },
    children: () => [
      ...partitions.map((one) => partitionNode(prefix, groupId, one)),
      ...members.map((one) => memberNode(prefix, groupId, one)),
    ],
  };
}

export const GROUPS = 'groups';

/** The node of the groups, and whether what it shows is still so. Asked only while it is open. */
export function createGroups(of: TreePlace) {
  let shown: string | undefined;
  const look = async (): Promise<readonly ConsumerGroup[]> => (await of.cluster().topicAdmin()).groups();
  const node: TreeNode = {
    id: of.prefix + GROUPS,
    label: t('Consumer groups'),
    icon: new vscode.ThemeIcon('organization'),
    children: async () => {
      const found = await look();
      shown = JSON.stringify(found);
      if (found.length > 0) return found.map((group) => groupNode(of, group));
      return [{ id: `${of.prefix}${GROUPS}/none`, label: t('Nobody reads from Kafka as a group.') }];
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

/** Consumer groups in the tree "Topics": lag, state, members. */
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
import { countText } from './numbers.ts';
import type { TreeNode } from './tree.ts';

const lagText = (lag: string | null): string =>
  lag === null ? t('no lag known') : t('lag {0}', countText(lag));

function partitionNode(groupId: string, one: GroupPartition): TreeNode {
  const { topic, partition, committed, end, lag } = one;
  const places = [
    committed === null ? t('No offset committed') : t('Committed {0}', countText(committed)),
    ...(end === null ? [t('The topic is gone')] : [t('End {0}', countText(end))]),
  ];
  return {
    id: `group/${groupId}/partition/${topic}/${partition}`,
    label: `${topic} · ${t('Partition {0}', partition)}`,
    description: lagText(lag),
    tooltip: places.join('\n'),
    icon: new vscode.ThemeIcon('database'),
  };
}

function memberNode(groupId: string, member: GroupMember): TreeNode {
  const { memberId, clientId, host } = member;
  const reads = assignmentText(member);
  return {
    id: `group/${groupId}/member/${memberId}`,
    label: clientId,
    description: [host, reads].filter((text) => text !== '').join(' · '),
    tooltip: memberId,
    icon: new vscode.ThemeIcon('person'),
    spoken: t('{0} on {1} reads {2}', clientId, host, reads),
  };
}

export function groupNode(group: ConsumerGroup): TreeNode {
  const { groupId, state, members, partitions } = group;
  const described = `${lagText(totalLag(partitions))} · ${stateText(state)}`;
  return {
    id: `group/${groupId}`,
    label: groupId,
    description: described,
    icon: new vscode.ThemeIcon(isActive(group) ? 'vm-active' : 'vm-outline'),
    spoken: `${groupId}, ${described}`,
    target: { kind: 'group', name: groupId },
    children: () => [
      ...partitions.map((one) => partitionNode(groupId, one)),
      ...members.map((one) => memberNode(groupId, one)),
    ],
  };
}

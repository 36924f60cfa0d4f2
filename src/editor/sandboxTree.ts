/** Tree "Sandbox": the parts, their state, memory, processor, errors and addresses. */
import * as vscode from 'vscode';
import { t } from '../core/l10n.ts';
import type { PartName, PartState, PartStatus } from '../core/sandbox.ts';
import type { ErrorCounts, PartErrors } from './errorCounts.ts';
import { count, mebibytes, percent } from './numbers.ts';
import type { Room } from './room.ts';
import { createTree, type Tree, type TreeNode } from './tree.ts';

export const PART_TITLES: Readonly<Record<PartName, string>> = {
  kafka: 'Kafka',
  registry: 'Schema Registry',
  spark: 'Spark',
};

/** State → icon, colour. */
const ICONS: Readonly<Record<PartState, readonly [icon: string, color?: string]>> = {
  stopped: ['circle-outline'],
  starting: ['loading~spin'],
  running: ['pass-filled', 'testing.iconPassed'],
  unresponsive: ['warning', 'list.warningForeground'],
  restarting: ['loading~spin', 'list.warningForeground'],
  stopping: ['loading~spin'],
  failed: ['error', 'testing.iconFailed'],
};

export function stateText(state: PartState | 'degraded'): string {
  switch (state) {
    case 'stopped':
      return t('stopped');
    case 'starting':
      return t('starting');
    case 'running':
      return t('running');
    case 'unresponsive':
      return t('unresponsive');
    case 'restarting':
      return t('restarting');
    case 'stopping':
      return t('stopping');
    case 'failed':
      return t('failed');
    case 'degraded':
      return t('needs attention');
  }
}

function errorText(errors: number): string {
  return errors === 1 ? t('1 error') : t('{0} errors', count(errors));
}

function partNode(part: PartStatus, errors: PartErrors | undefined): TreeNode {
  const title = PART_TITLES[part.name];
  const [icon, color] = ICONS[part.state];
  const memory = part.memoryBytes === undefined ? undefined : mebibytes(part.memoryBytes);
  const cpu = part.cpuPercent === undefined ? undefined : percent(part.cpuPercent);
  const told = errors && errorText(errors.count);
  const lines = [
    `${title}: ${stateText(part.state)}`,
    ...(part.message === undefined ? [] : [part.message]),
    ...(part.since === undefined
      ? []
      : [t('since {0}', new Date(part.since).toLocaleString(vscode.env.language))]),
    ...(memory === undefined ? [] : [t('memory {0}', memory)]),
    ...(cpu === undefined ? [] : [t('processor {0} of one core', cpu)]),
    ...(errors && told
      ? [t('{0} since it started, the newest: {1}', told, errors.newest.slice(0, 300))]
      : []),
    ...(part.pid === undefined ? [] : [t('process {0}', String(part.pid))]),
    ...(part.restarts > 0 ? [t('restarts {0}', part.restarts)] : []),
  ];
  const measured = part.state === 'running' ? [memory, cpu] : [stateText(part.state)];
  const description = [...measured, told, part.message].filter((text) => text !== undefined).join(' · ');
  return {
    id: `part/${part.name}`,
    label: title,
    description,
    tooltip: lines.join('\n'),
    icon: new vscode.ThemeIcon(icon, color === undefined ? undefined : new vscode.ThemeColor(color)),
    spoken: lines.join(', '),
    target: { kind: 'part', name: part.name },
    ...(errors
      ? {
          command: {
            command: 'ordersLakehouse.showLogs',
            title: t('Show the errors of {0}', title),
            arguments: [part.name, 'errors'],
          },
        }
      : {}),
    children: () =>
      Object.entries(part.ports).map(([name, port]) => ({
        id: `part/${part.name}/${name}`,
        label: `127.0.0.1:${port}`,
        description: name,
        icon: new vscode.ThemeIcon('plug'),
        target: { kind: 'address', name: `127.0.0.1:${port}` },
      })),
  };
}

export function createSandboxTree(room: Room, errors: ErrorCounts): Tree {
  const tree = createTree('ordersLakehouse.sandbox', room.log, async () => {
    const status = room.sandbox.status ?? (await room.sandbox.refresh());
    if (!status || status.state === 'stopped') return [];
    return status.parts.map((part) => partNode(part, errors.of(part.name)));
  });
  const show = (): void => {
    const status = room.sandbox.status;
    tree.view.description =
      status && status.state !== 'stopped' ? `${status.runtime} · ${stateText(status.state)}` : '';
  };
  // Memory changes at every look: repaint then only while somebody watches.
  const measured = room.sandbox.onDidMeasure((status) => {
    if (tree.view.visible && status.state !== 'stopped') tree.refresh();
  });
  const changed = room.sandbox.onDidChange(() => {
    show();
    tree.refresh();
  });
  const counted = errors.onDidChange(() => {
    tree.refresh();
  });
  return {
    ...tree,
    dispose: () => {
      counted.dispose();
      measured.dispose();
      changed.dispose();
      tree.dispose();
    },
  };
}

/** Status bar: how the sandbox is and what runs; a click offers what can be done now. */
import * as vscode from 'vscode';
import { t } from '../core/l10n.ts';
import type { SandboxState } from '../core/sandbox.ts';
import type { Disposable } from './disposable.ts';
import { mebibytes } from './numbers.ts';
import type { Room } from './room.ts';
import { PART_TITLES, stateText } from './sandboxTree.ts';

const ICONS: Readonly<Record<SandboxState, string>> = {
  stopped: 'circle-outline',
  starting: 'loading~spin',
  running: 'pass-filled',
  degraded: 'warning',
  stopping: 'loading~spin',
};

export function createStatusBar(room: Room): Disposable {
  const item = vscode.window.createStatusBarItem(
    'ordersLakehouse.status',
    vscode.StatusBarAlignment.Left,
    20,
  );
  item.name = 'Orders Lakehouse';
  item.command = 'ordersLakehouse.actions';
  const paint = (): void => {
    const status = room.sandbox.status;
    const { activity } = room.runState;
    if (!status) return;
    const state = stateText(status.state);
    item.text =
      activity === undefined
        ? `$(${ICONS[status.state]}) ${t('Orders: {0}', state)}`
        : `$(sync~spin) ${t('Orders: {0}', activity)}`;
    item.accessibilityInformation = { label: t('Orders Lakehouse, sandbox {0}', activity ?? state) };
    item.tooltip = [
      t('Orders Lakehouse, sandbox {0}', state),
      ...status.parts.map(
        (part) =>
          `${PART_TITLES[part.name]}: ${stateText(part.state)}` +
          (part.memoryBytes === undefined ? '' : ` · ${mebibytes(part.memoryBytes)}`),
      ),
      status.home,
    ].join('\n');
    item.backgroundColor =
      status.state === 'degraded' ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    item.show();
  };
  const subscriptions = [room.sandbox.onDidMeasure(paint), room.runState.onDidChange(paint)];
  return {
    dispose: () => {
      for (const subscription of subscriptions) subscription.dispose();
      item.dispose();
    },
  };
}

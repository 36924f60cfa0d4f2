/** The host of the page that shows the last run: its equation and its rules. */
import { t } from '../core/l10n.ts';
import type { RunCalls } from '../wire/run.ts';
import { hostCalls } from './pageCalls.ts';
import type { Panels } from './panel.ts';
import type { Room } from './room.ts';

export function showRun(room: Room, panels: Panels): void {
  panels.show<RunCalls>('run', () => ({
    page: 'runPage',
    title: t('Last run'),
    handlers: {
      ...hostCalls(['ordersLakehouse.start', 'ordersLakehouse.run', 'ordersLakehouse.openTable']),
      lastRun: () => room.runState.last ?? null,
    },
  }));
}

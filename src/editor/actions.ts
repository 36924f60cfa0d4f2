/** What a click on the status bar offers: the commands that make sense now. */
import * as vscode from 'vscode';
import { t } from '../core/l10n.ts';
import type { SandboxState } from '../core/sandbox.ts';
import type { CommandId } from './commandIds.ts';
import type { Room } from './room.ts';

interface Action {
  readonly id: CommandId;
  readonly label: string;
}

function actionsFor(state: SandboxState): readonly Action[] {
  const start = { id: 'start', label: `$(play) ${t('Start sandbox')}` } as const;
  const stop = { id: 'stop', label: `$(debug-stop) ${t('Stop sandbox')}` } as const;
  const logs = { id: 'showLogs', label: `$(output) ${t('Show logs')}` } as const;
  const doctor = { id: 'doctor', label: `$(pulse) ${t('Doctor: look what is wrong')}` } as const;
  const settings = { id: 'openSettings', label: `$(gear) ${t('Open settings')}` } as const;
  switch (state) {
    case 'stopped':
      return [start, doctor, logs, settings];
    case 'starting':
    case 'stopping':
      return [stop, doctor, logs, settings];
    case 'degraded':
      return [doctor, logs, start, stop, settings];
    case 'running':
      return [
        { id: 'produce', label: `$(send) ${t('Produce orders')}` },
        { id: 'producePage', label: `$(dashboard) ${t('Produce with live dials')}` },
        { id: 'importCsv', label: `$(cloud-upload) ${t('Import a CSV file')}` },
        { id: 'run', label: `$(run-all) ${t('Run the pipeline')}` },
        { id: 'openTopic', label: `$(list-flat) ${t('Open a topic')}` },
        { id: 'openTable', label: `$(table) ${t('Open a table')}` },
        { id: 'showRun', label: `$(checklist) ${t('Show the last run and its quality')}` },
        doctor,
        logs,
        stop,
        settings,
      ];
  }
}

export async function showActions(room: Room): Promise<void> {
  const state = (await room.sandbox.refresh())?.state ?? 'stopped';
  const items = actionsFor(state).map(({ id, label }) => ({ label, id }));
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: 'Orders Lakehouse' });
  if (chosen) await vscode.commands.executeCommand(`ordersLakehouse.${chosen.id}`);
}

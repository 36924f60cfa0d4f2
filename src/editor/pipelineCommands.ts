/** Running the pipeline, and telling what came out. */
import * as vscode from 'vscode';
import { UserError } from '../core/errors.ts';
import { eventText } from '../core/eventText.ts';
import { t } from '../core/l10n.ts';
import { equationFailed, type RunResult } from '../core/pipeline.ts';
import { count } from './numbers.ts';
import { withProgress } from './progress.ts';
import { chooseProject } from './projects.ts';
import type { Room } from './room.ts';
import { mustBeTrusted } from './sandboxCommands.ts';

/** The table a newcomer wants to see first. */
const FIRST_TABLE = 'gold.sales_daily';

/** The equation in words, with numbers as the person writes them. */
export function equationText({ totals }: RunResult): string {
  return t(
    'bronze {0} = silver {1} + quarantine {2} + duplicates {3}',
    count(totals.bronze),
    count(totals.silver),
    count(totals.quarantine),
    count(totals.duplicates),
  );
}

async function perform(
  room: Room,
  fullRefresh: boolean,
  project?: vscode.WorkspaceFolder,
): Promise<RunResult> {
  const { runState } = room;
  if (runState.activity !== undefined) {
    throw new UserError('run-in-progress', t('The pipeline is running already.'));
  }
  runState.say(t('pipeline starts'));
  let result: RunResult | undefined;
  try {
    const lakehouse = room.lakehouse();
    const endpoints = await lakehouse.endpoints();
    result = await withProgress(t('Running the pipeline'), room.log, (onEvent, signal) =>
      lakehouse.pipeline.run(
        endpoints,
        { fullRefresh, ...(project ? { project: project.uri.fsPath } : {}) },
        (event) => {
          onEvent(event);
          const text = event.type === 'dataset' || event.type === 'phase' ? eventText(event) : undefined;
          if (text !== undefined) runState.say(text);
        },
        signal,
      ),
    );
    return result;
  } finally {
    runState.end(result && { finishedAt: new Date().toISOString(), fullRefresh, result });
    room.dataChanged();
  }
}

export async function run(room: Room, fullRefresh: boolean): Promise<void> {
  mustBeTrusted();
  const project = await chooseProject(room);
  const result = await perform(room, fullRefresh, project);
  if (!result.equationHolds) throw equationFailed(result);
  const open = t('Open {0}', FIRST_TABLE);
  const quality = t('Show quality');
  const end = result.upToDate
    ? t('Nothing new since the last run: {0}', equationText(result))
    : t('The run is complete: {0}', equationText(result));
  const message = project ? t('Project {0}. {1}', project.name, end) : end;
  // Not awaited: the command is over when the run is, not when the message was read.
  void vscode.window.showInformationMessage(message, open, quality).then((chosen) => {
    if (chosen === open) return vscode.commands.executeCommand('ordersLakehouse.openTable', FIRST_TABLE);
    if (chosen === quality) return vscode.commands.executeCommand('ordersLakehouse.showRun');
    return undefined;
  });
}

/** Shows a run of a workspace: for now, in the browser. */
import * as vscode from 'vscode';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { Panels } from './panel.ts';
import type { Room } from './room.ts';

export function showCloudRun(room: Room, _panels: Panels, workspaceId: string, runId: string): void {
  void (async () => {
    const client = await room.workspaces.open(workspaceId, () => undefined, new AbortController().signal);
    const run = await client.runs.get(runId);
    if (!run) throw new UserError('unknown-run', t('This run is not there any more.'));
    await vscode.env.openExternal(vscode.Uri.parse(run.url, true));
  })();
}

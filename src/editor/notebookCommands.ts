/** Deploying and running the notebook in front, or the one that is named. */
import * as vscode from 'vscode';
import { notebookRun } from '../core/databricks/notebookRun.ts';
import { notebookOf } from '../core/databricks/notebooks.ts';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { chooseTarget } from './chooseNotebookTarget.ts';
import { showCloudRun } from './cloudRunPanel.ts';
import type { Disposable } from './disposable.ts';
import { mayWrite } from './mayWrite.ts';
import { deployTo, tellDeployed } from './notebookDeploy.ts';
import { createNotebookDiff } from './notebookDiff.ts';
import { followSourceNotebooks, notebookUri, savedText } from './notebookFile.ts';
import { provideNotebookLenses } from './notebookLenses.ts';
import { chooseRun } from './notebookRunChoice.ts';
import type { Panels } from './panel.ts';
import { withProgress } from './progress.ts';
import type { Room } from './room.ts';
import { mustBeTrusted } from './sandboxCommands.ts';

/** `how` is `remembered` where the caller showed where it goes. */
export interface NotebookCommands extends Disposable {
  /** `how` may be several files. */
  deploy(argument: unknown, how: unknown): Promise<void>;
  /** Deploys it first where it differs. */
  run(argument: unknown, how: unknown): Promise<void>;
  /** Opens the page of the last run. */
  showRun(argument: unknown): void;
}

export function createNotebookCommands(room: Room, panels: Panels): NotebookCommands {
  const diff = createNotebookDiff();
  const parts = [diff, followSourceNotebooks(), provideNotebookLenses(room)];
  /** Tokens of runs of which it is not known whether they started, by what was asked. */
  const unsure = new Map<string, string>();

  /** Files that go there just now. */
  const going = new Set<string>();
  /** A second click does nothing twice. */
  const once = async (files: readonly vscode.Uri[], work: () => Promise<void>): Promise<void> => {
    const again = files.find((file) => going.has(file.toString()));
    if (again) {
      throw new UserError('busy', t('{0} is being deployed already.', again.path.split('/').at(-1) ?? ''));
    }
    for (const file of files) going.add(file.toString());
    try {
      await work();
    } finally {
      for (const file of files) going.delete(file.toString());
    }
  };
  const deployAll = async (files: readonly vscode.Uri[], how: unknown): Promise<void> => {
    // Before any question: what is no notebook is told at once.
    for (const file of files) notebookOf(file.fsPath, await savedText(file));
    for (const file of files) {
      const target = await chooseTarget(room, file, {
        verb: (where) => t('Deploy to {0}', where),
        ask: how !== 'remembered',
      });
      tellDeployed(room, file, target, await deployTo(room, diff, file, target));
    }
  };
  const run = async (file: vscode.Uri, how: unknown): Promise<void> => {
    notebookOf(file.fsPath, await savedText(file));
    const target = await chooseTarget(room, file, {
      verb: (where) => t('Deploy to {0} and run', where),
      ask: how !== 'remembered',
    });
    const { plan } = await deployTo(room, diff, file, target);
    const { workspace } = target;
    const { cluster, parameters } = await chooseRun(room, file, target, plan.notebook);
    await room.notebooks.update(file, { cluster, parameters });
    await mayWrite(room, workspace, {
      question: t('Run {0} in {1}?', plan.path, room.workspaces.get(workspace).name),
      yes: t('Run'),
      detail: [t('It may write wherever this login may.')],
    });
    const request = notebookRun({
      path: plan.path,
      parameters,
      ...(cluster ? { clusterId: cluster.id } : {}),
    });
    const asked = JSON.stringify([file.toString(), workspace, request]);
    const token = unsure.get(asked) ?? crypto.randomUUID();
    unsure.set(asked, token);
    const title = t('Starting the run in {0}', room.workspaces.get(workspace).name);
    const id = await withProgress(title, room.log, async (onEvent, signal) =>
      (await room.workspaces.open(workspace, onEvent, signal)).runs.submit(request, token),
    );
    unsure.delete(asked);
    await room.notebooks.update(file, { run: { workspace, id } });
    room.notebookMarks.clear(file);
    showCloudRun(room, panels, workspace, id, file);
  };

  return {
    deploy: async (argument, how) => {
      mustBeTrusted();
      // The explorer gives all that are chosen there.
      const chosen = Array.isArray(how) ? how.filter((one) => one instanceof vscode.Uri) : [];
      const files = chosen.length > 1 ? chosen : [notebookUri(argument)];
      await once(files, () => deployAll(files, how));
    },
    run: async (argument, how) => {
      mustBeTrusted();
      const file = notebookUri(argument);
      await once([file], () => run(file, how));
    },
    showRun: (argument) => {
      const file = notebookUri(argument);
      const { run } = room.notebooks.of(file);
      if (!run) throw new UserError('no-run', t('This notebook has not run from here yet.'));
      showCloudRun(room, panels, run.workspace, run.id, file);
    },
    dispose: () => {
      for (const part of parts) part.dispose();
    },
  };
}

/** The host of the page that follows a run of a workspace; it asks while the page is open, and no longer. */
import * as vscode from 'vscode';
import { placeText, plainText, type ErrorPlace } from '../core/databricks/errorPlace.ts';
import {
  isOver,
  pollDelayMs,
  stateText,
  succeeded,
  taskOutcome,
  wasCancelled,
  type TaskOutcome,
} from '../core/databricks/notebookRun.ts';
import type { Notebook } from '../core/databricks/notebooks.ts';
import type { Run, RunState, TaskRun, Workspace } from '../core/databricks/ports.ts';
import { throwIfCancelled, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { systemClock } from '../core/pacer.ts';
import type { CloudRun, CloudRunCalls, CloudTask, RunKind, TaskResult } from '../wire/cloudRun.ts';
import type { Handlers } from '../wire/rpc.ts';
import { mayWrite } from './mayWrite.ts';
import { fileOfRun } from './notebookMemory.ts';
import { readNotebook, revealPlace } from './notebookFile.ts';
import { hostCalls } from './pageCalls.ts';
import type { Panels } from './panel.ts';
import type { Room } from './room.ts';
import { logEvents } from './sandboxCommands.ts';

/** Characters of one text that a page is given. */
const MOST = 200_000;

const kindOf = (state: RunState): RunKind => {
  if (!isOver(state)) return ['RUNNING', 'TERMINATING'].includes(state.life) ? 'running' : 'waiting';
  if (wasCancelled(state) || state.life === 'SKIPPED') return 'cancelled';
  return succeeded(state) ? 'succeeded' : 'failed';
};

function resultOf(outcome: TaskOutcome, file: vscode.Uri | undefined): TaskResult {
  const { result, logs, error, trace, place, truncated = false } = outcome;
  const texts = Object.entries({ result, logs, error, trace }).flatMap(([name, text]) =>
    text === undefined ? [] : [[name, plainText(text)] as const],
  );
  const name = file?.path.split('/').at(-1) ?? '';
  return {
    ...Object.fromEntries(texts.map(([key, text]) => [key, text.slice(0, MOST)])),
    truncated: truncated || texts.some(([, text]) => text.length > MOST),
    ...(place && file
      ? { place: { text: placeText(name, place, file.path.endsWith('.ipynb')), known: place.known } }
      : {}),
  };
}

/** `always`: outside of production too. Throws Cancelled. */
export const mayCancelRun = (
  room: Pick<Room, 'workspaces'>,
  workspaceId: string,
  name: string,
  always: boolean,
): Promise<void> =>
  mayWrite(room, workspaceId, {
    question: t('Cancel the run {0} on {1}?', name, room.workspaces.get(workspaceId).name),
    yes: t('Cancel the run'),
    detail: [t('What it has done so far stays.')],
    always,
  });

type Following = Pick<Room, 'workspaces' | 'notebookMarks' | 'context' | 'log'>;

/** `file`: the local notebook that ran; without it the one that is remembered, if any. */
export function showCloudRun(
  room: Following,
  panels: Pick<Panels, 'show' | 'rename'>,
  workspaceId: string,
  runId: string,
  file: vscode.Uri | undefined = fileOfRun(room.context, workspaceId, runId),
): void {
  const profile = room.workspaces.get(workspaceId);
  const key = `cloudRun/${runId}/${workspaceId}`;
  panels.show<CloudRunCalls>(key, (signal) => {
    const named = (name: string): void => {
      panels.rename(key, `${name} · ${profile.name}`);
    };
    const follower = createFollower(room, workspaceId, runId, file, named, signal);
    return {
      page: 'cloudRunPage',
      title: t('Run · {0}', profile.name),
      handlers: {
        ...hostCalls([]),
        ...follower,
      },
    };
  });
}

function createFollower(
  room: Following,
  workspaceId: string,
  runId: string,
  file: vscode.Uri | undefined,
  named: (name: string) => void,
  signal: AbortSignal,
): Pick<Handlers<CloudRunCalls>, 'look' | 'cancel' | 'openInBrowser' | 'reveal' | 'runAgain'> {
  let workspace: Promise<Workspace> | undefined;
  /** One that could not be opened is opened anew. */
  const opened = (): Promise<Workspace> => {
    workspace ??= room.workspaces.open(workspaceId, logEvents(room), signal).catch((error: unknown) => {
      workspace = undefined;
      throw error;
    });
    return workspace;
  };
  const outcomes = new Map<string, TaskOutcome>();
  let polls = 0;
  let wake: () => void = () => undefined;
  let run: Run | undefined;
  let notebook: Promise<Notebook | undefined> | undefined;
  /** As it is now: a line is told only where the text is still what ran. */
  const local = (): Promise<Notebook | undefined> =>
    (notebook ??= file ? readNotebook(file).catch(() => undefined) : Promise.resolve(undefined));

  const outcomeOf = async (task: TaskRun): Promise<TaskOutcome | undefined> => {
    if (!isOver(task.state)) return undefined;
    const known = outcomes.get(task.id);
    if (known) return known;
    const { runs } = await opened();
    // Of a job with more tasks it is not known which one the file is.
    const own = task.notebook && run?.tasks.length === 1 ? await local() : undefined;
    const outcome = await taskOutcome(runs, task, own);
    outcomes.set(task.id, outcome);
    if (file && outcome.place?.known) room.notebookMarks.set(file, outcome.place, errorOf(outcome));
    return outcome;
  };
  const errorOf = ({ error, trace }: TaskOutcome): string =>
    plainText(error ?? trace ?? '').split('\n', 1)[0] ?? '';
  const taskOf = async (task: TaskRun): Promise<CloudTask> => {
    const { id, key, state, startedMs, endedMs } = task;
    const outcome = await outcomeOf(task);
    return {
      id,
      key,
      kind: kindOf(state),
      state: stateText(state),
      startedMs,
      endedMs,
      ...(task.notebook ? { notebook: task.notebook.path } : {}),
      parameters: Object.entries(task.notebook?.parameters ?? {}),
      result: outcome ? resultOf(outcome, file) : null,
    };
  };
  const wait = async (asked: AbortSignal): Promise<void> => {
    const sleeper = new AbortController();
    wake = () => {
      sleeper.abort();
    };
    const either = AbortSignal.any([sleeper.signal, asked, signal]);
    await systemClock.sleep(pollDelayMs(polls), either);
    throwIfCancelled(asked);
    polls += 1;
  };
  return {
    look: async ({ first }, asked): Promise<CloudRun> => {
      if (first) polls = 0;
      else await wait(asked);
      const found = await (await opened()).runs.get(runId);
      if (!found) {
        throw new UserError('no-run', t('The workspace knows no run {0}.', runId), {
          hint: t('It keeps runs for 60 days.'),
        });
      }
      if (!run && found.name !== '') named(found.name);
      run = found;
      const { name, colour, production } = room.workspaces.get(workspaceId);
      const tasks: CloudTask[] = [];
      for (const task of found.tasks) tasks.push(await taskOf(task));
      const { state, startedMs, endedMs } = found;
      return {
        workspace: { name: production ? `${name} · ${t('production')}` : name, colour, readOnly: false },
        id: runId,
        name: found.name === '' ? t('Run {0}', runId) : found.name,
        kind: kindOf(state),
        state: stateText(state),
        message: state.message,
        over: isOver(state),
        canOpen: found.url !== '',
        canRunAgain: file !== undefined,
        startedMs,
        endedMs,
        parameters: Object.entries(found.parameters),
        tasks,
        nowMs: Date.now(),
      };
    },
    cancel: async () => {
      await mayCancelRun(room, workspaceId, run?.name ?? runId, false);
      await (await opened()).runs.cancel(runId);
      polls = 0;
      wake();
      return null;
    },
    openInBrowser: async () => {
      if (run && run.url !== '') await vscode.env.openExternal(vscode.Uri.parse(run.url, true));
      return null;
    },
    reveal: async (taskId) => {
      const place: ErrorPlace | undefined = outcomes.get(taskId)?.place;
      if (file && place?.known) await revealPlace(file, place);
      return null;
    },
    runAgain: async () => {
      if (file) await vscode.commands.executeCommand('ordersLakehouse.runNotebook', file);
      return null;
    },
  };
}

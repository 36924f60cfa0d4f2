/** A notebook of a workspace, run once: what is asked, how it is followed, what came of it. */
import { isUserError, throwIfCancelled } from '../errors.ts';
import { t } from '../l10n.ts';
import { systemClock, type Clock } from '../pacer.ts';
import { cellsOf } from './cells.ts';
import { errorPlace, failedSource, type ErrorPlace } from './errorPlace.ts';
import type { Notebook, NotebookLanguage } from './notebooks.ts';
import { createPatience } from './passing.ts';
import type { JsonObject, Run, RunOutput, Runs, RunState, TaskRun } from './ports.ts';

export interface NotebookRunRequest {
  /** Of the workspace. */
  readonly path: string;
  /** Of an all-purpose cluster; without it the run is serverless. */
  readonly clusterId?: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The body of `runs/submit`. A notebook's task that names no compute is serverless. */
export function notebookRun({ path, clusterId, parameters }: NotebookRunRequest): JsonObject {
  return {
    run_name: path.split('/').at(-1) ?? path,
    tasks: [
      {
        task_key: 'notebook',
        notebook_task: { notebook_path: path, source: 'WORKSPACE', base_parameters: parameters },
        ...(clusterId === undefined ? {} : { existing_cluster_id: clusterId }),
      },
    ],
  };
}

/** Serverless compute runs Python and SQL, and nothing else. */
export const needsCluster = (language: NotebookLanguage): boolean => language === 'SCALA' || language === 'R';

/** `SKIPPED` and `INTERNAL_ERROR` are of runs that have no `status` yet. */
const OVER = ['TERMINATED', 'SKIPPED', 'INTERNAL_ERROR'];
export const isOver = ({ life }: RunState): boolean => OVER.includes(life);
export const wasCancelled = ({ code }: RunState): boolean => code === 'USER_CANCELED' || code === 'CANCELED';
export const succeeded = (state: RunState): boolean =>
  state.life === 'TERMINATED' &&
  !wasCancelled(state) &&
  (state.type === 'SUCCESS' || state.code === 'SUCCESS');

/** Of a run or a task, in words. */
export function stateText(state: RunState): string {
  const { life, code } = state;
  if (life === 'SKIPPED') return t('skipped');
  if (!isOver(state)) {
    const known: Readonly<Record<string, string>> = {
      QUEUED: t('queued'),
      PENDING: t('waiting for compute'),
      RUNNING: t('running'),
      TERMINATING: t('ending'),
      BLOCKED: t('waiting for other tasks'),
      WAITING: t('waiting'),
      WAITING_FOR_RETRY: t('waiting'),
    };
    return known[life] ?? life.toLowerCase();
  }
  if (succeeded(state)) return t('succeeded');
  if (wasCancelled(state)) return t('cancelled');
  return code === '' || code === 'RUN_EXECUTION_ERROR' || code === 'FAILED'
    ? t('failed')
    : t('failed: {0}', code);
}

/** Milliseconds before a run is asked for again: soon at first, then ever less often. */
export const pollDelayMs = (polls: number): number => Math.min(10_000, Math.round(1000 * 1.3 ** polls));

/** Tells the run at each change until it is over, and returns it; waits for a workspace that does not answer for a while. Throws Cancelled. */
export async function followRun(
  runs: Pick<Runs, 'get'>,
  id: string,
  onRun: (run: Run) => void,
  signal: AbortSignal,
  clock: Pick<Clock, 'sleep'> = systemClock,
): Promise<Run | undefined> {
  const patience = createPatience();
  let told = '';
  for (let polls = 0; ; polls += 1) {
    let run: Run | undefined;
    try {
      run = await runs.get(id);
      patience.good();
    } catch (error) {
      if (!patience.bears(error)) throw error;
      await clock.sleep(pollDelayMs(polls), signal);
      throwIfCancelled(signal);
      continue;
    }
    if (!run) return undefined;
    const now = JSON.stringify([run.state, run.tasks.map(({ state }) => state)]);
    if (now !== told) onRun(run);
    told = now;
    if (isOver(run.state)) return run;
    await clock.sleep(pollDelayMs(polls), signal);
    throwIfCancelled(signal);
  }
}

export interface TaskOutcome extends RunOutput {
  /** Where in the local notebook it broke, when one is given. */
  readonly place?: ErrorPlace;
}

/** What a task that is over gave. A kind of task that has no output has an empty one. */
export async function taskOutcome(
  runs: Pick<Runs, 'output' | 'views'>,
  task: Pick<TaskRun, 'id' | 'state'>,
  notebook?: Notebook,
): Promise<TaskOutcome> {
  let output: RunOutput;
  try {
    output = await runs.output(task.id);
  } catch (error) {
    if (isUserError(error) && ['workspace-refused', 'nothing-there'].includes(error.code)) return {};
    throw error;
  }
  const place = notebook ? await placeOf(runs, task.id, output, notebook) : undefined;
  return { ...output, ...(place ? { place } : {}) };
}

async function placeOf(
  runs: Pick<Runs, 'views'>,
  id: string,
  { error, trace }: RunOutput,
  notebook: Notebook,
): Promise<ErrorPlace | undefined> {
  const text = [trace, error].filter((one) => one !== undefined).join('\n');
  if (text === '') return undefined;
  const cells = cellsOf(notebook);
  const place = errorPlace(cells, text);
  if (!place || place.known) return place;
  let failed: string | undefined;
  try {
    const [view] = await runs.views(id);
    failed = view && failedSource(view.content);
  } catch (thrown) {
    // What is not kept any more, or is too large, is not worth the rest.
    if (!isUserError(thrown)) throw thrown;
  }
  return failed === undefined ? place : errorPlace(cells, text, failed);
}

/** deploy notebook --run: starts what was deployed, follows it, tells what it gave. */
import { placeText, plainText } from '../core/databricks/errorPlace.ts';
import {
  followRun,
  needsCluster,
  notebookRun,
  stateText,
  succeeded,
  taskOutcome,
  wasCancelled,
} from '../core/databricks/notebookRun.ts';
import type { Notebook } from '../core/databricks/notebooks.ts';
import type { Run, Workspace } from '../core/databricks/ports.ts';
import { isCancelled, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { nameAndValue } from './options.ts';
import type { Context } from './verb.ts';

export interface RunFlags {
  readonly run?: boolean;
  readonly cluster?: string;
  readonly param?: readonly (readonly [name: string, value: string])[];
}

/** Of `--param`. */
export const parameter = (text: string): readonly [name: string, value: string] =>
  nameAndValue(text, t('A parameter is name=value.'));

/** Throws UserError `wrong-use`. */
export function mustFit({ run = false, cluster, param, plan = false }: RunFlags & { plan?: boolean }): void {
  if (!run && (cluster !== undefined || param !== undefined)) {
    throw new UserError('wrong-use', t('--cluster and --param go with --run.'));
  }
  if (run && plan) throw new UserError('wrong-use', t('Only one of --plan and --run.'));
}

/** Before anything is written. Throws UserError `no-cluster`. */
export function mustBeRunnable({ language }: Notebook, { run = false, cluster }: RunFlags): void {
  if (!run || cluster !== undefined || !needsCluster(language)) return;
  throw new UserError('no-cluster', t('Serverless compute runs Python and SQL only.'), {
    hint: t('Name an all-purpose compute: --cluster ID.'),
  });
}

/** What `--json` prints of a run. */
export interface RunDocument {
  readonly id: string;
  readonly url: string;
  /** In words. */
  readonly state: string;
  readonly succeeded: boolean;
  /** As the workspace has it: `SUCCESS`, `RUN_EXECUTION_ERROR`, …. */
  readonly code: string;
  readonly result?: string;
  readonly error?: string;
  readonly trace?: string;
  /** The line of the file, where it is known, from 1; in a Jupyter notebook of the cell. */
  readonly line?: number;
  readonly cell?: number;
  readonly place?: string;
}

/** Follows it to its end. A person who stops waiting does not stop it. Throws Cancelled. */
export async function runDeployed(
  { output, signal }: Pick<Context, 'output' | 'signal'>,
  { runs, host }: Pick<Workspace, 'runs' | 'host'>,
  { file, path, notebook }: { readonly file: string; readonly path: string; readonly notebook: Notebook },
  { cluster, param = [] }: RunFlags,
): Promise<RunDocument> {
  const say = (message: string): void => {
    output.onEvent({ type: 'message', level: 'info', message });
  };
  const request = notebookRun({
    path,
    parameters: Object.fromEntries(param),
    ...(cluster === undefined ? {} : { clusterId: cluster }),
  });
  const id = await runs.submit(request, crypto.randomUUID());
  let url = host;
  let run: Run | undefined;
  try {
    run = await followRun(
      runs,
      id,
      ({ state, url: at }) => {
        if (url === host && at !== '') {
          url = at;
          say(t('The run: {0}', url));
        }
        say(stateText(state));
      },
      signal,
    );
  } catch (error) {
    if (isCancelled(error)) say(t('The run {0} goes on in the workspace: {1}', id, url));
    throw error;
  }
  if (!run) throw new UserError('no-run', t('The workspace knows no run {0}.', id));
  const { state } = run;
  const [task] = run.tasks;
  const { place, result, error, trace } = task ? await taskOutcome(runs, task, notebook) : {};
  const message = state.message === '' ? undefined : state.message;
  const told = error ?? (succeeded(state) ? undefined : message);
  return {
    id,
    url,
    state: stateText(state),
    succeeded: succeeded(state),
    code: state.code,
    ...(result === undefined ? {} : { result }),
    ...(told === undefined ? {} : { error: plainText(told) }),
    ...(trace === undefined ? {} : { trace: plainText(trace) }),
    ...(place?.known ? { line: place.line + 1, cell: place.cell } : {}),
    ...(place ? { place: placeText(file, place, notebook.format === 'JUPYTER') } : {}),
  };
}

export const runText = ({ state, result, trace, url }: RunDocument): string =>
  [
    t('The run: {0}', state),
    ...(result === undefined ? [] : [result]),
    ...(trace === undefined ? [] : [trace]),
    url,
  ].join('\n');

/** Throws UserError `run-failed`, `run-cancelled`. */
export function mustHaveSucceeded({
  succeeded: good,
  error = '',
  place,
  url,
  state,
  code,
}: RunDocument): void {
  if (good) return;
  if (wasCancelled({ life: '', type: '', message: '', code })) {
    throw new UserError('run-cancelled', t('The run was cancelled in the workspace.'), { hint: url });
  }
  const where = place === undefined ? '' : ` (${place})`;
  throw new UserError('run-failed', t('The run ended: {0}', `${error || state}${where}`), { hint: url });
}

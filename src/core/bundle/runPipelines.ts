/** Starts updates of deployed pipelines and follows them: states, tables, and what the rules counted. */
import { followUpdate } from '../databricks/followUpdate.ts';
import type { PipelineEvent, PipelineUpdate, Workspace } from '../databricks/ports.ts';
import { foldUpdate } from '../databricks/updateReport.ts';
import { isUserError, UserError } from '../errors.ts';
import type { Event } from '../events.ts';
import { t } from '../l10n.ts';
import { systemClock } from '../pacer.ts';
import type { ApplyResult } from './applyLakehouse.ts';
import type { CloudRunError, CloudRunResult } from './cloudRun.ts';
import { apiPath } from './files.ts';
import type { PreparedDeploy } from './planLakehouse.ts';
import type { DeployParts, RunCloudOptions } from './ports.ts';

const ENDED = ['COMPLETED', 'FAILED', 'CANCELED'];

/** One after the other. A failed update is a result, not an error; at a cancel the state is `LEFT` or `CANCELED`. */
export async function runPipelines(
  parts: DeployParts,
  prepared: PreparedDeploy,
  applied: ApplyResult,
  options: RunCloudOptions,
): Promise<readonly CloudRunResult[]> {
  const results: CloudRunResult[] = [];
  for (const [key, id] of Object.entries(applied.pipelines)) {
    if (options.pipelines && !options.pipelines.includes(key)) continue;
    const result = await runPipeline(parts, prepared, { key, id }, options);
    results.push(result);
    if (result.state === 'LEFT' || parts.signal.aborted) break;
  }
  return results;
}

interface Pipeline {
  readonly key: string;
  readonly id: string;
}

async function runPipeline(
  parts: DeployParts,
  { bundle }: PreparedDeploy,
  pipeline: Pipeline,
  options: RunCloudOptions,
): Promise<CloudRunResult> {
  const { workspace, signal, onEvent, closing, clock = systemClock } = parts;
  const { updateId, isOurs } = await start(parts, pipeline, options.fullRefresh);
  const url = `${workspace.host}/pipelines/${pipeline.id}/updates/${updateId}`;
  const tally = createTally(updateId, bundle.filePath);
  const plain = { pipeline: pipeline.key, pipelineId: pipeline.id, updateId, url };
  let state = '';
  try {
    const news = followUpdate(workspace.pipelines, pipeline.id, updateId, signal, { clock, isNew: true });
    for await (const { update, events } of news) {
      if (update.state !== state) {
        state = update.state;
        onEvent({ type: 'update', pipeline: pipeline.key, updateId, state, url });
      }
      for (const event of events) for (const told of tally.add(event)) onEvent(told);
    }
  } catch (error) {
    if (!signal.aborted) {
      const message = t('The update may still run there: {0}', url);
      onEvent({ type: 'message', level: 'warning', message });
      throw error;
    }
  }
  if (signal.aborted && !ENDED.includes(state)) {
    // Who cancels may decide it only then; what another started is not ours to stop.
    if (options.atCancel === 'leave' || !isOurs) return { ...plain, state: 'LEFT', ...tally.result() };
    await closing().pipelines.stop(pipeline.id);
    return { ...plain, state: 'CANCELED', ...tally.result() };
  }
  return { ...plain, state: state as CloudRunResult['state'], ...tally.result() };
}

/** Refusals behind which an update may run: of another, or ours whose answer was lost. */
const MAY_RUN = ['already-there', 'workspace-refused', 'unsure', 'workspace-fails'];
const LOST = ['unsure', 'workspace-fails'];

/** An update that runs already is followed in the place of another. */
async function start(
  { workspace, onEvent }: DeployParts,
  { key, id }: Pipeline,
  fullRefresh: boolean,
): Promise<{ readonly updateId: string; readonly isOurs: boolean }> {
  try {
    return { updateId: await workspace.pipelines.start(id, { fullRefresh }), isOurs: true };
  } catch (error) {
    if (!isUserError(error) || !MAY_RUN.includes(error.code)) throw error;
    const running = await runningUpdate(workspace, id);
    if (running === undefined) throw error;
    if (fullRefresh && !running.fullRefresh) {
      throw new UserError('update-runs', t('The pipeline {0} is being updated already.', key), {
        hint: t('Run it again when that has ended: a full refresh must be an update of its own.'),
        cause: error,
      });
    }
    const message = t('The pipeline {0} is being updated already: this update is followed.', key);
    onEvent({ type: 'message', level: 'info', message });
    return { updateId: running.id, isOurs: LOST.includes(error.code) };
  }
}

async function runningUpdate(workspace: Workspace, id: string): Promise<PipelineUpdate | undefined> {
  for await (const page of workspace.pipelines.updates(id)) {
    return page.find(({ state }) => !ENDED.includes(state));
  }
  return undefined;
}

/** `orders_dev.silver.orders` → `silver.orders`, as a local run names its tables. */
const shortTable = (name: string): string => name.replace(/^`?[^.]+`?\.(?=[^.]+\.[^.]+$)/, '');

const FLOW_STATES: Readonly<Record<string, 'queued' | 'running' | 'completed' | 'failed'>> = {
  QUEUED: 'queued',
  STARTING: 'running',
  RUNNING: 'running',
  COMPLETED: 'completed',
  FAILED: 'failed',
};

/** What the events of an update tell, in the names of a local run; each of them counts once, however often it is read. */
export function createTally(updateId: string, filePath: string) {
  const seen = new Set<string>();
  const folding = foldUpdate();
  const states = new Map<string, string>();
  const errors: CloudRunError[] = [];
  /** Rows by table: several flows may write into one. */
  const written = (): ReadonlyMap<string, number> => {
    const rows = new Map<string, number>();
    for (const flow of folding.report().flows) {
      const table = shortTable(flow.dataset);
      if (flow.rows !== undefined) rows.set(table, (rows.get(table) ?? 0) + flow.rows);
    }
    return rows;
  };
  return {
    /** What is to be told of it. */
    add(event: PipelineEvent): readonly Event[] {
      if (event.updateId !== updateId || seen.has(event.id)) return [];
      seen.add(event.id);
      folding.add([event]);
      const told: Event[] = [];
      if (event.level === 'ERROR') {
        const error = errorOf(event, filePath);
        errors.push(error);
        told.push({ type: 'message', level: 'error', message: errorText(error) });
      } else if (event.level === 'WARN')
        told.push({ type: 'message', level: 'warning', message: event.message });
      if (event.type !== 'flow_progress') return told;
      const dataset = shortTable(event.dataset || event.flow);
      const state = FLOW_STATES[folding.flow(event.flow || event.dataset)?.state ?? ''];
      if (state && dataset !== '' && states.get(dataset) !== state) {
        states.set(dataset, state);
        const rows = written().get(dataset);
        told.push({ type: 'dataset', dataset, state, ...(rows === undefined ? {} : { rows }) });
      }
      return told;
    },
    result(): Pick<CloudRunResult, 'tables' | 'rules' | 'errors'> {
      return {
        tables: [...written()].map(([name, rows]) => ({ name, rows })),
        rules: folding.report().rules.map((rule) => ({ ...rule, dataset: shortTable(rule.dataset) })),
        errors: withoutRepeats(errors),
      };
    },
  };
}

/** A failed flow is tried again, and fails the same way. */
const withoutRepeats = (errors: readonly CloudRunError[]): readonly CloudRunError[] => [
  ...new Map(errors.map((error) => [errorText(error), error] as const)).values(),
];

/** Where Python or Java say a failure came by: `File "/x.py", line 3`, `(/x.py:3)`. */
const PLACES = /(?:File "|\()?(\/[^\s":()]+)"?(?:, line |:)(\d+)/g;

/** The innermost exception, and the last line on its way that is of the bundle’s files. */
function errorOf(event: PipelineEvent, filePath: string): CloudRunError {
  const texts = [event.message, ...event.exceptions.map(({ message }) => message)];
  const below = `${apiPath(filePath)}/`;
  const places = [...texts.join('\n').matchAll(PLACES)].flatMap(([, path = '', line = '']) =>
    apiPath(path).startsWith(below) ? [{ file: apiPath(path).slice(below.length), line: Number(line) }] : [],
  );
  const words = event.exceptions.at(-1)?.message.trim() || event.message.trim();
  const dataset = shortTable(event.dataset || event.flow);
  return {
    message: (words.split('\n')[0] ?? '').slice(0, 500),
    ...(dataset === '' ? {} : { dataset }),
    ...places.at(-1),
  };
}

export const errorText = ({ message, dataset, file, line }: CloudRunError): string => {
  const where = [dataset, file === undefined ? undefined : `${file}:${line ?? 1}`].filter(
    (one) => one !== undefined,
  );
  return where.length === 0 ? message : `${where.join(', ')}: ${message}`;
};

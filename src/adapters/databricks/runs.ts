/** Runs of jobs, and of notebooks without one: https://docs.databricks.com/api/azure/workspace/jobs, version 2.2. */
import { unreadable } from '../../core/databricks/answers.ts';
import { isObject, objectOf, objectsOf, textOf } from '../../core/databricks/json.ts';
import type { JsonObject, Run, Runs, RunState, TaskRun } from '../../core/databricks/ports.ts';
import { t } from '../../core/l10n.ts';
import { idText, idValue, numberOf, reading, type Api } from './api.ts';

const at = (verb: string): string => `/api/2.2/jobs/runs/${verb}`;

/** `status` has taken the place of `state`, which older runs have alone. */
function stateOf(run: JsonObject): RunState {
  const { status } = run;
  if (isObject(status)) {
    const ended = objectOf(status['termination_details']);
    return {
      life: textOf(status['state']),
      code: textOf(ended['code']),
      type: textOf(ended['type']),
      message: [
        ended['message'],
        objectOf(status['queue_details'])['message'],
        objectOf(run['state'])['state_message'],
      ]
        .map(textOf)
        .reduce((first, other) => first || other),
    };
  }
  const state = objectOf(run['state']);
  const result = textOf(state['result_state']);
  return {
    life: textOf(state['life_cycle_state']),
    code: result,
    type: result === '' || result === 'SUCCESS' ? result : 'CLIENT_ERROR',
    message: textOf(state['state_message']),
  };
}

const texts = (values: JsonObject): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, textOf(value)]));

const taskOf = (task: JsonObject): TaskRun => {
  const pipelineId = textOf(objectOf(task['pipeline_task'])['pipeline_id']);
  const notebook = objectOf(task['notebook_task']);
  const path = textOf(notebook['notebook_path']);
  return {
    id: idText(task['run_id']),
    key: textOf(task['task_key']),
    state: stateOf(task),
    url: textOf(task['run_page_url']),
    startedMs: numberOf(task['start_time']),
    endedMs: numberOf(task['end_time']),
    ...(path === '' ? {} : { notebook: { path, parameters: texts(objectOf(notebook['base_parameters'])) } }),
    ...(pipelineId === '' ? {} : { pipelineId }),
  };
};

const runOf = (run: JsonObject): Omit<Run, 'tasks'> => ({
  id: idText(run['run_id']),
  jobId: idText(run['job_id']),
  name: textOf(run['run_name']),
  state: stateOf(run),
  startedMs: numberOf(run['start_time']),
  endedMs: numberOf(run['end_time']),
  url: textOf(run['run_page_url']),
  parameters: Object.fromEntries(
    objectsOf(run['job_parameters']).map(({ name, value, default: otherwise }) => [
      textOf(name),
      textOf(value) || textOf(otherwise),
    ]),
  ),
});

export function createRuns(api: Api): Runs {
  const named = (id: string): string => t('run {0}', id);
  return {
    submit: async (request, token) => {
      const what = textOf(request['run_name']);
      const body = { ...request, idempotency_token: token };
      const answer = await api.ask({ method: 'POST', path: at('submit'), body, what, again: true });
      const id = idText(answer['run_id']);
      if (id === '') throw unreadable(api.host, what);
      return id;
    },
    get: async (id) => {
      let found: Omit<Run, 'tasks'> | undefined;
      const tasks: TaskRun[] = [];
      let pageToken: string | undefined;
      do {
        const page = await api.find(reading(at('get'), named(id), { run_id: id, page_token: pageToken }));
        if (!page) return undefined;
        found ??= runOf(page);
        tasks.push(...objectsOf(page['tasks']).map(taskOf));
        pageToken = textOf(page['next_page_token']) || undefined;
      } while (pageToken !== undefined);
      return { ...found, tasks };
    },
    output: async (id) => {
      const answer = await api.ask(reading(at('get-output'), named(id), { run_id: id }));
      const notebook = objectOf(answer['notebook_output']);
      const given = {
        result: textOf(notebook['result']),
        logs: textOf(answer['logs']),
        error: textOf(answer['error']),
        trace: textOf(answer['error_trace']),
      };
      return {
        ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')),
        ...(notebook['truncated'] === true || answer['logs_truncated'] === true ? { truncated: true } : {}),
      };
    },
    list: async function* (jobId) {
      // The reference: less than 25.
      const query = { job_id: jobId, limit: 24 };
      for await (const page of api.pages(reading(at('list'), t('runs'), query), 'runs'))
        yield page.map(runOf);
    },
    cancel: async (id) => {
      const body = { run_id: idValue(id) };
      await api.ask({ method: 'POST', path: at('cancel'), body, what: named(id), again: true });
    },
    views: async (id) => {
      const query = { run_id: id, views_to_export: 'CODE' };
      const answer = await api.ask(reading(at('export'), named(id), query));
      return objectsOf(answer['views']).map((view) => ({
        name: textOf(view['name']),
        content: textOf(view['content']),
      }));
    },
  };
}

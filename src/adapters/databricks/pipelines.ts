/** https://docs.databricks.com/api/azure/workspace/pipelines */
import { unreadable } from '../../core/databricks/answers.ts';
import { objectOf, objectsOf, textOf } from '../../core/databricks/json.ts';
import type {
  JsonObject,
  PipelineEvent,
  Pipelines,
  PipelineSummary,
  PipelineUpdate,
} from '../../core/databricks/ports.ts';
import { t } from '../../core/l10n.ts';
import { numberOf, reading, runAsOf, type Api, type Call } from './api.ts';

const at = (rest = ''): string => `/api/2.0/pipelines${rest}`;

const summaryOf = (pipeline: JsonObject): PipelineSummary => ({
  id: textOf(pipeline['pipeline_id']),
  name: textOf(pipeline['name']),
  state: textOf(pipeline['state']),
  creator: textOf(pipeline['creator_user_name']),
});

const updateOf = (update: JsonObject): PipelineUpdate => ({
  id: textOf(update['update_id']),
  state: textOf(update['state']),
  createdMs: numberOf(update['creation_time']) || Date.parse(textOf(update['creation_time'])) || 0,
  fullRefresh: update['full_refresh'] === true,
});

const eventOf = (event: JsonObject): PipelineEvent => ({
  id: textOf(event['id']),
  timestamp: textOf(event['timestamp']),
  level: textOf(event['level']),
  type: textOf(event['event_type']),
  message: textOf(event['message']),
  updateId: textOf(objectOf(event['origin'])['update_id']),
  dataset: textOf(objectOf(event['origin'])['dataset_name']),
  flow: textOf(objectOf(event['origin'])['flow_name']),
  details: objectOf(event['details']),
  exceptions: objectsOf(objectOf(event['error'])['exceptions']).map((one) => ({
    className: textOf(one['class_name']),
    message: textOf(one['message']),
  })),
});

/** In a filter: a literal of SQL. */
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The next page is asked by its token alone: beside it only `max_results` is taken. */
async function* pages(api: Api, call: Call, key: string): AsyncGenerator<readonly JsonObject[]> {
  let query = call.query;
  for (;;) {
    const page = await api.ask({ ...call, ...(query ? { query } : {}) });
    yield objectsOf(page[key]);
    const token = textOf(page['next_page_token']);
    if (token === '') return;
    query = { max_results: call.query?.['max_results'], page_token: token };
  }
}

const specOf = (pipeline: JsonObject): JsonObject => ({
  ...objectOf(pipeline['spec']),
  ...runAsOf(pipeline),
});

export function createPipelines(api: Api): Pipelines {
  const named = (id: string): string => t('pipeline {0}', id);
  const idOf = (answer: JsonObject, name: string, what: string): string => {
    const id = textOf(answer[name]);
    if (id === '') throw unreadable(api.host, what);
    return id;
  };
  return {
    list: async function* (name) {
      // `LIKE` has wildcards: what it finds is looked at again.
      const query = {
        filter: name === undefined ? undefined : `name LIKE ${literal(name)}`,
        max_results: 100,
      };
      for await (const page of pages(api, reading(at(), t('pipelines'), query), 'statuses')) {
        yield page.map(summaryOf).filter((one) => name === undefined || one.name === name);
      }
    },
    get: async (id) => {
      const answer = await api.find(reading(at(`/${id}`), named(id)));
      return answer && { ...summaryOf(answer), spec: specOf(answer) };
    },
    create: async (spec) => {
      const what = textOf(spec['name']);
      const answer = await api.ask({ method: 'POST', path: at(), body: spec, what, again: false });
      return idOf(answer, 'pipeline_id', what);
    },
    edit: async (id, spec) => {
      await api.ask({
        method: 'PUT',
        path: at(`/${id}`),
        body: { ...spec, id },
        what: named(id),
        again: true,
      });
    },
    remove: async (id) => {
      await api.find({ method: 'DELETE', path: at(`/${id}`), what: named(id), again: true });
    },
    start: async (id, { fullRefresh }) => {
      const body = { full_refresh: fullRefresh };
      const call = {
        method: 'POST',
        path: at(`/${id}/updates`),
        body,
        what: named(id),
        again: false,
      } as const;
      return idOf(await api.ask(call), 'update_id', named(id));
    },
    stop: async (id) => {
      await api.ask({ method: 'POST', path: at(`/${id}/stop`), body: {}, what: named(id), again: true });
    },
    updates: async function* (id) {
      const call = reading(at(`/${id}/updates`), named(id), { max_results: 25 });
      for await (const page of api.pages(call, 'updates')) yield page.map(updateOf);
    },
    update: async (id, updateId) => {
      const answer = await api.find(reading(at(`/${id}/updates/${updateId}`), named(id)));
      return answer && updateOf(objectOf(answer['update']));
    },
    events: async function* (id, since) {
      const query = {
        max_results: 250,
        order_by: 'timestamp asc',
        filter: since === undefined ? undefined : `timestamp >= ${literal(since)}`,
      };
      const call = reading(at(`/${id}/events`), named(id), query);
      for await (const page of pages(api, call, 'events')) yield page.map(eventOf);
    },
  };
}

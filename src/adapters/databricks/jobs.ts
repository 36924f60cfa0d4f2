/** https://docs.databricks.com/api/azure/workspace/jobs, version 2.2: tasks beyond the first hundred come in pages. */
import { unreadable } from '../../core/databricks/answers.ts';
import { objectOf, objectsOf, textOf } from '../../core/databricks/json.ts';
import type { JobSummary, Jobs, JsonObject } from '../../core/databricks/ports.ts';
import { t } from '../../core/l10n.ts';
import { idText, idValue, reading, runAsOf, type Api } from './api.ts';

const at = (verb: string): string => `/api/2.2/jobs/${verb}`;

const jobOf = (job: JsonObject): JobSummary => {
  const settings = { ...objectOf(job['settings']), ...runAsOf(job) };
  return {
    id: idText(job['job_id']),
    name: textOf(settings['name']),
    creator: textOf(job['creator_user_name']),
    settings,
  };
};

export function createJobs(api: Api): Jobs {
  const named = (id: string): string => t('job {0}', id);
  const idOf = (answer: JsonObject, name: string, what: string): string => {
    const id = idText(answer[name]);
    if (id === '') throw unreadable(api.host, what);
    return id;
  };
  return {
    list: async function* (name) {
      for await (const page of api.pages(reading(at('list'), t('jobs'), { name, limit: 100 }), 'jobs')) {
        yield page.map(jobOf);
      }
    },
    get: async (id) => {
      let found: JobSummary | undefined;
      const tasks: JsonObject[] = [];
      let pageToken: string | undefined;
      do {
        const query = { job_id: id, page_token: pageToken };
        const page = await api.find(reading(at('get'), named(id), query));
        if (!page) return undefined;
        found ??= jobOf(page);
        tasks.push(...objectsOf(objectOf(page['settings'])['tasks']));
        pageToken = textOf(page['next_page_token']) || undefined;
      } while (pageToken !== undefined);
      return { ...found, settings: { ...found.settings, tasks } };
    },
    create: async (settings) => {
      const what = textOf(settings['name']);
      const call = { method: 'POST', path: at('create'), body: settings, what, again: false } as const;
      return idOf(await api.ask(call), 'job_id', what);
    },
    reset: async (id, settings) => {
      const body = { job_id: idValue(id), new_settings: settings };
      await api.ask({ method: 'POST', path: at('reset'), body, what: named(id), again: true });
    },
    remove: async (id) => {
      const body = { job_id: idValue(id) };
      await api.find({ method: 'POST', path: at('delete'), body, what: named(id), again: true });
    },
    runNow: async (id, token, parameters) => {
      const body = {
        job_id: idValue(id),
        idempotency_token: token,
        ...(parameters ? { job_parameters: parameters } : {}),
      };
      const answer = await api.ask({
        method: 'POST',
        path: at('run-now'),
        body,
        what: named(id),
        again: true,
      });
      return idOf(answer, 'run_id', named(id));
    },
  };
}

/** Jobs of the fake workspace, version 2.2: with what a server adds by itself. */
import { json, page, refused, type Answer, type Routes } from './routes.ts';

type Fields = Readonly<Record<string, unknown>>;
export interface FakeJob {
  readonly creator: string;
  readonly settings: Fields;
}

/** More than 32 bits. */
const FIRST_ID = 900_000_000_000_001;
const TASKS_A_PAGE = 100;

const withDefaults = (settings: Fields): Fields => ({
  email_notifications: {},
  webhook_notifications: {},
  timeout_seconds: 0,
  max_concurrent_runs: 1,
  format: 'MULTI_TASK',
  ...settings,
  ...(Array.isArray(settings['tasks'])
    ? {
        tasks: (settings['tasks'] as readonly Fields[]).map((task) => ({
          run_if: 'ALL_SUCCESS',
          timeout_seconds: 0,
          email_notifications: {},
          webhook_notifications: {},
          ...task,
        })),
      }
    : {}),
});

const missing = (id: string): Answer => refused(400, 'INVALID_PARAMETER_VALUE', `Job ${id} does not exist.`);

export function jobRoutes(jobs: Map<string, FakeJob>, userName: string): Routes {
  let last = FIRST_ID;
  const at = (verb: string): string => `/api/2.2/jobs/${verb}`;
  return {
    [`GET ${at('list')}`]: (request) => {
      const { name } = request.query;
      const all = [...request.seen(jobs)]
        .filter(([, { settings }]) => name === undefined || settings['name'] === name)
        .map(([id, { creator, settings }]) => {
          const { tasks: _, ...short } = settings;
          return { job_id: Number(id), creator_user_name: creator, settings: short };
        });
      if (Number(request.query['limit'] ?? 20) > 100) return refused(400, 'INVALID_PARAMETER_VALUE', 'limit');
      return page(all, 'jobs', request, 2);
    },
    [`GET ${at('get')}`]: (request) => {
      const id = request.query['job_id'] ?? '';
      const job = request.seen(jobs).get(id);
      if (!job) return missing(id);
      const from = Number(request.query['page_token'] ?? 0);
      // Only written; told beside the settings.
      const { run_as: runAs, ...settings } = job.settings;
      const names = Object.values((runAs ?? { user_name: userName }) as Readonly<Record<string, string>>);
      const tasks = (job.settings['tasks'] ?? []) as readonly Fields[];
      const next = from + TASKS_A_PAGE;
      return json(200, {
        job_id: Number(id),
        creator_user_name: job.creator,
        created_time: 1,
        run_as_user_name: names[0],
        settings: { ...settings, tasks: tasks.slice(from, next) },
        ...(next < tasks.length ? { next_page_token: String(next) } : {}),
      });
    },
    [`POST ${at('create')}`]: ({ body }) => {
      const id = String(last++);
      jobs.set(id, { creator: userName, settings: withDefaults(body) });
      return json(200, { job_id: Number(id) });
    },
    [`POST ${at('reset')}`]: ({ body }) => {
      const id = String(body['job_id']);
      const job = jobs.get(id);
      if (!job) return missing(id);
      jobs.set(id, { ...job, settings: withDefaults(body['new_settings'] as Fields) });
      return json(200, {});
    },
    [`POST ${at('delete')}`]: ({ body }) => {
      const id = String(body['job_id']);
      if (!jobs.delete(id)) return missing(id);
      return json(200, {});
    },
  };
}

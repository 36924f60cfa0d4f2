/**
 * Pipelines of the fake workspace, and updates that go one state further at each look at them. Their events are those of
 * the public event-log schema; a page holds few of them, and its token goes with `max_results` only.
 */
import { json, refused, type Answer, type Routed, type Routes } from './routes.ts';

type Fields = Readonly<Record<string, unknown>>;
export interface FakePipeline {
  readonly creator: string;
  readonly spec: Fields;
  /** Of the specification, but not told with it. */
  readonly runAs: string;
}
/** Each state of an update, and the events that come with it; the last one stays. */
export type UpdateScript = readonly { readonly state: string; readonly events?: readonly Fields[] }[];
export interface FakeUpdate {
  readonly pipelineId: string;
  readonly fullRefresh: boolean;
  readonly script: UpdateScript;
  /** Of the script. */
  readonly step: number;
}

const EVENTS_A_PAGE = 2;
const ENDED = ['COMPLETED', 'FAILED', 'CANCELED'];
export const PLAIN_UPDATE: UpdateScript = [{ state: 'QUEUED' }, { state: 'RUNNING' }, { state: 'COMPLETED' }];

/** One that writes the lines which passed a rule of silver.orders, and tells how many failed it. */
export const countedUpdate = (passed: number, failed: number): UpdateScript => [
  { state: 'RUNNING' },
  {
    state: 'COMPLETED',
    events: [
      {
        event_type: 'flow_progress',
        message: 'Flow silver.orders has COMPLETED.',
        origin: { dataset_name: 'orders_dev.silver.orders' },
        details: {
          flow_progress: {
            status: 'COMPLETED',
            metrics: { num_output_rows: passed },
            data_quality: {
              expectations: [
                {
                  name: 'positive_price',
                  dataset: 'silver.orders',
                  passed_records: passed,
                  failed_records: failed,
                },
              ],
            },
          },
        },
      },
    ],
  },
];

const missing = (id: string): Answer =>
  refused(404, 'RESOURCE_DOES_NOT_EXIST', `The specified pipeline ${id} was not found.`);
const uuid = (number: number): string => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;

export interface PipelineGroup {
  readonly pipelines: Map<string, FakePipeline>;
  readonly updates: Map<string, FakeUpdate>;
  /** The script of the next update. */
  script: UpdateScript;
}

const withDefaults = (spec: Fields, id: string): Fields => {
  const { run_as: _, allow_duplicate_names: __, ...told } = spec;
  return {
    channel: 'CURRENT',
    edition: 'ADVANCED',
    continuous: false,
    development: false,
    photon: true,
    data_sampling: false,
    pipeline_type: 'WORKSPACE',
    ...told,
    id,
  };
};
const runAsOf = (spec: Fields, userName: string): string => {
  const runAs = spec['run_as'] as { user_name?: string; service_principal_name?: string } | undefined;
  return runAs?.user_name ?? runAs?.service_principal_name ?? userName;
};

export function pipelineRoutes(group: PipelineGroup, userName: string): Routes {
  const { pipelines, updates } = group;
  let last = 0;
  const at = (rest = ''): string => `/api/2.0/pipelines${rest}`;
  const byToken = ({ query }: Routed, fields: readonly string[]): Answer | undefined =>
    query['page_token'] !== undefined && fields.some((field) => query[field] !== undefined)
      ? refused(400, 'INVALID_PARAMETER_VALUE', 'page_token goes with max_results only')
      : undefined;
  const stateOf = ({ script, step }: FakeUpdate): string =>
    script[Math.min(step, script.length - 1)]?.state ?? '';
  const active = (pipelineId: string): readonly [string, FakeUpdate] | undefined =>
    [...updates].find(([, one]) => one.pipelineId === pipelineId && !ENDED.includes(stateOf(one)));

  const eventsOf = (pipelineId: string): readonly Fields[] =>
    [...updates]
      .filter(([, one]) => one.pipelineId === pipelineId)
      .flatMap(([updateId, { script, step }]) =>
        script.slice(0, step + 1).flatMap(({ events = [] }, ofStep) =>
          events.map((event, index) => ({
            id: `${updateId}-${ofStep}-${index}`,
            // Those of one step come at one moment.
            timestamp: `2026-01-31T12:00:${String(ofStep).padStart(2, '0')}.000Z`,
            level: 'INFO',
            ...event,
            origin: {
              pipeline_id: pipelineId,
              update_id: updateId,
              ...(event['origin'] as Fields | undefined),
            },
          })),
        ),
      );
  const updateJson = (id: string, one: FakeUpdate): Fields => ({
    update_id: id,
    pipeline_id: one.pipelineId,
    state: stateOf(one),
    creation_time: 1_769_860_800_000,
    full_refresh: one.fullRefresh,
  });

  return {
    [`GET ${at()}`]: (request) => {
      const wrong = byToken(request, ['filter', 'order_by']);
      if (wrong) return wrong;
      if (Number(request.query['max_results'] ?? 25) > 100) {
        return refused(400, 'INVALID_PARAMETER_VALUE', 'max_results');
      }
      const [filter, start] = request.query['page_token']?.split('@') ?? [request.query['filter'] ?? '', '0'];
      const like = /^name LIKE '(.*)'$/.exec(filter ?? '')?.[1]?.replaceAll("''", "'");
      const pattern =
        like === undefined
          ? /^/
          : new RegExp(
              `^${like
                .replace(/[.*+?^$()|[\]\\{}]/g, '\\$&')
                .replaceAll('%', '.*')
                .replaceAll('_', '.')}$`,
            );
      const all = [...request.seen(pipelines)]
        .filter(([, { spec }]) => pattern.test(String(spec['name'])))
        .map(([id, { creator, spec }]) => ({
          pipeline_id: id,
          name: spec['name'],
          state: 'IDLE',
          creator_user_name: creator,
        }));
      const from = Number(start);
      return json(200, {
        statuses: all.slice(from, from + 1),
        ...(from + 1 < all.length ? { next_page_token: `${filter ?? ''}@${from + 1}` } : {}),
      });
    },
    [`POST ${at()}`]: ({ body }) => {
      if (
        [...pipelines.values()].some(({ spec }) => spec['name'] === body['name']) &&
        !body['allow_duplicate_names']
      ) {
        return refused(
          409,
          'RESOURCE_CONFLICT',
          `The pipeline name '${String(body['name'])}' is already used.`,
        );
      }
      const id = uuid(++last);
      pipelines.set(id, { creator: userName, spec: withDefaults(body, id), runAs: runAsOf(body, userName) });
      return json(200, { pipeline_id: id });
    },
    [`GET ${at('/{id}')}`]: ({ params, seen }) => {
      const id = params['id'] ?? '';
      const found = seen(pipelines).get(id);
      if (!found) return missing(id);
      return json(200, {
        pipeline_id: id,
        name: found.spec['name'],
        state: 'IDLE',
        creator_user_name: found.creator,
        run_as_user_name: found.runAs,
        spec: found.spec,
        last_modified: 1,
      });
    },
    [`PUT ${at('/{id}')}`]: ({ params, body }) => {
      const id = params['id'] ?? '';
      const found = pipelines.get(id);
      if (!found) return missing(id);
      pipelines.set(id, { ...found, spec: withDefaults(body, id), runAs: runAsOf(body, found.runAs) });
      return json(200, {});
    },
    [`DELETE ${at('/{id}')}`]: ({ params }) => {
      const id = params['id'] ?? '';
      return pipelines.delete(id) ? json(200, {}) : missing(id);
    },
    [`POST ${at('/{id}/updates')}`]: ({ params, body }) => {
      const id = params['id'] ?? '';
      if (!pipelines.has(id)) return missing(id);
      const running = active(id);
      if (running) {
        return refused(409, 'CONFLICT', `An active update ${running[0]} already exists for pipeline ${id}.`);
      }
      const updateId = uuid(++last);
      updates.set(updateId, {
        pipelineId: id,
        fullRefresh: body['full_refresh'] === true,
        script: group.script,
        step: 0,
      });
      return json(200, { update_id: updateId });
    },
    [`POST ${at('/{id}/stop')}`]: ({ params }) => {
      const running = active(params['id'] ?? '');
      if (running) {
        const [id, update] = running;
        const script = [...update.script.slice(0, update.step + 1), { state: 'CANCELED' }];
        updates.set(id, { ...update, script, step: script.length - 1 });
      }
      return json(200, {});
    },
    [`GET ${at('/{id}/updates')}`]: ({ params, query }) => {
      const all = [...updates].filter(([, one]) => one.pipelineId === params['id']).reverse();
      const from = Number(query['page_token'] ?? 0);
      const next = from + Number(query['max_results'] ?? 25);
      return json(200, {
        updates: all.slice(from, next).map(([id, one]) => updateJson(id, one)),
        ...(next < all.length ? { next_page_token: String(next) } : {}),
      });
    },
    [`GET ${at('/{id}/updates/{update}')}`]: ({ params }) => {
      const id = params['update'] ?? '';
      const found = updates.get(id);
      if (found?.pipelineId !== params['id'] || !found) {
        return refused(404, 'RESOURCE_DOES_NOT_EXIST', `The update ${id} does not exist.`);
      }
      const answer = json(200, { update: updateJson(id, found) });
      updates.set(id, { ...found, step: Math.min(found.step + 1, found.script.length - 1) });
      return answer;
    },
    [`GET ${at('/{id}/events')}`]: (request) => {
      const wrong = byToken(request, ['filter', 'order_by']);
      if (wrong) return wrong;
      if (Number(request.query['max_results'] ?? 25) > 1000) {
        return refused(400, 'INVALID_PARAMETER_VALUE', 'max_results');
      }
      const { filter = '', order_by: order = '', page_token: token } = request.query;
      const [given, direction, start] = token?.split('@') ?? [filter, order, '0'];
      const [, operator, moment = ''] = /^timestamp (>=|>) '(.*)'$/.exec(given ?? '') ?? [];
      if (given !== '' && operator === undefined) return refused(400, 'INVALID_PARAMETER_VALUE', given ?? '');
      const all = eventsOf(request.params['id'] ?? '').filter(
        ({ timestamp }) =>
          operator === undefined ||
          (operator === '>' ? String(timestamp) > moment : String(timestamp) >= moment),
      );
      const ordered = direction === 'timestamp asc' ? all : [...all].reverse();
      const from = Number(start);
      const next = from + EVENTS_A_PAGE;
      return json(200, {
        events: ordered.slice(from, next),
        ...(next < ordered.length ? { next_page_token: `${given ?? ''}@${direction ?? ''}@${next}` } : {}),
      });
    },
  };
}

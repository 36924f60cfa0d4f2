/** Runs and compute of the fake workspace: each look at a run takes it one state further. */
import { json, page, refused, type Answer, type Routes } from './routes.ts';

/** How a run of a notebook goes, from the first look at it. */
export interface RunScript {
  /** `status.state` of each look; the last one stays. */
  readonly states: readonly string[];
  /** `termination_details` once it is over. */
  readonly code?: string;
  readonly type?: string;
  readonly message?: string;
  /** Of `runs/get-output`. */
  readonly output?: Readonly<Record<string, unknown>>;
  /** Of `runs/export`: the page's model. */
  readonly commands?: readonly Readonly<Record<string, unknown>>[];
}

interface Submitted {
  readonly id: number;
  readonly token: string;
  readonly request: Readonly<Record<string, unknown>>;
  readonly script: RunScript;
  readonly startedMs: number;
  looks: number;
  cancelled: boolean;
}

export interface FakeRuns {
  /** How the runs that start from now on go. */
  script(next: RunScript): void;
  /** What was asked of each run that was started. */
  readonly submitted: readonly Readonly<Record<string, unknown>>[];
  readonly cancelled: readonly string[];
  /** As `clusters/list` shows them; to be set. */
  readonly clusters: Map<string, Readonly<Record<string, unknown>>>;
}

const GOOD: RunScript = {
  states: ['PENDING', 'RUNNING', 'TERMINATED'],
  output: { notebook_output: { result: 'done', truncated: false } },
};
/** Beyond what a number can hold exactly. */
const FIRST = 9_007_199_254_741_000n;

/** `host`: where its pages would be. */
export function createRuns(host: () => string): {
  readonly routes: Routes;
  readonly runs: FakeRuns;
  readonly reset: () => void;
} {
  const all: Submitted[] = [];
  const clusters = new Map<string, Readonly<Record<string, unknown>>>();
  let script = GOOD;
  const idOf = ({ id }: Submitted): string => String(FIRST + BigInt(id) * 10n);
  const taskIdOf = ({ id }: Submitted): string => String(FIRST + BigInt(id) * 10n + 1n);
  const missing = (id: string): Answer =>
    refused(400, 'INVALID_PARAMETER_VALUE', `Run ${id} does not exist.`);
  const stateAt = ({ script: { states }, looks, cancelled }: Submitted): string =>
    cancelled ? 'TERMINATED' : (states[Math.min(looks, states.length - 1)] ?? 'TERMINATED');
  const statusOf = (run: Submitted): object => {
    const {
      code = 'SUCCESS',
      type = code === 'SUCCESS' ? 'SUCCESS' : 'CLIENT_ERROR',
      message = '',
    } = run.script;
    const state = stateAt(run);
    const details = run.cancelled
      ? { code: 'USER_CANCELED', type: 'SUCCESS', message: 'The run was canceled.' }
      : { code, type, message };
    return {
      state,
      ...(state === 'TERMINATED' ? { termination_details: details } : {}),
      ...(state === 'QUEUED'
        ? { queue_details: { code: 'MAX_CONCURRENT_RUNS_REACHED', message: 'no room' } }
        : {}),
    };
  };
  /** int64 goes over the wire as a number. */
  const exact = (document: object): Answer => ({
    status: 200,
    body: JSON.stringify(document).replace(/"(\d{16})"/g, '$1'),
  });
  const described = (run: Submitted): Readonly<Record<string, unknown>> => {
    const over = stateAt(run) === 'TERMINATED';
    const [task] = run.request['tasks'] as readonly Readonly<Record<string, unknown>>[];
    const times = { start_time: run.startedMs, end_time: over ? run.startedMs + 4000 : 0 };
    const url = `${host()}/?o=1#job/0/run/${idOf(run)}`;
    return {
      run_id: idOf(run),
      job_id: 77,
      run_name: run.request['run_name'],
      run_type: 'SUBMIT_RUN',
      status: statusOf(run),
      ...times,
      run_page_url: url,
      tasks: [{ ...task, run_id: taskIdOf(run), status: statusOf(run), ...times, run_page_url: url }],
    };
  };

  const routes: Routes = {
    'POST /api/2.2/jobs/runs/submit': ({ body }) => {
      const { idempotency_token: token, ...request } = body;
      const before = all.find((one) => one.token === token);
      if (before) return exact({ run_id: idOf(before) });
      const run = {
        id: all.length + 1,
        token: String(token),
        request,
        script,
        startedMs: Date.now(),
        looks: 0,
        cancelled: false,
      };
      all.push(run);
      return exact({ run_id: idOf(run) });
    },
    'GET /api/2.2/jobs/runs/get': ({ query }) => {
      const run = all.find((one) => idOf(one) === query['run_id']);
      if (!run) return missing(query['run_id'] ?? '');
      const answer = exact(described(run));
      run.looks += 1;
      return answer;
    },
    'GET /api/2.2/jobs/runs/list': (request) =>
      page(
        all.toReversed().map((run) => {
          const { tasks: _, ...rest } = described(run);
          return rest;
        }),
        'runs',
        request,
        2,
      ),
    'GET /api/2.2/jobs/runs/get-output': ({ query }) => {
      const run = all.find((one) => taskIdOf(one) === query['run_id']);
      if (!run) return missing(query['run_id'] ?? '');
      return exact({ metadata: described(run), ...(run.cancelled ? {} : run.script.output) });
    },
    'GET /api/2.2/jobs/runs/export': ({ query }) => {
      const run = all.find((one) => taskIdOf(one) === query['run_id']);
      if (!run) return missing(query['run_id'] ?? '');
      const model = encodeURIComponent(JSON.stringify({ commands: run.script.commands ?? [] }));
      const encoded = Buffer.from(model).toString('base64');
      const content = `<!DOCTYPE html><script>var __DATABRICKS_NOTEBOOK_MODEL = '${encoded}';</script>`;
      return json(200, { views: [{ name: 'orders', type: 'NOTEBOOK', content }] });
    },
    'POST /api/2.2/jobs/runs/cancel': ({ body }) => {
      const id = String(body['run_id']);
      const run = all.find((one) => idOf(one) === id);
      if (!run) return missing(id);
      run.cancelled = true;
      return json(200, {});
    },
    'GET /api/2.1/clusters/list': (request) => page([...clusters.values()], 'clusters', request, 2),
  };
  return {
    routes,
    runs: {
      script: (next) => {
        script = next;
      },
      get submitted() {
        return all.map(({ request }) => request);
      },
      get cancelled() {
        return all.filter(({ cancelled }) => cancelled).map(idOf);
      },
      clusters,
    },
    reset: () => {
      all.length = 0;
      clusters.clear();
      script = GOOD;
    },
  };
}

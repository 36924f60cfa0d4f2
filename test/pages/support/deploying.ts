/** The host of the deployment's page: the product's own session and view, on a deployment that the test drives step by step. */
import type { CloudRunResult } from '../../../src/core/bundle/cloudRun.ts';
import type { Finding } from '../../../src/core/bundle/findings.ts';
import type { FieldChange, LakehousePlan, PlanAction } from '../../../src/core/bundle/plan.ts';
import { Cancelled, failureOf, isUserError } from '../../../src/core/errors.ts';
import type { OnEvent } from '../../../src/core/events.ts';
import { createDeploySession, type AtCancel, type DeploySession } from '../../../src/editor/deploySession.ts';
import type { DeployCalls, DeployPlace } from '../../../src/wire/deploy.ts';
import type { Handlers } from '../../../src/wire/rpc.ts';

export const HOST = 'https://adb-1.2.azuredatabricks.net';

export function action(
  kind: PlanAction['kind'],
  type: PlanAction['type'],
  key: string,
  more: Partial<PlanAction> = {},
): PlanAction {
  return { kind, type, key, name: key, changes: [], ...more };
}

export const change = (
  path: string,
  before: FieldChange['before'],
  after: FieldChange['after'],
  drift = false,
): FieldChange => ({
  path,
  drift,
  ...(before === undefined ? {} : { before }),
  ...(after === undefined ? {} : { after }),
});

export const planOf = (actions: readonly PlanAction[], findings: readonly Finding[] = []): LakehousePlan => ({
  version: 1,
  bundle: 'orders_lakehouse',
  target: 'dev',
  mode: 'development',
  host: HOST,
  user: 'ana@example.com',
  rootPath: '/Workspace/Users/ana@example.com/.bundle/orders_lakehouse/dev',
  filePath: '/Workspace/Users/ana@example.com/.bundle/orders_lakehouse/dev/files',
  actions,
  findings,
  fingerprint: 'f',
});

/** Work that waits until the test lets it go on; a cancel ends the wait. */
export interface Held<T> {
  readonly onEvent: OnEvent;
  readonly signal: AbortSignal;
  readonly end: (value: T) => void;
  readonly fail: (error: unknown) => void;
}

function hold<T>(onEvent: OnEvent, signal: AbortSignal, begun: (held: Held<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => {
      reject(new Cancelled());
    });
    begun({ onEvent, signal, end: resolve, fail: reject });
  });
}

export interface Deploying {
  readonly handlers: Handlers<DeployCalls>;
  readonly session: DeploySession;
  /** What the next planning finds, or throws. */
  next: LakehousePlan | Error;
  applying: Held<null> | undefined;
  applyOptions: { readonly allowDelete: boolean; readonly forceLock: boolean } | undefined;
  running: Held<readonly CloudRunResult[]> | undefined;
  /** How an update was left when it was cancelled. */
  left: AtCancel | undefined;
  /** What the person says when asked whether an update is stopped. */
  atCancel: AtCancel;
  readonly calls: string[];
  place: DeployPlace;
  runAfter: boolean;
  onChange: () => void;
}

export function deploying(first: LakehousePlan | Error): Deploying {
  const session = createDeploySession({
    work: {
      plan: () =>
        made.next instanceof Error ? Promise.reject(made.next) : Promise.resolve({ plan: made.next }),
      apply: async (_prepared, options, onEvent, signal) => {
        made.applyOptions = options;
        await hold<null>(onEvent, signal, (held) => {
          made.applying = held;
        });
        return { pipelines: { orders: 'p-1' }, written: 1 };
      },
      run: (_prepared, _applied, options, onEvent, signal) => {
        signal.addEventListener('abort', () => {
          made.left = options.atCancel;
        });
        return hold<readonly CloudRunResult[]>(onEvent, signal, (held) => {
          made.running = held;
        });
      },
    },
    describe: (error) =>
      isUserError(error) && error.action
        ? { ...failureOf(error), action: { title: error.action.title, command: error.action.command } }
        : failureOf(error),
    onChange: () => {
      made.onChange();
    },
    onFindings: () => undefined,
    onEnd: () => undefined,
    now: () => new Date(),
  });
  const note = (name: string) => (params: unknown) => {
    made.calls.push(params === null ? name : `${name} ${JSON.stringify(params)}`);
    return null;
  };
  const made: Deploying = {
    session,
    next: first,
    applying: undefined,
    applyOptions: undefined,
    running: undefined,
    left: undefined,
    atCancel: 'leave',
    calls: [],
    runAfter: true,
    onChange: () => undefined,
    place: {
      project: 'orders-project',
      target: 'dev',
      mode: 'development',
      workspace: { name: 'Azure dev', host: HOST, colour: 'blue', production: false },
      variables: [{ name: 'kafka_topic', value: 'orders' }],
    },
    handlers: {
      copy: () => null,
      command: note('command'),
      state: () => ({ ...session.state(), place: made.place, runAfter: made.runAfter }),
      plan: ({ number }) => session.view(number) ?? null,
      planAgain: () => {
        void session.startPlan();
        return null;
      },
      deploy: ({ consents, fullRefresh }) => {
        void session.startDeploy({ consents, fullRefresh, runAfter: made.runAfter });
        return true;
      },
      goOn: () => {
        void session.goOn();
        return null;
      },
      takeLock: () => {
        void session.goOn({ forceLock: true });
        return true;
      },
      cancel: () => {
        session.cancel(made.atCancel);
        return null;
      },
      savePlan: () => ({ path: '/home/ana/plan.json' }),
      changeTarget: note('changeTarget'),
      changeWorkspace: note('changeWorkspace'),
      changeVariables: note('changeVariables'),
      setRunAfter: (next) => {
        made.runAfter = next;
        made.onChange();
        return null;
      },
      browse: note('browse'),
      diff: note('diff'),
      openFile: note('openFile'),
    },
  };
  return made;
}

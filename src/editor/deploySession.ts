/**
 * One deployment as it is planned, done and followed; its page may close and come back. Free of VS Code, so that tests
 * can stand behind a page with it. One thing at a time: what begins ends what went on before only when it is asked to.
 */
import type { CloudRunResult } from '../core/bundle/cloudRun.ts';
import type { ApplyResult } from '../core/bundle/applyLakehouse.ts';
import type { Finding } from '../core/bundle/findings.ts';
import { isEmpty, type LakehousePlan } from '../core/bundle/plan.ts';
import { isCancelled, UserError } from '../core/errors.ts';
import type { Event, OnEvent } from '../core/events.ts';
import { eventText } from '../core/eventText.ts';
import { t } from '../core/l10n.ts';
import type {
  Consents,
  DeployPhase,
  DeployState,
  PlanView,
  RunMessage,
  RunningUpdate,
  RunView,
  StepState,
} from '../wire/deploy.ts';
import type { Failure } from '../wire/rpc.ts';
import { findingsOf } from './deployVariables.ts';
import { idOf, isAgreed, isRestOf, planView } from './deployView.ts';

/** Messages that are kept of a run. */
const MOST_MESSAGES = 500;

export type AtCancel = 'leave' | 'stop';

/** A plan with what it takes to do it, which is the work's own. */
interface Prepared {
  readonly plan: LakehousePlan;
}

/** The work itself, on the project and in the workspace that are chosen when it begins. */
export interface DeployWork<P extends Prepared> {
  plan(onEvent: OnEvent, signal: AbortSignal): Promise<P>;
  apply(
    prepared: P,
    options: { readonly allowDelete: boolean; readonly forceLock: boolean },
    onEvent: OnEvent,
    signal: AbortSignal,
  ): Promise<ApplyResult>;
  run(
    prepared: P,
    applied: ApplyResult,
    options: { readonly fullRefresh: boolean; readonly atCancel: AtCancel },
    onEvent: OnEvent,
    signal: AbortSignal,
  ): Promise<readonly CloudRunResult[]>;
}

export interface DeployWishes {
  /** For what nothing brings back. */
  readonly consents: Consents;
  readonly fullRefresh: boolean;
  readonly runAfter: boolean;
  readonly forceLock?: boolean;
}

export interface DeploySessionOptions<P extends Prepared> {
  readonly work: DeployWork<P>;
  readonly describe: (error: unknown) => Failure;
  /** Something is to be shown anew. */
  readonly onChange: () => void;
  /** Findings of the newest plan; places are of the project. */
  readonly onFindings: (findings: readonly Finding[]) => void;
  /** It came to an end, or stopped before it. */
  readonly onEnd: (end: {
    readonly phase: 'stopped' | 'finished';
    readonly results: readonly CloudRunResult[];
    readonly failure: Failure | undefined;
  }) => void;
  readonly now: () => Date;
}

export type SessionState = Omit<DeployState, 'place' | 'runAfter'>;

export interface DeploySession {
  state(): SessionState;
  readonly plan: LakehousePlan | undefined;
  view(number: number): PlanView | undefined;
  /** Whether something goes on. */
  readonly busy: boolean;
  /** Tells what goes on in words, until nothing does. */
  whenIdle(onActivity: (text: string) => void): Promise<void>;
  /** Plans; what goes on is not disturbed. Never rejects. */
  startPlan(): Promise<void>;
  /** Does what was planned, then runs. Never rejects; throws UserError `busy`, `not-agreed`. */
  startDeploy(wishes: DeployWishes): Promise<void>;
  /** Plans again, and goes on when nothing is new in that plan. Never rejects. */
  goOn(options?: { readonly forceLock: boolean }): Promise<void>;
  /** `atCancel` is for an update that runs. */
  cancel(atCancel: AtCancel): void;
  /** Files here changed. */
  changedHere(): void;
}

export function createDeploySession<P extends Prepared>(options: DeploySessionOptions<P>): DeploySession {
  const { work, describe, now } = options;
  let phase: DeployPhase = 'planning';
  let prepared: P | undefined;
  let view: PlanView | undefined;
  let plans = 0;
  let activity = '';
  let failure: Failure | undefined;
  let failedAt: string | null = null;
  let findings: readonly Finding[] = [];
  let steps: Record<string, StepState> = {};
  let stale = false;
  let run: RunView | undefined;
  let wishes: DeployWishes = { consents: {}, fullRefresh: false, runAfter: false };
  let controller: AbortController | undefined;
  /** Read by who follows an update when it is cancelled. */
  const leaving = { atCancel: 'leave' as AtCancel };

  const watchers = new Set<() => void>();
  const changed = (): void => {
    options.onChange();
    for (const look of [...watchers]) look();
  };
  const say = (text: string): void => {
    activity = text;
    changed();
  };
  const failureOf = (error: unknown): Failure =>
    isCancelled(error)
      ? { code: 'cancelled', message: t('Stopped. What was done stays; going on finishes it.') }
      : describe(error);

  const makePlan = async (signal: AbortSignal): Promise<boolean> => {
    phase = 'planning';
    failure = undefined;
    failedAt = null;
    findings = [];
    stale = false;
    say(t('Reading the project and the workspace…'));
    try {
      prepared = await work.plan((event) => {
        const text = eventText(event);
        if (text !== undefined) say(text);
      }, signal);
      view = planView(prepared.plan, ++plans);
      steps = {};
      run = undefined;
      findings = prepared.plan.findings;
      phase = 'planned';
    } catch (error) {
      phase = 'refused';
      prepared = undefined;
      view = undefined;
      findings = findingsOf(error);
      failure = isCancelled(error)
        ? { code: 'cancelled', message: t('Planning was stopped.') }
        : describe(error);
    }
    options.onFindings(findings);
    return phase === 'planned';
  };

  const onStep = (event: Event & { type: 'step' }): void => {
    const id = idOf({ type: event.resource, key: event.key });
    steps = { ...steps, [id]: event.state === 'running' ? 'running' : 'done' };
    activity = t('Deploying: {0} of {1}', event.done, event.total);
    changed();
  };

  const apply = async (from: P, signal: AbortSignal): Promise<ApplyResult | undefined> => {
    phase = 'applying';
    failure = undefined;
    failedAt = null;
    steps = {};
    run = undefined;
    say(t('Deploying…'));
    let said: string | undefined;
    try {
      // Whoever began this agreed to each of them.
      const choice = { allowDelete: true, forceLock: wishes.forceLock ?? false };
      return await work.apply(
        from,
        choice,
        (event) => {
          if (event.type === 'step') onStep(event);
          else if (event.type === 'message') said = event.message;
        },
        signal,
      );
    } catch (error) {
      // How far it came is told on its own, or in the hint.
      failure = { ...(said === undefined ? {} : { hint: said }), ...failureOf(error) };
      const running = Object.keys(steps).filter((id) => steps[id] === 'running');
      // Of several at once nobody knows which; whether they were done the next plan sees.
      const [only, ...others] = isCancelled(error) ? [] : running;
      failedAt = others.length === 0 ? (only ?? null) : null;
      const over = Object.entries(steps).filter(([, state]) => state === 'done');
      steps = { ...Object.fromEntries(over), ...(failedAt === null ? {} : { [failedAt]: 'failed' }) };
      phase = 'stopped';
      return undefined;
    }
  };

  const onRunEvent = (event: Event): void => {
    if (!run) return;
    if (event.type === 'update') {
      const { pipeline, updateId, state, url } = event;
      const one: RunningUpdate = { pipeline, updateId, state, url };
      const others = run.updates.filter((other) => other.updateId !== updateId);
      run = { ...run, updates: [...others, one] };
      say(`${pipeline}: ${state}`);
      return;
    }
    const text = eventText(event);
    if (text === undefined) return;
    const level: RunMessage['level'] = event.type === 'message' ? event.level : 'info';
    const message = { level, text, at: now().toISOString() };
    run = { ...run, messages: [...run.messages, message].slice(-MOST_MESSAGES) };
    changed();
  };

  const follow = async (from: P, applied: ApplyResult, signal: AbortSignal): Promise<void> => {
    phase = 'running';
    leaving.atCancel = 'leave';
    run = {
      startedAt: now().toISOString(),
      endedAt: null,
      fullRefresh: wishes.fullRefresh,
      updates: [],
      messages: [],
      results: null,
    };
    say(t('The update starts…'));
    try {
      const choice = {
        fullRefresh: wishes.fullRefresh,
        get atCancel() {
          return leaving.atCancel;
        },
      };
      const results = await work.run(from, applied, choice, onRunEvent, signal);
      run = { ...run, endedAt: now().toISOString(), results };
      phase = 'finished';
    } catch (error) {
      run = { ...run, endedAt: now().toISOString() };
      failure = failureOf(error);
      phase = 'stopped';
    }
  };

  /** Only one thing at a time. */
  const alone = async (task: (signal: AbortSignal) => Promise<void>): Promise<void> => {
    if (controller) return;
    const mine = new AbortController();
    controller = mine;
    try {
      await task(mine.signal);
    } finally {
      controller = undefined;
      activity = '';
      changed();
    }
  };

  const deploy = async (from: P, signal: AbortSignal): Promise<void> => {
    const applied = await apply(from, signal);
    if (applied && wishes.runAfter && Object.keys(applied.pipelines).length > 0) {
      await follow(from, applied, signal);
    } else if (applied) phase = 'finished';
    const end = phase;
    if (end === 'stopped' || end === 'finished') {
      options.onEnd({ phase: end, results: run?.results ?? [], failure });
    }
  };

  return {
    state: () => ({
      phase,
      plan: view?.number ?? null,
      activity,
      failure: failure ?? null,
      failedAt,
      findings,
      steps,
      stale,
      run: run ?? null,
    }),
    get plan() {
      return prepared?.plan;
    },
    view: (number) => (view?.number === number ? view : undefined),
    get busy() {
      return controller !== undefined;
    },
    whenIdle: (onActivity) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (controller) {
            onActivity(activity);
            return;
          }
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
      }),
    startPlan: () =>
      alone(async (signal) => {
        await makePlan(signal);
      }),
    startDeploy: (next) => {
      const from = prepared;
      if (!from || controller) {
        throw new UserError('busy', t('Something else goes on already: look at the page again.'));
      }
      if (!isAgreed(from.plan, next.consents)) {
        throw new UserError('not-agreed', t('First agree to each deletion.'));
      }
      wishes = next;
      return alone((signal) => deploy(from, signal));
    },
    goOn: (choice) =>
      alone(async (signal) => {
        const before = prepared?.plan;
        const changedHere = stale;
        if (!(await makePlan(signal)) || !prepared || !before) return;
        if (changedHere || !isRestOf(prepared.plan, before)) return;
        if (isEmpty(prepared.plan) && !wishes.runAfter) {
          phase = 'finished';
          return;
        }
        wishes = { ...wishes, forceLock: choice?.forceLock ?? false };
        await deploy(prepared, signal);
      }),
    cancel: (atCancel) => {
      leaving.atCancel = atCancel;
      controller?.abort();
    },
    changedHere: () => {
      if (stale) return;
      stale = true;
      changed();
    },
  };
}

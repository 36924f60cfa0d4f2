/** Deploys a lakehouse: what would change there, then how it is done, then how its update runs and what it counts. */
import type { DeployCalls, DeployPhase, DeployState, PlanView } from '../wire/deploy.ts';
import type { Failure } from '../wire/rpc.ts';
import { problemBox } from './deployAction.ts';
import { findingsSection } from './deployFindings.ts';
import { createDeployHead } from './deployHead.ts';
import { countsText, createDeployPlan } from './deployPlan.ts';
import { createDeployRun } from './deployRun.ts';
import { button, element } from './dom.ts';
import { keepingFocus } from './focus.ts';
import { newId } from './forms.ts';
import { commandOf, connect, t, toFailure } from './host.ts';
import { createPull } from './pull.ts';

/** Milliseconds between two looks. */
const LOOK = 200;

const host = connect<DeployCalls>({
  changed: () => {
    pull();
  },
});
const pull = createPull(look, LOOK);

let state: DeployState | undefined;
let plan: PlanView | undefined;
/** What a button met when it did not do what it says. */
let refusal: Failure | undefined;
let painted = '';
/** Choices that the host does not know yet. */
let setting = 0;

const BUSY: ReadonlySet<DeployPhase> = new Set(['planning', 'applying', 'running']);
const isBusy = (): boolean => state !== undefined && BUSY.has(state.phase);

const title = element('h1');
const facts = element('span', { class: 'facts', role: 'status', 'aria-live': 'polite' });
const go = button(t('Deploy'), () => void press(), { class: 'primary', id: 'go' });
const cancel = button(t('Cancel'), () => void act('cancel', null));
const again = button(t('Plan again'), () => void act('planAgain', null));
const save = button(t('Save plan…'), () => void savePlan());
const head = createDeployHead((call) => void act(call, null));
const trouble = element('div', { class: 'troubles' });
const stale = element('p', { class: 'stale-line', role: 'status' });
const findings = element('div', {});
const run = createDeployRun({
  onBrowse: (url) => void act('browse', { url }),
  onOpenFile: (at) => void act('openFile', at),
});
const list = createDeployPlan(
  {
    onBrowse: (url) => void act('browse', { url }),
    onDiff: (id) => void act('diff', { id }),
  },
  () => {
    buttons();
  },
);

function checkbox(label: string, onChange: () => void): { input: HTMLInputElement; row: HTMLElement } {
  const input = element('input', { type: 'checkbox', id: newId() });
  input.addEventListener('change', onChange);
  const text = element('label', {}, label);
  text.htmlFor = input.id;
  return { input, row: element('span', { class: 'choice' }, input, text) };
}
const runAfter = checkbox(t('Run after the deployment'), () => {
  void setRunAfter(runAfter.input.checked);
});
const fullRefresh = checkbox(t('Full refresh: silver and gold are rebuilt'), () => {
  buttons();
});
const wishes = element('div', { class: 'wishes' }, runAfter.row, fullRefresh.row);

const report = element(
  'div',
  { class: 'report deploy', tabindex: '0', role: 'region', 'aria-label': t('Deployment') },
  stale,
  trouble,
  wishes,
  run.element,
  findings,
  list.element,
);
document
  .querySelector('main')
  ?.replaceChildren(
    element(
      'header',
      { class: 'toolbar' },
      title,
      facts,
      element('div', { class: 'buttons' }, go, cancel, again, save),
    ),
    head.element,
    report,
  );

async function act<K extends keyof DeployCalls>(
  call: K,
  params: DeployCalls[K]['params'],
): Promise<DeployCalls[K]['result'] | undefined> {
  refusal = undefined;
  try {
    return await host.call(call, params);
  } catch (error) {
    refusal = toFailure(error);
    return undefined;
  } finally {
    paint();
  }
}

/** A look that was on its way knows nothing of it yet. */
async function setRunAfter(next: boolean): Promise<void> {
  setting += 1;
  await act('setRunAfter', next);
  setting -= 1;
  pull();
}

async function savePlan(): Promise<void> {
  const saved = await act('savePlan', null);
  if (saved?.path) facts.textContent = t('Saved: {0}', saved.path);
}

/** What the button does now. */
async function press(): Promise<void> {
  if (go.ariaDisabled === 'true') {
    list.missing()?.focus();
    return;
  }
  if (state?.phase === 'stopped') {
    await act('goOn', null);
    return;
  }
  if (!plan) return;
  await act('deploy', {
    plan: plan.number,
    consents: list.consents,
    fullRefresh: runAfter.input.checked && fullRefresh.input.checked,
  });
}

function factsText({ phase, activity }: DeployState): string {
  switch (phase) {
    case 'planning':
    case 'applying':
    case 'running':
      return activity;
    case 'refused':
      return t('It cannot be planned yet.');
    case 'planned':
      return plan ? countsText(plan.counts) : '';
    case 'stopped':
      return t('Stopped: not all is done.');
    case 'finished':
      return finishedText();
  }
}

function finishedText(): string {
  const results = state?.run?.results ?? [];
  if (results.some((one) => one.state === 'FAILED')) return t('Deployed, but the update failed.');
  if (results.some((one) => one.state === 'LEFT')) return t('Deployed; the update goes on there.');
  if (results.some((one) => one.state === 'CANCELED')) return t('Deployed; the update was stopped.');
  return results.length > 0 ? t('Deployed, and the update is complete.') : t('Deployed.');
}

function buttons(): void {
  const phase = state?.phase ?? 'planning';
  const busy = BUSY.has(phase);
  const nothing = plan?.isEmpty === true && !runAfter.input.checked;
  keepingFocus(
    () => {
      go.hidden = busy || phase === 'refused' || phase === 'finished';
      cancel.hidden = !busy;
      again.hidden = busy;
      save.hidden = plan === undefined || busy;
      wishes.hidden = phase !== 'planned';
      fullRefresh.row.hidden = !runAfter.input.checked;
      go.textContent =
        phase === 'stopped' ? t('Go on') : plan?.isEmpty === true && !nothing ? t('Run') : t('Deploy');
      const stopped = phase === 'planned' && (list.missing() !== undefined || nothing);
      go.ariaDisabled = stopped ? 'true' : null;
      go.title = list.missing() && phase === 'planned' ? t('First agree to each deletion.') : '';
    },
    cancel,
    go,
    again,
    report,
  );
}

function failureButtons({ code, action }: Failure): HTMLButtonElement[] {
  return [
    ...(action ? [button(action.title, () => void act('command', commandOf(action)))] : []),
    ...(code === 'locked' ? [button(t('Take the lock away…'), () => void act('takeLock', null))] : []),
  ];
}

function paint(): void {
  if (!state) {
    if (refusal) trouble.replaceChildren(problemBox(refusal, failureButtons(refusal)));
    return;
  }
  const { place, failure, failedAt } = state;
  title.textContent = t('Deploy {0}', place.project);
  head.show(place, plan?.user, isBusy());
  if (setting === 0) runAfter.input.checked = state.runAfter;
  buttons();
  const text = factsText(state);
  if (facts.textContent !== text) facts.textContent = text;
  stale.hidden = !state.stale || isBusy() || state.phase === 'finished';
  const staleText = t('Files of the project changed since: plan again.');
  if (!stale.hidden && stale.textContent !== staleText) stale.textContent = staleText;
  report.ariaBusy = state.phase === 'planning' ? 'true' : null;
  report.classList.toggle('busy', state.phase === 'planning');
  run.show(state.run);

  const now = JSON.stringify([failure, failedAt, state.findings, refusal, state.plan]);
  if (now !== painted) {
    painted = now;
    // The findings are what failed, each with its place.
    const isFindings = state.phase === 'refused' && state.findings.length > 0;
    const boxes = [
      ...(refusal ? [problemBox(refusal, failureButtons(refusal))] : []),
      ...(failure && failedAt === null && !isFindings ? [problemBox(failure, failureButtons(failure))] : []),
    ];
    trouble.replaceChildren(...boxes);
    findings.replaceChildren(
      ...(state.findings.length > 0
        ? [findingsSection(state.findings, (at) => void act('openFile', at))]
        : []),
    );
  }
  list.follow(state, failure && failedAt !== null ? problemBox(failure, failureButtons(failure)) : undefined);
}

async function look(): Promise<void> {
  try {
    const next = await host.call('state', null);
    if (next.plan !== (plan?.number ?? null)) {
      plan = next.plan === null ? undefined : ((await host.call('plan', { number: next.plan })) ?? undefined);
      list.show(plan);
      fullRefresh.input.checked = false;
    }
    state = next;
  } catch (error) {
    refusal = toFailure(error);
  }
  paint();
}

pull();

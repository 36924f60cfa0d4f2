/** What is, from what the engine says of the containers. */
import type {
  Endpoints,
  PartName,
  PartState,
  PartStatus,
  SandboxState,
  SandboxStatus,
} from '../../core/sandbox.ts';
import { PARTS } from '../../core/sandbox.ts';
import { t } from '../../core/l10n.ts';
import { reasonInLog, tellsOfFullDisk } from '../supervisor/reason.ts';
import type { ContainerView } from './engine.ts';

/** Names of the ports, as the embedded sandbox has them. */
export type PartPorts = Readonly<Record<PartName, Readonly<Record<string, number>>>>;

function stateOf({ state, health, restarts }: ContainerView): PartState {
  switch (state) {
    case 'running':
      if (health === 'healthy' || health === 'none') return 'running';
      if (health === 'unhealthy') return 'unresponsive';
      return restarts > 0 ? 'restarting' : 'starting';
    case 'created':
      return 'starting';
    case 'restarting':
      return 'restarting';
    case 'removing':
      return 'stopping';
    case 'paused':
      return 'unresponsive';
    case 'exited':
    case 'dead':
      return 'failed';
  }
}

function messageOf(view: ContainerView): string | undefined {
  if (view.error !== '') return view.error;
  if (view.outOfMemory) return t('it needed more memory than its container has');
  if (tellsOfFullDisk(view.logEnd)) return t('its disk is full');
  switch (view.state) {
    case 'paused':
      return t('its container is paused');
    case 'exited':
    case 'dead':
    case 'restarting':
      return whyEnded(view);
    case 'running':
      return view.health === 'unhealthy'
        ? (lastLine(view.healthOutput) ?? t('it does not answer'))
        : undefined;
    case 'created':
    case 'removing':
      return undefined;
  }
}

function whyEnded({ exitCode, logEnd }: ContainerView): string {
  const why = t('ended with exit code {0}', exitCode);
  // What a signal ended had no time to say why.
  const reason = exitCode > 128 ? undefined : reasonInLog(logEnd);
  return reason === undefined ? why : `${why}: ${reason}`;
}

const lastLine = (text: string): string | undefined => text.trim().split('\n').at(-1) || undefined;

export function partStatus(name: PartName, ports: PartPorts, view: ContainerView | undefined): PartStatus {
  if (!view) return { name, state: 'stopped', ports: ports[name], restarts: 0 };
  const message = messageOf(view);
  return {
    name,
    state: stateOf(view),
    ports: ports[name],
    since: view.since,
    startedAt: view.startedAt,
    restarts: view.restarts,
    ...(message === undefined ? {} : { message }),
    ...(tellsOfFullDisk(view.logEnd) ? { problem: 'disk-full' } : {}),
    ...(view.memoryBytes === undefined ? {} : { memoryBytes: view.memoryBytes }),
    ...(view.cpuPercent === undefined ? {} : { cpuPercent: view.cpuPercent }),
  };
}

function sandboxState(parts: readonly PartStatus[]): SandboxState {
  const all = (...states: readonly PartState[]): boolean =>
    parts.every(({ state }) => states.includes(state));
  if (all('running')) return 'running';
  if (all('stopped')) return 'stopped';
  if (all('stopped', 'stopping')) return 'stopping';
  return all('running', 'starting') ? 'starting' : 'degraded';
}

const stoppedParts = (): readonly PartStatus[] =>
  PARTS.map((name) => ({ name, state: 'stopped', ports: {}, restarts: 0 }));

export const stoppedStatus = (home: string): SandboxStatus => ({
  home,
  runtime: 'docker',
  state: 'stopped',
  parts: stoppedParts(),
});

export function statusOf(
  home: string,
  place: { readonly ports: PartPorts; readonly endpoints: Endpoints },
  views: readonly ContainerView[],
): SandboxStatus {
  const parts = PARTS.map((name) =>
    partStatus(
      name,
      place.ports,
      views.find((view) => view.part === name),
    ),
  );
  const state = sandboxState(parts);
  if (state === 'stopped') return stoppedStatus(home);
  return { home, runtime: 'docker', state, parts, endpoints: place.endpoints };
}

/** The engine was there when the sandbox was started, and now does not answer. */
export function engineGone(
  home: string,
  place: { readonly ports: PartPorts },
  message: string,
): SandboxStatus {
  const parts = PARTS.map((name): PartStatus => ({
    name,
    state: 'failed',
    ports: place.ports[name],
    restarts: 0,
    message,
  }));
  return { home, runtime: 'docker', state: 'degraded', parts };
}

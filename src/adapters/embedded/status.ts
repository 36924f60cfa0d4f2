/** What is, from the supervisor's record and from the processes themselves: a record alone may be old. */
import type { PartStatus, SandboxState, SandboxStatus } from '../../core/sandbox.ts';
import { PARTS } from '../../core/sandbox.ts';
import { t } from '../../core/l10n.ts';
import { isAlive, memoryOf, type ProcessIdentity } from '../processIdentity.ts';
import { homeLayout } from '../home.ts';
import { readState, type PartRecord, type StateFile } from '../supervisor/stateFile.ts';

export interface Probe {
  isAlive(identity: ProcessIdentity): boolean;
  memoryOf(pid: number): number | undefined;
}
export const REAL_PROBE: Probe = { isAlive, memoryOf };

function partStatus(record: PartRecord, supervised: boolean, probe: Probe): PartStatus {
  const { process, started, ...rest } = record;
  const alive = process !== undefined && probe.isAlive(process);
  const meantToLive = ['running', 'unresponsive', 'starting'].includes(record.state);
  const status: PartStatus = {
    ...rest,
    ...(started === undefined ? {} : { startedAt: started.at }),
    // The supervisor looks up within a moment; until then the process itself tells.
    state: !meantToLive || alive ? record.state : supervised ? 'restarting' : 'stopped',
  };
  if (!alive) return status;
  const memoryBytes = probe.memoryOf(process.pid);
  return { ...status, pid: process.pid, ...(memoryBytes === undefined ? {} : { memoryBytes }) };
}

function stateOf(file: StateFile, supervised: boolean, parts: readonly PartStatus[]): SandboxState {
  if (!supervised) return parts.some((part) => part.pid !== undefined) ? 'degraded' : 'stopped';
  if (file.phase === 'stopping') return 'stopping';
  if (parts.every((part) => part.state === 'running')) return 'running';
  return file.phase === 'starting' ? 'starting' : 'degraded';
}

/** `file` is undefined when nothing was started. */
export function statusOf(
  home: string,
  file: StateFile | undefined,
  probe: Probe = REAL_PROBE,
): SandboxStatus {
  const stopped: SandboxStatus = {
    home,
    runtime: 'embedded',
    state: 'stopped',
    parts: PARTS.map((name) => ({ name, state: 'stopped', ports: {}, restarts: 0 })),
  };
  if (!file) return stopped;
  const supervised = probe.isAlive(file.supervisor);
  const parts = file.parts.map((record) => partStatus(record, supervised, probe));
  const state = stateOf(file, supervised, parts);
  if (state === 'stopped') return stopped;
  const message = supervised
    ? {}
    : { message: t('The process that watches over the parts was ended; "up" puts it right.') };
  const own = supervised ? probe.memoryOf(file.supervisor.pid) : undefined;
  return {
    home,
    runtime: 'embedded',
    state,
    parts: parts.map((part) => ({ ...part, ...message })),
    ...(supervised
      ? { supervisor: { pid: file.supervisor.pid, ...(own === undefined ? {} : { memoryBytes: own }) } }
      : {}),
    endpoints: file.endpoints,
  };
}

export const statusOfHome = (home: string): SandboxStatus =>
  statusOf(home, readState(homeLayout(home).state));

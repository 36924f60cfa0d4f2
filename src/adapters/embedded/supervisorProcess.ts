/** Starts, follows and ends the supervisor of a home. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../core/errors.ts';
import type { OnEvent } from '../../core/events.ts';
import { currentLocale, t } from '../../core/l10n.ts';
import { writeAtomically } from '../files.ts';
import type { HomeLayout } from '../home.ts';
import { partFailed } from '../partFailed.ts';
import { endProcess, isAlive } from '../processIdentity.ts';
import { resourceFolder } from '../resources.ts';
import type { Launch } from '../supervisor/launch.ts';
import { readState, type StateFile } from '../supervisor/stateFile.ts';
import { tellingOf } from './log.ts';

const POLL_MS = 100;
/** Longer than the grace of any part. */
const STOP_GRACE_MS = 75_000;
const PART_GRACE_MS = 60_000;

/** Of the same build as the file of clients/ that runs; from the sources, the one in dist/. */
function supervisorProgram(): string {
  const above = join(__dirname, '..', 'supervisor.js');
  return existsSync(above) ? above : join(resourceFolder(), 'dist', 'supervisor.js');
}

export function spawnSupervisor(layout: HomeLayout, launch: Launch): void {
  rmSync(layout.state, { force: true });
  writeAtomically(layout.launch, JSON.stringify(launch, undefined, 2));
  const log = openSync(join(layout.logs, 'supervisor.log'), 'w');
  const child = spawn(process.execPath, [supervisorProgram(), layout.launch, currentLocale()], {
    cwd: layout.home,
    detached: true,
    stdio: ['ignore', log, log],
    // Inside VS Code the executable is Electron.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
  });
  closeSync(log);
  child.unref();
}

/** Tells each change of a part once. */
function changes(onEvent: OnEvent): (state: StateFile) => void {
  const told = new Map<string, string>();
  return (state) => {
    for (const { name, state: now, message } of state.parts) {
      if (told.get(name) === now) continue;
      told.set(name, now);
      const reason = message === undefined || now === 'stopped' ? {} : { message };
      onEvent({ type: 'part', part: name, state: now, ...reason });
    }
  };
}

export function failedStart(state: StateFile, layout: HomeLayout): UserError | undefined {
  const failed = state.parts.find((part) => part.state === 'failed');
  if (!failed) return undefined;
  const log = join(layout.logs, `${failed.name}.log`);
  return partFailed(
    failed.name,
    failed.message ?? t('no reason was given'),
    existsSync(log) ? tellingOf(state, failed.name, log) : [],
    t('Its log: {0}', log),
  );
}

/** Resolves when every part runs. Throws when one fails, or when the supervisor ends. */
export async function untilRunning(layout: HomeLayout, onEvent: OnEvent, signal: AbortSignal): Promise<void> {
  const tell = changes(onEvent);
  let missingSince = Date.now();
  for (;;) {
    signal.throwIfAborted();
    const state = readState(layout.state);
    if (state) {
      tell(state);
      const error = failedStart(state, layout);
      if (error) throw error;
      if (state.parts.every((part) => part.state === 'running')) return;
    }
    if (state && isAlive(state.supervisor)) missingSince = Date.now();
    else if (Date.now() - missingSince > 10_000 || (state && !isAlive(state.supervisor))) {
      throw new UserError('stopped-while-starting', t('The sandbox was stopped while it started.'), {
        hint: t('Its log: {0}', join(layout.logs, 'supervisor.log')),
      });
    }
    await sleep(POLL_MS);
  }
}

/** Ends the supervisor and with it its parts; parts whose supervisor is gone are ended themselves. */
export async function endAll(layout: HomeLayout, onEvent: OnEvent): Promise<void> {
  const state = readState(layout.state);
  if (!state) return;
  const tell = changes(onEvent);
  const watch = setInterval(() => {
    const now = readState(layout.state);
    if (now) tell(now);
  }, POLL_MS);
  try {
    await endProcess(state.supervisor, STOP_GRACE_MS);
  } finally {
    clearInterval(watch);
  }
  // A supervisor that was killed left its record, and with it what it started.
  const { parts } = readState(layout.state) ?? { parts: [] };
  await Promise.all(parts.map(async (part) => part.process && endProcess(part.process, PART_GRACE_MS)));
  tell({ ...state, parts: state.parts.map((part) => ({ ...part, state: 'stopped' })) });
  rmSync(layout.state, { force: true });
}

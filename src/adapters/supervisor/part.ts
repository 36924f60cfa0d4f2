/** Keeps one part running: start, wait until it answers, restart when it ends, stop. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, fstatSync, openSync, renameSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../../core/errors.ts';
import { t } from '../../core/l10n.ts';
import type { PartState } from '../../core/sandbox.ts';
import { mergedEnvironment, signalGroup } from '../process.ts';
import { identityOf, type ProcessIdentity } from '../processIdentity.ts';
import type { PartSpec, Ready } from './launch.ts';
import { answers, logEnd } from './readiness.ts';
import { reasonInLog, tellsOfFullDisk } from './reason.ts';
import type { PartRecord } from './stateFile.ts';

export interface RestartPolicy {
  /** Waits before the restarts that follow each other; after the last it is given up. */
  readonly backoffMs: readonly number[];
  /** A part that ran this long starts with a clean slate. */
  readonly steadyMs: number;
  /** Between two questions whether a running part still answers. */
  readonly checkMs: number;
}
const POLICY: RestartPolicy = { backoffMs: [0, 1000, 2000, 5000, 10_000], steadyMs: 60_000, checkMs: 3000 };
/** So many questions without an answer: a busy machine may miss one. */
const MISSES = 3;
const POLL_MS = 100;

export interface Part {
  readonly record: PartRecord;
  /** Resolves when it is stopped for good. */
  stop(): Promise<void>;
}

interface Ending {
  readonly why: string;
  /** It ended by itself: its log tells more. */
  readonly byItself: boolean;
}

interface Started {
  readonly child: ChildProcess;
  readonly exited: Promise<Ending>;
  hasExited(): boolean;
  readonly identity: ProcessIdentity | undefined;
  readonly log: { readonly path: string; readonly offset: number };
}

function start(spec: PartSpec): Started {
  const file = openSync(spec.logFile, 'a');
  const offset = fstatSync(file).size;
  const child = spawn(spec.command, [...spec.args], {
    cwd: spec.cwd,
    env: mergedEnvironment(spec.env),
    stdio: ['ignore', file, file],
    detached: true,
  });
  closeSync(file);
  let over = false;
  const exited = new Promise<Ending>((resolve) => {
    child.once('error', (error) => {
      over = true;
      resolve({ why: messageOf(error), byItself: false });
    });
    child.once('exit', (code, signal) => {
      over = true;
      resolve(
        signal
          ? { why: t('ended by {0}', signal), byItself: false }
          : { why: t('ended with exit code {0}', code ?? -1), byItself: true },
      );
    });
  });
  const identity = child.pid === undefined ? undefined : identityOf(child.pid);
  return { child, exited, hasExited: () => over, identity, log: { path: spec.logFile, offset } };
}

/** What was cut short by a SIGKILL is worth nothing. */
function keepArchive({ made, kept }: NonNullable<PartSpec['archive']>, complete: boolean): void {
  if (complete && existsSync(made)) renameSync(made, kept);
  else rmSync(made, { force: true });
}

async function becomesReady(spec: PartSpec, started: Started, gone: () => boolean): Promise<boolean> {
  const deadline = Date.now() + spec.readyTimeoutMs;
  for (const ready of spec.ready) {
    while (!(await answers(ready, started.log))) {
      if (gone() || Date.now() > deadline) return false;
      await sleep(POLL_MS);
    }
  }
  return !gone();
}

/** Starts it at once; `onChange` follows each change of the record. */
export function supervisePart(spec: PartSpec, onChange: () => void, policy = POLICY): Part {
  let record: PartRecord = {
    name: spec.name,
    state: 'starting',
    ports: spec.ports,
    since: new Date().toISOString(),
    restarts: 0,
  };
  let current: Started | undefined;
  let begun: PartRecord['started'];
  const stopping = new AbortController();
  const isStopping = (): boolean => stopping.signal.aborted;
  let problem: PartRecord['problem'] | undefined;

  const set = (
    state: PartState,
    change: { message?: string | undefined; process?: ProcessIdentity | undefined } = {},
  ): void => {
    const { message, process } = change;
    record = {
      name: spec.name,
      state,
      ports: spec.ports,
      since: new Date().toISOString(),
      restarts: record.restarts,
      ...(begun === undefined ? {} : { started: begun }),
      ...(message === undefined ? {} : { message, ...(problem && { problem }) }),
      ...(process === undefined ? {} : { process }),
    };
    onChange();
  };

  const endCurrent = async ({ child, exited }: Started): Promise<void> => {
    if (child.pid === undefined) return;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), spec.stopGraceMs);
    const { byItself } = await exited;
    clearTimeout(timer);
    if (spec.archive) keepArchive(spec.archive, byItself);
    signalGroup(child.pid, 'SIGKILL');
  };

  /** While it lives: one that stops answering is shown and left to itself, for it may come back. */
  const watch = async (alive: Ready, started: Started, over: AbortSignal): Promise<void> => {
    const isOver = (): boolean => over.aborted;
    let missed = 0;
    let silentSince = 0;
    while (!isOver()) {
      await sleep(policy.checkMs, undefined, { signal: over }).catch((error: unknown) => {
        if (!isOver()) throw error;
      });
      if (missed === 0) silentSince = Date.now();
      const answered = isOver() || (await answers(alive, started.log));
      if (isOver()) return;
      missed = answered ? 0 : missed + 1;
      if (answered && record.state === 'unresponsive') set('running', { process: started.identity });
      if (missed !== MISSES) continue;
      const seconds = Math.round((Date.now() - silentSince) / 1000);
      set('unresponsive', { process: started.identity, message: t('has not answered for {0} s', seconds) });
    }
  };

  /** One life of the process; resolves with why it ended. */
  const live = async (state: PartState, message: string | undefined): Promise<string> => {
    const started = start(spec);
    current = started;
    begun = { at: new Date().toISOString(), logOffset: started.log.offset };
    set(state, { process: started.identity, message });
    const ready = await becomesReady(spec, started, () => started.hasExited() || isStopping());
    const over = new AbortController();
    let watching: Promise<void> | undefined;
    if (ready) {
      set('running', { process: started.identity });
      const either = AbortSignal.any([over.signal, stopping.signal]);
      watching = spec.alive && watch(spec.alive, started, either);
    } else if (!started.hasExited() && !isStopping()) {
      await endCurrent(started);
      return t('did not answer within {0} s', Math.round(spec.readyTimeoutMs / 1000));
    }
    const { why, byItself } = await started.exited;
    over.abort();
    await watching;
    if (started.child.pid !== undefined) signalGroup(started.child.pid, 'SIGKILL');
    if (!byItself) return why;
    const log = logEnd(started.log.path, started.log.offset);
    problem = tellsOfFullDisk(log) ? 'disk-full' : undefined;
    const reason = reasonInLog(log);
    return reason === undefined ? why : `${why}: ${reason}`;
  };

  const loop = async (): Promise<void> => {
    let failures = 0;
    let everRan = false;
    let why: string | undefined;
    while (!isStopping()) {
      const startedAt = Date.now();
      why = await live(everRan ? 'restarting' : 'starting', why);
      if (isStopping()) return;
      if (record.state === 'running' || record.state === 'unresponsive') everRan = true;
      if (everRan && Date.now() - startedAt > policy.steadyMs) failures = 0;
      const wait = policy.backoffMs[failures++];
      // The first start is watched by a person: they get the reason at once.
      if (!everRan || wait === undefined) {
        set('failed', { message: why });
        return;
      }
      record = { ...record, restarts: record.restarts + 1 };
      set('restarting', { message: why });
      await sleep(wait, undefined, { signal: stopping.signal }).catch((error: unknown) => {
        if (!isStopping()) throw error;
      });
    }
  };
  const done = loop().catch((error: unknown) => {
    set('failed', { message: messageOf(error) });
  });

  return {
    get record() {
      return record;
    },
    async stop() {
      stopping.abort();
      set('stopping', { process: current?.identity });
      if (current) await endCurrent(current);
      await done;
      set('stopped');
    },
  };
}

/** Follows the sandbox in containers by the engine's own events, and says when the engine itself is gone. */
import { setTimeout as sleep } from 'node:timers/promises';
import { isCancelled, messageOf } from '../../core/errors.ts';
import type { PartName, SandboxStatus } from '../../core/sandbox.ts';
import { watchFile } from '../homeWatch.ts';
import type { ContainerView, Engine, Measurement } from './engine.ts';
import { readRecord, type DockerRecord } from './record.ts';
import { engineGone, statusOf, stoppedStatus } from './status.ts';

/** Milliseconds between what is told of memory and CPU; the engine measures every second. */
const TELL_MS = 2500;
/** An event seldom comes alone. */
const SETTLE_MS = 50;
/** Before each new try to reach an engine that went away; the last one again and again. */
const PAUSES_MS = [0, 500, 1000, 2000, 3000];

/**
 * Calls with the containers of a project, now and after each event of one, until the signal aborts. Throws UserError
 * `docker-unreachable` when the engine ends.
 */
export async function followContainers(
  engine: Engine,
  project: string,
  onViews: (views: readonly ContainerView[]) => void,
  signal: AbortSignal,
): Promise<void> {
  const over = new AbortController();
  const ending = AbortSignal.any([signal, over.signal]);
  let looking: Promise<void> | undefined;
  let again = false;
  let failure: unknown;
  const isAskedAgain = (): boolean => again;
  const look = async (): Promise<void> => {
    do {
      await sleep(SETTLE_MS);
      again = false;
      const views = await engine.containers(project, { measure: false });
      if (!ending.aborted) onViews(views);
    } while (isAskedAgain() && !ending.aborted);
  };
  const ask = (): void => {
    again = true;
    looking ??= look()
      .catch((error: unknown) => {
        failure = error;
        over.abort();
      })
      .finally(() => {
        looking = undefined;
      });
  };
  try {
    await engine.events(project, ask, ending);
    await looking;
  } catch (error) {
    if (!isCancelled(error)) throw error;
  } finally {
    over.abort();
  }
  if (failure !== undefined) throw failure instanceof Error ? failure : new Error(messageOf(failure));
}

/** One stream of measurements for each container that runs. */
function createMeasuring(
  engine: Engine,
  onMeasured: () => void,
  /** A stream ended that nobody ended. */
  onLost: () => void,
  signal: AbortSignal,
) {
  const streams = new Map<string, { readonly end: AbortController; latest?: Measurement }>();
  /** Lives of containers that the engine does not measure, for whatever reason: asked once each. */
  const unmeasured = new Set<string>();
  let told = -Infinity;
  const begin = ({ id, startedAt }: ContainerView): void => {
    const stream: { readonly end: AbortController; latest?: Measurement } = { end: new AbortController() };
    streams.set(id, stream);
    const life = `${id} ${startedAt}`;
    if (unmeasured.has(life)) return;
    const take = (measured: Measurement): void => {
      if (stream.end.signal.aborted) return;
      stream.latest = measured;
      if (performance.now() - told < TELL_MS) return;
      told = performance.now();
      onMeasured();
    };
    engine
      .measure(id, take, AbortSignal.any([signal, stream.end.signal]))
      // A container that went away, or an engine: a look tells of both.
      .catch(() => undefined)
      .finally(() => {
        if (signal.aborted || stream.end.signal.aborted) return;
        streams.delete(id);
        if (!stream.latest) unmeasured.add(life);
        onLost();
      });
  };
  return {
    /** Follows these containers from now on. */
    of: (views: readonly ContainerView[]): void => {
      const running = views.filter(({ state }) => state === 'running');
      for (const [id, { end }] of streams) {
        if (running.some((view) => view.id === id)) continue;
        end.abort();
        streams.delete(id);
      }
      for (const view of running) if (!streams.has(view.id)) begin(view);
    },
    add: (view: ContainerView): ContainerView =>
      view.state === 'running' ? { ...view, ...streams.get(view.id)?.latest } : view,
  };
}

export interface DockerWatchOptions {
  readonly home: string;
  readonly recordPath: string;
  readonly connect: (record: DockerRecord) => Promise<Engine>;
  readonly onStatus: (status: SandboxStatus) => void;
  readonly pausesMs?: readonly number[];
}

/** While one record holds: until the signal aborts. */
async function watchRecord(
  record: DockerRecord,
  { home, connect, onStatus, pausesMs = PAUSES_MS }: DockerWatchOptions,
  signal: AbortSignal,
): Promise<void> {
  const isOver = (): boolean => signal.aborted;
  let failures = 0;
  while (!isOver()) {
    try {
      const engine = await connect(record);
      let views: readonly ContainerView[] = [];
      let lost: unknown;
      const session = new AbortController();
      const either = AbortSignal.any([signal, session.signal]);
      const tell = (): void => {
        if (!isOver()) onStatus(statusOf(home, record, views.map(measuring.add)));
      };
      // An engine that hangs ends no stream of events.
      const look = (): void => {
        engine.containers(record.project, { measure: false }).then(
          (next) => {
            if (!either.aborted) measuring.of((views = next));
          },
          (error: unknown) => {
            lost = error;
            session.abort();
          },
        );
      };
      const measuring = createMeasuring(engine, tell, look, either);
      try {
        await followContainers(
          engine,
          record.project,
          (next) => {
            failures = 0;
            views = next;
            measuring.of(next);
            tell();
          },
          either,
        );
        if (lost !== undefined) throw lost instanceof Error ? lost : new Error(messageOf(lost));
      } finally {
        session.abort();
      }
    } catch (error) {
      if (isOver()) return;
      // A stream that was cut, by a proxy say, is taken up again at once; only then the engine is gone.
      if (failures > 0) onStatus(engineGone(home, record, messageOf(error)));
      const pause = pausesMs[Math.min(failures++, pausesMs.length - 1)] ?? 0;
      await sleep(pause, undefined, { signal }).catch((reason: unknown) => {
        if (!isOver()) throw reason;
      });
    }
  }
}

/** Until the signal aborts, over starts and stops by anyone: each changes the record. */
export async function watchDocker(options: DockerWatchOptions, signal: AbortSignal): Promise<void> {
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    const changed = new AbortController();
    const either = AbortSignal.any([signal, changed.signal]);
    const unwatch = watchFile(options.recordPath, () => {
      changed.abort();
    });
    try {
      const record = readRecord(options.recordPath);
      if (record?.wanted) await watchRecord(record, options, either);
      else {
        options.onStatus(stoppedStatus(options.home));
        await aborted(either);
      }
    } finally {
      unwatch();
    }
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else {
      signal.addEventListener(
        'abort',
        () => {
          resolve();
        },
        { once: true },
      );
    }
  });

/** The part whose state a start waits for, when it ended or came back by itself: it will do so again. */
export function endedPart(
  views: readonly ContainerView[],
  first: readonly ContainerView[],
): PartName | undefined {
  return views.find((view) => {
    const before = first.find(({ part }) => part === view.part);
    return view.state === 'exited' || view.state === 'dead' || view.restarts > (before?.restarts ?? 0);
  })?.part;
}

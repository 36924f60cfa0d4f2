/** The lines of a part's log as they come, over its restarts, in batches that wait to be fetched. */
import { isCancelled } from '../core/errors.ts';
import { createLogReader, type LogLine } from '../core/logLines.ts';
import type { LogOptions } from '../core/ports.ts';
import type { LevelFilter, LogBatch } from '../wire/log.ts';

/** Lines from before. */
const TAIL = 1000;
/** Lines of a batch; reading waits while as many are not fetched. */
const BATCH = 2000;

export interface LogSource {
  read(options: LogOptions, signal: AbortSignal): AsyncIterable<string>;
  /** When its process was started; undefined while it does not run. */
  startedAt(): string | undefined;
  /** Resolves when anything of the sandbox changed. */
  changed(signal: AbortSignal): Promise<void>;
}

export interface LogFeed {
  next(reset: boolean, signal: AbortSignal): Promise<LogBatch>;
  /** Has the next batch, which comes at once, ask for this. */
  show(filter: LevelFilter): void;
  /** Begins again: it is another log now. */
  restart(): void;
}

/** Wakes who waits; a ring that nobody waits for is kept for the next. */
function createBell() {
  let rung = false;
  let wake: (() => void) | undefined;
  return {
    ring: (): void => {
      rung = true;
      wake?.();
    },
    wait: async (signal: AbortSignal): Promise<void> => {
      if (!rung) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          signal.addEventListener(
            'abort',
            () => {
              resolve();
            },
            { once: true },
          );
        });
      }
      wake = undefined;
      rung = false;
    },
  };
}

export function createLogFeed(source: LogSource, closed: AbortSignal): LogFeed {
  const fresh = createBell();
  const fetched = createBell();
  let session = new AbortController();
  let begun = false;
  let lines: LogLine[] = [];
  let anew = true;
  let ended = false;
  let endedTold = false;
  let failure: unknown;
  let filter: LevelFilter | undefined;

  /** To the end of the stream, which comes when the part ends or its engine goes. */
  const pump = async (options: LogOptions, signal: AbortSignal): Promise<void> => {
    const read = createLogReader();
    for await (const text of source.read(options, signal)) {
      lines.push(read(text));
      if (lines.length === 1) fresh.ring();
      while (lines.length >= BATCH && !signal.aborted) await fetched.wait(signal);
      if (signal.aborted) return;
    }
  };
  const follow = async (signal: AbortSignal): Promise<void> => {
    const isOver = (): boolean => signal.aborted;
    let options: LogOptions = { lines: TAIL, follow: true };
    while (!isOver()) {
      const life = source.startedAt();
      ended = false;
      await pump(options, signal);
      if (isOver()) return;
      ended = true;
      endedTold = false;
      fresh.ring();
      let gone = false;
      while (!isOver()) {
        const now = source.startedAt();
        gone ||= now === undefined;
        if (now !== undefined && (now !== life || gone)) break;
        await source.changed(signal);
      }
      // The same life again, after its engine was away: what was missed stands in the log.
      const same = source.startedAt() === life;
      if (same) anew = true;
      options = same ? { lines: TAIL, follow: true } : { lines: Infinity, follow: true, sinceStart: true };
    }
  };
  const begin = (): void => {
    session.abort();
    session = new AbortController();
    const mine = session;
    lines = [];
    anew = true;
    failure = undefined;
    begun = true;
    follow(AbortSignal.any([closed, mine.signal])).catch((error: unknown) => {
      if (isCancelled(error) || mine !== session) return;
      failure = error;
      fresh.ring();
    });
  };

  return {
    next: async (reset, signal) => {
      if (reset || !begun) begin();
      const either = AbortSignal.any([closed, signal]);
      const isOver = (): boolean => either.aborted;
      while (lines.length === 0 && filter === undefined && (!ended || endedTold) && !isOver()) {
        if (failure !== undefined) {
          begun = false;
          throw failure instanceof Error ? failure : new Error('no log');
        }
        await fresh.wait(either);
      }
      const batch: LogBatch = {
        lines: lines.splice(0, BATCH),
        anew,
        ended: ended && lines.length === 0,
        ...(filter === undefined ? {} : { filter }),
      };
      anew = false;
      filter = undefined;
      endedTold = batch.ended;
      if (lines.length > 0) fresh.ring();
      fetched.ring();
      return batch;
    },
    restart: () => {
      if (begun) begin();
    },
    show: (wanted) => {
      filter = wanted;
      fresh.ring();
    },
  };
}

/** One start, stop or reset of a home at a time; a stop makes a start give way. */
import { isCancelled, UserError } from '../core/errors.ts';
import type { OnEvent } from '../core/events.ts';
import { t } from '../core/l10n.ts';
import type { HomeLayout } from './home.ts';
import { lock, lockHolder, tryLock, type Lock } from './lock.ts';

async function holding<T>(turn: Promise<Lock>, work: () => Promise<T>): Promise<T> {
  const held = await turn;
  try {
    return await work();
  } finally {
    held.release();
  }
}

/** Waits for another start or stop to end, then works with nobody else at it. */
export function inTurn<T>(
  layout: HomeLayout,
  onEvent: OnEvent,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  const turn = lock(layout.upLock, signal, () => {
    onEvent({ type: 'message', level: 'info', message: t('Another start or stop is going on; waiting.') });
  });
  return holding(turn, work);
}

/**
 * A start: {@link inTurn}, with a signal that a stop aborts too. Throws UserError `stopped-while-starting` when one did.
 */
export function starting<T>(
  layout: HomeLayout,
  onEvent: OnEvent,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return inTurn(layout, onEvent, signal, async () => {
    const asked = stopRequests(layout);
    try {
      return await work(AbortSignal.any([signal, asked.signal]));
    } catch (error) {
      if (isCancelled(error) && asked.signal.aborted && !signal.aborted) {
        throw new UserError('stopped-while-starting', t('The sandbox was stopped while it started.'));
      }
      throw error;
    } finally {
      asked.stop();
    }
  });
}

/** A stop or a reset: a start that is going on is asked to give way. */
export function stopping<T>(layout: HomeLayout, work: () => Promise<T>): Promise<T> {
  return holding(takeOver(layout), work);
}

/** Aborts a start when a stop asks for it. */
function stopRequests(layout: HomeLayout): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const timer = setInterval(() => {
    // One that was left by a stop which died counts for nothing.
    if (lockHolder(layout.stopRequest)) controller.abort();
  }, 200);
  return {
    signal: controller.signal,
    stop: () => {
      clearInterval(timer);
    },
  };
}

async function takeOver(layout: HomeLayout): Promise<Lock> {
  const request = lockHolder(layout.upLock) && tryLock(layout.stopRequest);
  try {
    return await lock(layout.upLock);
  } finally {
    request?.release();
  }
}

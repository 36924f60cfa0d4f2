/** One start, stop or reset of a home at a time; a stop makes a start give way. */
import { UserError } from '../core/errors.ts';
import type { OnEvent } from '../core/events.ts';
import { t } from '../core/l10n.ts';
import type { HomeLayout } from './home.ts';
import { lock, lockHolder, tryLock, type Lock } from './lock.ts';

/** The lock for a start. */
export function waitForTurn(layout: HomeLayout, onEvent: OnEvent, signal: AbortSignal): Promise<Lock> {
  return lock(layout.upLock, signal, () => {
    onEvent({ type: 'message', level: 'info', message: t('Another start or stop is going on; waiting.') });
  });
}

export const stoppedWhileStarting = (): UserError =>
  new UserError('stopped-while-starting', t('The sandbox was stopped while it started.'));

/** Aborts a start when a stop asks for it. */
export function stopRequests(layout: HomeLayout): { readonly signal: AbortSignal; stop(): void } {
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

/** The lock for a stop: a start that holds it is asked to give way. */
export async function takeOver(layout: HomeLayout): Promise<Lock> {
  const request = lockHolder(layout.upLock) && tryLock(layout.stopRequest);
  try {
    return await lock(layout.upLock);
  } finally {
    request?.release();
  }
}

/** Long work with a notification that shows its progress and can cancel it. */
import * as vscode from 'vscode';
import { eventText, isFleeting } from '../core/eventText.ts';
import type { Event, OnEvent } from '../core/events.ts';

/** Work that tells itself what came of it, also when it was stopped. */
export function untilStopped<T>(
  title: string,
  log: vscode.LogOutputChannel,
  work: (onEvent: OnEvent, signal: AbortSignal) => Promise<T>,
): Promise<{ readonly end: T; readonly stopped: boolean }> {
  return withProgress(title, log, async (onEvent, signal) => ({
    end: await work(onEvent, signal),
    stopped: signal.aborted,
  }));
}

/** A cancelled task throws what the work throws when its signal is aborted. */
export async function withProgress<T>(
  title: string,
  log: vscode.LogOutputChannel,
  work: (onEvent: OnEvent, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const controller = new AbortController();
      const subscription = token.onCancellationRequested(() => {
        controller.abort();
      });
      let share = 0;
      const onEvent = (event: Event): void => {
        const message = eventText(event);
        if (message === undefined) return;
        if (!isFleeting(event)) log.info(message);
        const now = event.type === 'progress' && event.total ? (100 * event.done) / event.total : 0;
        progress.report({ message, ...(now > share ? { increment: now - share } : {}) });
        share = Math.max(share, now);
      };
      try {
        return await work(onEvent, controller.signal);
      } finally {
        subscription.dispose();
      }
    },
  );
}

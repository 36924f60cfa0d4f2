/** The one place that tells a person what went wrong with a command. */
import * as vscode from 'vscode';
import { isCancelled, isUserError, messageOf } from '../core/errors.ts';
import { t } from '../core/l10n.ts';

/** Tells of a failure: a cancelled one in silence, a mendable one with its remedy, any other with the log. */
export async function tell(error: unknown, log: vscode.LogOutputChannel, doing: string): Promise<void> {
  if (isCancelled(error)) return;
  if (isUserError(error)) {
    log.warn(
      `${doing}: ${error.code}: ${error.message}`,
      ...(error.cause === undefined ? [] : [error.cause]),
    );
    const { action, hint, message, others } = error;
    // A button is the next step itself; the hint words it for the terminal.
    const text = action || hint === undefined ? message : `${message} ${hint}`;
    const actions = [...(action ? [action] : []), ...others];
    const chosen = await vscode.window.showErrorMessage(text, ...actions.map(({ title }) => title));
    const wanted = actions.find(({ title }) => title === chosen);
    if (wanted) await vscode.commands.executeCommand(wanted.command, ...(wanted.args ?? []));
    return;
  }
  log.error(doing, error instanceof Error ? error : messageOf(error));
  const show = t('Show log');
  const chosen = await vscode.window.showErrorMessage(
    t('Orders Lakehouse met an unexpected problem: {0}', messageOf(error)),
    show,
  );
  if (chosen === show) log.show();
}

/** Wraps a handler for registration. It resolves when the work is over, not when the message is read. */
export function guarded<A extends readonly unknown[]>(
  log: vscode.LogOutputChannel,
  id: string,
  handler: (...args: A) => unknown,
): (...args: A) => Promise<void> {
  return async (...args) => {
    try {
      await handler(...args);
    } catch (error) {
      void tell(error, log, id);
    }
  };
}

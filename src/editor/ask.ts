/** Questions that a person answers or gives up; giving up cancels the command. */
import * as vscode from 'vscode';
import { Cancelled } from '../core/errors.ts';
import { t } from '../core/l10n.ts';

export async function askText(options: vscode.InputBoxOptions): Promise<string> {
  const answer = await vscode.window.showInputBox({ ignoreFocusOut: true, ...options });
  if (answer === undefined) throw new Cancelled();
  return answer.trim();
}

export async function askOne<T>(
  items: readonly (vscode.QuickPickItem & { readonly value: T })[],
  options: vscode.QuickPickOptions,
): Promise<T> {
  const chosen = await vscode.window.showQuickPick(items, { ignoreFocusOut: true, ...options });
  if (!chosen) throw new Cancelled();
  return chosen.value;
}

/** Goes on only when the person types the name of what goes away. */
export async function mustTypeName(name: string, options: { title: string; losses: string }): Promise<void> {
  await askText({
    title: options.title,
    prompt: `${options.losses} ${t('Type {0} to go on.', name)}`,
    placeHolder: name,
    validateInput: (input) => (input.trim() === name ? undefined : t('Type {0} to go on.', name)),
  });
}

/** Throws Cancelled unless the person agrees. */
export async function mustAgree(question: string, yes: string, detail: readonly string[]): Promise<void> {
  const chosen = await vscode.window.showWarningMessage(
    question,
    { modal: true, detail: detail.join('\n') },
    yes,
  );
  if (chosen !== yes) throw new Cancelled();
}

/** Tells what came of a deployment, with the way to its run. */
import * as vscode from 'vscode';
import type { CloudRunResult } from '../core/bundle/cloudRun.ts';
import type { LakehousePlan } from '../core/bundle/plan.ts';
import { t } from '../core/l10n.ts';
import type { Failure } from '../wire/rpc.ts';

interface Ended {
  readonly project: string;
  readonly target: { readonly name: string };
  /** Shows its page. */
  readonly show: () => void;
}

export function tellDeployed(
  end: Ended & { readonly plan: LakehousePlan | undefined; readonly results: readonly CloudRunResult[] },
): void {
  const { project, target, plan, results, show } = end;
  const browse = t('Open in browser');
  const showRun = t('Show run');
  const url = results[0]?.url ?? plan?.actions.find((one) => one.url !== undefined)?.url;
  const buttons = [...(url === undefined ? [] : [browse]), ...(results.length > 0 ? [showRun] : [])];
  const failed = results.some(({ state }) => state === 'FAILED');
  const message = failed
    ? vscode.window.showErrorMessage(
        t('{0} is deployed to {1}, but its update failed.', project, target.name),
        ...buttons,
      )
    : vscode.window.showInformationMessage(t('{0} is deployed to {1}.', project, target.name), ...buttons);
  void message.then((chosen) => {
    if (chosen === showRun) show();
    if (chosen === browse && url !== undefined) return vscode.env.openExternal(vscode.Uri.parse(url, true));
    return undefined;
  });
}

export function tellStopped(end: Ended & { readonly failure: Failure | undefined }): void {
  const { project, failure, show } = end;
  const open = t('Show deployment');
  const text = t('{0} is not deployed as a whole: {1}', project, failure?.message ?? '');
  void vscode.window.showErrorMessage(text, open).then((chosen) => {
    if (chosen === open) show();
  });
}

/** The host of the doctor's page; a start that fails opens it. */
import * as vscode from 'vscode';
import { bySeverity, findingsText, MENDS, type Finding, type Mend } from '../core/doctor.ts';
import { isCancelled, isUserError, messageOf, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { PARTS, type PartName, type SandboxState } from '../core/sandbox.ts';
import type { DoctorCalls, FailedStart, Report } from '../wire/doctor.ts';
import type { Disposable } from './disposable.ts';
import { hostCalls } from './pageCalls.ts';
import type { Panels } from './panel.ts';
import type { Room } from './room.ts';
import { logEvents, mustBeTrusted } from './sandboxCommands.ts';
import { SECTION } from './settings.ts';

const KEY = 'doctor';

export interface DoctorPanel extends Disposable {
  show(): void;
  /** Does a start; when it fails the page tells why, and the error gets a button to it. */
  explaining(start: () => Promise<void>): Promise<void>;
}

/** The part whose log the error offers. */
function partOf({ action }: UserError): PartName | undefined {
  return PARTS.find((part) => action?.args?.includes(part));
}

function untrusted(): Finding {
  return {
    id: 'trust',
    title: t('Workspace trust'),
    status: 'problem',
    evidence: t('This workspace is not trusted, so nothing is started from it.'),
    mend: { kind: 'command', id: 'manageTrust', label: t('Manage workspace trust') },
  };
}

export function createDoctorPanel(room: Room, panels: Panels): DoctorPanel {
  let failed: { readonly told: FailedStart; readonly part: PartName | undefined } | undefined;
  let report: Report | undefined;
  let due = false;
  let settled: SandboxState | undefined;

  const isDue = (): void => {
    due = true;
    panels.tell(KEY);
  };
  const look = async (signal: AbortSignal): Promise<Report> => {
    due = false;
    const findings = vscode.workspace.isTrusted ? await room.lakehouse().doctor.look(signal) : [untrusted()];
    report = { findings: bySeverity(findings), lookedAt: new Date().toISOString() };
    return report;
  };
  const mend = async (what: Mend): Promise<void> => {
    switch (what.kind) {
      case 'mend':
        mustBeTrusted();
        if (!MENDS.includes(what.id)) throw new Error('no such mend');
        await vscode.window.withProgress(
          { location: vscode.ProgressLocation.Notification, title: what.label },
          () => room.lakehouse().doctor.mend(what.id, logEvents(room)),
        );
        await room.sandbox.refresh();
        isDue();
        return;
      case 'setting':
        await vscode.commands.executeCommand('workbench.action.openSettings', `${SECTION}.${what.name}`);
        return;
      case 'open':
        await vscode.env.openExternal(vscode.Uri.parse(what.url, true));
        return;
      case 'command': {
        const command = what.id === 'start' ? `${SECTION}.start` : 'workbench.trust.manage';
        await vscode.commands.executeCommand(command);
      }
    }
  };
  const text = (): string => {
    const start = failed ? [t('The start failed: {0}', failed.told.message), failed.told.hint ?? '', ''] : [];
    return [...start, findingsText(report?.findings ?? [])].join('\n').trim();
  };
  const show = (preserveFocus: boolean): void => {
    panels.show<DoctorCalls>(
      KEY,
      () => ({
        page: 'doctorPage',
        title: t('Doctor'),
        handlers: {
          ...hostCalls([`${SECTION}.start`]),
          known: () => ({ failure: failed?.told ?? null, report: report ?? null, due }),
          look: (_params, signal) => look(signal),
          mend: async (what) => {
            await mend(what);
            return null;
          },
          copyAll: async () => {
            await vscode.env.clipboard.writeText(text());
            return null;
          },
          showLog: async () => {
            await vscode.commands.executeCommand(`${SECTION}.showLogs`, failed?.part);
            return null;
          },
        },
      }),
      { preserveFocus },
    );
  };
  const forget = (): void => {
    if (!failed) return;
    failed = undefined;
    isDue();
  };

  const listening = vscode.Disposable.from(
    room.sandbox.onDidChange(({ state }) => {
      if (state === 'starting' || state === 'stopping' || state === settled) return;
      const first = settled === undefined;
      settled = state;
      if (state === 'running') forget();
      if (!first) isDue();
    }),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(SECTION)) isDue();
    }),
    vscode.workspace.onDidGrantWorkspaceTrust(isDue),
  );

  return {
    show: () => {
      show(false);
    },
    async explaining(start) {
      try {
        await start();
        forget();
      } catch (error) {
        if (isCancelled(error) || (isUserError(error) && error.code === 'untrusted')) throw error;
        const part = isUserError(error) ? partOf(error) : undefined;
        const hint = isUserError(error) ? error.hint : undefined;
        const hasLog = part !== undefined || (isUserError(error) && error.code === 'part-failed');
        failed = {
          told: { message: messageOf(error), hasLog, ...(hint === undefined ? {} : { hint }) },
          part,
        };
        // The person goes on with what they do: the page comes up beside it.
        show(true);
        isDue();
        throw isUserError(error) ? withButtons(error, part, hasLog) : error;
      }
    },
    dispose: () => {
      listening.dispose();
    },
  };
}

function withButtons(error: UserError, part: PartName | undefined, hasLog: boolean): UserError {
  const log = {
    title: t('Show log'),
    command: `${SECTION}.showLogs`,
    ...(part === undefined ? {} : { args: [part] }),
  };
  return new UserError(error.code, error.message, {
    action: { title: t('Open doctor'), command: `${SECTION}.doctor` },
    ...(hasLog ? { others: [log] } : {}),
    cause: error,
  });
}

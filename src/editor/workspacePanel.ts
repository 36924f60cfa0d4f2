/** The form of a workspace: its host keeps what is secret, and tells the page only that it is there. */
import * as vscode from 'vscode';
import { hasSecret, tidiedWorkspace, workspaceFindings } from '../core/databricks/workspaces.ts';
import type { Finding, WorkspaceDraft, WorkspaceProfile } from '../core/databricks/workspaces.ts';
import { isCancelled } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { WorkspaceCalls } from '../wire/workspace.ts';
import { mustAgree } from './ask.ts';
import { hostCalls } from './pageCalls.ts';
import type { Panels } from './panel.ts';
import type { Room } from './room.ts';

export function showWorkspace(room: Room, panels: Panels, profile: WorkspaceProfile): void {
  const { workspaces, outside } = room;
  const { id } = profile;
  const key = `workspace/${id}`;
  const isNew = !workspaces.list().some((one) => one.id === id);
  const given = (asked: WorkspaceDraft): WorkspaceDraft => ({
    ...asked,
    profile: tidiedWorkspace({ ...asked.profile, id }),
  });
  const findings = async (draft: WorkspaceDraft): Promise<readonly Finding[]> =>
    workspaceFindings(draft, {
      others: workspaces.list().flatMap((one) => (one.id === id ? [] : [one.name])),
      kept: await workspaces.isKept(draft.profile),
    });
  /** What decides whether it works; not its name and colour. */
  const tested = ({ profile: { host, login }, secret }: WorkspaceDraft): string =>
    JSON.stringify([host, login, secret]);
  let good: { readonly what: string; readonly userName: string | undefined } | undefined;
  if (!isNew) good = { what: tested({ profile }), userName: workspaces.userName(id) };

  panels.show<WorkspaceCalls>(key, (signal) => ({
    page: 'workspacePage',
    title: isNew ? t('New workspace') : t('Workspace {0}', profile.name),
    handlers: {
      ...hostCalls([]),
      opened: async () => ({
        profile,
        isNew,
        kept: hasSecret(profile.login) && (await workspaces.isKept(profile)) ? profile.login.kind : null,
        profiles: await outside.configProfiles(),
        azureCli: await outside.hasAzureCli(),
      }),
      check: (asked) => findings(given(asked)),
      test: async (asked) => {
        const draft = given(asked);
        try {
          const { tests, userName } = await workspaces.test(draft, signal);
          // Whoever may see no SQL warehouse can work there all the same.
          if (userName !== undefined) good = { what: tested(draft), userName };
          return tests;
        } catch (error) {
          if (!isCancelled(error)) throw error;
          return [{ part: 'login', good: false, text: t('The sign-in was given up.') }];
        }
      },
      save: async (asked) => {
        const draft = given(asked);
        const found = await findings(draft);
        if (found.length > 0) return found;
        const known = good?.what === tested(draft) ? good : undefined;
        if (!known) {
          try {
            await mustAgree(t('Save {0} without a test that went well?', draft.profile.name), t('Save'), [
              t('Test logs in and shows what works; nothing is changed there.'),
            ]);
          } catch (error) {
            if (isCancelled(error)) return [];
            throw error;
          }
        }
        await workspaces.save(draft, known?.userName);
        panels.close(key);
        // The view may be folded away; from now on there is something in it.
        if (isNew) await vscode.commands.executeCommand('ordersLakehouse.workspaces.focus');
        return [];
      },
      cancel: () => {
        panels.close(key);
        return null;
      },
    },
  }));
}

/** A file as it is in a workspace, read-only (`orders-deployed://WORKSPACE/Users/…/silver.py`), to be compared with the one here. */
import * as vscode from 'vscode';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { Room } from './room.ts';

const SCHEME = 'orders-deployed';

/** Paths of a plan have this, those of the API do not. */
const withoutPrefix = (path: string): string => path.replace(/^\/Workspace(?=\/)/, '');

/** `moment` makes it another document: what is there may have changed. */
export const deployedUri = (workspace: string, path: string, moment: number): vscode.Uri =>
  vscode.Uri.from({ scheme: SCHEME, authority: workspace, path: withoutPrefix(path), query: String(moment) });

export function provideDeployedText(room: Pick<Room, 'workspaces'>): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
    provideTextDocumentContent: async ({ authority, path }, token) => {
      const controller = new AbortController();
      const listening = token.onCancellationRequested(() => {
        controller.abort();
      });
      try {
        const { files } = await room.workspaces.open(authority, () => undefined, controller.signal);
        const there = await files.status(path);
        if (there?.type === 'NOTEBOOK') return (await files.exportNotebook(path, 'SOURCE')) ?? '';
        const bytes = await files.readFile(path);
        if (bytes) return new TextDecoder().decode(bytes);
        throw new UserError('not-there', t('There is nothing at {0} any more.', path));
      } finally {
        listening.dispose();
      }
    },
  });
}

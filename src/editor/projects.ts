/** The lakehouse projects of the workspace, and how one comes there. */
import * as vscode from 'vscode';
import { Cancelled, UserError } from '../core/errors.ts';
import { createProject, projectText } from '../core/project.ts';
import { t } from '../core/l10n.ts';
import type { Room } from './room.ts';
import { mustBeTrusted } from './sandboxCommands.ts';

/** The folders of the workspace that hold a pipeline. */
async function projectsOf(room: Room): Promise<readonly vscode.WorkspaceFolder[]> {
  const projects = await room.lakehouse().projects();
  const found: vscode.WorkspaceFolder[] = [];
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    if (folder.uri.scheme !== 'file') continue;
    try {
      await projects.pipelineOf(folder.uri.fsPath);
      found.push(folder);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  return found;
}

/** The project to work on: the only one, that of the file in front, or the one chosen; undefined where there is none. */
export async function chooseProject(room: Room): Promise<vscode.WorkspaceFolder | undefined> {
  const found = await projectsOf(room);
  if (found.length < 2) return found[0];
  const shown = vscode.window.activeTextEditor?.document.uri;
  const inFront = shown && vscode.workspace.getWorkspaceFolder(shown);
  if (inFront && found.includes(inFront)) return inFront;
  const chosen = await vscode.window.showQuickPick(
    found.map((folder) => ({ label: folder.name, description: folder.uri.fsPath, folder })),
    { placeHolder: t('Which project?') },
  );
  if (!chosen) throw new Cancelled();
  return chosen.folder;
}

async function askFolder(): Promise<vscode.Uri> {
  const [first] = vscode.workspace.workspaceFolders ?? [];
  const [chosen] =
    (await vscode.window.showOpenDialog({
      title: t('Create a lakehouse project'),
      openLabel: t('Create here'),
      canSelectFiles: false,
      canSelectFolders: true,
      ...(first ? { defaultUri: first.uri } : {}),
    })) ?? [];
  if (!chosen) throw new Cancelled();
  return chosen;
}

/** Without a folder it asks for one. */
export async function createProjectHere(room: Room, argument: unknown): Promise<void> {
  mustBeTrusted();
  const folder = argument instanceof vscode.Uri ? argument : await askFolder();
  const made = await createProject(await room.lakehouse().projects(), folder.fsPath);
  room.log.info(projectText(made));
  const isOpen = vscode.workspace.workspaceFolders?.some(({ uri }) => uri.fsPath === made.folder) ?? false;
  const open = isOpen ? t('Open {0}', 'databricks.yml') : t('Open the folder');
  // Not awaited: the project is there when the command ends, not when the message was read.
  void vscode.window.showInformationMessage(projectText(made), open).then((chosen) => {
    if (chosen !== open) return undefined;
    return isOpen
      ? vscode.commands.executeCommand('vscode.open', vscode.Uri.joinPath(folder, 'databricks.yml'))
      : vscode.commands.executeCommand('vscode.openFolder', folder, {
          forceNewWindow: vscode.workspace.workspaceFolders !== undefined,
        });
  });
}

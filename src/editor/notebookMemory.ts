/** What this window's folder remembers of each notebook: where it goes, what was deployed, how it last ran. */
import * as vscode from 'vscode';
import type { Disposable } from './disposable.ts';

const MEMORY = 'notebooks';

export interface NotebookTarget {
  /** Id of the workspace. */
  readonly workspace: string;
  /** There, whole. */
  readonly path: string;
}

export interface RememberedNotebook {
  readonly target?: NotebookTarget;
  /** To that target. */
  readonly deployed?: {
    /** Of what it said then, see {@link hashOf}. */
    readonly hash: string;
    readonly atMs: number;
  };
  /** Null: serverless. */
  readonly cluster?: { readonly id: string; readonly name: string } | null;
  /** Those a person gave. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The last run, and where it ran. */
  readonly run?: { readonly workspace: string; readonly id: string };
}

export interface NotebookMemory extends Disposable {
  of(uri: vscode.Uri): RememberedNotebook;
  update(uri: vscode.Uri, part: RememberedNotebook): Promise<void>;
  readonly onDidChange: vscode.Event<void>;
}

type Kept = Readonly<Record<string, RememberedNotebook>>;
const keptIn = (context: vscode.ExtensionContext): Kept => context.workspaceState.get(MEMORY, {});

/** The notebook whose last run this is. */
export function fileOfRun(
  context: vscode.ExtensionContext,
  workspace: string,
  id: string,
): vscode.Uri | undefined {
  const found = Object.entries(keptIn(context)).find(
    ([, { run }]) => run?.id === id && run.workspace === workspace,
  );
  return found && vscode.Uri.parse(found[0], true);
}

export function createNotebookMemory(context: vscode.ExtensionContext): NotebookMemory {
  const changed = new vscode.EventEmitter<void>();
  const keep = async (kept: Kept): Promise<void> => {
    await context.workspaceState.update(MEMORY, kept);
    changed.fire();
  };
  const renaming = vscode.workspace.onDidRenameFiles(async ({ files }) => {
    const moved = new Map(files.map(({ oldUri, newUri }) => [oldUri.toString(), newUri.toString()]));
    const kept = Object.entries(keptIn(context));
    if (!kept.some(([uri]) => moved.has(uri))) return;
    await keep(Object.fromEntries(kept.map(([uri, one]) => [moved.get(uri) ?? uri, one])));
  });
  return {
    of: (uri) => keptIn(context)[uri.toString()] ?? {},
    update: (uri, part) => {
      const kept = keptIn(context);
      return keep({ ...kept, [uri.toString()]: { ...kept[uri.toString()], ...part } });
    },
    onDidChange: changed.event,
    dispose: () => {
      renaming.dispose();
      changed.dispose();
    },
  };
}

/** What a project is deployed with: its target, workspace and variables. Asked once, and remembered with the project. */
import * as vscode from 'vscode';
import { targetsOf, type TargetSummary } from '../core/bundle/readBundle.ts';
import type { WorkspaceProfile } from '../core/databricks/workspaces.ts';
import { Cancelled, UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import { askOne, askText } from './ask.ts';
import { variableProblem, type MissingVariable } from './deployVariables.ts';
import type { Room } from './room.ts';

/** A folder's `databricks.yml`, and what it has by `include`. */
const BUNDLES = '**/databricks.{yml,yaml}';
const NOT_IN = '**/{node_modules,.venv,venv,.databricks,.git}/**';
const MOST_PROJECTS = 50;

type ChoiceRoom = Pick<Room, 'context' | 'outside' | 'workspaces'>;

export type Variables = Readonly<Record<string, string>>;

export interface Remembered {
  readonly target?: string;
  /** Id. */
  readonly workspace?: string;
  readonly runAfter?: boolean;
  /** By target. */
  readonly variables?: Readonly<Record<string, Variables>>;
}

export interface ProjectMemory {
  readonly now: Remembered;
  keep(change: Remembered): Promise<void>;
}

export function memoryOf({ context }: Pick<Room, 'context'>, folder: vscode.Uri): ProjectMemory {
  const key = `deploy/${folder.toString()}`;
  const read = (): Remembered => context.workspaceState.get<Remembered>(key, {});
  return {
    get now() {
      return read();
    },
    keep: async (change) => {
      await context.workspaceState.update(key, { ...read(), ...change });
    },
  };
}

const folderOf = (file: vscode.Uri): vscode.Uri => vscode.Uri.joinPath(file, '..');
const isWithin = (file: vscode.Uri, folder: vscode.Uri): boolean =>
  file.toString() === folder.toString() || file.toString().startsWith(`${folder.toString()}/`);

/**
 * The project that a file belongs to, else the one of the file in front, the only one, or the one chosen. Throws
 * UserError `no-project`.
 */
export async function chooseProjectFolder(argument: unknown): Promise<vscode.Uri> {
  const found = await vscode.workspace.findFiles(BUNDLES, NOT_IN, MOST_PROJECTS);
  const folders = [
    ...new Map(found.map((file) => [folderOf(file).toString(), folderOf(file)] as const)).values(),
  ].sort((one, other) => one.path.localeCompare(other.path));
  const around = (file: vscode.Uri): vscode.Uri | undefined =>
    folders.filter((folder) => isWithin(file, folder)).at(-1);
  if (argument instanceof vscode.Uri) {
    const its = around(argument);
    if (its) return its;
  }
  const [only, ...others] = folders;
  if (!only) {
    throw new UserError('no-project', t('There is no databricks.yml in this workspace.'), {
      action: { title: t('Create a lakehouse project'), command: 'ordersLakehouse.createProject' },
    });
  }
  if (others.length === 0) return only;
  const shown = vscode.window.activeTextEditor?.document.uri;
  const inFront = shown && around(shown);
  if (inFront) return inFront;
  return askOne(
    folders.map((folder) => ({
      label: folder.path.split('/').at(-1) ?? '',
      description: vscode.workspace.asRelativePath(folder),
      value: folder,
    })),
    { placeHolder: t('Which project?') },
  );
}

const modeText = ({ mode }: TargetSummary): string =>
  mode === 'production' ? t('production') : mode === 'development' ? t('development') : '';

/** The remembered target, the only one, or the one chosen; `ask`: another one. Throws BundleError. */
export async function chooseTarget(
  room: ChoiceRoom,
  folder: vscode.Uri,
  { ask }: { readonly ask: boolean },
): Promise<TargetSummary> {
  const memory = memoryOf(room, folder);
  const targets = await targetsOf(await room.outside.bundleProject(folder.fsPath));
  const known = targets.find(({ name }) => name === memory.now.target);
  const [only, ...others] = targets;
  if (!ask && known) return known;
  if (!only) return { name: 'default', isDefault: true };
  const chosen =
    others.length === 0
      ? only
      : await askOne(
          [...targets]
            .sort((one, other) => Number(other.isDefault) - Number(one.isDefault))
            .map((target) => ({
              label: target.name,
              description: [modeText(target), target.host].filter((text) => text !== '').join(' · '),
              value: target,
            })),
          { placeHolder: t('Which target of the bundle?') },
        );
  await memory.keep({ target: chosen.name });
  return chosen;
}

/** The remembered workspace, or the one chosen among those that the target allows. */
export async function chooseDeployWorkspace(
  room: ChoiceRoom,
  folder: vscode.Uri,
  target: TargetSummary,
  { ask }: { readonly ask: boolean },
): Promise<WorkspaceProfile> {
  const memory = memoryOf(room, folder);
  const fitting = room.workspaces
    .list()
    .filter(({ host }) => target.host === undefined || host === target.host);
  const known = fitting.find(({ id }) => id === memory.now.workspace);
  if (!ask && known) return known;
  const connect = `$(add) ${t('Connect a workspace…')}`;
  const chosen = await askOne<WorkspaceProfile | undefined>(
    [
      ...fitting.map((profile) => ({
        label: profile.name,
        description: profile.production ? `${profile.host} · ${t('production')}` : profile.host,
        value: profile,
      })),
      {
        label: connect,
        ...(target.host === undefined ? {} : { description: target.host }),
        value: undefined,
      },
    ],
    { placeHolder: t('Into which workspace is {0} deployed?', target.name) },
  );
  if (!chosen) {
    await vscode.commands.executeCommand('ordersLakehouse.addWorkspace');
    throw new Cancelled();
  }
  await memory.keep({ workspace: chosen.id });
  return chosen;
}

export const variablesOf = (room: Pick<Room, 'context'>, folder: vscode.Uri, target: string): Variables =>
  memoryOf(room, folder).now.variables?.[target] ?? {};

/** Asks for each, and remembers the answers for this project and target. */
export async function askVariables(
  room: ChoiceRoom,
  folder: vscode.Uri,
  target: string,
  wanted: readonly MissingVariable[],
): Promise<void> {
  const memory = memoryOf(room, folder);
  const before = variablesOf(room, folder, target);
  const given: Record<string, string> = {};
  for (const [at, { name, description }] of wanted.entries()) {
    given[name] = await askText({
      title: t('Variable {0} of the target {1} ({2} of {3})', name, target, at + 1, wanted.length),
      prompt: description ?? t('Its value is remembered for this project and target.'),
      value: before[name] ?? '',
      validateInput: (value) => variableProblem(name, value),
    });
  }
  await memory.keep({
    variables: { ...memory.now.variables, [target]: { ...before, ...given } },
  });
}

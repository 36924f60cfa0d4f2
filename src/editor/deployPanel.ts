/**
 * The host of the pages that deploy a lakehouse, one for each project. What it deploys or follows goes on when the page is
 * closed: a notification shows it then, and can cancel it; the page shows it again when it is opened.
 */
import * as vscode from 'vscode';
import { UserError } from '../core/errors.ts';
import { t } from '../core/l10n.ts';
import type { DeployCalls, DeployPlace, DeployRequest } from '../wire/deploy.ts';
import type { Failure } from '../wire/rpc.ts';
import {
  askVariables,
  chooseDeployWorkspace,
  chooseProjectFolder,
  chooseTarget,
  memoryOf,
  variablesOf,
} from './deployChoices.ts';
import { tellDeployed, tellStopped } from './deployEnd.ts';
import { createDeployMarks } from './deployMarks.ts';
import {
  howToLeave,
  mayDeploy,
  mayRebuild,
  mayTakeLock,
  saveProject,
  unlessCancelled,
} from './deployQuestions.ts';
import { createDeploySession, type DeploySession } from './deploySession.ts';
import { deployedUri, provideDeployedText } from './deployedText.ts';
import { createDeployWork, type DeployChoice, type DeployRoom } from './deployWork.ts';
import type { Disposable } from './disposable.ts';
import { hostCalls } from './pageCalls.ts';
import { toFailure, type PanelSpec, type Panels } from './panel.ts';
import { mustBeTrusted } from './sandboxCommands.ts';
import { targetOf } from './tree.ts';

/** What a page may run to mend something. */
const MENDS = [
  'ordersLakehouse.addWorkspace',
  'ordersLakehouse.createProject',
  'ordersLakehouse.editWorkspace',
  'ordersLakehouse.signInWorkspace',
  'workbench.trust.manage',
];
/** Below these nothing belongs to a bundle. */
const NOT_OURS = /(^|\/)(\.databricks|\.git|\.venv|__pycache__|node_modules)(\/|$)/;

export interface DeployPages extends Disposable {
  /** On a file of a project, a workspace of the tree, or nothing. */
  deploy(argument: unknown): Promise<void>;
}

/** A project as it is deployed in this window. */
interface Deployment {
  readonly key: string;
  readonly folder: vscode.Uri;
  readonly project: string;
  readonly session: DeploySession;
  target: DeployChoice['target'];
  workspace: DeployChoice['workspace'];
  isOpen: boolean;
}

function placeOf(room: DeployRoom, { folder, project, target, workspace }: Deployment): DeployPlace {
  const { name, host, colour, production } = workspace;
  return {
    project,
    target: target.name,
    mode: target.mode ?? null,
    workspace: { name, host, colour, production },
    variables: Object.entries(variablesOf(room, folder, target.name)).map(([variable, value]) => ({
      name: variable,
      value,
    })),
  };
}

async function openDiff({ session, workspace, folder }: Deployment, id: string): Promise<void> {
  const action = session.plan?.actions.find(({ type, key }) => `${type}/${key}` === id);
  if (action?.type !== 'file') throw new Error(`no file of the plan: ${id}`);
  await vscode.commands.executeCommand(
    'vscode.diff',
    deployedUri(workspace.id, action.name, Date.now()),
    vscode.Uri.joinPath(folder, action.key),
    t('{0}: {1} ↔ here', action.key.split('/').at(-1) ?? action.key, workspace.name),
  );
}

async function openFile(
  { folder }: Deployment,
  { file, line, column = 1 }: DeployCalls['openFile']['params'],
): Promise<void> {
  const uri = vscode.Uri.joinPath(folder, file);
  if (!uri.path.startsWith(`${folder.path}/`)) throw new Error(`not of the project: ${file}`);
  const at = new vscode.Position(line - 1, column - 1);
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(at, at) });
}

async function savePlan({ session, folder }: Deployment): Promise<string | null> {
  const { plan } = session;
  if (!plan) return null;
  const uri = await vscode.window.showSaveDialog({
    title: t('Save the plan'),
    // Not among what is deployed.
    defaultUri: vscode.Uri.joinPath(folder, '..', `${plan.bundle}-${plan.target}.plan.json`),
    filters: { JSON: ['json'] },
  });
  if (!uri) return null;
  await vscode.workspace.fs.writeFile(
    uri,
    new TextEncoder().encode(`${JSON.stringify(plan, undefined, 2)}\n`),
  );
  return uri.fsPath;
}

async function cancel({ session, workspace }: Deployment): Promise<void> {
  if (session.state().phase !== 'running') {
    session.cancel('leave');
    return;
  }
  await unlessCancelled(async () => {
    session.cancel(await howToLeave(workspace));
  });
}

/** Takes over from a page that was closed while something goes on. */
function followClosed(deployment: Deployment): void {
  const title = t('Deploying {0}', deployment.project);
  void vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      token.onCancellationRequested(() => void cancel(deployment));
      await deployment.session.whenIdle((message) => {
        progress.report({ message });
      });
    },
  );
}

export function createDeployPages(room: DeployRoom, panels: Pick<Panels, 'show' | 'tell'>): DeployPages {
  const deployments = new Map<string, Deployment>();
  const marks = createDeployMarks();
  const texts = provideDeployedText(room);

  const describe = (error: unknown): Failure => {
    const { hint, ...failure } = toFailure(error, room.log);
    // The page has a button for it; the hint words it for the terminal.
    return failure.code === 'locked' || hint === undefined ? failure : { ...failure, hint };
  };
  const begin = (folder: vscode.Uri, choice: Omit<DeployChoice, 'folder'>): Deployment => {
    const key = `deploy/${folder.toString()}`;
    const show = (): void => {
      showPage(made);
    };
    const made: Deployment = {
      ...{ key, folder, ...choice },
      project: folder.path.split('/').at(-1) ?? '',
      isOpen: false,
      session: createDeploySession({
        work: createDeployWork(room, () => made),
        describe,
        onChange: () => {
          panels.tell(key);
        },
        onFindings: (findings) => {
          marks.findings(folder, findings);
        },
        onEnd: ({ phase, results, failure }) => {
          marks.results(folder, results);
          if (phase === 'finished') tellDeployed({ ...made, plan: made.session.plan, results, show });
          // Its page says so itself.
          else if (!made.isOpen && failure?.code !== 'cancelled') tellStopped({ ...made, failure, show });
        },
        now: () => new Date(),
      }),
    };
    deployments.set(key, made);
    return made;
  };

  const deploy = async (deployment: Deployment, request: DeployRequest): Promise<boolean> => {
    mustBeTrusted();
    const { session, folder, workspace } = deployment;
    const { plan, consents, fullRefresh } = request;
    const seen = session.plan;
    const mustBeNewest = (): void => {
      if (session.state().plan === plan) return;
      throw new UserError('changed-meanwhile', t('There is a newer plan: look at it first.'));
    };
    mustBeNewest();
    const was = { saved: false };
    const agreed = await unlessCancelled(async () => {
      was.saved = await saveProject(folder);
      if (was.saved) return;
      if (seen) await mayDeploy(room, workspace, seen);
      if (fullRefresh) await mayRebuild(workspace);
    });
    if (!agreed) return false;
    if (was.saved) {
      void session.startPlan();
      return false;
    }
    mustBeNewest();
    void session.startDeploy({
      consents,
      fullRefresh,
      runAfter: memoryOf(room, folder).now.runAfter ?? true,
    });
    return true;
  };
  const change = async (deployment: Deployment, choose: () => Promise<void>): Promise<null> => {
    if (deployment.session.busy) {
      throw new UserError('busy', t('Something else goes on already: look at the page again.'));
    }
    if (await unlessCancelled(choose)) void deployment.session.startPlan();
    return null;
  };

  /** Tells the session of files that changed, while the page is open. */
  const watch = ({ folder, session }: Deployment): Disposable => {
    const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, '**'));
    const changed = ({ path }: vscode.Uri): void => {
      if (!path.startsWith(`${folder.path}/`)) return;
      if (!NOT_OURS.test(path.slice(folder.path.length))) session.changedHere();
    };
    return vscode.Disposable.from(
      watcher,
      watcher.onDidChange(changed),
      watcher.onDidCreate(changed),
      watcher.onDidDelete(changed),
      // Known at once, and where nothing watches files as well.
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        changed(uri);
      }),
      vscode.workspace.onDidCreateFiles(({ files }) => {
        files.forEach(changed);
      }),
      vscode.workspace.onDidDeleteFiles(({ files }) => {
        files.forEach(changed);
      }),
      vscode.workspace.onDidRenameFiles(({ files }) => {
        for (const { oldUri, newUri } of files) [oldUri, newUri].forEach(changed);
      }),
    );
  };

  const spec = (deployment: Deployment, closed: AbortSignal): PanelSpec<DeployCalls> => {
    const { folder, session, project, key } = deployment;
    const watching = watch(deployment);
    deployment.isOpen = true;
    closed.addEventListener('abort', () => {
      watching.dispose();
      deployment.isOpen = false;
      // Nothing is lost with a plan.
      if (session.state().phase === 'planning') session.cancel('leave');
      else if (session.busy) followClosed(deployment);
    });
    return {
      page: 'deployPage',
      title: t('Deploy {0}', project),
      handlers: {
        ...hostCalls(MENDS),
        state: () => {
          // What was edited meanwhile; one that was forgotten is refused when it is used.
          const now = room.workspaces.list().find(({ id }) => id === deployment.workspace.id);
          deployment.workspace = now ?? deployment.workspace;
          return {
            ...session.state(),
            place: placeOf(room, deployment),
            runAfter: memoryOf(room, folder).now.runAfter ?? true,
          };
        },
        plan: ({ number }) => session.view(number) ?? null,
        planAgain: async () => {
          const saved = await unlessCancelled(async () => {
            await saveProject(folder);
          });
          if (saved) void session.startPlan();
          return null;
        },
        deploy: (request) => deploy(deployment, request),
        goOn: async () => {
          mustBeTrusted();
          const saved = await unlessCancelled(async () => {
            await saveProject(folder);
          });
          if (saved) void session.goOn();
          return null;
        },
        takeLock: async () => {
          mustBeTrusted();
          const agreed = await unlessCancelled(() => mayTakeLock(session.state().failure?.message ?? ''));
          if (agreed) void session.goOn({ forceLock: true });
          return agreed;
        },
        cancel: async () => {
          await cancel(deployment);
          return null;
        },
        savePlan: async () => ({ path: await savePlan(deployment) }),
        changeTarget: () =>
          change(deployment, async () => {
            const target = await chooseTarget(room, folder, { ask: true });
            // It may be for another workspace.
            const workspace = await chooseDeployWorkspace(room, folder, target, { ask: false });
            Object.assign(deployment, { target, workspace });
          }),
        changeWorkspace: () =>
          change(deployment, async () => {
            const { target } = deployment;
            deployment.workspace = await chooseDeployWorkspace(room, folder, target, { ask: true });
          }),
        changeVariables: () =>
          change(deployment, async () => {
            const { name } = deployment.target;
            const given = Object.keys(variablesOf(room, folder, name));
            await askVariables(
              room,
              folder,
              name,
              given.map((variable) => ({ name: variable })),
            );
          }),
        setRunAfter: async (runAfter) => {
          await memoryOf(room, folder).keep({ runAfter });
          panels.tell(key);
          return null;
        },
        browse: async ({ url }) => {
          if (new URL(url).origin !== new URL(deployment.workspace.host).origin) {
            throw new Error(`not of this workspace: ${url}`);
          }
          await vscode.env.openExternal(vscode.Uri.parse(url, true));
          return null;
        },
        diff: async ({ id }) => {
          await openDiff(deployment, id);
          return null;
        },
        openFile: async (at) => {
          await openFile(deployment, at);
          return null;
        },
      },
    };
  };
  const showPage = (deployment: Deployment): void => {
    panels.show<DeployCalls>(deployment.key, (closed) => spec(deployment, closed));
  };

  return {
    deploy: async (argument) => {
      mustBeTrusted();
      const folder = await chooseProjectFolder(argument);
      const known = deployments.get(`deploy/${folder.toString()}`);
      if (known?.session.busy) {
        showPage(known);
        return;
      }
      const given = targetOf(argument);
      if (given?.kind === 'workspace') {
        await memoryOf(room, folder).keep({ workspace: given.workspace });
      }
      const target = await chooseTarget(room, folder, { ask: false });
      const workspace = await chooseDeployWorkspace(room, folder, target, { ask: false });
      await saveProject(folder);
      const deployment = known ?? begin(folder, { target, workspace });
      const isSame = deployment.target.name === target.name && deployment.workspace.id === workspace.id;
      const { phase } = deployment.session.state();
      // What stopped half-way is gone on with from its page.
      const stays = known && isSame && (phase === 'stopped' || (phase === 'planned' && known.isOpen));
      Object.assign(deployment, { target, workspace });
      showPage(deployment);
      if (!stays) void deployment.session.startPlan();
    },
    dispose: () => {
      marks.dispose();
      texts.dispose();
      for (const { session } of deployments.values()) session.cancel('leave');
    },
  };
}

/** Plan → apply: each step told, what is made kept at once, so that the next run goes on where this one ended. */
import { isCancelled, isUserError, messageOf, throwIfCancelled, UserError } from '../errors.ts';
import { t } from '../l10n.ts';
import { createProgress } from '../progress.ts';
import { apiPath, join, type LocalFile } from './files.ts';
import { withIds } from './ids.ts';
import { clearLock, takeLock } from './lock.ts';
import { inParallel } from './parallel.ts';
import { deletions, isEmpty, type PlanAction } from './plan.ts';
import { stepText } from './planText.ts';
import { shortHash, type PreparedDeploy } from './planLakehouse.ts';
import type { ApplyOptions, DeployParts } from './ports.ts';
import { createResource, deleteResource, updateResource } from './resources.ts';
import { appliedOf } from './settings.ts';
import {
  emptyState,
  resourceKey,
  STATE_FILE,
  stateText,
  type DeployState,
  type OwnedFile,
  type OwnedResource,
} from './state.ts';

export interface ApplyResult {
  /** Pipelines of the bundle that are there now: key → id. */
  readonly pipelines: Readonly<Record<string, string>>;
  /** Actions that changed something there. */
  readonly written: number;
}

/**
 * Does what the plan says, and nothing else. Throws UserError `locked`, `changed-meanwhile`, `would-delete`, and what
 * the workspace refuses, with what was done.
 */
export async function applyLakehouse(
  parts: DeployParts,
  prepared: PreparedDeploy,
  options: ApplyOptions,
): Promise<ApplyResult> {
  const { plan, bundle } = prepared;
  const lost = deletions(plan);
  if (lost.length > 0 && !options.allowDelete) {
    const names = lost.map(({ name }) => name).join(', ');
    throw new UserError('would-delete', t('This would be deleted: {0}', names), {
      hint: t('If that is meant: --allow-delete. Nothing was written.'),
    });
  }
  const session = new Session(parts, prepared);
  if (isEmpty(plan) && session.isKept()) {
    await clearLock(parts, bundle.statePath);
    return session.result();
  }
  const { workspace } = parts;
  if (prepared.stateText === undefined) await workspace.files.makeFolders(apiPath(bundle.statePath));
  const request = { statePath: bundle.statePath, user: plan.user, force: options.forceLock };
  const lock = await takeLock(parts, request);
  try {
    await session.run();
  } catch (error) {
    await lock.release().catch(() => undefined);
    throw session.told(error);
  }
  try {
    await lock.release();
  } catch (error) {
    // All is done: what comes after it must not be missing for this.
    const message = t(
      'All is deployed, but the lock is still there ({0}). Until it is taken away, the next deployment needs --force-lock.',
      messageOf(error),
    );
    parts.onEvent({ type: 'message', level: 'warning', message });
  }
  return session.result();
}

class Session {
  private readonly total: number;
  private done = 0;
  private last = '';
  private readonly resources: Record<string, OwnedResource>;
  private readonly files: Record<string, OwnedFile>;
  private readonly ids = new Map<string, string>();
  private readonly hash: (value: string) => string;
  private pending: DeployState['pending'];

  private readonly parts: DeployParts;
  private readonly prepared: PreparedDeploy;

  constructor(parts: DeployParts, prepared: PreparedDeploy) {
    this.parts = parts;
    this.prepared = prepared;
    const { state, plan, files, resources } = prepared;
    this.total = plan.actions.filter(({ kind }) => kind !== 'same').length;
    this.hash = shortHash(parts.project);
    this.resources = { ...state.resources };
    this.files = { ...state.files };
    this.pending = state.pending;
    for (const [remote, file] of files.kept) this.files[remote] = file;
    for (const step of resources) {
      const { action, resource, found } = step;
      if (!found) continue;
      this.ids.set(resourceKey(resource.type, resource.key), found.id);
      // Found by its mark: it is ours from now on.
      if (action.kind === 'same') this.own(step, found.id);
    }
    // Of what is nowhere any more nothing is kept.
    const leaving = new Set(prepared.leaving.map(({ type, key }) => `${type}.${key}`));
    const now = new Set(resources.map(({ resource }) => resourceKey(resource.type, resource.key)));
    for (const at of Object.keys(this.resources)) {
      if (!now.has(at) && !leaving.has(at)) Reflect.deleteProperty(this.resources, at);
    }
    const present = new Set([...files.kept.keys(), ...files.uploads.keys()]);
    for (const remote of Object.keys(this.files)) {
      if (!present.has(remote) && !leaving.has(`file.${remote}`)) Reflect.deleteProperty(this.files, remote);
    }
  }

  /** Whether what is kept there says all that is known. */
  isKept(): boolean {
    this.pending = undefined;
    const { stateText: kept } = this.prepared;
    return kept === undefined ? this.prepared.plan.actions.length === 0 : kept === this.text();
  }

  result(): ApplyResult {
    const pipelines: Record<string, string> = {};
    for (const { resource } of this.prepared.resources) {
      const id = this.ids.get(resourceKey(resource.type, resource.key));
      if (resource.type === 'pipeline' && id !== undefined) pipelines[resource.key] = id;
    }
    return { pipelines, written: this.done };
  }

  async run(): Promise<void> {
    const { prepared, parts } = this;
    await this.mustBeAsPlanned();
    const { plan, files, resources } = prepared;
    const creates = resources.filter(({ action }) => action.kind === 'create');
    this.pending =
      creates.length === 0 && files.uploads.size === 0
        ? undefined
        : {
            by: plan.user,
            resources: Object.fromEntries(
              creates.map(({ resource: { type, key, name } }) => [resourceKey(type, key), name]),
            ),
            files: Object.fromEntries([...files.uploads].map(([remote, { hash }]) => [remote, hash])),
          };
    if (this.pending) await this.keep();
    await this.uploadFiles();
    for (const step of resources) {
      if (step.action.kind === 'same') continue;
      throwIfCancelled(parts.signal);
      await this.settle(step);
    }
    for (const action of prepared.leaving) {
      throwIfCancelled(parts.signal);
      await this.leave(action);
    }
    this.pending = undefined;
    if (this.text() !== this.written) await this.keep();
  }

  /** What was written to the file of the state last. */
  private written: string | undefined;

  private text(): string {
    const { bundle, target } = this.prepared.plan;
    const state: DeployState = {
      ...emptyState(bundle, target),
      resources: this.resources,
      files: this.files,
      ...(this.pending ? { pending: this.pending } : {}),
    };
    return stateText(state);
  }

  private async keep(): Promise<void> {
    const { workspace } = this.parts;
    const text = this.text();
    const path = apiPath(`${this.prepared.bundle.statePath}/${STATE_FILE}`);
    await workspace.files.writeFile(path, new TextEncoder().encode(text));
    this.written = text;
  }

  /** Another deployment may have ended between the plan and the lock. */
  private async mustBeAsPlanned(): Promise<void> {
    const { workspace } = this.parts;
    const { bundle, stateText: planned } = this.prepared;
    const bytes = await workspace.files.readFile(apiPath(`${bundle.statePath}/${STATE_FILE}`));
    const now = bytes && new TextDecoder().decode(bytes);
    this.written = now;
    if (now === planned) return;
    throw new UserError('changed-meanwhile', t('Somebody else deployed this just now.'), {
      hint: t('Nothing was written. Run it again to see what is there.'),
    });
  }

  private tell({ kind, type, key, name }: PlanAction, state: 'running' | 'completed'): void {
    if (state === 'completed') {
      this.done += 1;
      this.last = stepText(kind, type, name);
    }
    const { done, total } = this;
    this.parts.onEvent({ type: 'step', kind, resource: type, key, name, state, done, total });
  }

  private async uploadFiles(): Promise<void> {
    const { parts, prepared } = this;
    const { workspace, onEvent, signal } = parts;
    const { files, bundle } = prepared;
    const folders = files.actions.filter(({ type }) => type === 'folder').map(({ name }) => name);
    // Those above come with the deepest.
    const deepest = folders.filter((one) => !folders.some((other) => other.startsWith(`${one}/`)));
    await inParallel(deepest, (folder) => workspace.files.makeFolders(apiPath(folder)));
    for (const action of files.actions) if (action.type === 'folder') this.tell(action, 'completed');
    const work = files.actions.filter(({ type, kind }) => type === 'file' && kind !== 'same');
    const byPath = new Map(
      [...files.uploads].map(([remote, file]) => [file.path, { remote, file }] as const),
    );
    const progress = createProgress(onEvent, t('files'), '', work.length);
    let uploaded = 0;
    try {
      await inParallel(work, async (action) => {
        const upload = byPath.get(action.key);
        if (!upload) return;
        throwIfCancelled(signal);
        this.tell(action, 'running');
        await this.upload(
          upload.file,
          join(bundle.filePath, upload.remote),
          files.replaced.has(upload.remote),
        );
        this.files[upload.remote] = { hash: upload.file.hash };
        this.tell(action, 'completed');
        progress((uploaded += 1));
      });
    } finally {
      progress(uploaded);
    }
    if (work.length === 0) return;
    await this.noteMoments([...files.uploads.keys()]);
  }

  private async upload({ content, notebook }: LocalFile, to: string, isReplaced: boolean): Promise<void> {
    const { files } = this.parts.workspace;
    const path = apiPath(to);
    if (isReplaced) await files.remove(path);
    if (notebook) await files.importNotebook(path, notebook, true);
    else await files.writeFile(path, content);
  }

  /** With the moment a file was put there the next plan knows without reading it whether somebody changed it. */
  private async noteMoments(uploaded: readonly string[]): Promise<void> {
    const { workspace } = this.parts;
    const { filePath } = this.prepared.bundle;
    const base = apiPath(filePath);
    const folders = new Set(uploaded.map((remote) => remote.slice(0, Math.max(0, remote.lastIndexOf('/')))));
    await inParallel([...folders], async (folder) => {
      for (const { path, modifiedMs } of (await workspace.files.list(join(base, folder))) ?? []) {
        const remote = path.slice(base.length + 1);
        const owned = this.files[remote];
        if (owned && modifiedMs !== undefined && uploaded.includes(remote)) {
          this.files[remote] = { hash: owned.hash, modifiedMs };
        }
      }
    });
  }

  private own({ resource, settings }: PreparedDeploy['resources'][number], id: string): void {
    const { type, key, name } = resource;
    const applied = appliedOf(withIds(settings, this.ids), this.hash);
    this.resources[resourceKey(type, key)] = { id, name, applied };
    this.ids.set(resourceKey(type, key), id);
  }

  private async settle(step: PreparedDeploy['resources'][number]): Promise<void> {
    const { workspace } = this.parts;
    const { action, resource, found } = step;
    const settings = withIds(step.settings, this.ids);
    this.tell(action, 'running');
    if (found) {
      await updateResource(workspace, resource.type, found.id, settings, found.settings, action.changes);
      this.own(step, found.id);
    } else {
      this.own(step, await createResource(workspace, resource.type, settings, resource.name));
      await this.keep();
    }
    this.tell(action, 'completed');
  }

  private async leave(action: PlanAction): Promise<void> {
    const { workspace } = this.parts;
    const { kind, type, key, name, id = '' } = action;
    this.tell(action, 'running');
    if (type === 'file' || type === 'folder') {
      if (kind === 'delete') await workspace.files.remove(apiPath(name));
      if (type === 'file') Reflect.deleteProperty(this.files, key);
    } else {
      if (kind === 'delete') await deleteResource(workspace, type === 'job' ? 'job' : 'pipeline', id);
      const at = resourceKey(type, key);
      // Another of the same key may have come in its place.
      if (this.resources[at]?.id === id) Reflect.deleteProperty(this.resources, at);
    }
    this.tell(action, 'completed');
  }

  /** A failure with how far it came. */
  told(error: unknown): unknown {
    if (isCancelled(error) || this.done === 0) {
      if (isCancelled(error) && this.done > 0) {
        this.parts.onEvent({ type: 'message', level: 'warning', message: this.howFar() });
      }
      return error;
    }
    if (!isUserError(error)) {
      this.parts.onEvent({ type: 'message', level: 'warning', message: this.howFar() });
      return error;
    }
    return new UserError(error.code, error.message, {
      hint: [error.hint ?? '', this.howFar()].join(' ').trim(),
      ...(error.action ? { action: error.action } : {}),
      cause: error,
    });
  }

  private howFar(): string {
    return t(
      '{0} of {1} steps are done, the last one: {2}. The next run goes on from there.',
      this.done,
      this.total,
      this.last,
    );
  }
}

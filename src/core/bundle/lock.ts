/** One deployment at a time: a file that only one can create. Who is gone for sure holds nobody up. */
import type { Workspace } from '../databricks/ports.ts';
import { isCancelled, isUserError, UserError } from '../errors.ts';
import { t } from '../l10n.ts';
import { apiPath } from './files.ts';
import type { DeployParts, LockHolder } from './ports.ts';
import { LOCK_FILE } from './state.ts';

interface Held extends LockHolder {
  readonly user: string;
}

export interface Lock {
  /** Gives it back; what another has taken meanwhile stays. */
  release(): Promise<void>;
}

interface LockRequest {
  readonly statePath: string;
  readonly user: string;
  /** Takes it away from whoever has it. */
  readonly force: boolean;
}

/** Throws UserError `locked`. */
export async function takeLock(parts: DeployParts, { statePath, user, force }: LockRequest): Promise<Lock> {
  const { workspace, project, closing } = parts;
  const path = apiPath(`${statePath}/${LOCK_FILE}`);
  const mine: Held = { ...(await project.holder()), user };
  const content = new TextEncoder().encode(`${JSON.stringify(mine, undefined, 1)}\n`);
  const release = async (): Promise<void> => {
    // The signal of the work may be aborted: this is done all the same.
    const last = closing();
    if ((await heldBy(last, path))?.id === mine.id) await last.files.remove(path);
  };
  try {
    await workspace.files.writeFile(path, content, { overwrite: false });
    return { release };
  } catch (error) {
    // It may be there nevertheless, and nobody else would take it for gone while this program runs.
    if (isCancelled(error)) await release().catch(() => undefined);
    if (!isUserError(error) || (error.code !== 'already-there' && error.code !== 'unsure')) throw error;
    const other = await heldBy(workspace, path);
    if (other?.id === mine.id) return { release };
    if (!other && error.code === 'unsure') throw error;
    if (other && !force && !(await project.isGone(other))) throw locked(other);
  }
  await workspace.files.writeFile(path, content);
  const now = await heldBy(workspace, path);
  if (now && now.id !== mine.id) throw locked(now);
  return { release };
}

/** What a deployment left that ended after its last step; nobody else's. */
export async function clearLock({ workspace, project }: DeployParts, statePath: string): Promise<void> {
  const path = apiPath(`${statePath}/${LOCK_FILE}`);
  const other = await heldBy(workspace, path);
  if (other && (await project.isGone(other))) await workspace.files.remove(path);
}

const locked = ({ user, machine, since }: Held): UserError =>
  new UserError('locked', t('{0} deploys this from {1} since {2}.', user, machine, since), {
    hint: t('Wait until it has ended. If it was interrupted there: --force-lock'),
  });

/** Undefined when nobody has it, or what stands there cannot be read: then it is nobody’s. */
async function heldBy(workspace: Workspace, path: string): Promise<Held | undefined> {
  const bytes = await workspace.files.readFile(path);
  if (!bytes) return undefined;
  try {
    const held = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Held> | null;
    return typeof held?.id === 'string' ? (held as Held) : undefined;
  } catch {
    // Written by something else, or half of it.
    return undefined;
  }
}

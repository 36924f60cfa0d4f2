import { renameSync, rmSync } from 'node:fs';

/** One rename; what lay there before was incomplete. */
export function moveIn(staged: string, target: string): void {
  rmSync(target, { recursive: true, force: true });
  renameSync(staged, target);
}

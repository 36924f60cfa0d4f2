/** What the product tells of a sandbox while it is watched, from outside of any command. */
import { createLakehouse } from '../../../src/adapters/lakehouse.ts';
import type { PartName, PartStatus, SandboxStatus } from '../../../src/core/sandbox.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/settings.ts';
import { until } from './until.ts';

export interface Watched {
  /** Everything that was told so far. */
  readonly told: readonly SandboxStatus[];
  readonly part: (name: PartName) => PartStatus | undefined;
  /** Waits until what was told last is so. */
  readonly until: (
    what: string,
    check: (now: SandboxStatus) => boolean,
    deadlineMs?: number,
  ) => Promise<SandboxStatus>;
  readonly end: () => Promise<void>;
}

export function watchSandbox(home: string): Watched {
  const lakehouse = createLakehouse({ home, settings: DEFAULT_SETTINGS });
  const controller = new AbortController();
  const told: SandboxStatus[] = [];
  const over = lakehouse.runtime.watch((status) => told.push(status), controller.signal);
  return {
    told,
    part: (name) => told.at(-1)?.parts.find((part) => part.name === name),
    until: (what, check, deadlineMs) =>
      until(
        what,
        () => {
          const now = told.at(-1);
          return now && check(now) ? now : undefined;
        },
        deadlineMs,
      ),
    end: async () => {
      controller.abort();
      await over;
      await lakehouse.close();
    },
  };
}

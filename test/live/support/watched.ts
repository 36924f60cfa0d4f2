/** What the product tells of a sandbox while it is watched, from outside of any command. */
import assert from 'node:assert/strict';
import { createLakehouse } from '../../../src/adapters/lakehouse.ts';
import { createLogReader } from '../../../src/core/logLines.ts';
import { PARTS, type PartName, type PartStatus, type SandboxStatus } from '../../../src/core/sandbox.ts';
import { DEFAULT_SETTINGS } from '../../../src/core/settings.ts';
import { cliJson } from './cli.ts';
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

/** No part wrote an error since it started. */
export async function assertNoErrors(home: string): Promise<void> {
  for (const part of PARTS) {
    const { lines } = await cliJson<{ lines: readonly string[] }>(home, 'logs', part, '--lines', '100000');
    const read = createLogReader();
    assert.deepEqual(
      lines.filter((line) => {
        const { level, continues } = read(line);
        return level === 'error' && !continues;
      }),
      [],
      part,
    );
  }
}

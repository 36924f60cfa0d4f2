/** Follows the sandbox, whoever starts, stops or uses it. */
import * as vscode from 'vscode';
import { messageOf } from '../core/errors.ts';
import type { Lakehouse } from '../core/ports.ts';
import type { PartStatus, SandboxStatus } from '../core/sandbox.ts';
import type { Disposable } from './disposable.ts';
import type { Outside } from './outside.ts';

export interface SandboxWatch extends Disposable {
  /** Undefined until the first look. */
  readonly status: SandboxStatus | undefined;
  /** State, parts or endpoints changed. */
  readonly onDidChange: vscode.Event<SandboxStatus>;
  /** Anything changed, memory and CPU included. */
  readonly onDidMeasure: vscode.Event<SandboxStatus>;
  /** A run of the pipeline ended, in whatever process. */
  readonly onDidRun: vscode.Event<void>;
  /** Looks now. */
  refresh(): Promise<SandboxStatus | undefined>;
  /** Follows another home from now on. */
  follow(lakehouse: Lakehouse): void;
}

/** What the trees show apart from measurements. */
function shape(status: SandboxStatus): string {
  return JSON.stringify({
    ...status,
    supervisor: status.supervisor?.pid,
    parts: status.parts.map((part) => ({ ...part, memoryBytes: 0, cpuPercent: 0 })),
  });
}

/** A look by itself does not measure the CPU: what was measured of the same process still holds. */
function withMeasured(part: PartStatus, before: SandboxStatus | undefined): PartStatus {
  const old = before?.parts.find(({ name }) => name === part.name);
  const same = old?.startedAt === part.startedAt && old?.state === part.state;
  return same && old.cpuPercent !== undefined ? { cpuPercent: old.cpuPercent, ...part } : part;
}

export function createSandboxWatch(outside: Outside, log: vscode.LogOutputChannel): SandboxWatch {
  const changed = new vscode.EventEmitter<SandboxStatus>();
  const measured = new vscode.EventEmitter<SandboxStatus>();
  const ran = new vscode.EventEmitter<void>();
  let followed: { readonly lakehouse: Lakehouse; readonly end: () => void } | undefined;
  let status: SandboxStatus | undefined;
  let looking: Promise<SandboxStatus | undefined> | undefined;

  const take = (next: SandboxStatus): void => {
    const before = status;
    status = next;
    if (!before || shape(before) !== shape(next)) {
      void vscode.commands.executeCommand('setContext', 'ordersLakehouse.state', next.state);
      changed.fire(next);
    }
    measured.fire(next);
  };
  const look = async (): Promise<SandboxStatus | undefined> => {
    const from = followed;
    if (!from) return undefined;
    try {
      const next = await from.lakehouse.runtime.status();
      if (from === followed) {
        take({ ...next, parts: next.parts.map((part) => withMeasured(part, status)) });
      }
    } catch (error) {
      log.warn(`status: ${messageOf(error)}`);
    }
    return status;
  };

  return {
    get status() {
      return status;
    },
    onDidChange: changed.event,
    onDidMeasure: measured.event,
    onDidRun: ran.event,
    refresh: () =>
      (looking ??= look().finally(() => {
        looking = undefined;
      })),
    follow: (lakehouse) => {
      followed?.end();
      status = undefined;
      looking = undefined;
      const controller = new AbortController();
      const unwatch = outside.watchHome(lakehouse.home, {
        run: () => {
          ran.fire();
        },
      });
      const mine = {
        lakehouse,
        end: () => {
          unwatch();
          controller.abort();
        },
      };
      followed = mine;
      // After activation, so that opening a window costs nothing.
      setTimeout(() => {
        if (followed !== mine) return;
        lakehouse.runtime
          .watch((next) => {
            if (followed === mine) take(next);
          }, controller.signal)
          .catch((error: unknown) => {
            log.error(`watch: ${messageOf(error)}`);
          });
      }, 0);
    },
    dispose: () => {
      followed?.end();
      followed = undefined;
      changed.dispose();
      measured.dispose();
      ran.dispose();
    },
  };
}

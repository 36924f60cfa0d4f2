/** Follows the sandbox, whoever starts, stops or uses it: its files tell at once, a slow poll catches the rest. */
import * as vscode from 'vscode';
import { messageOf } from '../core/errors.ts';
import type { Lakehouse } from '../core/ports.ts';
import type { SandboxState, SandboxStatus } from '../core/sandbox.ts';
import type { Disposable } from './disposable.ts';
import type { Outside } from './outside.ts';

export interface SandboxWatch extends Disposable {
  /** Undefined until the first look. */
  readonly status: SandboxStatus | undefined;
  /** State, parts or endpoints changed. */
  readonly onDidChange: vscode.Event<SandboxStatus>;
  /** Anything changed, memory included. */
  readonly onDidMeasure: vscode.Event<SandboxStatus>;
  /** A run of the pipeline ended, in whatever process. */
  readonly onDidRun: vscode.Event<void>;
  /** Looks now. */
  refresh(): Promise<SandboxStatus | undefined>;
  /** Follows another home from now on. */
  follow(lakehouse: Lakehouse): void;
}

/** Milliseconds between two looks. */
const POLL: Readonly<Record<SandboxState, number>> = {
  stopped: 10_000,
  starting: 1000,
  running: 3000,
  degraded: 1000,
  stopping: 1000,
};

/** What the trees show apart from measurements. */
function shape(status: SandboxStatus): string {
  return JSON.stringify({ ...status, parts: status.parts.map((part) => ({ ...part, memoryBytes: 0 })) });
}

export function createSandboxWatch(outside: Outside, log: vscode.LogOutputChannel): SandboxWatch {
  const changed = new vscode.EventEmitter<SandboxStatus>();
  const measured = new vscode.EventEmitter<SandboxStatus>();
  const ran = new vscode.EventEmitter<void>();
  let followed: { lakehouse: Lakehouse; unwatch: () => void } | undefined;
  let status: SandboxStatus | undefined;
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<SandboxStatus | undefined> | undefined;
  let disposed = false;

  const schedule = (): void => {
    clearTimeout(timer);
    if (disposed) return;
    timer = setTimeout(() => void refresh(), POLL[status?.state ?? 'stopped']);
  };
  const look = async (): Promise<SandboxStatus | undefined> => {
    const from = followed;
    if (!from) return undefined;
    try {
      const next = await from.lakehouse.runtime.status();
      if (from !== followed || disposed) return status;
      const before = status;
      status = next;
      if (!before || shape(before) !== shape(next)) {
        void vscode.commands.executeCommand('setContext', 'ordersLakehouse.state', next.state);
        changed.fire(next);
      }
      measured.fire(next);
    } catch (error) {
      log.warn(`status: ${messageOf(error)}`);
    }
    return status;
  };
  const refresh = (): Promise<SandboxStatus | undefined> => {
    looking ??= look().finally(() => {
      looking = undefined;
      schedule();
    });
    return looking;
  };

  return {
    get status() {
      return status;
    },
    onDidChange: changed.event,
    onDidMeasure: measured.event,
    onDidRun: ran.event,
    refresh,
    follow: (lakehouse) => {
      followed?.unwatch();
      status = undefined;
      const unwatch = outside.watchHome(lakehouse.home, {
        state: () => void refresh(),
        run: () => {
          ran.fire();
        },
      });
      followed = { lakehouse, unwatch };
      clearTimeout(timer);
      // After activation, so that opening a window costs nothing.
      timer = setTimeout(() => void refresh(), 0);
    },
    dispose: () => {
      disposed = true;
      clearTimeout(timer);
      followed?.unwatch();
      changed.dispose();
      measured.dispose();
      ran.dispose();
    },
  };
}

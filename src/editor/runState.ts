/** What this window is at: the running pipeline run, and the last one that finished. */
import * as vscode from 'vscode';
import type { FinishedRun } from '../wire/run.ts';
import type { Disposable } from './disposable.ts';

export interface RunState extends Disposable {
  /** What the running run does now, in words; undefined when none runs. */
  readonly activity: string | undefined;
  readonly last: FinishedRun | undefined;
  readonly onDidChange: vscode.Event<void>;
  /** Whether a run of this window goes on, or ended a moment ago. */
  ranNow(): boolean;
  /** A run began, or does something else now. */
  say(activity: string): void;
  /** The run is over; `result` is missing when it failed or was cancelled. */
  end(result?: FinishedRun): void;
}

/** Longer than the news of a file takes, shorter than any run. */
const MOMENT_MS = 1000;

export function createRunState(): RunState {
  const changed = new vscode.EventEmitter<void>();
  let activity: string | undefined;
  let last: FinishedRun | undefined;
  let endedAt = -Infinity;
  const tell = (): void => {
    void vscode.commands.executeCommand('setContext', 'ordersLakehouse.running', activity !== undefined);
    changed.fire();
  };
  return {
    get activity() {
      return activity;
    },
    get last() {
      return last;
    },
    onDidChange: changed.event,
    ranNow: () => activity !== undefined || Date.now() - endedAt < MOMENT_MS,
    say: (now) => {
      if (now === activity) return;
      activity = now;
      tell();
    },
    end: (result) => {
      activity = undefined;
      endedAt = Date.now();
      last = result ?? last;
      tell();
    },
    dispose: () => {
      changed.dispose();
    },
  };
}

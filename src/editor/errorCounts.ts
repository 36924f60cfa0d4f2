/** Counts the errors that each part wrote since it last started, live. */
import * as vscode from 'vscode';
import { isCancelled, isUserError, messageOf } from '../core/errors.ts';
import { createLogReader } from '../core/logLines.ts';
import type { PartName, PartStatus, SandboxStatus } from '../core/sandbox.ts';
import type { Disposable } from './disposable.ts';
import type { Room } from './room.ts';

export interface PartErrors {
  readonly count: number;
  /** The message of the newest, on one line. */
  readonly newest: string;
}

export interface ErrorCounts extends Disposable {
  of(part: PartName): PartErrors | undefined;
  readonly onDidChange: vscode.Event<void>;
}

/** Milliseconds between two paints, however fast errors come. */
const SETTLE_MS = 250;

/** Names one life of a part; undefined while it has none. */
function lifeOf(part: PartStatus, status: SandboxStatus): string | undefined {
  if (part.startedAt === undefined || status.state === 'stopped') return undefined;
  return `${status.home} ${status.runtime} ${part.startedAt}`;
}

export function createErrorCounts(room: Pick<Room, 'sandbox' | 'lakehouse' | 'log'>): ErrorCounts {
  const changed = new vscode.EventEmitter<void>();
  const counts = new Map<PartName, PartErrors>();
  const lives = new Map<PartName, { readonly life: string; readonly end: AbortController; over: boolean }>();
  let settling: NodeJS.Timeout | undefined;
  const tell = (): void => {
    settling ??= setTimeout(() => {
      settling = undefined;
      changed.fire();
    }, SETTLE_MS);
  };

  const count = async (name: PartName, signal: AbortSignal): Promise<void> => {
    const read = createLogReader();
    const options = { lines: Infinity, follow: true, sinceStart: true };
    for await (const text of room.lakehouse().runtime.logs(name, options, signal)) {
      if (signal.aborted) return;
      const line = read(text);
      if (line.level !== 'error' || line.continues) continue;
      counts.set(name, { count: (counts.get(name)?.count ?? 0) + 1, newest: text.slice(line.at) });
      tell();
    }
  };
  const end = (name: PartName): void => {
    lives.get(name)?.end.abort();
    lives.delete(name);
    if (counts.delete(name)) tell();
  };
  const begin = (name: PartName, life: string): void => {
    end(name);
    const mine = { life, end: new AbortController(), over: false };
    lives.set(name, mine);
    count(name, mine.end.signal)
      .catch((error: unknown) => {
        if (!isCancelled(error) && !isUserError(error))
          room.log.warn(`errors of ${name}: ${messageOf(error)}`);
      })
      .finally(() => {
        mine.over = true;
      });
  };
  const follow = (status: SandboxStatus): void => {
    for (const part of status.parts) {
      const life = lifeOf(part, status);
      const known = lives.get(part.name);
      // The log of a container ends with it, and with the connection to its engine: then it is read anew.
      const cut = known?.over === true && part.state === 'running';
      if (life === undefined) end(part.name);
      else if (known?.life !== life || cut) begin(part.name, life);
    }
  };
  const watching = room.sandbox.onDidChange(follow);
  return {
    of: (part) => counts.get(part),
    onDidChange: changed.event,
    dispose: () => {
      watching.dispose();
      clearTimeout(settling);
      for (const { end: controller } of lives.values()) controller.abort();
      changed.dispose();
    },
  };
}

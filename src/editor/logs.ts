/** Follows a part's log in an output channel, one channel for each part. */
import * as vscode from 'vscode';
import { isCancelled, messageOf } from '../core/errors.ts';
import type { PartName } from '../core/sandbox.ts';
import type { Disposable } from './disposable.ts';
import type { Room } from './room.ts';
import { PART_TITLES } from './sandboxTree.ts';

/** Lines shown from before. */
const TAIL = 1000;

export interface LogViewer extends Disposable {
  show(part: PartName): void;
}

export function createLogViewer(room: Room): LogViewer {
  const open = new Map<PartName, { channel: vscode.OutputChannel; controller: AbortController }>();

  const follow = async (
    part: PartName,
    channel: vscode.OutputChannel,
    signal: AbortSignal,
  ): Promise<void> => {
    try {
      const lines = room.lakehouse().runtime.logs(part, { lines: TAIL, follow: true }, signal);
      for await (const line of lines) channel.appendLine(line);
    } catch (error) {
      if (isCancelled(error)) return;
      room.log.warn(`logs ${part}: ${messageOf(error)}`);
      channel.appendLine(messageOf(error));
    }
  };

  return {
    show: (part) => {
      const before = open.get(part);
      before?.controller.abort();
      const channel =
        before?.channel ?? vscode.window.createOutputChannel(`Orders Lakehouse: ${PART_TITLES[part]}`, 'log');
      channel.clear();
      channel.show(true);
      const controller = new AbortController();
      open.set(part, { channel, controller });
      void follow(part, channel, controller.signal);
    },
    dispose: () => {
      for (const { channel, controller } of open.values()) {
        controller.abort();
        channel.dispose();
      }
      open.clear();
    },
  };
}

/** The log page's host: one tab for each part. */
import * as vscode from 'vscode';
import { t } from '../core/l10n.ts';
import type { PartName } from '../core/sandbox.ts';
import type { LogCalls } from '../wire/log.ts';
import type { Disposable } from './disposable.ts';
import { createLogFeed, type LogFeed, type LogSource } from './logFeed.ts';
import { hostCalls } from './pageCalls.ts';
import type { Panels } from './panel.ts';
import type { Room } from './room.ts';
import { PART_TITLES } from './sandboxTree.ts';

export interface LogPages extends Disposable {
  /** Opens the log of a part, or brings it to the front. */
  show(part: PartName, onlyErrors: boolean): void;
}

function sourceOf(room: Room, part: PartName): LogSource {
  return {
    read: (options, signal) => room.lakehouse().runtime.logs(part, options, signal),
    startedAt: () => {
      const { status } = room.sandbox;
      return status?.state === 'stopped'
        ? undefined
        : status?.parts.find(({ name }) => name === part)?.startedAt;
    },
    changed: (signal) =>
      new Promise((resolve) => {
        const done = (): void => {
          subscription.dispose();
          signal.removeEventListener('abort', done);
          resolve();
        };
        const subscription = room.sandbox.onDidChange(done);
        signal.addEventListener('abort', done, { once: true });
      }),
  };
}

export function createLogPages(room: Room, panels: Panels): LogPages {
  const feeds = new Map<PartName, LogFeed>();
  let home: string | undefined;
  const following = room.sandbox.onDidChange((status) => {
    if (home !== undefined && home !== status.home) for (const feed of feeds.values()) feed.restart();
    ({ home } = status);
  });
  return {
    show: (part, onlyErrors) => {
      panels.show<LogCalls>(`log/${part}`, (signal) => {
        const feed = createLogFeed(sourceOf(room, part), signal);
        feeds.set(part, feed);
        signal.addEventListener('abort', () => {
          feeds.delete(part);
        });
        return {
          page: 'logPage',
          title: t('{0} log', PART_TITLES[part]),
          handlers: {
            ...hostCalls(['ordersLakehouse.start']),
            next: ({ reset }, cancelled) => feed.next(reset, cancelled),
            openText: async (content) => {
              const document = await vscode.workspace.openTextDocument({ language: 'log', content });
              await vscode.window.showTextDocument(document, { preview: false });
              return null;
            },
          },
        };
      });
      if (onlyErrors) feeds.get(part)?.show('error');
    },
    dispose: () => {
      following.dispose();
    },
  };
}
